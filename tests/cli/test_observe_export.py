"""`vigie observe export` and `open-data` as a stranger uses them."""

from __future__ import annotations

import csv
import gzip
import io
import json
import sys
from datetime import UTC, date, datetime
from pathlib import Path

import openpyxl
import pytest

from tests.house.tree import ROOT
from vigie.cli import main
from vigie.exchange import veris
from vigie.exchange.importing import import_into
from vigie.observe import shelf
from vigie.observe.columns import COLUMNS
from vigie.observe.edition import Edition
from vigie.observe.report.content import Content, written
from vigie.observe.rows import row
from vigie.observe.table import Figures
from vigie.observe.tables import TABLES

DATA = ROOT.parent / "shared" / "data"
VCDB = DATA / "vcdb" / "vcdb_even_healthcare.jsonl.gz"
BEFORE, NOW = datetime(2024, 1, 1, tzinfo=UTC), datetime(2025, 6, 1, tzinfo=UTC)


@pytest.fixture
def vigie(capsys, monkeypatch, tmp_path):
    """`vigie("export", path)` is (exit code, stdout, stderr) of `vigie observe export path`, in an empty folder."""
    monkeypatch.chdir(tmp_path)

    def run(*words: str | Path) -> tuple[int, str, str]:
        monkeypatch.setattr(sys, "argv", ["vigie", "observe", *map(str, words)])
        with pytest.raises(SystemExit) as ended:
            main()
        said = capsys.readouterr()
        return int(ended.value.code or 0), said.out, said.err

    return run


@pytest.fixture
def table(tmp_path) -> Path:
    """Three declarations, one of which has two versions."""
    common = {"source": "journal", "sector": "health", "data_impact": ["loss", "disclosure"], "hours_degraded": 1.5,
              "year": 2024, "recorded_at": BEFORE, "state": "qualified", "establishment": "=CH"}  # fmt: skip
    told = [row(**common, declaration=name, source_key=name, source_digest=name) for name in ("a", "b")]
    held = shelf.upsert(shelf.upsert(shelf.table_of([]), told, BEFORE).table,
                        [{**told[0], "source_digest": "a2", "origin": "phishing", "malicious": "yes"}], NOW).table  # fmt: skip
    shelf.write(held, tmp_path / "t.parquet")
    return tmp_path / "t.parquet"


def test_veris_out_is_the_record_that_came_in(vigie, tmp_path):
    import_into(veris.READER, [VCDB], tmp_path / "v.parquet", NOW)
    code, out, err = vigie("export", "v.parquet", "--format", "veris", "-o", "out.jsonl.gz")
    assert (code, out, err) == (0, "out.jsonl.gz: 1,153 incidents\n", "")
    with gzip.open(VCDB) as theirs, gzip.open(tmp_path / "out.jsonl.gz") as ours:
        wanted = {(incident := json.loads(line))["incident_id"]: incident for line in theirs}
        found = {(incident := json.loads(line))["incident_id"]: incident for line in ours}
    assert found == wanted
    assert "0 new, 0 changed" in _second_import(tmp_path)


def _second_import(folder: Path) -> str:
    counts = import_into(veris.READER, [folder / "out.jsonl.gz"], folder / "v.parquet", NOW)
    return f"{counts.new} new, {counts.changed} changed"


def test_a_table_goes_out_as_it_was_known_on_a_day(vigie, tmp_path, table):
    for day, origins in (("2024-12-31", ["unknown", "unknown"]), ("2025-12-31", ["phishing", "unknown"])):
        code, out, err = vigie("export", table, "--as-known-on", day, "-o", "out.csv", "--force")
        assert (code, out) == (0, "out.csv: 2 declarations\n") and "not for publication" in err
        lines = list(
            csv.reader(io.StringIO(Path("out.csv").read_bytes().decode("utf-8-sig"), newline=""), delimiter=";")
        )
        assert lines[0] == [column.name for column in COLUMNS]
        assert [dict(zip(lines[0], line, strict=True))["origin"] for line in lines[1:]] == origins
    said = dict(zip(lines[0], lines[1], strict=True))
    assert (said["data_impact"], said["hours_degraded"], said["establishment"]) == ("loss | disclosure", "1.5", "'=CH")
    assert said["recorded_at"] == "2024-01-01T01:00:00.000000+01:00"


