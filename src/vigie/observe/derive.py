"""Derive: the entries of one incident into the versions of its declarations.

Pure: the entries are taken in the order in which this node received them, and after each instant of reception the fold
of the respond room says what is known. Where that changes a row, a version ends and the next begins. Authority,
corrections and erasures are therefore those of the board: what is only claimed changes nothing here either.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from datetime import datetime
from typing import NamedTuple

from vigie.journal.authority import NODE_KINDS
from vigie.journal.entry import Received
from vigie.observe.coding import Remark
from vigie.observe.reading import Reading
from vigie.observe.rows import Row, naive
from vigie.respond import Fold, Situation

KINDS = NODE_KINDS | {
    "declaration", "qualification", "declared", "exchange", "support", "routing", "exploited_vulnerability", "opened",
    "closed", "correction", "erasure",
}  # fmt: skip
# What a row is made from may change (a routing told twice) while it says the same: that is no other version.
PROVENANCE = ("version", "known_from", "known_until", "entries", "source_digest")


class Look(NamedTuple):
    """What a log had seen of others at one of its entries, of whatever incident, and when that was received here."""

    log: str
    index: int
    saw: Mapping[str, int]
    received_at: datetime


class Derived(NamedTuple):
    """The versions of the declarations of one incident, by declaration and version, and words that no list knows.

    `judges` are the logs that qualified one thing side by side: what they had read of each other matters.
    """

    rows: list[Row]
    remarks: frozenset[Remark]
    judges: frozenset[str]


def derive(
    incident: str, entries: Iterable[Received], looks: Iterable[Look] = (), local: str | Collection[str] | None = None
) -> Derived:
    """Every version of every declaration of an incident, as this node came to know them.

    `entries` are those of the incident and the node facts that say whom to trust, in any order; `looks` are needed only
    where two logs qualified one declaration without having read each other. `local` names the logs of this
    installation, as in `Registry`.
    """
    fold = Fold(incident, local)
    batches: dict[datetime, list[Received | Look]] = defaultdict(list)
    for each in (*entries, *looks):
        batches[each.received_at].append(each)
    histories: dict[str, list[Row]] = {}
    remarks: set[Remark] = set()
    judges: set[str] = set()
    for instant in sorted(batches):
        # Nothing is known before the first entry of the incident itself, whatever node facts came earlier.
        if _take(fold, batches[instant]) and fold.authors:
            remarks = set()
            _advance(histories, _rows(fold, fold.snapshot(), local, remarks), instant)
            tracks = fold.shelves["qualifications"].tracks.values()  # type: ignore[union-attr]
            judges.update(*(track.logs for track in tracks if len(track.logs) > 1))
    rows = [version for _, history in sorted(histories.items()) for version in history]
    return Derived(rows, frozenset(remarks), frozenset(judges))


def _take(fold: Fold, batch: list[Received | Look]) -> bool:
    """Take in what was received together; whether that may change a row."""
    doubts = fold.doubts
    may = False
    for each in batch:
        if isinstance(each, Look):
            fold.look(*each)
            may = True
        else:
            fold.add(each)
            may = may or each.entry.kind in KINDS
    return may or fold.doubts != doubts


def _rows(fold: Fold, known: Situation, local: str | Collection[str] | None, remarks: set[Remark]) -> dict[str, Row]:
    return {name: Reading(fold, known, name, local is None).row(remarks) for name in known.declared}


def _advance(histories: dict[str, list[Row]], now: Mapping[str, Row], instant: datetime) -> None:
    """Close the versions that no longer hold at `instant`, and open those that begin."""
    at = naive(instant)
    for name in histories.keys() | now.keys():
        history = histories.setdefault(name, [])
        last = history[-1] if history and history[-1]["known_until"] is None else None
        row = now.get(name)
        if last is not None and row is not None and _content(last) == _content(row):
            continue
        if last is not None:
            last["known_until"] = at
        if row is not None:
            history.append({**row, "version": len(history) + 1, "known_from": at})


def _content(row: Row) -> Row:
    return {name: value for name, value in row.items() if name not in PROVENANCE}
