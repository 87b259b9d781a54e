"""Cells that are kept give the same figures, and only what changed is counted again."""

from __future__ import annotations

import ibis
import pyarrow.compute as pc
import pyarrow.parquet as pq
import pytest

from tests.observe.tables.samples import sample
from tests.observe.tables.test_engines import IBIS
from vigie.errors import StorageError
from vigie.observe import kept, shelf
from vigie.observe.cells import FAMILIES
from vigie.observe.columns import COLUMNS
from vigie.observe.compute import cells_of, compute, received_in

TABLE = sample()


@pytest.fixture
def years(tmp_path):
    """A folder with one file a year, the year that is not known among them."""
    folder = tmp_path / "declarations"
    folder.mkdir()
    for year in (2022, 2023, 2024):
        shelf.write(TABLE.filter(pc.equal(TABLE["year"], year)), folder / f"{year}.parquet")
    shelf.write(TABLE.filter(pc.is_null(TABLE["year"])), folder / "unknown.parquet")
    return folder


@pytest.fixture
def counting(monkeypatch):
    """The names of the files that are counted, as it happens."""
    read = []
    opened = kept.open_table
    monkeypatch.setattr(kept, "open_table", lambda path: read.append(path.name) or opened(path))
    return read


def test_kept_cells_give_what_the_declarations_give(years, tmp_path):
    cells = tmp_path / "cells"
    for _ in range(2):
        assert kept.compute_kept(years, cells) == compute(TABLE)
    assert kept.compute_kept(years, cells, ["by_region"], year=2023) == compute(TABLE, ["by_region"], year=2023)
    assert kept.compute_kept(years, cells, sector="health") == compute(TABLE, sector="health")


def test_a_day_more_counts_its_year_and_no_other(years, tmp_path, counting):
    cells = tmp_path / "cells"
    kept.compute_kept(years, cells)
    assert counting == ["2022.parquet", "2023.parquet", "2024.parquet", "unknown.parquet"]
    counting.clear()
    held = pq.read_table(years / "2024.parquet")
    shelf.write(held.slice(1), years / "2024.parquet")
    after = kept.compute_kept(years, cells)
    assert counting == ["2024.parquet"]
    assert after != compute(TABLE)
    shelf.write(held, years / "2024.parquet")
    assert kept.compute_kept(years, cells) == compute(TABLE)
    assert len([*cells.iterdir()]) == 4  # what a file was is not kept for ever


def test_months_of_a_year_lie_in_files_of_their_own(years, tmp_path, counting):
    held = pq.read_table(years / "2024.parquet")
    (years / "2024.parquet").unlink()
    for month in range(1, 13):
        shelf.write(held.filter(pc.equal(held["month"], month)), years / f"2024-{month:02}.parquet")
    shelf.write(held.filter(pc.is_null(held["month"])), years / "2024-unknown.parquet")
    cells = tmp_path / "cells"
    assert kept.compute_kept(years, cells) == compute(TABLE)
    counting.clear()
    last = pq.read_table(years / "2024-12.parquet")
    shelf.write(last.slice(1), years / "2024-12.parquet")
    kept.compute_kept(years, cells)
    shelf.write(last, years / "2024-12.parquet")
    assert kept.compute_kept(years, cells) == compute(TABLE)
    assert counting == ["2024-12.parquet", "2024-12.parquet"]


def test_a_column_that_no_figure_reads_changes_no_digest(years):
    path = years / "2023.parquet"
    before = kept.digest_of(path)
    held = pq.read_table(path)
    shelf.write(
        held.set_column(held.schema.get_field_index("node"), "node", pc.binary_repeat("n", pc.add(held["version"], 0))),
        path,
    )
    assert kept.digest_of(path) == before
    column = held.schema.get_field_index("malicious")
    shelf.write(held.set_column(column, "malicious", pc.replace_substring(held["malicious"], "no", "yes")), path)
    assert kept.digest_of(path) != before


def test_no_cell_reads_a_column_that_the_digest_leaves_out():
    read = {column.name: IBIS[column.type] for column in COLUMNS if column.name not in kept.UNREAD}
    received = received_in(ibis.table(read, name="declarations"), 2024, "health", None, "real")
    for family in FAMILIES:
        assert cells_of(received, family, "real").columns


def test_a_folder_that_cannot_be_made_is_said(years, tmp_path):
    (tmp_path / "taken").write_text("a file")
    with pytest.raises(StorageError, match="could not be kept"):
        kept.compute_kept(years, tmp_path / "taken" / "cells")
