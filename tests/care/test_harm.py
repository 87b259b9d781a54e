"""Harm of any outage on any hospital: more loss never less harm, knowing less never better news, two days no signal."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from vigie.care import (
    Estimate,
    Harm,
    Site,
    Stretch,
    estimates,
    evidence,
    harm,
    harm_rules,
    share_of_mode,
)
from vigie.cartography import CareService, Cartography, Establishment, reference_hospital, vocabulary
from vigie.errors import InputError

REFERENCE = reference_hospital()
HOURS = 96.0
FULL = Site(
    inpatients=400,
    severe=False,
    diverted=(0.2, 0.7),
    patients_per_day={name: (1, 3) for name in (*harm_rules().pathways, "life_threatening")},
    delay_hours={name: (0.25, 2) for name in harm_rules().pathways},
    thrombolysed=(0.1, 0.2),
    boarded=(2, 40),
    extra_km=(5, 40),
)
SITES = [Site(), FULL, Site(occupancy=0.9, patients_per_day={"sepsis": (2, 2)}, delay_hours={"sepsis": (0, 20)})]
FEWER = [
    Site(inpatients=400),
    *(
        Site(**{**{field: getattr(FULL, field) for field in Site.__dataclass_fields__}, field: value})
        for field, value in (
            ("inpatients", None), ("severe", None), ("diverted", None), ("thrombolysed", None), ("boarded", None),
            ("extra_km", None), ("patients_per_day", {}), ("delay_hours", {}), ("patients_per_day", {"sepsis": (1, 3)}),
        )
    ),
]  # fmt: skip


def service(number: int, kind: str, flow: float | None, beds: int | None, pathways: list[str]) -> CareService:
    week = None if flow is None else (flow,) * 5 + (flow / 2, 0.0)
    return CareService(
        id=f"s{number}", establishment="site", name=f"S{number}", kind=kind, beds=beds, visits_per_day=week,
        hourly_profile="office", pathways=tuple(pathways),
    )  # fmt: skip


kinds = st.sampled_from([*vocabulary()["service_kinds"], "emergency", "medicine", "theatre", "outpatients"])
services = st.lists(
    st.tuples(
        kinds, st.one_of(st.none(), st.sampled_from([0.0, 10.0, 240.0])), st.one_of(st.none(), st.integers(0, 60)),
        st.lists(st.sampled_from(["stroke", "sepsis", "myocardial_infarction", "severe_trauma"]), max_size=3, unique=True),
    ),
    min_size=1, max_size=4,
)  # fmt: skip
shares = st.tuples(*[st.sampled_from([0.0, 0.25, 0.5, 0.9, 1.0])] * 2).map(lambda pair: tuple(sorted(pair)))


@st.composite
def hospitals(draw: st.DrawFn) -> Cartography:
    made = tuple(service(number, *said) for number, said in enumerate(draw(services)))
    return Cartography(name="Any", establishments=(Establishment(id="site", name="Site"),), services=made)


@st.composite
def outages(draw: st.DrawFn, ids: list[str]) -> dict[str, list[Stretch]]:
    """For each service, stretches of 24 hours, some of them left unsaid."""
    said: dict[str, list[Stretch]] = {}
    for one in ids:
        each = [(at, draw(st.one_of(st.none(), shares))) for at in range(0, int(HOURS), 24)]
        said[one] = [Stretch(at, at + 24, *share) for at, share in each if share is not None]
    return said


def compared(before: Harm, after: Harm, site: Any = None) -> list[tuple[Estimate, Estimate]]:
    one, other = estimates(before), estimates(after)
    assert len(one) == len(other)
    return list(zip(one, other, strict=True))


def worse_or_same(less: Estimate, more: Estimate) -> bool:
    lows = more.low >= less.low - 1e-9
    highs = more.high is None or (less.high is not None and more.high >= less.high - 1e-9)
    return lows and highs


def harms_only(value: Harm) -> list[Estimate]:
    """Every estimate but hours of silence, which say how much is known and not how bad it is."""
    silent = {id(one.silent) for one in value.services} | {id(value.totals.silent)}
    return [one for one in estimates(value) if id(one) not in silent]


@settings(deadline=None)
@given(st.data(), st.sampled_from(SITES))
def test_more_loss_never_gives_less_harm(data, site):
    hospital = data.draw(hospitals())
    ids = list(hospital.service)
    less = data.draw(outages(ids))
    more = {
        name: [
            Stretch(one.from_hour, one.to_hour, one.low * take, one.high * take)
            for one in stretches
            for take in [data.draw(st.sampled_from([0.0, 0.5, 1.0]))]
        ]
        for name, stretches in less.items()
    }
    onset = data.draw(st.integers(0, 167))
    before, after = (harm(hospital, kept, HOURS, onset, site) for kept in (less, more))
    for small, large in zip(harms_only(before), harms_only(after), strict=True):
        assert worse_or_same(small, large), (small, large)


@settings(deadline=None)
@given(st.data(), st.sampled_from(SITES))
def test_saying_nothing_of_a_service_never_improves_the_news(data, site):
    hospital = data.draw(hospitals())
    said = data.draw(outages(list(hospital.service)))
    unsaid = {name: [] if data.draw(st.booleans()) else stretches for name, stretches in said.items()}
    before, after = (harm(hospital, kept, HOURS, 0, site) for kept in (said, unsaid))
    for known, silent in zip(estimates(before), estimates(after), strict=True):
        assert silent.high is None or (known.high is not None and silent.high >= known.high - 1e-9)


@settings(deadline=None)
@given(st.data(), st.sampled_from(FEWER))
def test_a_site_that_says_less_never_gets_better_news(data, fewer):
    hospital = data.draw(hospitals())
    kept = data.draw(outages(list(hospital.service)))
    full, less = (harm(hospital, kept, HOURS, 0, site) for site in (FULL, fewer))
    for known, unknown in compared(full, less):
        assert unknown.high is None or (known.high is not None and unknown.high >= known.high - 1e-9)


@settings(deadline=None)
@given(st.data())
def test_a_service_that_nobody_counted_never_gives_better_news(data):
    hospital = data.draw(hospitals())
    kept = data.draw(outages(list(hospital.service)))
    blank = hospital.model_copy(
        update={"services": tuple(one.model_copy(update={"visits_per_day": None}) for one in hospital.services)}
    )
    for known, unknown in compared(harm(hospital, kept, HOURS, 0, FULL), harm(blank, kept, HOURS, 0, FULL)):
        assert unknown.high is None or (known.high is not None and unknown.high >= known.high - 1e-9)


@given(st.data())
@settings(deadline=None)
def test_all_as_usual_is_no_harm(data):
    hospital = data.draw(hospitals())
    usual = {name: [Stretch(0, HOURS, 1, 1)] for name in hospital.service}
    assert all(one.nothing for one in estimates(harm(hospital, usual, HOURS, 0, Site())))


@pytest.mark.parametrize("hours", [1, 24, 47.5, 48])
@pytest.mark.parametrize("site", SITES)
def test_two_days_give_no_mortality_signal(hours, site):
    stopped = {name: [Stretch(0, hours, 0, 0), Stretch(hours, 500, 1, 1)] for name in REFERENCE.service}
    seen = harm(REFERENCE, stopped, 500, 0, site).top_down
    assert seen.deaths.nothing and seen.if_medicare.nothing and seen.inpatients.nothing
    assert "inpatient-mortality-rr-short" in seen.deaths.evidence


def test_a_third_day_may_give_one_and_the_low_end_stays_zero():
    stopped = {name: [Stretch(0, 49, 0, 0), Stretch(49, 500, 1, 1)] for name in REFERENCE.service}
    seen = harm(REFERENCE, stopped, 500, 0, Site(inpatients=500)).top_down
    assert seen.deaths.low == 0 < seen.deaths.high
    assert seen.deaths.central is None


def test_a_long_silence_is_a_possible_signal_and_not_a_sure_one():
    seen = harm(REFERENCE, {}, 500, 0, Site(inpatients=500)).top_down
    assert (seen.inpatients.low, seen.inpatients.high) == (0, 500) and seen.deaths.high > 0


def test_nothing_said_by_the_site_is_unknown_and_said_so():
    stopped = {name: [Stretch(0, 100, 0, 0)] for name in REFERENCE.service}
    lost = harm(REFERENCE, stopped, 100, 0, Site())
    assert lost.top_down.deaths.unknown and lost.bottom_up.together.unknown and lost.transfers.unknown
    assert all(one.patients.unknown and one.delay.unknown for one in lost.pathways)
    assert "not-said-by-site" in lost.assumptions


@pytest.mark.parametrize(("share", "middle"), [((0, 0), 6.0), ((0.5, 0.5), None), ((0, 1), None)])
def test_a_middle_for_transfers_only_when_a_ward_is_surely_stopped(share, middle):
    kept = {name: [Stretch(0, 100, *share)] for name in REFERENCE.service}
    moved = harm(REFERENCE, kept, 100, 0, Site(inpatients=400)).transfers
    assert (moved.low, moved.central, moved.high) == (0, pytest.approx(middle) if middle else None, 12)


def test_pathways_without_a_coefficient_are_named():
    stopped = {name: [Stretch(0, 100, 0, 0)] for name in REFERENCE.service}
    assert harm(REFERENCE, stopped, 100, 0, FULL).bottom_up.uncounted == ("stroke", "trauma", "obstetrics")
    assert harm(REFERENCE, {n: [Stretch(0, 9, 1, 1)] for n in stopped}, 9, 0, FULL).bottom_up.uncounted == ()


def test_beyond_what_was_measured_the_high_end_is_unknown():
    stopped = {name: [Stretch(0, 24, 0, 0)] for name in REFERENCE.service}
    for delay, unknown in ((12, False), (12.5, True)):
        site = Site(patients_per_day={"sepsis": (4, 4)}, delay_hours={"sepsis": (1, delay)})
        sepsis = next(one for one in harm(REFERENCE, stopped, 24, 0, site).pathways if one.pathway == "sepsis")
        assert sepsis.deaths.unknown == unknown and sepsis.deaths.low > 0


def test_every_id_that_an_estimate_names_exists():
    stopped = {name: [Stretch(0, 100, 0, 0.4)] for name in REFERENCE.service}
    for site in (*SITES, *FEWER):
        lost = harm(REFERENCE, stopped, 200, 0, site)
        assert set(lost.evidence) <= set(evidence())
        assert set(lost.assumptions) <= set(harm_rules().assumptions)
        assert all(one.evidence or one.assumptions for one in estimates(lost) if not one.nothing)


def test_the_parts_of_an_hour_count_for_what_they_are():
    half = {"theatres": [Stretch(0, 9.25, 1, 1), Stretch(9.25, 9.75, 0, 0), Stretch(9.75, 24, 1, 1)]}
    theatres = next(one for one in harm(REFERENCE, half, 24, 0, Site()).services if one.service == "theatres")
    assert theatres.stopped.low == pytest.approx(0.5)
    assert theatres.postponed.low == pytest.approx(0.5 * REFERENCE.service["theatres"].visits_per_hour(0, 9))


def test_the_hours_lost_are_those_of_the_calendar():
    shut = {"outpatients": [Stretch(0, 24, 0, 0)]}
    usual = REFERENCE.service["outpatients"].visits_per_day
    for day in range(7):
        lost = harm(REFERENCE, shut, 24, 24 * day, Site()).services
        assert next(one for one in lost if one.service == "outpatients").postponed.low == pytest.approx(usual[day])


@pytest.mark.parametrize(("hours", "days"), [(11.75, 0), (12, 1), (24, 1), (36, 2), (35, 1)])
def test_a_day_counts_as_diverted_from_twelve_hours_stopped(hours, days):
    said = {name: [Stretch(0, 96, 1, 1)] for name in REFERENCE.service}
    for one in REFERENCE.services:
        if one.kind == "emergency":
            said[one.id] = [Stretch(0, hours, 0, 0), Stretch(hours, 96, 1, 1)]
    site = Site(patients_per_day={"heart_attack": (100, 100)}, delay_hours={"heart_attack": (1000 / 60, 1000 / 60)})
    attack = next(one for one in harm(REFERENCE, said, 96, 0, site).pathways if one.pathway == "heart_attack")
    # So long a delay puts the low end of the envelope at the diversion: 0.60 point of 100 patients a day.
    assert attack.deaths.low == pytest.approx(0.6 * days)


def test_modes_of_the_journal_as_shares():
    assert share_of_mode("normal") == (1, 1) and share_of_mode("stopped") == (0, 0)
    assert share_of_mode("unknown") == share_of_mode("degraded") == share_of_mode("diverted") == (0, 1)
    assert share_of_mode("degraded", 40) == (0.4, 0.4)


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        (lambda: harm(REFERENCE, {"nowhere": []}, 24, 0, Site()), "no care service nowhere"),
        (lambda: harm(REFERENCE, {}, 0, 0, Site()), "period of 0"),
        (lambda: harm(REFERENCE, {}, 24, 168, Site()), "hour 168 of the week"),
        (lambda: harm(REFERENCE, {"smur": [Stretch(0, 9, 1, 1), Stretch(8, 10, 0, 0)]}, 24, 0, Site()), "two shares"),
        (lambda: Stretch(5, 5, 0, 1), "begins at 0 or later"),
        (lambda: Stretch(0, 5, 0.5, 0.4), "lowest first"),
        (lambda: Stretch(0, 5, 0, float("nan")), "lowest first"),
        (lambda: share_of_mode("broken"), "not a mode"),
        (lambda: share_of_mode("degraded", 140), "140"),
        (lambda: Site(occupancy=12), "occupancy"),
        (lambda: Site(boarded=(5, 2)), "boarded"),
        (lambda: Site(diverted=(0, 2)), "diverted"),
        (lambda: Site(patients_per_day={"strokes": (1, 2)}), "no pathway strokes"),
        (lambda: Site(baseline={"sepsis": (0.1, 1.2)}), "baseline of sepsis"),
        (lambda: Site(baseline={"stroke": (0.1, 0.2)}), "baseline: no pathway stroke"),
        (lambda: Site(delay_hours={"stroke": (0.1, 1e6)}), "delay_hours of stroke"),
    ],
)
def test_a_wrong_question_says_what_was_wrong(asked, said):
    with pytest.raises(InputError, match=said):
        asked()
