"""Intervals of medians and quantiles, from the order of values alone."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.stats import binom

from vigie.errors import InputError
from vigie.observe.durations import median_interval, quantile_interval


@pytest.mark.parametrize(
    ("size", "low", "high"),
    # Ranks of the usual table of confidence limits of a median at 95 % (Conover 1999; Geigy tables).
    [(6, 1, 6), (8, 1, 8), (10, 2, 9), (20, 6, 15), (50, 18, 33), (100, 40, 61)],
)
def test_the_ranks_are_those_of_the_tables(size, low, high):
    assert median_interval(list(range(size, 0, -1))) == ((size + 1) / 2, low, high)


def test_five_values_do_not_bound_a_median():
    assert median_interval([4, 1, 3, 2, 90]) == (3, None, None)


def test_the_interval_of_a_quantile_keeps_its_promise():
    for size in (12, 40, 200):
        ranks = quantile_interval(np.arange(1, size + 1), 0.8)
        low = int(ranks.low)
        high = int(ranks.high) if ranks.high else size + 1
        assert binom.cdf(high - 1, size, 0.8) - binom.cdf(low - 1, size, 0.8) >= 0.95


@pytest.mark.parametrize(
    ("values", "share", "mend"), [([], 0.5, "how many"), ([1, float("nan")], 0.5, "how many"), ([1], 50, "0.5")]
)
def test_nonsense_is_refused_with_what_would_mend_it(values, share, mend):
    with pytest.raises(InputError, match=mend):
        quantile_interval(values, share)
