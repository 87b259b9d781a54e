"""From delay to harm: the published coefficients as functions. Formulas and worked figures: docs/background/harm.md.

`low`, `value`, `high` of a coefficient are chosen by the caller. Risks are between 0 and 1, delays in hours.
"""

from __future__ import annotations

import math

from vigie.care.estimate import Pair


def risk_after_odds(baseline: float, odds_ratio: float) -> float:
    """The risk whose odds are `odds_ratio` times those of `baseline`: p x OR / (1 - p + p x OR)."""
    return baseline * odds_ratio / (1 - baseline + baseline * odds_ratio)


def extra_risk_of_odds(baseline: float, odds_ratio: float) -> float:
    """Added risk: `risk_after_odds` less the baseline."""
    return risk_after_odds(baseline, odds_ratio) - baseline


def most_extra_risk_of_odds(baselines: Pair, odds_ratio: float) -> float:
    """The largest added risk over an interval of baselines. It is not at an end: it peaks at 1 / (1 + sqrt(OR))."""
    peak = 1 / (1 + math.sqrt(odds_ratio))
    at = min(max(peak, baselines[0]), baselines[1])
    return extra_risk_of_odds(at, odds_ratio)


def least_extra_risk_of_odds(baselines: Pair, odds_ratio: float) -> float:
    """The smallest added risk over an interval of baselines: at one of its ends, for there is a single peak."""
    return min(extra_risk_of_odds(baseline, odds_ratio) for baseline in baselines)


def extra_risk_of_ratio(baseline: float, ratio: float) -> float:
    """Added risk p x (RR - 1), held to what is left to lose, 1 - p."""
    return min(baseline * (ratio - 1), 1 - baseline)


def most_extra_risk_of_ratio(baselines: Pair, ratio: float) -> float:
    """The largest added risk over an interval of baselines: it grows up to a risk of 1 / RR, where all die, then falls."""
    return extra_risk_of_ratio(min(max(1 / ratio, baselines[0]), baselines[1]), ratio)


def least_extra_risk_of_ratio(baselines: Pair, ratio: float) -> float:
    """The smallest added risk over an interval of baselines: at one of its ends."""
    return min(extra_risk_of_ratio(baseline, ratio) for baseline in baselines)


def ratio_after(ratio_per_30_min: float, delay_hours: float) -> float:
    """A ratio per half-hour over a delay: RR to the power of the number of half-hours."""
    return ratio_per_30_min ** (2 * delay_hours)


def odds_after(odds_per_unit: float, units: float) -> float:
    """An odds ratio per hour, or per kilometre, over several: OR to the power of their number."""
    return odds_per_unit**units


def excess_deaths_in_bed(inpatients: float, deaths_per_stay: float, ratio: float) -> float:
    """Patients in bed at the onset x risk of a stay x (RR - 1)."""
    return inpatients * extra_risk_of_ratio(deaths_per_stay, ratio)
