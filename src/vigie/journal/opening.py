"""Open a journal where it lives, by its address."""

from __future__ import annotations

from vigie.journal.sqlite import SqliteStore
from vigie.journal.storage import Store


def open_store(url: str, read_only: bool = False) -> Store:
    """Open, and create where missing, the journal at a path, `sqlite:///path` or `postgresql://...`.

    With `read_only` (verification, evidence) nothing is created and nothing can be written.
    """
    if url.startswith(("postgresql://", "postgres://")):
        from vigie.journal.postgres import PostgresStore

        return PostgresStore(url, read_only)
    return SqliteStore(url.removeprefix("sqlite:///"), read_only)
