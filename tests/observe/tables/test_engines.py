"""The same tables on every engine: Polars, PostgreSQL and Spark are really run, and every cell is the same."""

from __future__ import annotations

import re
from pathlib import Path

import ibis
import pyarrow.parquet as pq
import pytest

from tests.observe.tables.samples import sample
from vigie.errors import FileError, InputError, StorageError
from vigie.observe import shelf
from vigie.observe.cells import FAMILIES
from vigie.observe.columns import BIG, COLUMNS, INSTANT, LIST, REAL, SCHEMA, TEXT, WHOLE
from vigie.observe.compute import cells_of, compute, received_in
from vigie.observe.engine import connect, open_table
from vigie.observe.loading import load

TABLE = sample()
IBIS = {TEXT: "string", WHOLE: "int32", BIG: "int64", REAL: "float64", INSTANT: "timestamp(6)", LIST: "array<string>"}


@pytest.fixture(scope="module")
def figures():
    return compute(TABLE)


@pytest.fixture
def parquet(tmp_path) -> Path:
    path = tmp_path / "declarations.parquet"
    shelf.write(TABLE, path)
    return path


@pytest.mark.parametrize("engine", ["duckdb", "polars"])
def test_a_file_in_this_process(engine, parquet, figures):
    assert compute(open_table(parquet, engine)) == figures


@pytest.mark.parametrize("engine", ["duckdb", "polars"])
def test_a_folder_of_files(engine, tmp_path, figures):
    for number in range(3):
        pq.write_table(TABLE.slice(number * 500, 500 if number < 2 else None), tmp_path / f"{number}.parquet")
    assert compute(open_table(tmp_path, engine)) == figures


def test_postgresql(postgres_url, figures):
    for _ in range(2):  # loading again changes nothing
        assert load(postgres_url, TABLE) == TABLE.num_rows
    assert compute(open_table(postgres_url)) == figures


def test_spark(spark, parquet, figures):
    assert compute(open_table(parquet, spark)) == figures


def test_clickhouse_is_asked_for_nothing_estimated():
    declarations = ibis.table({column.name: IBIS[column.type] for column in COLUMNS}, name="declarations")
    received = received_in(declarations, 2024, "health", None, "real")
    for family in FAMILIES:
        said = ibis.to_sql(cells_of(received, family, "real"), dialect="clickhouse").lower()
        assert not re.search(r"\buniq|approx|quantile|median", said), family.name


def test_what_is_no_declarations_table_is_refused(tmp_path, postgres_url):
    with pytest.raises(FileError, match="missing.parquet: no such file"):
        open_table(tmp_path / "missing.parquet")
    with pytest.raises(FileError, match="no .parquet file in this folder"):
        open_table(tmp_path)
    (tmp_path / "text.parquet").write_text("not Parquet at all")
    with pytest.raises(FileError, match="text.parquet: not a Parquet file"):
        open_table(tmp_path / "text.parquet")
    pq.write_table(SCHEMA.empty_table().select(["year", "month"]), tmp_path / "narrow.parquet")
    with pytest.raises(FileError, match="not the declarations table: missing declaration"):
        open_table(tmp_path / "narrow.parquet")
    with pytest.raises(InputError, match="has no table `declarations`"):
        open_table(postgres_url)


def test_an_engine_that_is_none_or_silent_is_said(parquet):
    with pytest.raises(InputError, match="sqlite: no such engine. Known: duckdb, polars, postgresql://..."):
        connect("sqlite")
    with pytest.raises(InputError, match="oracle://x: no such engine"):
        connect("oracle://x")
    with pytest.raises(InputError, match="postgresql reads its own table"):
        open_table(parquet, "postgresql://localhost/db")
    with pytest.raises(StorageError, match=r"postgresql://someone:\*\*\*@127.0.0.1:1/none does not answer"):
        connect("postgresql://someone:secret@127.0.0.1:1/none")
    with pytest.raises(InputError, match="only a PostgreSQL is loaded from here"):
        load("clickhouse://localhost", TABLE)
