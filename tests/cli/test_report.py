"""`vigie observe report`: writes whole or not at all, refuses what it would lose, rebuilds and checks to the byte."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner

from tests.observe.report.editions import versions
from vigie.cli.observe_report import report_command
from vigie.errors import VigieError
from vigie.observe import shelf

app = typer.Typer()
app.command()(report_command)
ASKED = ("--year", "2022", "--audience", "internal", "--realm", "simulated", "--language", "fr",
         "--as-known-on", "2023-03-01", "--date", "2023-03-15")  # fmt: skip


def run(*arguments: str | Path):
    return CliRunner().invoke(app, [str(each) for each in arguments])


@pytest.fixture(scope="module")
def place(tmp_path_factory) -> Path:
    """A folder with a declarations table and a report made from it."""
    folder = tmp_path_factory.mktemp("report")
    shelf.write(versions(), folder / "db.parquet")
    made = run(folder / "db.parquet", *ASKED, "-o", folder / "out")
    assert made.exit_code == 0, made.output
    return folder


def test_a_report_has_its_files(place):
    names = {path.name for path in (place / "out").iterdir()}
    assert names == {"figures.json", "report.fr.html", "report.fr.pdf", "report.fr.xlsx", "csv"}
    assert len(list((place / "out" / "csv").iterdir())) == len(
        json.loads((place / "out" / "figures.json").read_text())["tables"]
    )
    assert not [path for path in place.iterdir() if path.name.startswith(".")]


def test_the_pages_are_rebuilt_from_the_figures_alone(place):
    again = run("--edition", place / "out" / "figures.json", "-o", place / "again")
    assert again.exit_code == 0
    for path in (place / "out").iterdir():
        if path.is_file():
            assert path.read_bytes() == (place / "again" / path.name).read_bytes(), path.name


def test_an_edition_checks_to_the_byte(place):
    same = run(place / "db.parquet", "--check", place / "out" / "figures.json")
    assert same.exit_code == 0 and "the same to the byte" in same.output


def test_a_check_says_which_pin_and_which_table_differ(place):
    table = shelf.read(place / "db.parquet")
    shelf.write(table.slice(40), place / "less.parquet")
    other = run(place / "less.parquet", "--check", place / "out" / "figures.json")
    assert other.exit_code == 1
    assert "source.digest differs" in other.output and "declarations_per_year differs" in other.output


def test_a_file_changed_by_hand_is_found_out(place):
    held = json.loads((place / "out" / "figures.json").read_text())
    held["tables"]["declarations_per_year"]["rows"][-1][1] += 1
    (place / "forged.json").write_text(json.dumps(held))
    found = run(place / "db.parquet", "--check", place / "forged.json")
    assert found.exit_code == 1 and "every pin is the same" in found.output


def test_another_edition_is_not_overwritten_unasked(place):
    before = (place / "out" / "figures.json").read_bytes()
    refused = run(place / "db.parquet", *ASKED[:-1], "2023-03-16", "-o", place / "out")
    assert isinstance(refused.exception, VigieError) and "another edition" in str(refused.exception)
    assert (place / "out" / "figures.json").read_bytes() == before
    assert run(place / "db.parquet", *ASKED, "-o", place / "out").exit_code == 0


def test_a_folder_that_is_no_report_is_never_replaced(place, tmp_path):
    (tmp_path / "thesis.doc").write_text("years of work")
    refused = run("--edition", place / "out" / "figures.json", "-o", tmp_path, "--force")
    assert isinstance(refused.exception, VigieError) and (tmp_path / "thesis.doc").read_text() == "years of work"


def test_a_second_list_and_its_assumptions(place, tmp_path):
    listed = tmp_path / "press.csv"
    rows = shelf.read(place / "db.parquet").slice(0, 400).to_pylist()
    lines = [f"{row['legal_entity'] or row['declarant']};{row['declared_at']:%Y-%m-%d}" for row in rows[::5]]
    listed.write_text("\n".join(["establishment;date", *lines, "inconnu;2022-05-05"]))
    made = run(place / "db.parquet", *ASKED, "--publicly-known", listed, "-o", tmp_path / "out")
    assert made.exit_code == 0, made.exception
    assert "recapture" in json.loads((tmp_path / "out" / "figures.json").read_text())["numbers"]
    assert "Population fermée" in (tmp_path / "out" / "report.fr.html").read_text()


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--realm", "simulated"), "--output"),
        (("-o", "out"), "--year"),
        (("--year", "2022", "-o", "out", "--as-known-on", "soon"), "--as-known-on"),
        (("--year", "2022", "-o", "out", "--without", "by_regoin"), "by_region"),
        (("--year", "2022", "-o", "out", "--licence", "free"), "NAME=URL"),
        (("--check", "nowhere.json"), "nowhere.json"),
    ],
)
def test_a_mistake_is_said_with_its_mend(place, monkeypatch, tmp_path, arguments, said):
    monkeypatch.chdir(tmp_path)
    refused = run(place / "db.parquet", *arguments)
    assert refused.exit_code != 0
    assert said in refused.output + str(refused.exception)
    assert not (tmp_path / "out").exists()
