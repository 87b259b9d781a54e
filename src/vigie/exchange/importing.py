"""Importing: what every importer does alike, whatever the source. Read, tell mapped from kept aside, count, write once.

A reader turns files into `Mapped` rows of the declarations table and `KeptAside` records. Nothing is dropped: each record
read is one or the other, and what is kept aside lies beside the table (`exchange.aside`) with its reason and its text.
"""

from __future__ import annotations

import gc
import re
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import lru_cache
from pathlib import Path
from typing import Any, NamedTuple

from vigie.errors import FileError
from vigie.exchange import aside
from vigie.observe import shelf
from vigie.observe.rows import Row, empty

# A person who previews wants to see a few rows, not a table.
FIRST_ROWS = 5
_EPOCH = date(1970, 1, 1)
_WORDS = re.compile(r"[^\W_]+")
_CONTROLS = dict.fromkeys([*range(32), 127], " ")


class Mapped(NamedTuple):
    """A record that became a row of the declarations table."""

    row: Row


class KeptAside(NamedTuple):
    """A record that did not: why, in a few words that can be counted (`reason`) and in full (`detail`), where, and its text."""

    source: str
    place: str
    reason: str
    detail: str
    record: str


class Reader(NamedTuple):
    """A source that can be imported: its word in the vocabulary `sources`, what it is, and how it is read."""

    source: str
    what: str
    read: Callable[[Sequence[Path], datetime], Iterator[Mapped | KeptAside]]


@dataclass(slots=True)
class Counts:
    """What an import ends with: `read` = `mapped` + everything kept aside, `mapped` = `new` + `changed` + `same`."""

    read: int = 0
    mapped: int = 0
    kept_aside: Counter[str] = field(default_factory=Counter)
    new: int = 0
    changed: int = 0
    same: int = 0


class Preview(NamedTuple):
    """What an import would do: its counts, the first rows, and the first records kept aside of each reason."""

    counts: Counts
    rows: tuple[Row, ...]
    aside: tuple[KeptAside, ...]


Step = Callable[[Counts], Any]


def import_into(
    reader: Reader, paths: Sequence[Path], target: Path, now: datetime, step: Step = lambda counts: None
) -> Counts:
    """Take records into the table at `target`, made when it is not there. Importing twice is importing once: the second
    time every record is the same and the file keeps its bytes. `step` is called after each record.

    Raises FileError when the files cannot be read or none of their records is of this source, StorageError when the disk
    refuses; nothing is changed then.
    """
    held = shelf.read(target) if target.exists() else empty()
    counts, kept = Counts(), []
    with _no_cycles():
        upserted = shelf.upsert(held, _mapped(reader.read(paths, now), counts, kept, step), now)
    _refuse_nothing(counts, kept)
    counts.new, counts.changed, counts.same = upserted.new, upserted.changed, upserted.same
    aside.keep(aside.beside(target), kept)
    if counts.new or counts.changed or not target.exists():
        shelf.write(upserted.table, target)
    return counts


def preview(
    reader: Reader,
    paths: Sequence[Path],
    target: Path | None,
    now: datetime,
    step: Step = lambda counts: None,
) -> Preview:
    """What `import_into` would do, without writing anything. Raises what it would raise."""
    held = shelf.read(target) if target and target.exists() else empty()
    counts, kept = Counts(), []
    rows: list[Row] = []

    def mapped() -> Iterator[Row]:
        for row in _mapped(reader.read(paths, now), counts, kept, step):
            if len(rows) < FIRST_ROWS:
                rows.append(row)
            yield row

    upserted = shelf.upsert(held, mapped(), now)
    _refuse_nothing(counts, kept)
    counts.new, counts.changed, counts.same = upserted.new, upserted.changed, upserted.same
    first = {each.reason: each for each in reversed(kept)}
    return Preview(counts, tuple(rows), tuple(first[reason] for reason in counts.kept_aside))


@contextmanager
def _no_cycles() -> Iterator[None]:
    """Rows and records refer to nothing that refers to them: looking for cycles among them costs a fifth of an import."""
    looking = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if looking:
            gc.enable()


def _mapped(records: Iterator[Mapped | KeptAside], counts: Counts, kept: list[KeptAside], step: Step) -> Iterator[Row]:
    for record in records:
        counts.read += 1
        if isinstance(record, Mapped):
            counts.mapped += 1
            yield record.row
        else:
            counts.kept_aside[record.reason] += 1
            kept.append(record)
        step(counts)


def _refuse_nothing(counts: Counts, kept: Sequence[KeptAside]) -> None:
    """A file of another kind is no import of zero records."""
    if counts.mapped == 0 and kept:
        raise FileError(
            f"{kept[0].place}: {kept[0].detail}. None of the {counts.read:,} records could be read: check the file"
        )
    if counts.mapped == 0:
        raise FileError("the files hold no record. Check that the download is complete")


@lru_cache(maxsize=65_536)
def folded(name: str) -> str:
    """A name as it is compared: no accents, no capitals, words parted by one space."""
    if not name.isascii():
        name = "".join(letter for letter in unicodedata.normalize("NFKD", name) if not unicodedata.combining(letter))
    return " ".join(_WORDS.findall(name.casefold()))


def declarant(name: str | None, country: str, region: str) -> str | None:
    """What declarants are counted by outside France: the folded name with its country and region. None: nobody can tell."""
    plain = folded(name) if name else ""
    return f"{plain}|{country}|{region}" if plain else None


def counted_on(day: date | None) -> dict[str, int | None]:
    """The columns year, month and day of a declaration that counts on this day; all null when it is not known."""
    if day is None:
        return {"year": None, "month": None, "day": None}
    return {"year": day.year, "month": day.month, "day": (day - _EPOCH).days}


@lru_cache(maxsize=65_536)
def tidy(text: str | None) -> str | None:
    """A text for a cell: control characters away, spaces once; None when nothing is left."""
    return " ".join(text.translate(_CONTROLS).split()) or None if text else None


__all__ = [
    "Counts",
    "KeptAside",
    "Mapped",
    "Preview",
    "Reader",
    "counted_on",
    "declarant",
    "folded",
    "import_into",
    "preview",
    "tidy",
]
