"""What really happened, read from the states of applications: hours of shift, and what goes backwards."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from tests.rebuild.maps import PARIS, small_hospital, work_of
from vigie.journal.facts import AvailabilityChanged, RestorePoint
from vigie.rebuild.actuals import actuals, phases, shift_hours_between, whole
from vigie.rebuild.assumptions import Hours
from vigie.respond.concept import Step as State

MONDAY = datetime(2026, 11, 23, 8, tzinfo=UTC)  # 9 h in Paris
HOUR = timedelta(hours=1)


def told(*states: tuple[str, float]) -> list[State]:
    """States in the order of the world, with the hours from Monday at which each began; given latest first."""
    return [State(value, MONDAY + hours * HOUR, "") for value, hours in reversed(states)]


def found(*states: tuple[str, float], now: float = 100) -> dict[str, tuple[float, bool]]:
    """Hours of the clock spent in each phase, and whether it ended."""
    return {
        phase: (sum(((until - since) / HOUR for since, until in spans), 0.0), ended)
        for phase, spans, ended in phases(told(*states), MONDAY + now * HOUR)
    }


def test_a_phase_runs_until_the_next_one():
    assert found(("down", 0), ("restoring", 2), ("validating", 12), ("restored", 15)) == {
        "restore": (10, True), "validate": (3, True)
    }  # fmt: skip


def test_what_has_not_ended_runs_until_now():
    assert found(("down", 0), ("restoring", 2), now=9) == {"restore": (7, False)}
    assert found(("restoring", 2), ("validating", 12), now=14) == {"restore": (10, True), "validate": (2, False)}


def test_going_down_again_begins_anew():
    assert found(("restoring", 2), ("validating", 12), ("down", 13), now=20) == {}
    assert found(("restoring", 2), ("down", 13), ("restoring", 20), now=25) == {"restore": (5, False)}


def test_sent_back_from_validation_the_hours_of_restoration_add_up():
    states = ("restoring", 0), ("validating", 10), ("restoring", 12), ("validating", 15), ("restored", 16)
    assert found(*states) == {"restore": (13, True), "validate": (1, True)}


def test_lost_again_after_its_return_only_the_second_time_counts():
    states = ("restoring", 0), ("restored", 10), ("restoring", 50), ("restored", 54)
    assert found(*states) == {"restore": (4, True)}


def test_what_nobody_restored_says_nothing():
    assert found(("down", 0), ("isolated", 4), ("normal", 8)) == {}


@pytest.fixture
def node(crisis):
    crisis.now = MONDAY
    return crisis.hospital()


def observed(node, now):
    cartography = small_hospital()
    situation = node.situation()
    return {(one.application, one.phase): one for one in actuals(situation, whole(situation, cartography, now, PARIS))}


def state(node, application, value, hours):
    happened = MONDAY + hours * HOUR
    node.crisis.now = max(node.crisis.now, happened)
    node.write(AvailabilityChanged(application=application, state=value), happened=happened)


def test_only_hours_when_the_team_is_at_work_count(node):
    """Applications are restored in office hours, 8 to 18: from Monday 9 h to Tuesday 10 h is nine hours and two."""
    state(node, "dpi", "down", 0)
    state(node, "dpi", "restoring", 0)
    state(node, "dpi", "validating", 25)
    node.crisis.now = MONDAY + 26 * HOUR
    seen = observed(node, node.crisis.now)
    assert seen["dpi", "restore"].hours_worked == pytest.approx(11)
    assert seen["dpi", "restore"].finished
    assert seen["dpi", "restore"].estimates == (Hours(8, 16, 48),)
    assert not seen["dpi", "validate"].finished


def test_parts_of_an_hour_count_in_part(node):
    state(node, "network", "restoring", 0.25)
    node.crisis.now = MONDAY + 3.5 * HOUR
    assert observed(node, node.crisis.now)["network", "restore"].hours_worked == pytest.approx(3.25)


def test_a_copy_that_could_not_be_used_is_held_against_the_estimate_of_a_reinstallation(node):
    node.write(RestorePoint(application="dpi", taken_at=MONDAY, verdict="unusable", evidence="chiffrée"))
    state(node, "dpi", "restoring", 1)
    node.crisis.now = MONDAY + 5 * HOUR
    assert observed(node, node.crisis.now)["dpi", "restore"].estimates[0].likely == 48


def test_an_application_that_the_map_does_not_have_is_left_out(node):
    state(node, "nowhere", "restoring", 1)
    node.crisis.now = MONDAY + 5 * HOUR
    assert observed(node, node.crisis.now) == {}


@pytest.mark.parametrize(
    ("day", "hours"), [(datetime(2026, 3, 29, tzinfo=PARIS), 3), (datetime(2026, 10, 25, tzinfo=PARIS), 5)]
)
def test_nobody_works_more_hours_than_went_by_when_the_clocks_change(day, hours):
    work = work_of()
    assert shift_hours_between(work, "network", day, day.replace(hour=4)) == hours
