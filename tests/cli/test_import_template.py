"""`vigie import template`: a register completes the rows, and a column of one's own is said."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from tests.house.tree import ROOT
from vigie.cli import main
from vigie.observe import shelf

REGISTER = ROOT.parent / "shared" / "data" / "finess-hospitals" / "etablissements_hospitaliers.csv.gz"


@pytest.fixture
def vigie(capsys, monkeypatch):
    """`vigie("past.csv")` is (exit code, stdout, stderr) of `vigie import template past.csv`."""

    def run(*words: str | Path) -> tuple[int, str, str]:
        monkeypatch.setattr(sys, "argv", ["vigie", "import", "template", *map(str, words)])
        with pytest.raises(SystemExit) as ended:
            main()
        said = capsys.readouterr()
        return int(ended.value.code or 0), said.out, said.err

    return run


def test_the_register_fills_in_what_a_number_tells(vigie, tmp_path):
    past, table = tmp_path / "past.csv", tmp_path / "DB.parquet"
    past.write_text("key;FINESS sites touchés;Service informatique\nA1;010000024;3 agents\n", encoding="utf-8")
    code, out, err = vigie(past, "--into", table, "--finess", REGISTER)
    assert (code, err) == (
        0,
        'note: past.csv, line 1: "Service informatique" is not a column of the template. It is kept with each row, and not'
        " interpreted; rename it if it is one of the template's\n",
    )
    assert "1 read, 1 mapped, 0 kept aside" in out
    (row,) = shelf.read(table).to_pylist()
    assert (row["legal_entity"], row["declarant"], row["region"]) == ("010780054", "010780054", "84")
    assert (row["establishment_kind"], row["legal_status"]) == ("ch", "public")
    assert "3 agents" in row["record"]
    assert "0 new, 0 changed, 1 same" in vigie(past, "--into", table, "--finess", REGISTER)[1]


def test_every_fault_is_a_line_and_nothing_is_written(vigie, tmp_path):
    past, table = tmp_path / "past.csv", tmp_path / "DB.parquet"
    past.write_text("key;Origine;Constaté le\nA1;rien;31/31/2024\n;Hameçonnage;\n", encoding="utf-8")
    code, out, err = vigie(past, "--into", table)
    assert (code, out) == (1, "")
    assert [line.split(":")[1].strip() for line in err.splitlines()] == [
        'past.csv, line 2, column "Origine"',
        'past.csv, line 2, column "Constaté le"',
        'past.csv, line 3, column "key"',
    ]
    assert not table.exists()
