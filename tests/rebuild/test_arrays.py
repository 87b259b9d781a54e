"""A work as arrays: hours, ways, needs and what an hour costs. The worked figures are those of docs/background/restart.md."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import numpy as np
import pytest

from tests.rebuild.maps import AT, PARIS, application, service, small_hospital, work_of
from vigie.cartography import Team, reference_hospital
from vigie.errors import InputError
from vigie.journal.facts import AvailabilityChanged
from vigie.rebuild.arrays import problem_of
from vigie.rebuild.breakdown import breakdown
from vigie.rebuild.damage import Damage, Damages, damages
from vigie.rebuild.gates import Gate
from vigie.rebuild.kernel import care_lost, schedule
from vigie.rebuild.problem import check


def two_needs(endures: float):
    """A clinic of 48 visits a day, even day and night, that needs a laboratory and a record."""
    clinic = service("clinic", "outpatients", ("lis", 0.5), ("dpi", 0.8))
    needs = tuple(need.model_copy(update={"endurance_hours": endures}) for need in clinic.needs)
    applications = (application("lis", "laboratory"), application("dpi", "clinical"))
    cartography = small_hospital(applications=applications, services=(clinic.model_copy(update={"needs": needs}),))
    return work_of(cartography)


@pytest.mark.parametrize(
    ("endures", "lab", "record", "lost"),
    [(999, 24, 48, 38.4), (999, 48, 24, 52.8), (24, 24, 48, 42.24), (24, 48, 24, 55.2)],
)
def test_the_worked_example(endures, lab, record, lost):
    work = two_needs(endures)
    problem = problem_of(work)
    end = np.zeros(problem.size, np.int32)
    end[work.place[work.back["lis"]]] = lab
    end[work.place[work.back["dpi"]]] = record
    severity = problem.care.cumulated[0, 24] / 48
    assert care_lost(problem, end)[0] / severity == pytest.approx(lost)


def test_what_nobody_knows_keeps_nothing():
    clinic = service("clinic", "outpatients", ("lis", None))
    work = work_of(small_hospital(applications=(application("lis", "laboratory"),), services=(clinic,)))
    assert problem_of(work).care.kept.tolist() == [0.0]


def test_an_endurance_is_counted_from_the_loss():
    cartography = small_hospital()
    lost = {"lis": Damage("lis", "rebuild", lost_since=AT - timedelta(hours=20))}
    work = breakdown(cartography, Damages(lost, ()), AT, PARIS)
    assert problem_of(work).care.endures.tolist() == [4]


def test_what_is_blocked_weighs_whatever_the_order():
    refused = Gate("external_reconnection", "", "refused", "Director")
    open_, shut = problem_of(work_of()), problem_of(work_of(gates={refused.id: refused}))
    clinic = 1
    # The portal keeps 0.9 of the clinic, nine tenths of it once its fallback is over: no plan can give back more than 0.81.
    assert shut.care.cumulated[clinic, 24] == pytest.approx(0.81 * open_.care.cumulated[clinic, 24])


def test_reference_hospital_has_a_schedule_that_can_be_carried_out():
    problem = problem_of(work_of(reference_hospital()))
    ways = [int(np.flatnonzero(problem.tasks.duration[np.flatnonzero(problem.tasks.group == g)[0]] >= 0)[0])
            for g in range(problem.groups)]  # fmt: skip
    made = schedule(problem, np.arange(problem.size), np.array(ways))
    assert made is not None and check(problem, made) == []


def test_all_steps_of_an_application_have_the_same_ways_open():
    work = work_of(reference_hospital())
    problem = problem_of(work)
    for group in range(problem.groups):
        rows = problem.tasks.duration[problem.tasks.group == group] >= 0
        assert (rows == rows[0]).all() and rows[0].any()


def test_work_under_way_is_shorter_and_holds_its_people(crisis):
    node = crisis.hospital()
    node.write(AvailabilityChanged(application="dpi", state="restoring"), happened=AT)
    later = AT + timedelta(hours=10)
    cartography = small_hospital()
    work = breakdown(cartography, damages(node.situation(), cartography), later, PARIS)
    problem = problem_of(work)
    row = work.place["dpi:restore:application"]
    # 16 h likely, mean (8 + 64 + 48) / 6 = 20 h of work; from 03:00 to 13:30 in Paris the office was open 5 h: 15 h left,
    # five today until 18 h, then ten tomorrow from 8 h: ends at 18 h, 29 hours from 13 h.
    assert problem.tasks.duration[row, 0] == 29
    assert problem.capacity[work.teams.index("application"), 0] == 0, "its person is not free for the rest"


def test_a_team_that_is_never_there_is_named():
    nobody = Team(id="apps", name="Applications", skill="application", people=1, shift="office")
    work = work_of(small_hospital(teams=(nobody,)))
    gone = replace(
        work, staff=replace(work.staff, presences=tuple(p for p in work.staff.presences if p.team != "directory"))
    )
    with pytest.raises(InputError, match="directory"):
        problem_of(gone)


def test_a_longer_ratio_lengthens_work_and_not_waiting():
    one, twice = problem_of(work_of()), problem_of(work_of(effort_ratio=2.0))
    work = work_of()
    restore, gate = work.place["dpi:restore:application"], work.place["gate:external_reconnection"]
    assert twice.tasks.duration[restore, 0] == 2 * one.tasks.duration[restore, 0]
    assert twice.tasks.duration[gate, 0] == one.tasks.duration[gate, 0]
