"""Editions: which figures this node shows to everybody, kept in its data directory; and what is checked before it does.

The check does not believe the file: definitions are those of this Vigie, and every count that is shown is looked at again. It
cannot know what was hidden and why; it refuses what nobody could have hidden right.
"""

from __future__ import annotations

import json
import os
import secrets
import threading
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any, NamedTuple

from vigie.errors import FileError, InputError, StorageError
from vigie.observe.disclosure import SMALLEST_SHOWN, exemptions
from vigie.observe.disclosure.exemptions import exempted
from vigie.observe.report.content import Content, read, written
from vigie.observe.table import Figures, Table
from vigie.observe.tables import TABLES
from vigie.web.observatory.keeping import folder

NOW, SAID = "published.json", 12  # which edition is shown; so many faults are said, the rest are counted
ID_LETTERS = frozenset("0123456789abcdef")


class Fault(NamedTuple):
    """Why an edition may not be shown: a word for the reason, the table it is in, and how many times."""

    reason: str
    table: str = ""
    count: int = 1


class Shown(NamedTuple):
    """The edition that everybody sees, who published it, and when."""

    content: Content
    raw: bytes
    at: datetime
    by: str


def faults(raw: bytes, name: str) -> tuple[Content, list[Fault]]:
    """An edition and all that forbids to publish it. Raises FileError for what is no edition at all."""
    content = read(raw, name)
    edition = content.edition
    found = []
    if edition.audience != "public":
        found.append(Fault("internal"))
    if edition.realm not in ("real", "exercise", "simulated"):
        found.append(Fault("realm"))
    if json.loads(raw)["edition"].get("id") != edition.id or written(content) != raw:
        found.append(Fault("changed"))
    for table, figures in content.figures.items():
        found += _of_table(table, figures)
    if not found:
        found += _against_earlier(content)
    return content, found


def whole(content: Content) -> Content:
    """The content with the definitions of this Vigie in place of those that the file brought along."""
    return replace(content, tables={name: TABLES[name] for name in content.tables})


def _of_table(name: str, figures: Figures) -> Iterator[Fault]:
    table = TABLES.get(name)
    if table is None or table.columns != figures.columns:
        yield Fault("unknown", name)
        return
    try:
        open_to = exempted(table, exemptions())
    except InputError:  # the rules of this installation forbid it: nothing of the table is exempt
        open_to = frozenset()
    small = sum(_is_small(figures.rows[row][column]) for row, column in _counts(table, figures, open_to))
    if small:
        yield Fault("small", name, small)
    told = sum(1 for _ in _derived(table, figures))
    if told:
        yield Fault("derived", name, told)
    if any(figures.rows[row][column] is not None for row, column in figures.hidden):
        yield Fault("hidden", name)


def _is_small(value: Any) -> bool:
    return isinstance(value, (int, float)) and 0 < value < SMALLEST_SHOWN


def _counts(table: Table, figures: Figures, open_to: frozenset[str]) -> Iterator[tuple[int, int]]:
    """The places of counts of declarations or declarants that are shown and not exempt."""
    for column, measure in enumerate(table.measures, start=len(table.dimensions)):
        if measure.kind == "count" and measure.name not in open_to and measure.name not in NO_PEOPLE:
            yield from ((row, column) for row in range(len(figures.rows)))


NO_PEOPLE = frozenset(
    {"months"}
)  # counts of something else than declarations or declarants: nobody is recognised in it


def _derived(table: Table, figures: Figures) -> Iterator[tuple[int, int]]:
    """The places of shares and values that are shown though a count they are made of is withheld."""
    places = {name: column for column, name in enumerate(table.columns)}
    for measure in table.measures:
        bases = [places[name] for name in (measure.of, measure.over) if name in places]
        for row in range(len(figures.rows)) if measure.kind != "count" else ():
            if figures.rows[row][places[measure.name]] is not None and any(
                (row, base) in figures.hidden for base in bases
            ):
                yield row, places[measure.name]


