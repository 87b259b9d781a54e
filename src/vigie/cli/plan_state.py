"""The situation that `vigie plan --state` starts from: a crisis file, a journal, a data directory or a bundle."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from vigie.cli.journal import is_database, journal_of
from vigie.errors import InputError
from vigie.journal import Bundle, Identity, Journal, Store, merge, open_store
from vigie.journal.authority import REGISTER
from vigie.respond import Fold, Situation

CRISIS_FILE = (".yaml", ".yml")


def situation_of(source: str, incident: str | None) -> tuple[Situation, datetime]:
    """The situation of one incident and the instant to plan from: now, or the last line of a crisis file or bundle.

    Raises InputError when several incidents are held and none is named, FileError and BundleError on bad files.
    """
    with _store(source) as (store, living):
        names = sorted(name for name in store.incidents() if name.partition("/")[2] != REGISTER)
        if incident is None and len(names) != 1:
            raise InputError(f"{source} holds {len(names)} incidents. Say which with --incident: {', '.join(names)}")
        chosen = incident or names[0]
        if chosen not in names:
            raise InputError(f'no incident "{chosen}" in {source}. It holds: {", ".join(names)}')
        fold = Fold(chosen, (store.own_logs() or None) if living else None)
        last = None
        for received in store.received():
            fold.add(received)
            if received.entry.incident == chosen:
                last = max(last or received.entry.happened_at, received.entry.happened_at)
    return fold.snapshot(), datetime.now(UTC) if living or last is None else last


@contextmanager
def _store(source: str) -> Iterator[tuple[Store, bool]]:
    """The store of a source, and whether it is that of a living journal."""
    path = Path(source)
    if path.is_file() and path.suffix.lower() not in CRISIS_FILE and not is_database(path):
        with tempfile.TemporaryDirectory(prefix="vigie-") as directory:
            store = open_store(str(Path(directory) / "journal.db"))
            for _ in merge(Journal(store, Identity.create("plan", os.urandom), os.urandom), Bundle(path), _now()):
                pass
            yield store, False
            store.close()
        return
    with journal_of(source) as (store, _):
        yield store, path.suffix.lower() not in CRISIS_FILE


def _now() -> datetime:
    return datetime.now(UTC)
