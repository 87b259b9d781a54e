"""`vigie plan CARTOGRAPHY`: from nothing, from a journal, and what if."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.rebuild.maps import small_hospital
from vigie.cartography import dump
from vigie.cli.plan_map import Asked, run
from vigie.errors import VigieError


@pytest.fixture
def asked(tmp_path: Path):
    path = tmp_path / "small.yaml"
    path.write_text(dump(small_hospital()), encoding="utf-8")

    def ask(**more) -> Asked:
        return Asked(str(path), seconds=0.2, **more)

    return ask


def data_of(capsys, asked: Asked) -> dict:
    run(asked)
    return json.loads(capsys.readouterr().out)


def test_from_nothing_everything_is_planned(asked, capsys):
    data = data_of(capsys, asked(form="json"))
    assert set(data["applications"]) == {"network", "ad", "lis", "dpi", "internet", "portal"}
    assert data["services"]["emergency"]["last_to_come"] in ("lis", "dpi")
    assert data["care_lost"] > 0 and data["makespan_hours"] > 100
    starts = {step["step"]: step["starts_at"] for step in data["steps"]}
    ends = {step["step"]: step["ends_at"] for step in data["steps"]}
    assert starts["lis:restore:application"] >= ends["gate:directory_rebuilt"]


def test_the_bound_is_below_and_the_gap_said(asked, capsys):
    data = data_of(capsys, asked(form="json"))
    assert 0 < data["bound"] <= data["care_lost"]
    assert data["gap_percent"] == pytest.approx(100 * (data["care_lost"] / data["bound"] - 1), abs=0.1)


def test_the_table_says_it_in_words(asked, capsys):
    run(asked())
    said = capsys.readouterr().out
    for words in (
        "6 applications (5 to rebuild)",
        "The next 5 steps of each team",
        "Gates:",
        "real hospitals",
        "Assumed",
    ):
        assert words in said


def test_what_if_is_set_beside(asked, capsys):
    data = data_of(capsys, asked(form="json", people=("application=1",), unusable=("dpi",)))
    assert {one["service"] for one in data["what_if"]["moved"]} <= {"emergency", "clinic"}


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ({"people": ("application=many",)}, "Write it as --more database=1"),
        ({"people": ("astrology",)}, "no step asks for"),
        ({"late": ("nobody=2",)}, "no step waits"),
        ({"zone": "Mars/Olympus"}, "time zone"),
        ({"state": "nothing.db"}, "does not exist"),
    ],
)
def test_what_is_wrong_is_said(asked, more, said):
    with pytest.raises(VigieError, match=said):
        run(asked(**more))
