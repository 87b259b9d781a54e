"""Declarations of a journal into a table that also holds those of other sources.

From a database every version is taken with the instants at which it was known there, and takes the place of what the table
held of the same incidents. A bundle does not carry those instants: what it says is known from the day of the import.
"""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc

from vigie.exchange.importing import Counts
from vigie.journal.storage import Store
from vigie.observe import shelf
from vigie.observe.declarations import declarations, empty


def take_journal(store: Store, target: Path) -> Counts:
    """Take in every version of every declaration of a journal. Taking it twice leaves the bytes of the table as they are.

    Raises FileError when `target` is no table, StorageError when the disk refuses.
    """
    derived = declarations(store, store.own_logs() or None)
    held = _held(target)
    gone = pc.is_in(held["incident"], pc.unique(derived["incident"]))
    kept = held.filter(pc.invert(gone))
    counts = _compared(_versions(held.filter(gone)), _versions(derived))
    if counts.new or counts.changed or not target.exists():
        shelf.write(pa.concat_tables([kept, derived]), target)
    return counts


def take_current(store: Store, target: Path, now: datetime) -> Counts:
    """Take in what a journal says today, known from `now`. For copies, which know not when anything was known elsewhere."""
    derived = declarations(store, store.own_logs() or None)
    current = derived.filter(pc.is_null(derived["known_until"])).to_pylist()
    upserted = shelf.upsert(_held(target), current, now)
    if upserted.new or upserted.changed or not target.exists():
        shelf.write(upserted.table, target)
    return Counts(len(current), len(current), new=upserted.new, changed=upserted.changed, same=upserted.same)


def _held(target: Path) -> pa.Table:
    return shelf.read(target) if target.exists() else empty()


def _versions(table: pa.Table) -> dict[str, list[tuple]]:
    """What is known of each declaration: its versions, with their digests and instants."""
    columns = ("declaration", "version", "source_digest", "known_from", "known_until")
    found: dict[str, list[tuple]] = {}
    for name, *said in zip(*(table[column].to_pylist() for column in columns), strict=True):
        found.setdefault(name, []).append(tuple(said))
    return {name: sorted(said, key=lambda one: one[0]) for name, said in found.items()}


def _compared(before: dict[str, list[tuple]], after: dict[str, list[tuple]]) -> Counts:
    new = sum(name not in before for name in after)
    same = sum(before.get(name) == said for name, said in after.items())
    gone = sum(name not in after for name in before)
    return Counts(len(after), len(after), new=new, changed=len(after) - new - same + gone, same=same)
