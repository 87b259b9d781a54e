"""`vigie import` as a stranger uses it: what it prints, what it refuses, what it leaves behind."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.house.tree import ROOT
from tests.observe.sector import START, Clock, Place
from vigie.cli import main
from vigie.journal import export
from vigie.journal.facts import Opened
from vigie.observe import shelf
from vigie.observe.declarations import declarations

DATA = ROOT.parent / "shared" / "data"
VCDB = DATA / "vcdb" / "vcdb_even_healthcare.jsonl.gz"
HHS = DATA / "hhs-ocr" / "breach_report_archive_2009-2019.csv.gz"
EUREPOC = DATA / "eurepoc" / "eurepoc_1.1_even_ids.csv.gz"


@pytest.fixture
def vigie(capsys, monkeypatch, tmp_path):
    """`vigie("veris", path)` is (exit code, stdout, stderr) of `vigie import veris path`, in an empty folder."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("VIGIE_DATA", str(tmp_path / "data"))

    def run(*words: str | Path) -> tuple[int, str, str]:
        monkeypatch.setattr(sys, "argv", ["vigie", "import", *map(str, words)])
        with pytest.raises(SystemExit) as ended:
            main()
        said = capsys.readouterr()
        return int(ended.value.code or 0), said.out, said.err

    return run


def test_several_sources_share_a_table_and_a_second_time_changes_nothing(vigie, tmp_path):
    target = tmp_path / "all.parquet"
    for source, path, number in (("veris", VCDB, 1153), ("hhs", HHS, 3062), ("eurepoc", EUREPOC, 820)):
        code, out, err = vigie(source, path, "--into", target)
        assert (code, err) == (0, "")
        assert out.splitlines()[:2] == [
            f"{target}: {number:,} read, {number:,} mapped, 0 kept aside",
            f"  in the table: {number:,} new, 0 changed, 0 same",
        ]
    content = target.read_bytes()
    for source, path, number in (("hhs", HHS, 3062), ("veris", VCDB, 1153), ("eurepoc", EUREPOC, 820)):
        assert f"0 new, 0 changed, {number:,} same" in vigie(source, path, "--into", target)[1]
    assert target.read_bytes() == content
    assert shelf.read(target).num_rows == 1153 + 3062 + 820


def test_what_is_kept_aside_is_counted_and_its_place_told(vigie, tmp_path):
    (tmp_path / "v.jsonl").write_text(
        '{"incident_id": "a", "action": {}}\n{"incident_id": "a", "action": {"x": 1}}\n[7]\n'
    )
    code, out, err = vigie("veris", "v.jsonl", "--into", "t.parquet")
    assert (code, err) == (0, "")
    assert out.splitlines() == [
        "t.parquet: 3 read, 1 mapped, 2 kept aside",
        "  in the table: 1 new, 0 changed, 0 same",
        "  kept aside: 1 (same incident_id)",
        "  kept aside: 1 (not an incident)",
        "  they lie in t.kept-aside.jsonl, with the place of each",
    ]
    assert [json.loads(line)["place"] for line in Path("t.kept-aside.jsonl").read_text().splitlines()] == [
        "v.jsonl:2", "v.jsonl:3, item 1"]  # fmt: skip
    counts = json.loads(vigie("veris", "v.jsonl", "--into", "t.parquet", "--format", "json")[1])
    assert counts == {"read": 3, "mapped": 1, "kept_aside": {"same incident_id": 1, "not an incident": 1},
                      "new": 0, "changed": 0, "same": 1}  # fmt: skip


def test_a_preview_shows_rows_and_writes_nothing(vigie, tmp_path):
    code, out, _ = vigie("eurepoc", EUREPOC, "--preview")
    assert code == 0
    assert "preview, nothing is written: 820 read, 820 mapped, 0 kept aside" in out
    assert "an import would add 820" in out and "eurepoc_1.1_even_ids.csv.gz:2" in out
    said = json.loads(vigie("veris", VCDB, "--preview", "--format", "json")[1])
    assert (said["new"], len(said["first_rows"]), said["first_rows"][0]["sector"]) == (1153, 5, "health")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("words", "code", "message"),
    [
        (("veris", "none.json", "--into", "t.parquet"), 1, "error: none.json: there is no such file. Check the name"),
        (
            ("veris", "empty", "--into", "t.parquet"),
            1,
            "error: empty: no .json or .jsonl or .ndjson file in this folder.",
        ),
        (("veris", "bad.json", "--into", "t.parquet"), 1, "error: bad.json:2: not JSON"),
        (
            ("hhs", "bad.csv", "--into", "t.parquet"),
            1,
            "error: bad.csv: wrong columns. Expected Name of Covered Entity",
        ),
        (("veris", "good.json", "--into", "nowhere/t.parquet"), 1, "error: nowhere does not exist."),
        (("veris", "good.json", "--into", "t.csv"), 2, "Parquet"),
        (("veris", "good.json"), 2, "--into"),
        (("veris", "good.json", "--into", "bad.parquet"), 1, "error: bad.parquet: not a Parquet file"),
        (("journal", "none.db", "--into", "t.parquet"), 1, "error: none.db does not exist"),
    ],
)
def test_refusals_are_one_clear_line_and_leave_nothing(vigie, tmp_path, words, code, message):
    (tmp_path / "empty").mkdir()
    (tmp_path / "bad.json").write_text('{\n"incident_id": oops}')
    (tmp_path / "good.json").write_text('{"incident_id": "a", "action": {}}')
    (tmp_path / "bad.csv").write_text("a,b\n1,2\n")
    (tmp_path / "bad.parquet").write_text("no")
    before = sorted(path.name for path in tmp_path.iterdir())
    ended, out, err = vigie(*words)
    assert (ended, out) == (code, "")
    assert message in err and (code == 2 or len(err.splitlines()) == 1)
    assert sorted(path.name for path in tmp_path.iterdir()) == before


