"""Exact intervals of counts, shares and changes: against printed tables, closed forms, and one another."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.stats import binom, nbinom, poisson

from vigie.errors import InputError
from vigie.observe.rates import binomial_interval, chance_range, change, clustering, poisson_interval, said


@pytest.mark.parametrize(
    ("count", "low", "high"),
    # The usual table of exact limits of a Poisson count (Garwood 1936), to three figures.
    [(0, 0, 3.689), (1, 0.025, 5.572), (5, 1.623, 11.668), (10, 4.795, 18.390), (100, 81.364, 121.627)],
)
def test_limits_of_a_count_are_those_of_the_tables(count, low, high):
    found = poisson_interval(count)
    assert (found.value, found.low, found.high) == pytest.approx((count, low, high), abs=5e-4)


@pytest.mark.parametrize("count", [1, 3, 40])
def test_limits_of_a_count_leave_half_the_rest_on_each_side(count):
    _, low, high = poisson_interval(count, level=0.9)
    assert poisson.sf(count - 1, low) == pytest.approx(0.05)
    assert poisson.cdf(count, high) == pytest.approx(0.05)


def test_a_rate_is_the_count_over_its_exposure_in_the_unit_asked():
    assert poisson_interval(8, exposure=400, per=100) == pytest.approx([x / 4 for x in poisson_interval(8)])


@pytest.mark.parametrize(
    ("successes", "trials", "low", "high"),
    [(0, 10, 0, 0.30850), (1, 10, 0.00253, 0.44502), (5, 10, 0.18709, 0.81291), (10, 10, 0.69150, 1)],
)
def test_limits_of_a_share_are_those_of_the_tables(successes, trials, low, high):
    assert binomial_interval(successes, trials)[1:] == pytest.approx((low, high), abs=5e-6)


def test_nothing_changed_says_zero():
    moved = change(50, 50)
    assert moved.percent.value == 0
    assert not moved.beyond_chance
    assert moved.p_value == 1


def test_the_two_ranges_never_tell_different_stories():
    for exposures in ((1, 1), (300.0, 200.0)):
        for before in (0, 1, 4, 23):
            for after in range(70):
                moved = change(before, after, *exposures)
                low, high = moved.percent.low, moved.percent.high
                outside = low > 1e-9 or (high is not None and high < -1e-9)
                assert outside == moved.beyond_chance == (moved.p_value <= 0.05), (exposures, moved)


def test_the_range_of_chance_keeps_its_promise_for_every_rate():
    """Over both years, at least 95 pairs in 100 fall inside, whatever the common rate."""
    for rate in (0.7, 4.0, 25.0):
        first = range(int(poisson.ppf(1 - 1e-9, rate)) + 1)
        inside = 0.0
        for before in first:
            low, high = chance_range(before)
            inside += poisson.pmf(before, rate) * (poisson.cdf(high, rate) - poisson.cdf(low - 1, rate))
        assert inside >= 0.95


def test_the_range_of_chance_is_near_the_predictive_one():
    """Negative binomial: a Poisson count whose rate is known only from the first year."""
    low, high = chance_range(592)
    predicted = nbinom.ppf([0.025, 0.975], 592.5, 0.5)
    assert (low, high) == pytest.approx(tuple(predicted), abs=2)


def test_the_ratio_is_the_binomial_odds_in_exposure_terms():
    moved = change(12, 30, exposure_before=3995, exposure_after=4100)
    assert moved.percent.value == pytest.approx(100 * (30 / 4100 / (12 / 3995) - 1))
    odds = (moved.percent.low / 100 + 1) * 4100 / 3995
    assert binom.sf(29, 42, odds / (1 + odds)) == pytest.approx(0.025)


def test_events_that_come_in_groups_move_more():
    """Forty causes of one declaration, and three suppliers of twenty: 100 declarations, a dispersion of 12.4."""
    sizes = [1] * 40 + [20] * 3
    dispersion = clustering(sizes)
    assert dispersion == pytest.approx((40 + 3 * 400) / 100)
    assert clustering([1] * 9) == 1
    alone, grouped = change(100, 150), change(100, 150, dispersion=dispersion)
    assert alone.beyond_chance
    assert not grouped.beyond_chance
    assert grouped.percent.value == alone.percent.value
    assert grouped.percent.low < alone.percent.low < alone.percent.high < grouped.percent.high


def test_groups_keep_the_promise_of_the_range_and_the_two_ranges_together():
    """Compound Poisson years without any change, 1,000 pairs; fixed seed."""
    rng = np.random.default_rng(20261125)
    sizes, weights = np.array([1, 4, 15]), [0.85, 0.12, 0.03]
    dispersion = float((sizes**2 * weights).sum() / (sizes * weights).sum())
    inside = 0
    for _ in range(1000):
        first, second = (int(rng.choice(sizes, size=rng.poisson(250), p=weights).sum()) for _ in range(2))
        moved = change(first, second, dispersion=dispersion)
        inside += not moved.beyond_chance
        assert moved.beyond_chance == (moved.percent.low > 0 or moved.percent.high < 0) == (moved.p_value <= 0.05)
    assert 0.94 <= inside / 1000 <= 0.975


def test_zeros_are_said_and_not_divided_by():
    assert change(0, 6).percent.value is None
    assert change(0, 6).beyond_chance
    assert change(0, 6).percent.high is None
    assert change(0, 0).percent == (None, -100.0, None)
    assert change(3, 0).percent.value == -100.0


def test_a_change_is_printed_with_what_chance_would_give():
    assert said(change(581, 749), "en") == "+29% (+16% to +44%; by chance alone, between −11% and +12%)"
    french = said(change(581, 749)).replace("\N{NO-BREAK SPACE}", " ")
    assert french == "+29 % (de +16 % à +44 % ; par le seul hasard, entre −11 % et +12 %)"
    assert said(change(592, 581), "en").startswith("−1.9% (")
    assert said(change(0, 6), "en") == "no such number (+18% to no bound)"


@pytest.mark.parametrize(
    ("compute", "mend"),
    [
        (lambda: poisson_interval(-1), "whole number"),
        (lambda: poisson_interval(1.5), "whole number"),
        (lambda: poisson_interval(float("nan")), "whole number"),
        (lambda: poisson_interval(3, exposure=0), "print no rate"),
        (lambda: poisson_interval(3, level=95), "0.95"),
        (lambda: binomial_interval(3, 2), "which count is the whole"),
        (lambda: binomial_interval(0, 0), "print no rate"),
        (lambda: change(3, -2), "whole number"),
        (lambda: change(3, 2, dispersion=0.5), "Give 1 or more"),
        (lambda: clustering([]), "print no rate"),
        (lambda: change(3, 2, exposure_after=0), "print no rate"),
    ],
)
def test_nonsense_is_refused_with_what_would_mend_it(compute, mend):
    with pytest.raises(InputError, match=mend):
        compute()
