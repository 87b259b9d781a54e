"""Ranges: never a bare number, never good news by silence, and two counts of the same deaths that cannot be added."""

from __future__ import annotations

import dataclasses

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vigie.care import BottomUp, Estimate, Harm, TopDown, disjoint, envelope, overlapping
from vigie.errors import InputError

ABOVE = TopDown(0, None, 8.25, "deaths")
BELOW = BottomUp(0.1, None, 2.0, "deaths")
ends = st.floats(0, 1e6)
ranges = st.tuples(ends, ends, st.booleans()).map(
    lambda said: Estimate(min(said[:2]), None, None if said[2] else max(said[:2]), "patients")
)


@pytest.mark.parametrize(
    "adding",
    [
        lambda: ABOVE + BELOW,
        lambda: BELOW + ABOVE,
        lambda: sum([ABOVE, BELOW]),
        lambda: sum([BELOW]),
        lambda: ABOVE + 1,
        lambda: 1 + BELOW,
        lambda: disjoint([ABOVE, BELOW], "deaths"),
        lambda: overlapping([BELOW, ABOVE], "deaths"),
        lambda: overlapping([BELOW, Estimate(0, None, 1, "deaths")], "deaths"),
        lambda: Estimate(0, 0, 0, "patients") + Estimate(0, 0, 0, "patients"),
    ],
)
def test_the_same_deaths_seen_twice_cannot_be_added(adding):
    with pytest.raises(TypeError):
        adding()


def test_a_result_has_no_place_for_a_total_of_deaths():
    names = {field.name for field in dataclasses.fields(Harm)}
    assert {"top_down", "bottom_up"} <= names
    assert not [name for name in (*names, *dir(Harm)) if "death" in name or name == "total"]


@given(st.lists(ranges, min_size=1, max_size=5))
def test_together_is_never_less_than_one_of_them(several):
    for together in (disjoint(several, "patients"), overlapping(several, "patients")):
        assert together.low >= max(one.low for one in several)
        assert together.unknown == any(one.unknown for one in several)
        assert together.unknown or together.high >= max(one.high for one in several)
    assert overlapping(several, "patients").low <= disjoint(several, "patients").low


@given(st.lists(ranges, min_size=1, max_size=5))
def test_an_envelope_holds_each_of_them(several):
    around = envelope(several, "patients")
    assert all(around.low <= one.low for one in several)
    assert around.unknown or all(one.high <= around.high for one in several)
    assert around.unknown == any(one.unknown for one in several)


@pytest.mark.parametrize(
    "wrong", [(2, None, 1), (-1, None, 1), (0, 2, 1), (0, None, float("nan")), (0, None, float("inf"))]
)
def test_a_range_that_is_none_is_refused(wrong):
    with pytest.raises(InputError, match="not a range"):
        Estimate(*wrong, "patients")


def test_what_a_range_rests_on_follows_it():
    one = Estimate(0, None, 1, "patients", ("stemi-rr",), ("silence",))
    other = Estimate(0, None, 1, "patients", ("sepsis-or",), ("silence", "usual-flow"))
    both = overlapping([one, other], "patients")
    assert (both.evidence, both.assumptions) == (("stemi-rr", "sepsis-or"), ("silence", "usual-flow"))


def test_unknown_and_nothing_are_not_the_same():
    assert Estimate(0, None, None, "patients").unknown and not Estimate(0, None, None, "patients").nothing
    assert Estimate(0, 0, 0, "patients").nothing and not Estimate(0, 0, 0, "patients").unknown
