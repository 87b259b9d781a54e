"""Two published shapes over the weeks of an attack: how volume falls and comes back, how postponements fade."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Literal

from vigie.care.estimate import Estimate
from vigie.care.evidence import evidence

Curve = Literal["fast", "slow"]


def volume_change(curve: Curve) -> tuple[float, ...]:
    """Relative change of volume in week 1, 2...: the Medicare curve (fast) or the Californian one (slow)."""
    rows = (f"volume-{curve}-w{week}" for week in range(1, 53))
    return tuple(evidence()[row].value for row in rows if row in evidence())


def weeks_of_activity_lost() -> Estimate:
    """All the activity lost, in weeks of usual activity: from one curve to the other, which contradict each other."""
    lost = {curve: -sum(volume_change(curve)) for curve in ("fast", "slow")}
    used = tuple(row for row in evidence() if row.startswith("volume-fast-w") or row.startswith("volume-slow-w"))
    low, high = sorted(lost.values())
    return Estimate(low, None, high, "weeks", used)


def exponential(first: float, tau_weeks: float, week: float) -> float:
    """first x exp(-(week - 1) / tau)."""
    return first * math.exp(-(week - 1) / tau_weeks)


def power(first: float, exponent: float, week: float) -> float:
    """first x week^-exponent."""
    return first * week**-exponent


def fitted_tau(counts: Mapping[int, float]) -> float:
    """Least squares of log(count), held to the count of week 1. `counts` by week; each above 0 and below that of week 1."""
    pairs = [(week - 1, math.log(counts[1] / count)) for week, count in counts.items() if week != 1]
    return sum(gap * gap for gap, _ in pairs) / sum(gap * fall for gap, fall in pairs)


def fitted_exponent(counts: Mapping[int, float]) -> float:
    """The same for a power of the week."""
    pairs = [(math.log(week), math.log(counts[1] / count)) for week, count in counts.items() if week != 1]
    return sum(gap * fall for gap, fall in pairs) / sum(gap * gap for gap, _ in pairs)
