"""Which regions declare unlike the others, more than their size lets chance explain: a funnel plot, and its limits.

Worked figures: docs/background/honest-numbers.md.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal, NamedTuple

import numpy as np
from scipy.stats import chi2, nbinom, poisson

from vigie.errors import InputError
from vigie.observe.interval import counts_of, exposures_of, positive, tail

LEVELS = (0.95, 0.998)  # about two and three standard deviations, the usual inner and outer limits
TRIMMED = 0.1  # the share of the most extreme deviations, on each side, that is drawn in before scatter is judged
Place = Literal["far_below", "below", "within", "above", "far_above"]


class Point(NamedTuple):
    """One region. `inner` and `outer`: the rates between which chance would keep it, 95 and 99.8 times in 100."""

    name: str
    count: int
    exposure: float
    rate: float
    inner: tuple[float, float]
    outer: tuple[float, float]
    place: Place


class Funnel(NamedTuple):
    """The regions against their common rate.

    `dispersion`: how many times more they scatter than chance alone would make them, the extremes drawn in; `scatter_p_value`:
    how likely so much scatter would be by chance. Where it is small, regions differ for reasons that are not in the figures,
    and a point outside the limits is one of many, not an exception. `applied`: the dispersion that the limits allow for (1:
    chance alone). It is said and never applied unasked.
    """

    rate: float
    dispersion: float
    scatter_p_value: float
    applied: float
    points: tuple[Point, ...]


def funnel(
    names: Sequence[str], counts: Sequence[int], exposures: Sequence[float], dispersion: float = 1, per: float = 1
) -> Funnel:
    """Each region's rate with the limits that its exposure gives around the common rate, `per` units of exposure.

    Limits are exact Poisson quantiles (Spiegelhalter 2005, Statistics in Medicine 24:1185, without his interpolation between
    whole counts): a region is below or above when its count lies outside them. `dispersion`: give `Funnel.dispersion` back to
    widen them; counts are then negative binomial with variance dispersion * mean. Raises InputError.
    """
    values = counts_of(counts, "count")
    weights = exposures_of(exposures, len(values), "exposure")
    if len(names) != len(values) or len(values) < 2:
        raise InputError(f"{len(names)} names and {len(values)} counts. Give two regions or more, a count for each")
    if dispersion < 1:
        raise InputError(f"dispersion {dispersion}: below 1 the limits would be narrower than chance. Give 1 or more")
    rate = positive(values.sum(), "the sum of the counts") / weights.sum()
    limits = [control_limits(rate * weights, level, dispersion) for level in LEVELS]
    scale = per / weights
    points = (
        Point(
            name,
            int(count),
            float(weight),
            float(count * unit),
            *((float(low * unit), float(high * unit)) for low, high in (inner, outer)),
            _place(count, inner, outer),
        )
        for name, count, weight, unit, inner, outer in zip(names, values, weights, scale, *limits, strict=True)
    )
    scatter = _scatter(values, rate * weights)
    return Funnel(float(per * rate), scatter[0], scatter[1], float(dispersion), tuple(points))


def control_limits(expected: Sequence[float] | np.ndarray, level: float, dispersion: float = 1) -> np.ndarray:
    """The smallest and the largest count inside the limits, for each expected count: an array of shape (n, 2).

    At most half of the rest lies strictly beyond on each side. For the curve of a chart, give a range of expected counts.
    """
    means, rest = np.asarray(expected, dtype=float), tail(level)
    if dispersion == 1:
        return np.column_stack([poisson.ppf(rest, means), poisson.ppf(1 - rest, means)])
    sizes = means / (dispersion - 1)
    return np.column_stack([nbinom.ppf(p, sizes, 1 / dispersion) for p in (rest, 1 - rest)])


def _scatter(counts: np.ndarray, expected: np.ndarray) -> tuple[float, float]:
    """The mean square of the deviations, the extremes drawn in to the 10th and 90th percentiles; and the chance of so much.

    The chance is that of Pearson's statistic, nothing drawn in, with one degree of freedom less than regions.
    """
    deviations = (counts - expected) / np.sqrt(expected)
    drawn_in = np.clip(deviations, *np.quantile(deviations, [TRIMMED, 1 - TRIMMED]))
    return float((drawn_in**2).mean()), float(chi2.sf((deviations**2).sum(), len(counts) - 1))


def _place(count: float, inner: np.ndarray, outer: np.ndarray) -> Place:
    if count < outer[0]:
        return "far_below"
    if count > outer[1]:
        return "far_above"
    if count < inner[0]:
        return "below"
    return "above" if count > inner[1] else "within"
