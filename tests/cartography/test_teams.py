"""Teams: who can work when, what is refused, and maps without teams that keep their address."""

from __future__ import annotations

from io import BytesIO

import openpyxl
import pytest

from tests.cartography.test_files import GOOD
from vigie.cartography import dump_workbook, from_bytes, read, reference_hospital, revision_of, shift_hours, to_bytes

HOSPITAL = reference_hospital()
SUPPLIED = (
    GOOD
    + """suppliers:
  - {id: editor, name: Éditeur}
teams:
"""
)


def judged(teams: str) -> tuple[list[str], list[str]]:
    reading = read((SUPPLIED + teams).encode(), "map.yaml")
    return [str(fault) for fault in reading.errors], [str(fault) for fault in reading.warnings]


def test_a_map_without_teams_keeps_the_address_it_had_before_teams_existed():
    # Journals name maps by these digests: they were computed before the field was added.
    small = read(GOOD.encode(), "map.yaml").cartography
    assert revision_of(small) == "4211e7a2a0568b355ef3b450b8d45dbeec927a46272712bd950c7123c24da1c7"
    assert b"teams" not in to_bytes(small)
    with_team = small.model_copy(update={"teams": HOSPITAL.teams[:1]})
    assert revision_of(with_team) != revision_of(small)
    assert from_bytes(to_bytes(with_team)) == with_team


@pytest.mark.parametrize(
    ("shift", "worked", "idle"),
    [
        ("office", {(0, 8), (4, 17)}, {(0, 7), (0, 18), (5, 10), (6, 10)}),
        ("extended", {(0, 8), (6, 19)}, {(3, 7), (6, 20)}),
        ("day", {(0, 7), (6, 18)}, {(0, 6), (0, 19)}),
        ("night", {(0, 0), (0, 6), (0, 19), (6, 23)}, {(0, 7), (6, 18)}),
        ("always", {(0, 0), (6, 23)}, set()),
        ("week_always", {(0, 0), (4, 23)}, {(5, 0), (6, 23)}),
    ],
)
def test_the_hours_of_a_shift(shift, worked, idle):
    hours = shift_hours(shift)
    assert len(hours) == 168
    assert all(hours[day * 24 + hour] for day, hour in worked)
    assert not any(hours[day * 24 + hour] for day, hour in idle)


def test_day_and_night_share_the_clock():
    assert all(day != night for day, night in zip(shift_hours("day"), shift_hours("night"), strict=True))


@pytest.mark.parametrize(
    ("team", "said"),
    [
        ("  - {id: t, name: T, skill: netwrok, people: 1}", 'skill is "netwrok", which is not in the vocabulary'),
        ("  - {id: t, name: T, skill: network, people: 0}", "people is 0, below 1"),
        ("  - {id: t, name: T, skill: network, people: 501}", "people is 501, above 500"),
        ("  - {id: t, name: T, skill: network}", "people is missing"),
        ("  - {id: t, name: T, skill: network, people: 1, shift: dawn}", 'shift is "dawn"'),
        ("  - {id: t, name: T, skill: network, people: 1, supplier: editr}", "Did you mean editor?"),
        (
            "  - {id: t, name: T, skill: network, people: 1}\n  - {id: t, name: U, skill: network, people: 1}",
            'the team id "t" is used twice',
        ),
    ],
)
def test_what_makes_a_team_unusable(team, said):
    errors, _ = judged(team)
    assert len(errors) == 1 and said in errors[0] and errors[0].startswith("map.yaml, line ")


def test_one_fault_of_a_team_hides_no_other():
    errors, _ = judged("  - {id: t, name: T, skill: netwrok, people: 0, supplier: editr, kind: x}")
    assert len(errors) == 4


def test_what_makes_a_team_doubtful():
    errors, warnings = judged(
        "  - {id: a, name: A, skill: supplier, people: 1}\n  - {id: b, name: B, skill: supplier, people: 1, supplier: editor}"
    )
    assert not errors
    assert "but of which one?" in warnings[0] and 'after how long "b" arrives' in warnings[1]


def test_a_workbook_made_before_teams_is_still_read():
    book = openpyxl.load_workbook(BytesIO(dump_workbook(HOSPITAL)))
    book.remove(book["Équipes"])
    out = BytesIO()
    book.save(out)
    assert read(out.getvalue(), "map.xlsx").cartography == HOSPITAL.model_copy(update={"teams": ()})


def test_a_sheet_of_teams_with_a_slip_in_its_name_is_not_ignored():
    book = openpyxl.load_workbook(BytesIO(dump_workbook(HOSPITAL)))
    book["Équipes"].title = "Equipe"
    out = BytesIO()
    book.save(out)
    assert "Did you mean equipe?" in str(read(out.getvalue(), "map.xlsx").errors[0])


def test_the_reference_hospital_can_rebuild_all_it_has():
    skills = {team.skill for team in HOSPITAL.teams}
    assert skills >= {effort.skill for one in HOSPITAL.applications for effort in one.restore_effort}
    vendors = {team.supplier for team in HOSPITAL.teams if team.skill == "supplier"}
    needed = {
        one.supplier or one.hosted_by
        for one in HOSPITAL.applications
        if any(effort.skill == "supplier" for effort in one.restore_effort)
    }
    assert needed <= vendors
    own = [team for team in HOSPITAL.teams if team.supplier is None]
    computing = sum(team.people for team in own if team.skill not in ("care_referent", "biomedical"))
    assert 12 <= computing <= 16
    nights = [hour for day in range(7) for hour in (day * 24, day * 24 + 3, day * 24 + 23)]
    assert not any(shift_hours(team.shift)[hour] for team in own for hour in nights)
    assert HOSPITAL.team["databases"].skill == "database"
