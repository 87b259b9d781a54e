"""What two lists tell of what neither holds, and how two lists are put side by side."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.stats import chi2

from vigie.errors import InputError
from vigie.observe.recapture import Listed, link, recapture


def test_the_textbook_example():
    """Ten turtles marked, fifteen caught later, five of them marked: 28."""
    found = recapture(5, 5, 10)
    assert found.total == pytest.approx((28.333, 20.434, 56.500), abs=1e-3)
    assert found.listed_share == pytest.approx([10 / found.total[place] for place in (0, 2, 1)])


def test_the_interval_is_where_the_likelihood_falls_by_half_a_quantile():
    """The likelihood of a total, summed without any gamma function: ways to draw the cells, at the best shares."""
    first, both, second = 5, 5, 10
    seen = first + both + second

    def likelihood(total: int) -> float:
        ways = np.log(np.arange(total - seen + 1, total + 1)).sum()
        listed = ((first + both) / total, (second + both) / total)
        return ways + sum(total * (p * np.log(p) + (1 - p) * np.log(1 - p)) for p in listed)

    curve = {total: likelihood(total) for total in range(seen, 200)}
    inside = [total for total, value in curve.items() if value >= max(curve.values()) - chi2.ppf(0.95, 1) / 2]
    found = recapture(first, both, second).total
    assert (np.ceil(found.low), np.floor(found.high)) == pytest.approx((inside[0], inside[-1]), abs=0.1)


def test_lists_that_share_nothing_leave_no_upper_bound():
    found = recapture(30, 0, 20)
    assert found.total.value == 650
    assert 50 < found.total.low < 650
    assert found.total.high is None
    assert found.listed_share.low == 0


def test_chapman_in_both_its_forms():
    found = recapture(31, 17, 4)
    assert found.total.value == pytest.approx((48 + 1) * (21 + 1) / (17 + 1) - 1)


def test_dependence_multiplies_what_nobody_saw():
    found = recapture(300, 40, 25)
    unseen = {odds: total.value - 365 for odds, total in found.under_dependence}
    assert [unseen[odds] / unseen[1.0] for odds in (0.5, 2.0, 4.0)] == pytest.approx([0.5, 2, 4])
    assert dict(found.under_dependence)[1.0] == found.total


def test_every_assumption_is_said_in_both_languages():
    found = recapture(1, 1, 1)
    assert [each.name for each in found.assumptions] == ["closed", "independent", "alike", "linked"]
    assert all(len(each.fr) > 60 and len(each.en) > 60 for each in found.assumptions)


def test_two_identical_lists_leave_nothing_unseen():
    assert recapture(0, 30, 0).total == pytest.approx((30, 30, 30), abs=0.3)
    assert recapture(9, 30, 0).total.value == 39


def test_the_interval_covers_the_truth_as_often_as_promised():
    """1,000 incidents, 40 % declared, 10 % publicly known, independently; fixed seed."""
    rng = np.random.default_rng(20261125)
    covered = 0
    for _ in range(500):
        declared, known = rng.random(1000) < 0.4, rng.random(1000) < 0.1
        found = recapture(int((declared & ~known).sum()), int((declared & known).sum()), int((known & ~declared).sum()))
        covered += found.total.low <= 1000 <= found.total.high
    assert 0.93 <= covered / 500 <= 0.98


def test_same_place_and_near_dates_are_one_incident():
    declared = [Listed("010780054", 100), Listed("010780054", 300), Listed("690781810", 100)]
    known = [Listed("010780054", 110), Listed("690781810", 131), Listed("750712184", 100)]
    found = link(declared, known, window_days=30)
    assert found.pairs == ((0, 0),)
    assert found.only_first == (1, 2)
    assert found.only_second == (1, 2)
    assert (found.ambiguous, found.unusable) == (0, 0)


def test_as_many_links_as_can_be_then_the_smallest_gaps():
    first = [Listed("x", 10), Listed("x", 20)]
    assert link(first, [Listed("x", 14), Listed("x", 5)], 6).pairs == ((0, 1), (1, 0))
    assert link(first, [Listed("x", 11), Listed("x", 18)], 30).pairs == ((0, 0), (1, 1))
    assert link(first, [Listed("x", 11)], 30) == (((0, 0),), (1,), (), 1, 0)


def test_without_a_name_nothing_is_linked_nor_alone():
    found = link([Listed("", 1), Listed("x", 1)], [Listed("", 1)], 5)
    assert found.unusable == 2
    assert found.only_first == (1,)
    assert not found.pairs


def test_the_order_of_the_lists_does_not_matter():
    rng = np.random.default_rng(2)
    first = [Listed(str(rng.integers(5)), int(day)) for day in rng.integers(0, 300, 40)]
    second = [Listed(str(rng.integers(5)), int(day)) for day in rng.integers(0, 300, 25)]
    one, other = link(first, second, 20), link(second, first, 20)
    assert len(one.pairs) == len(other.pairs)
    assert sum(abs(first[i].day - second[j].day) for i, j in one.pairs) == sum(
        abs(first[i].day - second[j].day) for j, i in other.pairs
    )


@pytest.mark.parametrize(
    ("compute", "mend"),
    [
        (lambda: recapture(-1, 3, 4), "whole number"),
        (lambda: recapture(0, 0, 4), "both lists"),
        (lambda: recapture(4, 0, 0), "both lists"),
        (lambda: recapture(1, 1, 1, level=2), "0.95"),
        (lambda: link([], [], -3), "whole number"),
    ],
)
def test_nonsense_is_refused_with_what_would_mend_it(compute, mend):
    with pytest.raises(InputError, match=mend):
        compute()
