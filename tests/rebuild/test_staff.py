"""Who is at work in each hour."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import numpy as np

from tests.rebuild.maps import AT, PARIS, small_hospital
from vigie.cartography import Team
from vigie.journal.facts import Workforce
from vigie.rebuild.staff import Staff, staff


def present(people: Staff, team: str, hours: int = 48) -> np.ndarray:
    return people.capacity([team], AT, PARIS, hours)[0]


def test_a_shift_is_in_local_time_from_the_hour_of_the_plan():
    office = present(staff(small_hospital(), (), AT, ()), "application")
    # The plan starts on Monday at 03:00 in Paris; offices open at 8.
    assert np.flatnonzero(office[:24]).tolist() == list(range(5, 15))


def test_a_skill_nobody_has_is_assumed_and_said():
    people = staff(small_hospital(), (), AT, ("database",))
    assert [(p.team, p.people) for p in people.assumed] == [("database", 1)]
    assert present(people, "database").sum() > 0


def test_a_vendor_comes_after_the_delay_of_the_contract():
    vendor = Team(
        id="v", name="V", skill="supplier", people=2, shift="always", supplier="labsoft", arrives_after_hours=10
    )
    people = staff(small_hospital(teams=(vendor,)), (), AT, ())
    # Ten hours after 03:30 is 13:30: the first whole hour is the eleventh after 03:00.
    assert present(people, "supplier:labsoft")[:12].tolist() == [0] * 11 + [2]


def test_a_vendor_whose_delay_nobody_knows_is_not_there():
    vendor = Team(id="v", name="V", skill="supplier", people=2, shift="always", supplier="labsoft")
    assert staff(small_hospital(teams=(vendor,)), (), AT, ()).presences == ()


def test_a_reinforcement_replaces_the_team_until_its_end_then_the_map_holds_again():
    told = [
        Workforce(
            team="net", skill="network", people=3, from_at=AT + timedelta(hours=10), until_at=AT + timedelta(hours=20)
        ),
    ]
    there = present(staff(small_hospital(), told, AT, ()), "network")
    assert there[:10].tolist() == [1] * 10
    assert there[11:20].tolist() == [3] * 9
    assert there[21:].tolist() == [1] * 27


def test_a_team_away_for_some_hours_comes_back_and_statements_in_any_order_say_the_same():
    told = [
        Workforce(team="net", skill="network", people=2, from_at=AT + timedelta(hours=30)),
        Workforce(team="net", skill="network", people=0, from_at=AT, until_at=AT + timedelta(hours=10)),
    ]
    for order in (told, told[::-1]):
        there = present(staff(small_hospital(), order, AT, ()), "network")
        assert there[1:10].tolist() == [0] * 9
        assert there[11:30].tolist() == [1] * 19
        assert there[31:].tolist() == [2] * 17


def test_people_of_a_vendor_are_gone_after_the_end_that_was_told():
    vendor = Team(id="v", name="V", skill="supplier", people=2, shift="always", supplier="labsoft")
    told = [
        Workforce(
            team="v", skill="supplier", supplier="labsoft", people=1, shift="always",
            from_at=AT + timedelta(hours=5), until_at=AT + timedelta(hours=10),
        ),
    ]  # fmt: skip
    there = present(staff(small_hospital(teams=(vendor,)), told, AT, ()), "supplier:labsoft")
    assert not there[:5].any() and there[6:10].tolist() == [1] * 4 and not there[11:].any()


def test_a_vendor_away_for_a_time_is_there_before_and_after_as_the_contract_says():
    vendor = Team(
        id="v", name="V", skill="supplier", people=2, shift="always", supplier="labsoft", arrives_after_hours=4
    )
    told = [
        Workforce(
            team="v", skill="supplier", supplier="labsoft", people=0,
            from_at=AT + timedelta(hours=10), until_at=AT + timedelta(hours=20),
        ),
    ]  # fmt: skip
    there = present(staff(small_hospital(teams=(vendor,)), told, AT, ()), "supplier:labsoft")
    assert not there[:4].any() and there[5:10].tolist() == [2] * 5
    assert not there[11:20].any() and there[21:].tolist() == [2] * 27


def test_a_later_word_on_the_same_team_ends_the_first():
    told = [
        Workforce(team="net", skill="network", people=3, from_at=AT),
        Workforce(team="net", skill="network", people=0, from_at=AT + timedelta(hours=5)),
    ]
    there = present(staff(small_hospital(), told, AT, ()), "network")
    assert there[1:5].tolist() == [3] * 4 and not there[6:].any()


def test_people_of_a_vendor_with_a_skill_work_beside_ours():
    teams = (
        Team(id="net", name="N", skill="network", people=1, shift="always"),
        Team(id="more", name="M", skill="network", people=2, shift="always", supplier="labsoft", arrives_after_hours=5),
    )
    there = present(staff(small_hospital(teams=teams), (), AT, ()), "network")
    assert there[0] == 1 and there[10] == 3


def test_later_moves_those_who_are_to_come():
    now = datetime(2026, 11, 23, 10, tzinfo=UTC)
    people = staff(small_hospital(), (), AT, ()).later("network", timedelta(hours=4), now)
    assert people.capacity(["network"], now, PARIS, 6)[0].tolist() == [0, 0, 0, 0, 1, 1]