def _against_earlier(content: Content) -> Iterator[Fault]:
    """What another edition already told of the same years: two numbers of one cell can be subtracted."""
    for path in sorted(folder().glob("edition-*.json")):
        earlier = read(path.read_bytes(), path.name)
        if earlier.edition.id == content.edition.id or earlier.edition.realm != content.edition.realm:
            continue
        if earlier.edition.sector != content.edition.sector:
            yield Fault("sector", earlier.edition.id)
            continue
        for name, figures in content.figures.items():
            moved = _moved(TABLES[name], earlier.figures.get(name), figures)
            if moved:
                yield Fault("reprinted", name, moved)


def _moved(table: Table, before: Figures | None, now: Figures) -> int:
    """How many cells that an earlier edition printed are printed otherwise now, where the table may not be renewed."""
    if before is None or before.columns != now.columns or _renewed(table):
        return 0
    width, printed = len(table.dimensions), _cells(before)
    return sum(
        printed[key] != cell
        for key, cell in _cells(now).items()
        if key in printed and table.measures[key[1] - width].kind == "count"
    )


def _renewed(table: Table) -> bool:
    """Whether every count of a table is exempt: national totals are revised in public."""
    open_to = exempted(table, exemptions())
    totals = {each.over for each in table.measures if each.kind == "share"}
    return bool(open_to) and all(each.name in open_to | totals for each in table.measures if each.kind == "count")


def _cells(figures: Figures) -> Mapping[tuple[tuple[Any, ...], int], tuple[Any, bool]]:
    """Names of a row and a column -> the number and whether it is withheld."""
    width = next((at for at, name in enumerate(figures.columns) if name in _measures(figures.name)), 0)
    return {
        (row[:width], column): (row[column], (at, column) in figures.hidden)
        for at, row in enumerate(figures.rows)
        for column in range(width, len(row))
    }


def _measures(name: str) -> Iterable[str]:
    return {each.name for each in TABLES[name].measures}


# -- which one is shown ------------------------------------------------------------------------------------------------

_lock = threading.Lock()
_read: dict[Path, tuple[int, Shown]] = {}


def shown() -> Shown | None:
    """The edition that everybody sees, or None. Read again when the file that names it changes. Raises FileError."""
    named = folder() / NOW
    try:
        stamp = named.stat().st_mtime_ns
    except FileNotFoundError:
        return None
    with _lock:
        held = _read.get(named)
        if held is None or held[0] != stamp:
            held = (stamp, _shown(named))
            _read.clear()
            _read[named] = held
    return held[1]


def set_aside(raw: bytes, edition: str) -> None:
    """Keep an edition that was checked, until it is confirmed."""
    _write(_pending(edition), raw)


def pending(edition: str) -> bytes | None:
    """The edition that was set aside under this name, or None."""
    if not edition or set(edition) - ID_LETTERS or not _pending(edition).exists():
        return None
    return _pending(edition).read_bytes()


def show(raw: bytes, edition: str, by: str, now: datetime) -> None:
    """Show an edition to everybody. Those shown before stay here: what they told is never untold. Raises StorageError."""
    _write(_kept(edition), raw)
    said = {"edition": edition, "by": by, "at": now.isoformat()}
    _write(folder() / NOW, (json.dumps(said, ensure_ascii=False) + "\n").encode())
    _pending(edition).unlink(missing_ok=True)


def hide() -> None:
    """Show no edition any more."""
    (folder() / NOW).unlink(missing_ok=True)


def _shown(named: Path) -> Shown:
    try:
        said = json.loads(named.read_bytes())
        raw = _kept(said["edition"]).read_bytes()
        return Shown(whole(read(raw)), raw, datetime.fromisoformat(said["at"]), said["by"])
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise FileError(f"{named}: the published edition cannot be read ({error}). Publish it again") from error


def _pending(edition: str) -> Path:
    return folder() / f"pending-{edition}.json"


def _kept(edition: str) -> Path:
    return folder() / f"edition-{edition}.json"


def _write(path: Path, raw: bytes) -> None:
    """Write whole or not at all."""
    partial = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    try:
        with partial.open("xb") as file:
            file.write(raw)
            file.flush()
            os.fsync(file.fileno())
        partial.replace(path)
    except OSError as error:
        raise StorageError(
            f"{path}: {error.strerror or error}. Nothing was published: make room and try again"
        ) from error
