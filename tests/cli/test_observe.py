"""`vigie observe list`, `tables` and `load`, as a person and as a script use them."""

from __future__ import annotations

import csv
import io
import json
import subprocess
import sys

import pytest

from tests.observe.tables.samples import sample
from vigie.observe import shelf
from vigie.observe.compute import compute
from vigie.observe.tables import TABLES

TABLE = sample(300)


@pytest.fixture(scope="module")
def parquet(tmp_path_factory):
    path = tmp_path_factory.mktemp("observe") / "declarations.parquet"
    shelf.write(TABLE, path)
    return path


def vigie(*arguments, code=0):
    done = subprocess.run(
        [sys.executable, "-m", "vigie", "observe", *map(str, arguments)], capture_output=True, text=True
    )
    assert done.returncode == code, done.stderr
    return done


def test_list_names_and_defines_every_table():
    listed = json.loads(vigie("list", "--format", "json", "--language", "en").stdout)
    assert [each["name"] for each in listed] == [*TABLES]
    assert all(each["numerator"] and each["denominator"] and each["exclusions"] and each["columns"] for each in listed)
    text = vigie("list").stdout
    assert all(name in text for name in TABLES)
    assert "Dénominateur" in text


def test_tables_as_json_are_columns_and_rows(parquet):
    made = json.loads(vigie("tables", parquet, "--year", "all", "--format", "json").stdout)
    assert [*made] == [*TABLES]
    for name, figures in compute(TABLE).items():
        assert made[name] == {"columns": [*figures.columns], "rows": [[*row] for row in figures.rows]}


def test_one_year_one_table_as_csv(parquet):
    said = vigie("tables", parquet, "--year", "2023", "--only", "by_functioning", "--format", "csv").stdout
    rows = [*csv.reader(io.StringIO(said))]
    assert rows[0] == ["year", "functioning", "declarations", "total", "share"]
    assert [row[:2] for row in rows[1:]] == [["2023", each] for each in ("none", "degraded", "interruption", "unknown")]


def test_several_tables_as_csv_are_one_value_a_line(parquet):
    said = vigie("tables", parquet, "--only", "by_functioning", "--only", "declarants", "--format", "csv").stdout
    rows = [*csv.reader(io.StringIO(said))]
    assert rows[0] == ["table", "row", "column", "value"]
    assert {row[0] for row in rows[1:]} == {"declarants", "by_functioning"}


def test_text_is_in_words_with_its_definition(parquet):
    said = vigie("tables", parquet, "--year", "2023", "--only", "by_functioning").stdout
    assert "Mode dégradé" in said and "Dénominateur" in said
    assert "Degraded mode" in vigie("tables", parquet, "--only", "by_functioning", "--language", "en").stdout


def test_cells_are_kept_and_give_the_same(parquet, tmp_path):
    plain = vigie("tables", parquet, "--format", "json").stdout
    for _ in range(2):
        assert vigie("tables", parquet, "--format", "json", "--cells", tmp_path / "cells").stdout == plain
    assert [*(tmp_path / "cells").iterdir()]


def test_a_postgresql_is_loaded_and_counted(parquet, postgres_url):
    assert "rows loaded" in vigie("load", parquet, "--into", postgres_url).stdout
    counted = vigie("tables", "--engine", postgres_url, "--format", "json").stdout
    assert counted == vigie("tables", parquet, "--format", "json").stdout


def test_a_year_without_declarations_is_said_and_is_no_fault(parquet):
    done = vigie("tables", parquet, "--year", "1999", "--only", "by_region", "--format", "json")
    assert json.loads(done.stdout)["by_region"]["rows"] == []
    assert "note: no declaration in 1999 counts in the realm `real`" in done.stderr


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["missing.parquet"], "error: missing.parquet: no such file"),
        (["{parquet}", "--only", "by_regoin"], "error: by_regoin: no such table. Did you mean by_region?"),
        (["{parquet}", "--year", "soon"], "error: --year 'soon' is no year"),
        (["{parquet}", "--as-known-on", "soon"], "error: --as-known-on 'soon' is no date"),
        (["{parquet}", "--sector", "navy"], "error: --sector 'navy' is no sector"),
        (["{parquet}", "--engine", "abacus"], "error: abacus: no such engine"),
        (["--engine", "postgresql://a:b@127.0.0.1:1/none"], "error: postgresql://a:***@127.0.0.1:1/none does not answer"),
        ([], "error: which declarations?"),
        (["--cells", "somewhere"], "error: --cells keeps what was counted in files"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_said_in_a_line(arguments, said, parquet):
    done = vigie("tables", *(each.format(parquet=parquet) for each in arguments), code=1)
    assert done.stderr.startswith(said)
    assert done.stdout == ""