def test_statistics_become_denominators_once(vigie, tmp_path):
    code, out, _ = vigie("sae", DATA / "sae-2022")
    assert code == 0
    assert "2022: establishments: 3,995" in out and "2022: visits of emergency: 21,634,037" in out
    content = (tmp_path / "denominators.json").read_bytes()
    assert "years: 0 new, 0 changed, 1 same" in vigie("sae", DATA / "sae-2022")[1]
    assert (tmp_path / "denominators.json").read_bytes() == content
    register = next((DATA / "finess-hospitals").glob("*.csv.gz"))
    assert "Give it: --year 2025" in vigie("finess", register)[2]
    assert "years: 1 new, 0 changed, 0 same" in vigie("finess", register, "--year", "2025")[1]


def test_an_empty_template_is_written_and_read_back(vigie, tmp_path):
    assert vigie("new-template", "-o", "past.csv", "--language", "en")[0] == 0
    lines = (tmp_path / "past.csv").read_text(encoding="utf-8-sig").splitlines()
    cells = dict.fromkeys(lines[0].split(";"), "")
    cells |= {"Your reference": "A1", "Establishment": "Valmont"}
    (tmp_path / "past.csv").write_text(f"{lines[0]}\n{';'.join(cells.values())}\n", encoding="utf-8")
    assert "1 read, 1 mapped" in vigie("template", "past.csv", "--into", "t.parquet")[1]
    assert "exists already" in vigie("new-template", "-o", "past.csv")[2]


@pytest.fixture
def declared(tmp_path) -> Iterator[Place]:
    """A hospital that declared, then qualified; its database is valmont.db."""
    (tmp_path / "hospital").mkdir()
    place = Place(tmp_path / "hospital", Clock(), "valmont")
    place.write(Opened(title="Écrans noirs"))
    place.declare()
    place.qualify("valmont/crise")
    yield place
    place.store.close()


def test_declarations_of_a_database_keep_the_instants_at_which_they_were_known(vigie, tmp_path, declared):
    assert vigie("eurepoc", EUREPOC, "--into", "t.parquet")[0] == 0
    code, out, err = vigie("journal", "hospital/valmont.db", "--into", "t.parquet")
    assert (code, err) == (0, "")
    assert out.splitlines()[:2] == [
        "t.parquet: 1 read, 1 mapped, 0 kept aside",
        "  in the table: 1 new, 0 changed, 0 same",
    ]
    content = (tmp_path / "t.parquet").read_bytes()
    assert "0 new, 0 changed, 1 same" in vigie("journal", "hospital/valmont.db", "--into", "t.parquet")[1]
    assert (tmp_path / "t.parquet").read_bytes() == content
    held = declarations(declared.store, declared.local)
    assert held.num_rows == 2
    assert rows_of("journal", tmp_path) == held.to_pylist()
    declared.qualify("valmont/crise", "phishing")
    assert "0 new, 1 changed, 0 same" in vigie("journal", "hospital/valmont.db", "--into", "t.parquet")[1]
    assert rows_of("journal", tmp_path) == declarations(declared.store, declared.local).to_pylist()
    assert shelf.read(tmp_path / "t.parquet").num_rows == 820 + 3


def test_a_bundle_tells_what_is_known_today(vigie, tmp_path, declared):
    with (tmp_path / "b.vigie").open("w+b") as file:
        export(declared.store, declared.journal.identity, file, START)
    assert "1 new, 0 changed" in vigie("journal", "b.vigie", "--into", "t.parquet")[1]
    content = (tmp_path / "t.parquet").read_bytes()
    assert "0 new, 0 changed, 1 same" in vigie("journal", "b.vigie", "--into", "t.parquet")[1]
    assert (tmp_path / "t.parquet").read_bytes() == content
    (row,) = rows_of("journal", tmp_path)
    assert (row["version"], row["origin"], row["known_until"]) == (1, "ransomware", None)
    (tmp_path / "b.vigie").write_bytes((tmp_path / "b.vigie").read_bytes()[:-100])
    code, out, err = vigie("journal", "b.vigie", "--into", "t.parquet")
    assert (code, out) == (1, "") and err.startswith("error: ")


def rows_of(source: str, folder: Path) -> list[dict]:
    return [row for row in shelf.read(folder / "t.parquet").to_pylist() if row["source"] == source]
