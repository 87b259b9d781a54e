"""Delays of declaration: against a slow reading of the definition, against a simulated truth, and in the last months."""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np
import pytest

from vigie.errors import InputError
from vigie.observe.delay import EPOCH, delays, distribution, nowcast

AS_OF = (date(2024, 12, 31) - EPOCH).days


def sector(rng: np.random.Generator, mean_delay_days: float = 12, incidents: float = 700):
    """Two years of events and all their reports, those after `AS_OF` too."""
    events = AS_OF - rng.integers(0, 731, size=rng.poisson(incidents))
    return events, events + np.floor(rng.exponential(mean_delay_days, size=events.size)).astype(int)


def test_the_estimate_is_its_definition():
    rng = np.random.default_rng(1)
    days = rng.integers(0, 9, size=60)
    limits = days + rng.integers(0, 9, size=60)
    events = AS_OF - limits
    found = distribution(delays(events, events + days, AS_OF), longest_days=8)
    for d in range(9):
        share = 1.0
        for s in range(d + 1, 9):
            at_risk = sum(1 for each, limit in zip(days, limits, strict=True) if each <= s <= limit)
            share *= 1 - sum(days == s) / at_risk
        assert found.within(d) == pytest.approx(share)


def test_without_truncation_it_is_the_plain_distribution():
    days = np.array([0, 0, 0, 1, 1, 3, 3, 3, 7, 9])
    events = np.full(10, AS_OF - 300)
    found = distribution(delays(events, events + days, AS_OF))
    assert found.longest_days == 9
    assert [found.within(d) for d in (-1, 0, 1, 2, 3, 9, 400)] == pytest.approx([0, 0.3, 0.5, 0.5, 0.8, 1, 1])
    assert found.quantile_days(0.5) == 1
    assert found.quantile_days(0.8) == 3


def test_the_truth_is_found_where_the_plain_distribution_is_fooled():
    """Delays of 60 days on average, seen over six months only: fixed seed, 100 sectors."""
    rng = np.random.default_rng(20261125)
    plain, mended = [], []
    for _ in range(100):
        events, reports = sector(rng, mean_delay_days=60)
        kept = (reports <= AS_OF) & (events > AS_OF - 180)
        seen = delays(events[kept], reports[kept], AS_OF)
        mended.append(distribution(seen, longest_days=150).within(30))
        plain.append((seen.days <= 30).mean())
    truth = (1 - np.exp(-31 / 60)) / (1 - np.exp(-151 / 60))
    assert np.mean(mended) == pytest.approx(truth, abs=0.015)
    assert np.mean(plain) > truth + 0.05


def test_what_is_to_come_is_between_its_bounds_as_often_as_promised():
    """300 sectors, the last two months of each; fixed seed. Whole numbers make the interval err less than 5 in 100."""
    rng = np.random.default_rng(20261125)
    covered, errors = [], []
    for _ in range(300):
        events, reports = sector(rng)
        seen = reports <= AS_OF
        for month in nowcast(events[seen], reports[seen], AS_OF, months=2):
            first = (date(month.year, month.month, 1) - EPOCH).days
            inside = (events >= first) & (events < first + 31) & (events <= AS_OF)
            inside &= np.array([(EPOCH + timedelta(days=int(day))).month == month.month for day in events])
            truth = int((inside & ~seen).sum())
            assert month.reported == int((inside & seen).sum())
            covered.append(month.to_come.low <= truth <= month.to_come.high)
            errors.append(month.to_come.value - truth)
    assert 0.94 <= np.mean(covered) <= 0.995
    assert abs(np.mean(errors)) < 0.5


def test_old_months_are_whole_and_the_last_ends_today():
    rng = np.random.default_rng(5)
    events, reports = sector(rng)
    seen = reports <= AS_OF - 11
    table = nowcast(events[seen], reports[seen], AS_OF - 11, months=14)
    assert (table[0].year, table[0].month) == (2023, 11)
    assert (table[-1].year, table[-1].month) == (2024, 12)
    assert table[0].share_reported == 1
    assert table[0].to_come == (0, 0, 0)
    assert table[-1].share_reported < table[-2].share_reported < 1
    assert table[-1].total.value == pytest.approx(table[-1].reported / table[-1].share_reported)


def test_dates_that_run_backwards_are_counted_apart():
    found = delays([100, 100, 100, 120], [99, 105, 131, 119], as_of_day=130)
    assert found.days.tolist() == [5]
    assert found.limits.tolist() == [30]
    assert (found.backwards, found.later) == (2, 1)


def test_a_month_too_young_to_say_says_nothing():
    """Every delay seen is of ten days or more, and the month began two days ago."""
    days = np.arange(10, 30)
    events = np.full(20, AS_OF - 200)
    table = nowcast(events, events + days, AS_OF - 28, months=2)
    assert table[-1].to_come == (None, None, None)
    assert table[-1].total.value is None


@pytest.mark.parametrize(
    ("compute", "mend"),
    [
        (lambda: delays([1, 2], [3], 9), "one report day"),
        (lambda: delays([1.5], [3.0], 9), "whole numbers"),
        (lambda: nowcast([1, 2, 3], [1, 2, 3], 9), "Give 10 or more"),
        (lambda: nowcast([], [], 9), "Give 10 or more"),
        (lambda: distribution(delays([5] * 12, [5] * 12, 9), longest_days=40), "shorter longest delay"),
    ],
)
def test_nonsense_is_refused_with_what_would_mend_it(compute, mend):
    with pytest.raises(InputError, match=mend):
        compute()
