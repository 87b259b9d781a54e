"""What services kept of their usual capacity, over time: stretches of an interval, laid on one grid of time.

Silence is unknown: an hour of which nobody said anything is the whole interval, 0 to 1.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from vigie.care.weights import WEEK_HOURS
from vigie.cartography import Cartography
from vigie.errors import InputError

UNKNOWN = (0.0, 1.0)
_MODES = {"normal": (1.0, 1.0), "stopped": (0.0, 0.0), "degraded": UNKNOWN, "diverted": UNKNOWN, "unknown": UNKNOWN}


@dataclass(frozen=True, slots=True)
class Stretch:
    """From one hour to another after the onset, a service kept between `low` and `high` of its usual capacity (0 to 1)."""

    from_hour: float
    to_hour: float
    low: float
    high: float

    def __post_init__(self) -> None:
        if not 0 <= self.from_hour < self.to_hour < float("inf"):
            raise InputError(f"hours {self.from_hour} to {self.to_hour}: a stretch begins at 0 or later and ends after")
        if not 0 <= self.low <= self.high <= 1:
            raise InputError(
                f"share {self.low} to {self.high}: give two shares between 0 (stopped) and 1, lowest first"
            )


@dataclass(frozen=True, slots=True)
class Grid:
    """Shares kept of every service on one grid of n intervals of time.

    `length` (n,) in hours; `at` (n,) hours after the onset where each begins; `hour_of_week` (n,), 0 is Monday 0 h;
    `low`, `high` (services, n).
    """

    at: np.ndarray
    length: np.ndarray
    hour_of_week: np.ndarray
    low: np.ndarray
    high: np.ndarray

    def hours(self, which: np.ndarray) -> float:
        """Hours of the intervals that are true in `which` (n,)."""
        return float(self.length[which].sum())


def share_of_mode(mode: str, capacity_percent: int | None = None) -> tuple[float, float]:
    """A mode of the journal, as the share kept: known when normal, stopped, or when somebody gave a percentage.

    Raises InputError on a mode that the journal does not have, or a percentage outside 0 to 100.
    """
    if mode not in _MODES:
        raise InputError(f'"{mode}" is not a mode of a care service. One of: {", ".join(_MODES)}')
    if capacity_percent is None or mode in ("normal", "stopped"):
        return _MODES[mode]
    if not 0 <= capacity_percent <= 100:
        raise InputError(f"capacity of {capacity_percent} %: give 0 to 100")
    return capacity_percent / 100, capacity_percent / 100


def laid(cartography: Cartography, kept: Mapping[str, Sequence[Stretch]], hours: float, onset_hour: int) -> Grid:
    """Every service of the map from the onset to `hours` later; what goes beyond is cut off.

    `onset_hour`: hour of the week of the onset. Raises InputError: an unknown service, stretches that overlap, no time.
    """
    if not 0 < hours <= 87_600:
        raise InputError(f"a period of {hours} hours: give more than 0 and at most ten years (87,600)")
    if onset_hour not in range(WEEK_HOURS):
        raise InputError(f"onset at hour {onset_hour} of the week: give 0 (Monday 0 h) to {WEEK_HOURS - 1}")
    if strange := sorted(set(kept) - set(cartography.service)):
        raise InputError(f"no care service {', '.join(strange)} in the map. Its ids: {', '.join(cartography.service)}")
    ends = {end for stretches in kept.values() for one in stretches for end in (one.from_hour, one.to_hour)}
    edges = np.array(sorted({*np.arange(0, hours, 1.0), *(end for end in ends if end < hours), float(hours)}))
    low, high = np.zeros((2, len(cartography.services), len(edges) - 1))
    high += 1
    for row, service in enumerate(cartography.services):
        for one in _ordered(service.id, kept.get(service.id, ())):
            first, last = np.searchsorted(edges, (one.from_hour, one.to_hour))
            low[row, first:last], high[row, first:last] = one.low, one.high
    at = edges[:-1]
    return Grid(at, np.diff(edges), (onset_hour + at.astype(int)) % WEEK_HOURS, low, high)


def _ordered(service: str, stretches: Sequence[Stretch]) -> list[Stretch]:
    ordered = sorted(stretches, key=lambda one: one.from_hour)
    for before, after in zip(ordered, ordered[1:], strict=False):
        if after.from_hour < before.to_hour:
            raise InputError(f"{service}: two shares for hour {after.from_hour:g}. Give one stretch for each moment")
    return ordered
