"""Edition: everything that a published report depends on, pinned, so that it can be recomputed to the byte years later.

Nothing here looks at a clock: the day of the edition and the moment as of which things are known are arguments. Two
computations with the same pins give the same files; where they do not, `moved` says which pin differs.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field
from datetime import UTC, date, datetime
from functools import cache
from hashlib import sha256
from importlib import metadata, resources
from typing import Any, Literal

import pyarrow as pa
import pyarrow.compute as pc

from vigie.errors import FileError
from vigie.journal.merkle import Frontier
from vigie.journal.storage import Store

Audience = Literal["public", "internal"]
# What draws, counts and typesets: another version may move a byte without moving a figure.
TOOLS = ("altair", "duckdb", "ibis-framework", "numpy", "scipy", "typst", "vl-convert-python", "xlsxwriter")
PINNED_COLUMNS = ("declaration", "version", "source_digest", "known_from")
ID_LETTERS = 16


@dataclass(frozen=True, slots=True)
class Edition:
    """The pins of an edition. `year`: the year it reports on; figures of earlier years stand beside it.

    `as_known_on`: later corrections, requalifications and late declarations vanish. `realm`: real, exercise or simulated;
    `sector`: one of the vocabulary, empty for all; `without`: tables left out. `source`: what the declarations were, `rows` (how
    many versions were known), `digest` (of those versions), and one `log NODE/INCARNATION` for each log of a journal, as
    `frontier_of` gives them. `digests`: vocabulary, rule changes, definitions, exemptions, denominators, other lists, previous
    editions; `none` where there is none. `software`: version and digest of the code, and versions of what it computes with.
    """

    year: int
    date: date
    as_known_on: datetime
    audience: Audience
    realm: str
    languages: tuple[str, ...]
    sector: str = ""
    without: tuple[str, ...] = ()
    source: Mapping[str, str] = field(default_factory=dict)
    digests: Mapping[str, str] = field(default_factory=dict)
    software: Mapping[str, str] = field(default_factory=dict)

    @property
    def id(self) -> str:
        """The first letters of the SHA-256 of all pins: printed on each page, said on the telephone."""
        return sha256(canonical(pins(self)).encode()).hexdigest()[:ID_LETTERS]


def pins(edition: Edition) -> dict[str, Any]:
    """The pins as plain values, for JSON and for comparison."""
    plain = asdict(edition)
    plain["date"] = edition.date.isoformat()
    plain["as_known_on"] = edition.as_known_on.astimezone(UTC).isoformat()
    plain["languages"], plain["without"] = list(edition.languages), list(edition.without)
    return plain


def of_pins(plain: Mapping[str, Any]) -> Edition:
    """The edition that `pins` described. Raises FileError when a pin is missing or is no date."""
    try:
        return Edition(
            int(plain["year"]),
            date.fromisoformat(plain["date"]),
            datetime.fromisoformat(plain["as_known_on"]),
            plain["audience"],
            str(plain["realm"]),
            tuple(plain["languages"]),
            str(plain["sector"]),
            tuple(plain["without"]),
            dict(plain["source"]),
            dict(plain["digests"]),
            dict(plain["software"]),
        )
    except (KeyError, TypeError, ValueError) as error:
        raise FileError(
            f"the edition block cannot be read ({error}). Give the figures.json of a report, unchanged"
        ) from error


def moved(held: Edition, now: Edition) -> list[str]:
    """The names of the pins that differ, such as `digests.denominators`, in order."""
    before, after = _flat(pins(held)), _flat(pins(now))
    return [name for name in sorted({*before, *after}) if before.get(name) != after.get(name)]


def canonical(value: Any) -> str:
    """JSON with sorted names and no spaces: what digests are taken of."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def digest(*contents: bytes | str) -> str:
    """SHA-256 of contents, each preceded by its length."""
    total = sha256()
    for content in contents:
        raw = content.encode() if isinstance(content, str) else content
        total.update(len(raw).to_bytes(8, "big"))
        total.update(raw)
    return total.hexdigest()


def source_of(table: pa.Table, at: datetime) -> dict[str, str]:
    """How many versions were known at `at`, and the digest of them: what a later row or closing does not move."""
    instant = at.astimezone(UTC).replace(tzinfo=None)
    held = table.select(PINNED_COLUMNS)
    known = held.filter(pc.less_equal(held["known_from"], pa.scalar(instant, pa.timestamp("us"))))
    known = known.sort_by([("declaration", "ascending"), ("version", "ascending")])
    instants = known["known_from"].cast(pa.int64())
    columns = [column.to_pylist() for column in (*known.columns[:3], instants)]
    total = sha256()
    for row in zip(*columns, strict=True):
        total.update(("\x1f".join("" if each is None else str(each) for each in row) + "\n").encode())
    return {"rows": str(known.num_rows), "digest": total.hexdigest()}


def frontier_of(store: Store, at: datetime) -> dict[str, str]:
    """For each log of a journal, how many of its entries were here at `at`, and the Merkle root of these.

    Where the log is whole up to there, that root is the one its node signs for that size. Where it is a part, the entries held
    are hashed in the order of their places, and `part` says so.
    """
    held: dict[str, dict[int, str]] = {}
    for received in store.received():
        if received.received_at <= at:
            entry = received.entry
            held.setdefault(f"log {entry.node}/{entry.incarnation}", {})[entry.index] = received.digest
    found = {}
    for log, entries in sorted(held.items()):
        tree = Frontier()
        for index in sorted(entries):
            tree.append(bytes.fromhex(entries[index]))
        whole = max(entries) - min(entries) + 1 == len(entries) and min(entries) in (0, 1)
        found[log] = f"{len(entries)} {tree.root().hex()}{'' if whole else ' part'}"
    return found


def software() -> dict[str, str]:
    """The version of Vigie, the digest of the code that observes, and the versions of what it computes and draws with."""
    return {
        "vigie": metadata.version("vigie"),
        "code": code_digest(),
        **{name: metadata.version(name) for name in TOOLS},
    }


@cache
def code_digest(*folders: str) -> str:
    """SHA-256 of the files of `vigie.observe`, or of these folders of it: names and bytes, in order. Read once: what runs is
    what was there when it started.
    """
    root = resources.files("vigie.observe")
    starts = [root.joinpath(folder) for folder in folders] or [root]
    found = sorted(pair for start in starts for pair in _files(start, start.name))
    return digest(*(part for name, content in found for part in (name, content)))


def _files(place: Any, name: str) -> Iterable[tuple[str, bytes]]:
    if place.is_file():
        yield name, place.read_bytes()
        return
    for each in place.iterdir():
        if each.name != "__pycache__":
            yield from _files(each, f"{name}/{each.name}")


def _flat(plain: Mapping[str, Any], prefix: str = "") -> dict[str, Any]:
    flat: dict[str, Any] = {}
    for name, value in plain.items():
        if isinstance(value, Mapping):
            flat |= _flat(value, f"{prefix}{name}.")
        else:
            flat[f"{prefix}{name}"] = value
    return flat
