"""The shelf: a table on disk whole or not at all, and records that come again told from new and changed ones."""

from __future__ import annotations

import errno
import os
from datetime import UTC, datetime, timedelta
from pathlib import Path

import ibis
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from vigie.errors import FileError, InputError, StorageError
from vigie.observe import shelf
from vigie.observe.columns import BY_NAME, SCHEMA
from vigie.observe.declarations import as_known_on, counted, empty, row, table_of

MONDAY = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
TUESDAY = MONDAY + timedelta(days=1)
NOT_NULL = {"declaration", "incident", "source", "source_key", "source_digest", "recorded_at"}


def record(key: str, digest: str = "a", **values: object) -> dict:
    said = {
        "declaration": f"hhs:{key}", "incident": key, "source": "hhs", "source_key": key, "source_place": f"f.csv:{key}",
        "source_digest": digest, "recorded_at": MONDAY, "known_from": MONDAY, "year": 2026, **values,
    }  # fmt: skip
    return row(**said)


def known(table: pa.Table, at: datetime | None) -> list[tuple[str, int]]:
    seen = as_known_on(ibis.memtable(table), at).select("source_key", "version").to_pyarrow()
    return sorted(zip(seen["source_key"].to_pylist(), seen["version"].to_pylist(), strict=True))


def test_a_row_says_nothing_good_that_nobody_said():
    made = row()
    assert made["malicious"] == made["functioning"] == made["patient_danger"] == "unknown" and made["data_impact"] == []
    assert {name for name, value in made.items() if value is None and not BY_NAME[name].null} <= NOT_NULL | {
        "known_from"
    }
    with pytest.raises(InputError, match="colour"):
        row(colour="red")


def test_two_rows_never_share_a_list():
    row()["sites"].append("x")
    assert row()["sites"] == []


def test_a_value_that_does_not_fit_names_its_column():
    with pytest.raises(InputError, match="people_affected"):
        table_of([record("1", people_affected="many")])


def test_a_record_that_comes_again_changes_nothing():
    first = shelf.upsert(empty(), [record("1"), record("2")], MONDAY)
    again = shelf.upsert(first.table, [record("1"), record("2")], TUESDAY)
    assert (first.new, first.changed, first.same) == (2, 0, 0)
    assert (again.new, again.changed, again.same) == (0, 0, 2)
    assert again.table.equals(first.table)


def test_a_changed_record_opens_a_version_and_the_past_stays():
    held = shelf.upsert(empty(), [record("1"), record("2")], MONDAY).table
    after = shelf.upsert(held, [record("1", "b", region="11"), record("2"), record("3")], TUESDAY)
    assert (after.new, after.changed, after.same) == (1, 1, 1)
    assert known(after.table, MONDAY) == [("1", 1), ("2", 1)]
    assert known(after.table, TUESDAY) == known(after.table, None) == [("1", 2), ("2", 1), ("3", 1)]
    assert known(after.table, MONDAY - timedelta(seconds=1)) == []


def test_two_records_of_one_key_are_refused_with_their_places():
    with pytest.raises(InputError, match="f.csv:1"):
        shelf.upsert(empty(), [record("1"), record("1", "b")], MONDAY)
    twice = shelf.upsert(empty(), [record("1"), record("1")], MONDAY)
    assert (twice.new, twice.same) == (1, 1)
    for records in ([record("1"), record("1", "b")], [record("1", "b"), record("1")]):
        with pytest.raises(InputError, match="already used"):
            shelf.upsert(twice.table, records, TUESDAY)


def test_more_records_than_one_piece_holds(monkeypatch):
    monkeypatch.setattr(shelf, "ROWS_A_PIECE", 3)
    taken = shelf.upsert(empty(), (record(str(number)) for number in range(10)), MONDAY)
    assert taken.new == 10 and sorted(taken.table["source_key"].to_pylist()) == sorted(map(str, range(10)))


def test_a_clock_that_went_back_is_said():
    held = shelf.upsert(empty(), [record("1")], TUESDAY).table
    with pytest.raises(InputError, match="clock"):
        shelf.upsert(held, [record("1", "b")], MONDAY)


def test_an_instant_without_a_zone_is_refused():
    with pytest.raises(InputError, match="time zone"):
        as_known_on(ibis.memtable(empty()), datetime(2026, 1, 1))


@pytest.mark.parametrize(
    "values",
    [
        {"realm": "exercise"},
        {"duplicate_of": "x"},
        {"state": "out_of_scope"},
        {"nature": "near_miss"},
        {"nature": "threat"},
    ],
)
def test_what_does_not_count_is_left_out(values):
    table = ibis.memtable(table_of([record("1"), record("2", **values)]))
    assert counted(table).source_key.to_pyarrow().to_pylist() == ["1"]


def test_a_table_is_read_back_whatever_the_order_and_same_content_gives_same_bytes(tmp_path: Path):
    rows = [record(str(number), data_impact=["loss"], hours_degraded=1.5) for number in range(5)]
    shelf.write(table_of(rows), tmp_path / "a.parquet")
    shelf.write(table_of(reversed(rows)), tmp_path / "b.parquet")
    assert (tmp_path / "a.parquet").read_bytes() == (tmp_path / "b.parquet").read_bytes()
    assert shelf.read(tmp_path / "a.parquet").equals(table_of(rows))
    assert not [path for path in tmp_path.iterdir() if path.name.startswith(".")]


def test_a_table_that_another_program_wrote_is_read(tmp_path: Path):
    path = tmp_path / "polars.parquet"
    large = pa.schema(
        [(field.name, pa.large_string() if field.type == pa.string() else field.type) for field in SCHEMA]
    )
    pq.write_table(table_of([record("1")]).cast(large), path)
    assert shelf.read(path).equals(table_of([record("1")]))


def test_a_full_disk_is_said_and_changes_nothing(tmp_path: Path, monkeypatch):
    path = tmp_path / "d.parquet"
    shelf.write(table_of([record("1")]), path)
    before = path.read_bytes()

    def full(descriptor: int) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(shelf.os, "fsync", full)
    with pytest.raises(StorageError, match="No space left"):
        shelf.write(table_of([record("2")]), path)
    assert path.read_bytes() == before and list(tmp_path.iterdir()) == [path]


def test_a_file_that_is_no_declarations_table_says_why(tmp_path: Path):
    path = tmp_path / "x.parquet"
    with pytest.raises(FileError, match="No such file"):
        shelf.read(path)
    path.write_text("year,count\n2024,749\n")
    with pytest.raises(FileError, match="not a Parquet file"):
        shelf.read(path)
    pq.write_table(pa.table({"declaration": ["a"], "colour": ["red"]}), path)
    with pytest.raises(FileError, match=r"missing version.*unknown colour"):
        shelf.read(path)
    pq.write_table(empty().set_column(1, "version", pa.array([], pa.string())), path)
    with pytest.raises(FileError, match="version is string, should be int32"):
        shelf.read(path)
    pq.write_table(empty().replace_schema_metadata({shelf.MARK: b"2"}), path)
    with pytest.raises(FileError, match="later Vigie"):
        shelf.read(path)
