"""The synthetic table: well formed, repeatable, in pieces that do not meet, and never taken for what happened."""

from __future__ import annotations

from datetime import UTC, datetime

import ibis
import numpy as np
import pyarrow.compute as pc
import pytest

from vigie.observe import shelf
from vigie.observe.columns import COLUMNS, LIST, SCHEMA
from vigie.observe.declarations import as_known_on, counted
from vigie.observe.synthetic import synthetic_pieces, synthetic_table
from vigie.observe.vocabulary import vocabulary

YEARS = range(2018, 2025)


@pytest.fixture(scope="module")
def table():
    return synthetic_table(5_000, np.random.default_rng(1), YEARS)


def test_same_seed_same_table(table):
    assert table.equals(synthetic_table(5_000, np.random.default_rng(1), YEARS))
    assert table.schema.equals(SCHEMA) and table.num_rows == 5_000


@pytest.mark.parametrize("column", [column for column in COLUMNS if column.words], ids=lambda column: column.name)
def test_its_words_are_those_of_the_vocabulary(table, column):
    values = table[column.name].combine_chunks()
    found = set((values.flatten() if column.type == LIST else values).to_pylist()) - {None}
    assert found <= vocabulary()[column.words].keys()


@pytest.mark.parametrize("column", [column for column in COLUMNS if not column.null], ids=lambda column: column.name)
def test_what_may_not_be_null_is_not(table, column):
    assert table[column.name].null_count == 0


def test_versions_follow_each_other(table):
    opened = ibis.memtable(table)
    assert as_known_on(opened, None).count().to_pyarrow().as_py() == len(pc.unique(table["declaration"]))
    assert opened.group_by(["declaration", "version"]).aggregate(n=opened.count()).n.max().to_pyarrow().as_py() == 1
    middle = as_known_on(opened, datetime(2022, 1, 1, tzinfo=UTC))
    assert middle.declaration.nunique().to_pyarrow() == middle.count().to_pyarrow()


def test_it_never_passes_for_what_happened(table):
    assert counted(ibis.memtable(table)).count().to_pyarrow().as_py() == 0


def test_years_are_those_of_legal_time(table):
    assert set(table["year"].to_pylist()) <= set(YEARS)


def test_pieces_do_not_meet(tmp_path):
    path = tmp_path / "large.parquet"
    shelf.write_pieces(synthetic_pieces(900, np.random.default_rng(2), YEARS, piece=400), path)
    held = shelf.read(path)
    keys = list(zip(held["declaration"].to_pylist(), held["version"].to_pylist(), strict=True))
    assert held.num_rows == 900 and len(set(keys)) == 900
