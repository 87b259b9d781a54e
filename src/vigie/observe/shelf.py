"""Shelf: the declarations table as a Parquet file, and how records that come again are told from new and changed ones."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterable
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from vigie.errors import FileError, InputError, StorageError
from vigie.observe.columns import SCHEMA
from vigie.observe.rows import Row, naive, table_of

VERSION = 1  # of the columns; one more whenever they change, so that an older Vigie says so instead of misreading
MARK = b"vigie.declarations"
ROWS_A_GROUP = 100_000
ROWS_A_PIECE = 20_000
_STAMPED = SCHEMA.with_metadata({MARK: str(VERSION).encode()})


class Upserted(NamedTuple):
    """The table after an import, and how many of its records were `new`, `changed` or the `same` as held."""

    table: pa.Table
    new: int
    changed: int
    same: int


def read(path: Path) -> pa.Table:
    """The table of a Parquet file. Raises FileError that says why it is not the declarations table."""
    try:
        found = pq.read_schema(path)
        check(found, path.name)
        return pq.read_table(path).select(SCHEMA.names).cast(SCHEMA)
    except OSError as error:
        raise FileError(f"{path}: {error.strerror or error}. Check the name and the rights of the file") from error
    except pa.ArrowInvalid as error:
        raise FileError(
            f"{path.name}: not a Parquet file, or a damaged one ({error}). Import the declarations again, or restore it"
        ) from error


def check(found: pa.Schema, name: str) -> None:
    """Raises FileError when these are not the columns of the declarations table, saying which differ."""
    made_by = (found.metadata or {}).get(MARK, b"1")
    if not made_by.isdigit() or int(made_by) > VERSION:
        raise FileError(
            f"{name}: made by a later Vigie (columns of version {made_by.decode(errors='replace')}, this one knows"
            f" {VERSION}). Update this installation"
        )
    missing = [column for column in SCHEMA.names if column not in found.names]
    other = [column for column in found.names if column not in SCHEMA.names]
    if missing or other:
        said = [f"missing {', '.join(missing)}"] * bool(missing) + [f"unknown {', '.join(other)}"] * bool(other)
        raise FileError(f"{name}: not the declarations table: {'; '.join(said)}. See docs/reference/declarations.md")
    wrong = [
        f"{field.name} is {found.field(field.name).type}, should be {field.type}"
        for field in SCHEMA
        if not _same(found.field(field.name).type, field.type)
    ]
    if wrong:
        raise FileError(f"{name}: columns of another type: {'; '.join(wrong)}")


def write(table: pa.Table, path: Path) -> None:
    """Write the table, whole or not at all, in the order of declarations and versions: same content, same bytes.

    Raises StorageError when the disk refuses; the file that was there is then untouched.
    """
    write_pieces([table.sort_by([("declaration", "ascending"), ("version", "ascending")])], path)


def write_pieces(pieces: Iterable[pa.Table], path: Path) -> None:
    """Write tables that come one after the other as one file, in bounded memory, in the order given."""
    partial = ""
    try:
        descriptor, partial = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
        with os.fdopen(descriptor, "wb") as file:
            with pq.ParquetWriter(file, _STAMPED, compression="zstd") as writer:
                for piece in pieces:
                    writer.write_table(piece.cast(_STAMPED), row_group_size=ROWS_A_GROUP)
            file.flush()
            os.fsync(file.fileno())
        os.chmod(partial, 0o640)
        os.replace(partial, path)
        _last_through_a_power_cut(path.parent)
    except OSError as error:
        raise StorageError(
            f"{path}: the declarations could not be written ({error.strerror or error}). What was there is unchanged: make"
            " room on the disk, or give another place"
        ) from error
    finally:
        with suppress(FileNotFoundError):
            os.unlink(partial)


def upsert(held: pa.Table, incoming: Iterable[Row], now: datetime) -> Upserted:
    """Take records in: a declaration unknown so far opens, one with another `source_digest` gets its next version.

    A held row that is replaced is closed at `now`; a record that is the same as held changes nothing, so importing
    twice is importing once. `version`, `known_from` and `known_until` of `incoming` are set here. Raises InputError when
    two different records of one call bear one key, or when `now` is before what is held.
    """
    intake = _Intake(held, naive(now))
    for each in incoming:
        intake.take(each)
    return intake.result()


class _Intake:
    """One import on its way in: rows become Arrow as they come, so that a million of them fit in memory."""

    def __init__(self, held: pa.Table, now: datetime) -> None:
        self.held, self.now = held, now
        self.last = _Held(held)
        self.seen: dict[str, tuple[str, str]] = {}
        self.pieces: list[pa.Table] = []
        self.rows: list[Row] = []
        self.closed: list[int] = []
        self.opened = self.same = 0

    def take(self, each: Row) -> None:
        """Take one record in."""
        name, digest, place = each["declaration"], each["source_digest"], each["source_place"] or each["declaration"]
        twin = self.seen.get(name)
        if twin is not None and twin[0] != digest:
            raise InputError(
                f"{place}: the key {each['source_key']!r} was already used for another record ({twin[1]}). Give each"
                " record its own key"
            )
        self.seen[name] = (digest, place)
        known = self.last.get(name)
        if twin is not None or known is not None and known.open and known.digest == digest:
            self.same += 1
            return
        if known is not None and self.now < known.since:
            raise InputError(
                f"{name}: held since {known.since} UTC, and it is now {self.now} UTC: set the clock of this machine"
            )
        if known is not None and known.open:
            self.closed.append(known.place)
        version = 1 if known is None else known.version + 1
        self.rows.append({**each, "version": version, "known_from": self.now, "known_until": None})
        self.opened += 1
        if len(self.rows) == ROWS_A_PIECE:
            self._settle()

    def result(self) -> Upserted:
        """The table with what came in, and the counts."""
        self._settle()
        table = pa.concat_tables([_close(self.held, self.closed, self.now), *self.pieces])
        return Upserted(table, self.opened - len(self.closed), len(self.closed), self.same)

    def _settle(self) -> None:
        self.pieces.append(table_of(self.rows))
        self.rows = []


class _Known(NamedTuple):
    """The last version held of a declaration. `open`: nothing has replaced or withdrawn it."""

    place: int
    digest: str
    version: int
    since: datetime
    open: bool


class _Held:
    """The last version of each declaration of a table, found by name; only those asked for are read."""

    def __init__(self, table: pa.Table) -> None:
        order = np.argsort(table["version"].to_numpy(), kind="stable")
        names = table["declaration"].take(pa.array(order)).to_pylist()
        self._places: dict[str, int] = dict(zip(names, order.tolist(), strict=True))
        columns = ("source_digest", "version", "known_from", "known_until")
        self._columns = [table[name].combine_chunks() for name in columns]

    def get(self, name: str) -> _Known | None:
        """The last version of this declaration; None when it is not held."""
        place = self._places.get(name)
        if place is None:
            return None
        digest, version, since, until = (column[place].as_py() for column in self._columns)
        return _Known(place, digest, version, until or since, until is None)


def _close(held: pa.Table, places: list[int], instant: datetime) -> pa.Table:
    if not places:
        return held
    mask = np.zeros(held.num_rows, dtype=bool)
    mask[places] = True
    index = SCHEMA.get_field_index("known_until")
    until = pc.if_else(pa.array(mask), pa.scalar(instant, pa.timestamp("us")), held["known_until"])
    return held.set_column(index, SCHEMA.field("known_until"), until)


def _same(found: pa.DataType, wanted: pa.DataType) -> bool:
    """Whether a type says the same, however another program spells it (large strings, dictionaries, other units)."""
    if pa.types.is_dictionary(found):
        found = found.value_type
    if pa.types.is_list(wanted):
        nested = pa.types.is_list(found) or pa.types.is_large_list(found)
        return nested and _same(found.value_type, wanted.value_type)
    if pa.types.is_timestamp(wanted):
        return pa.types.is_timestamp(found) and found.tz is None
    if pa.types.is_string(wanted):
        return pa.types.is_string(found) or pa.types.is_large_string(found)
    return found == wanted


def _last_through_a_power_cut(folder: Path) -> None:
    """Make a rename last through a power cut, where the system can (POSIX)."""
    with suppress(PermissionError):
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