def test_a_workbook_says_what_its_columns_are_and_parquet_can_be_read_again(vigie, tmp_path, table):
    assert vigie("export", table, "--format", "xlsx", "-o", "out.xlsx")[0] == 0
    book = openpyxl.load_workbook("out.xlsx")
    assert book["Declarations"].max_row == 3
    assert ["patient_danger", "patients put in danger"] in [
        [cell.value for cell in line] for line in book["Vigie"].iter_rows()
    ]
    assert vigie("export", table, "--format", "parquet", "-o", "out.parquet")[0] == 0
    assert shelf.read(Path("out.parquet")).num_rows == 2
    assert vigie("export", table, "--format", "veris", "-o", "out.jsonl")[1] == "out.jsonl: 2 incidents\n"
    assert vigie("export", table, "--format", "veris", "--veris-version", "1.3.3", "-o", "old.jsonl")[1].splitlines() == [
        "old.jsonl: 0 incidents", "  left out: 2 (a year that VERIS 1.3.3 does not take)"]  # fmt: skip


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("--source", "veris"), "no declaration to write (source veris)"),
        (("--sector", "moon"), "--sector 'moon' is no sector. Known: health, social"),
        (("--as-known-on", "2000-01-01"), "no declaration to write"),
        (("--as-known-on", "soon"), "--as-known-on 'soon' is no date"),
    ],
)
def test_refusals(vigie, table, words, message):
    code, out, err = vigie("export", table, *words, "-o", "out.csv")
    assert (code, out) == (1, "") and message in err and not Path("out.csv").exists()


def test_an_existing_file_is_kept_unless_forced(vigie, table):
    for form, name in (("csv", "o.csv"), ("parquet", "o.parquet")):
        Path(name).write_text("mine")
        assert "exists already" in vigie("export", table, "--format", form, "-o", name)[2]
        assert Path(name).read_text() == "mine"


def test_a_public_edition_becomes_open_data_and_an_internal_one_does_not(vigie, tmp_path):
    pinned = {"year": 2024, "date": date(2025, 6, 1), "as_known_on": NOW, "realm": "real", "languages": ("fr", "en")}
    figures = {"by_origin": Figures("by_origin", TABLES["by_origin"].columns, ((2024, "phishing", 40, 50, 0.8),))}
    for audience in ("public", "internal"):
        content = Content(Edition(**pinned, audience=audience), {"by_origin": TABLES["by_origin"]}, figures)
        (tmp_path / f"{audience}.json").write_bytes(written(content))
    code, out, err = vigie("open-data", "public.json", "--publisher", "Un éditeur", "-o", "a.zip")
    assert (code, err) == (0, "") and out.startswith("a.zip: 1 tables of the edition ")
    assert vigie("open-data", "public.json", "--publisher", "Un éditeur", "-o", "b.zip")[0] == 0
    assert Path("a.zip").read_bytes() == Path("b.zip").read_bytes()
    assert "exists already" in vigie("open-data", "public.json", "--publisher", "x", "-o", "a.zip")[2]
    code, out, err = vigie("open-data", "internal.json", "--publisher", "x", "-o", "c.zip")
    assert (code, out) == (1, "") and "made from a public one" in err and not Path("c.zip").exists()
    (tmp_path / "bad.json").write_text("[]")
    assert (
        "not the figures of a report" in vigie("open-data", tmp_path / "bad.json", "--publisher", "x", "-o", "c.zip")[2]
    )
