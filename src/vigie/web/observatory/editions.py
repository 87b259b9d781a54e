"""Editions: which figures this node shows to everybody, kept in its data directory; and what is checked before it does.

The check does not believe the file: definitions are those of this Vigie, and every count that is shown is looked at again. It
cannot know what was hidden and why; it refuses what nobody could have hidden right.
"""

from __future__ import annotations

import json
import os
import re
import secrets
import threading
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from hashlib import sha256
from pathlib import Path
from typing import Any, NamedTuple

from vigie.errors import FileError, InputError, StorageError
from vigie.observe.disclosure import SMALLEST_SHOWN, exemptions
from vigie.observe.disclosure.exemptions import exempted
from vigie.observe.report.content import Content, written
from vigie.observe.table import Figures, Table
from vigie.observe.tables import TABLES
from vigie.web.observatory.checking import BROKEN, Fault, checked, plain
from vigie.web.observatory.keeping import folder

UNSAFE = frozenset({"unknown", "rows", "marks"})
NOW = "published.json"  # which edition is shown
DIGEST = re.compile("[0-9a-f]{64}")


class Shown(NamedTuple):
    """The edition that everybody sees, the file of it and its SHA-256, who published it, and when."""

    content: Content
    raw: bytes
    digest: str
    at: datetime
    by: str


def faults(raw: bytes, name: str) -> tuple[Content, list[Fault]]:
    """What would be shown of an edition, and all that forbids it. Raises FileError for what is no edition at all."""
    content, found = checked(raw, name)
    if any(each.reason in UNSAFE for each in found):  # what is no number is compared with none
        return content, found
    for table, figures in content.figures.items():
        found += _of_table(table, figures)
    content = plain(content)
    if not found:
        found += _against_earlier(content)
    return content, found


def _of_table(name: str, figures: Figures) -> Iterator[Fault]:
    table = TABLES[name]
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
    mine = written(content)
    for path in sorted(folder().glob("edition-*.json")):
        try:
            raw = path.read_bytes()
            earlier = _kept_content(raw, path)
        except (OSError, FileError):
            yield Fault("unreadable", path.name)
            continue
        if raw == mine or earlier.edition.realm != content.edition.realm:
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


def set_aside(raw: bytes) -> str:
    """Keep an edition that was checked, until it is confirmed, under the SHA-256 of its bytes."""
    digest = sha256(raw).hexdigest()
    _write(_pending(digest), raw)
    return digest


def pending(digest: str) -> bytes | None:
    """The edition that was set aside under this SHA-256, or None: what is there otherwise is not what was looked at."""
    if not DIGEST.fullmatch(digest) or not _pending(digest).exists():
        return None
    raw = _pending(digest).read_bytes()
    return raw if sha256(raw).hexdigest() == digest else None


def show(raw: bytes, by: str, now: datetime) -> None:
    """Show an edition to everybody. Those shown before stay here: what they told is never untold. Raises StorageError."""
    digest = sha256(raw).hexdigest()
    path = _kept(digest)
    if not path.exists():
        _write(path, raw)
    elif path.read_bytes() != raw:
        raise StorageError(
            f"{path}: not the edition it is named after. Nothing was published: restore it from a backup"
        )
    said = {"edition": digest, "by": by, "at": now.isoformat()}
    _write(folder() / NOW, (json.dumps(said, ensure_ascii=False) + "\n").encode())
    _pending(digest).unlink(missing_ok=True)


def hide() -> None:
    """Show no edition any more."""
    (folder() / NOW).unlink(missing_ok=True)


def _shown(named: Path) -> Shown:
    try:
        said = json.loads(named.read_bytes())
        path = _kept(said["edition"])
        raw = path.read_bytes()
        content = _kept_content(raw, path)
        raw = raw if _digest_of(path) else written(content)
        digest, at = sha256(raw).hexdigest(), datetime.fromisoformat(said["at"])
        return Shown(content, raw, digest, at, str(said["by"]))
    except (OSError, *BROKEN) as error:
        raise FileError(f"{named}: the published edition cannot be read ({error}). Publish it again") from error


def _kept_content(raw: bytes, path: Path) -> Content:
    """A kept edition, without the tables that this Vigie no longer has. Raises FileError when it is not what was published.

    A file named by its SHA-256 was checked when it was published, by the words and the libraries of that day.
    """
    content, found = checked(raw, path.name)
    if _is_own(raw, path) if _digest_of(path) else {each.reason for each in found} <= {"changed", "unknown"}:
        return plain(content)
    raise FileError(f"{path.name}: not the edition that was published. Restore it from a backup")


def _digest_of(path: Path) -> str:
    """The SHA-256 that a kept file is named by; empty for one of a former Vigie, named by its edition."""
    named = path.stem.removeprefix("edition-")
    return named if DIGEST.fullmatch(named) else ""


def _is_own(raw: bytes, path: Path) -> bool:
    return sha256(raw).hexdigest() == _digest_of(path)


def _pending(digest: str) -> Path:
    return folder() / f"pending-{digest}.json"


def _kept(digest: str) -> Path:
    return folder() / f"edition-{digest}.json"


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
