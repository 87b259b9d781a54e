"""Medians and other quantiles of durations, each with its exact interval.

The interval comes from the order of the values alone, whatever their distribution: durations of a crisis have no mean worth
printing (one hospital stopped for three months weighs more than fifty that lost an afternoon).
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from scipy.stats import binom

from vigie.errors import InputError
from vigie.observe.interval import Interval, tail


def median_interval(values: Sequence[float] | np.ndarray, level: float = 0.95) -> Interval:
    """The median with its interval, in the unit of the values. See `quantile_interval`."""
    return quantile_interval(values, 0.5, level)


def quantile_interval(values: Sequence[float] | np.ndarray, share: float, level: float = 0.95) -> Interval:
    """The quantile below which `share` of the values lie, with its exact interval (Conover 1999, 3rd edition, section 3.2).

    The number of values below the true quantile is binomial, so the interval runs from the l-th to the u-th smallest value,
    l the largest rank with P(B < l) <= a/2 and u the smallest with P(B >= u) <= a/2. Too few values give no bound (None):
    five for a median at 0.95. The quantile itself is interpolated between ranks, as `quantile_cont` does in SQL.
    Raises InputError: no value, a value that is no number, a share outside 0 to 1.
    """
    rest = tail(level)
    if not 0 < share < 1:
        raise InputError(f"share {share}: a quantile lies between 0 and 1. Give 0.5 for the median")
    ordered = np.sort(np.asarray(values, dtype=float))
    if not len(ordered) or not np.isfinite(ordered).all():
        raise InputError(
            "durations: none, or one that is no finite number. Leave the unknown ones out, and say how many"
        )
    ranks = np.arange(1, len(ordered) + 1)
    lows = ranks[binom.cdf(ranks - 1, len(ordered), share) <= rest]
    highs = ranks[binom.sf(ranks - 1, len(ordered), share) <= rest]
    return Interval(
        float(np.quantile(ordered, share)),
        float(ordered[lows[-1] - 1]) if len(lows) else None,
        float(ordered[highs[0] - 1]) if len(highs) else None,
    )
