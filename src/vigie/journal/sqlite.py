"""A journal in one SQLite file: WAL, synchronous=FULL, so what is acknowledged survives a kill and a power cut."""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Iterable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import Any

from vigie.errors import StorageError
from vigie.journal.schema import GUARDS, TABLES
from vigie.journal.storage import Store, Tx

BUSY_TIMEOUT_SECONDS = 30


def guards() -> str:
    """The triggers that refuse UPDATE, DELETE and REPLACE."""
    made = []
    for table, (same, why) in GUARDS.items():
        for verb in ("UPDATE", "DELETE"):
            made.append(
                f"CREATE TRIGGER IF NOT EXISTS {table}_no_{verb.lower()} BEFORE {verb} ON {table}"
                f" BEGIN SELECT RAISE(ABORT, '{table}: {verb} refused, {why}'); END;"
            )
        made.append(
            f"CREATE TRIGGER IF NOT EXISTS {table}_no_replace BEFORE INSERT ON {table}"
            f" WHEN EXISTS (SELECT 1 FROM {table} WHERE {same})"
            f" BEGIN SELECT RAISE(ABORT, '{table}: REPLACE refused, {why}'); END;"
        )
    made.append(
        "CREATE TRIGGER IF NOT EXISTS journal_payloads_no_update BEFORE UPDATE ON journal_payloads"
        " BEGIN SELECT RAISE(ABORT, 'journal_payloads: UPDATE refused, a payload is never changed'); END;"
        "CREATE TRIGGER IF NOT EXISTS journal_payloads_no_replace BEFORE INSERT ON journal_payloads"
        " WHEN EXISTS (SELECT 1 FROM journal_payloads WHERE seq = NEW.seq)"
        " BEGIN SELECT RAISE(ABORT, 'journal_payloads: REPLACE refused, a payload is never changed'); END;"
        "CREATE TRIGGER IF NOT EXISTS journal_payloads_no_delete BEFORE DELETE ON journal_payloads"
        " WHEN NOT EXISTS (SELECT 1 FROM journal_erasures x JOIN journal_entries e ON e.digest = x.target"
        " WHERE e.seq = OLD.seq)"
        " BEGIN SELECT RAISE(ABORT, 'journal_payloads: DELETE refused without an erasure in the journal'); END;"
    )
    return "\n".join(made)


class SqliteTx(Tx):
    """A transaction on one connection."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self.connection = connection

    def all(self, sql: str, *values: Any) -> list[tuple[Any, ...]]:
        return self.connection.execute(sql, values).fetchall()

    def run(self, sql: str, *values: Any) -> None:
        self.connection.execute(sql, values)

    def many(self, sql: str, rows: Iterable[Sequence[Any]]) -> None:
        self.connection.executemany(sql, rows)


class SqliteStore(Store):
    """See Store. One writing connection behind a lock; one reading connection a thread."""

    def __init__(self, path: str | Path, read_only: bool = False) -> None:
        """Creates the tables where they are missing; with `read_only`, not one byte of the file is touched."""
        self.path = Path(path)
        self.url = f"sqlite:///{self.path}"
        self.read_only = read_only
        self._write_lock = threading.RLock()
        self._local = threading.local()
        self._writer: sqlite3.Connection | None = None
        with translated(self.path):
            if not read_only:
                self._writer = self._connect()
                self._writer.executescript(TABLES + guards())
                self.settle()
            elif not self._look().execute("SELECT 1 FROM sqlite_master WHERE name = 'journal_entries'").fetchone():
                raise StorageError(
                    f"{self.path} is a database and not a journal. Give the journal.db of a data directory"
                )

    def _look(self) -> sqlite3.Connection:
        """A connection that cannot write: without a log beside it, the file is read as if carved in stone."""
        unlogged = not self.path.with_name(self.path.name + "-wal").exists()
        mode = "?immutable=1" if unlogged else "?mode=ro"
        return sqlite3.connect(
            self.path.absolute().as_uri() + mode, uri=True, isolation_level=None, check_same_thread=False
        )

    def _connect(self) -> sqlite3.Connection:
        if self.read_only:
            return self._look()
        connection = sqlite3.connect(
            self.path, timeout=BUSY_TIMEOUT_SECONDS, isolation_level=None, check_same_thread=False, cached_statements=64
        )
        connection.executescript(
            # Small pages: an append touches one in each table and index, and all of them go to the disk before it returns.
            "PRAGMA page_size=2048; PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON;"
            "PRAGMA secure_delete=ON; PRAGMA wal_autocheckpoint=4000;"
        )
        return connection

    def writing(self) -> AbstractContextManager[Tx]:
        if self._writer is None:
            raise StorageError(f"{self.path} was opened to be read only. Nothing was written")
        return _Writing(self._writer, self._write_lock, self.path)

    @contextmanager
    def reading(self) -> Iterator[Tx]:
        with translated(self.path):
            connection = getattr(self._local, "connection", None)
            if connection is None:
                connection = self._local.connection = self._connect()
                connection.execute("PRAGMA query_only=ON")
            yield SqliteTx(connection)

    def close(self) -> None:
        connection = getattr(self._local, "connection", None)
        if connection is not None:
            connection.close()
            del self._local.connection
        with self._write_lock:
            if self._writer is not None:
                self._writer.close()


class _Writing:
    """The one write transaction. A class and not a generator, because every append passes here."""

    __slots__ = ("connection", "lock", "path")

    def __init__(self, connection: sqlite3.Connection, lock: threading.RLock, path: Path) -> None:
        self.connection, self.lock, self.path = connection, lock, path

    def __enter__(self) -> Tx:
        self.lock.acquire()
        try:
            self.connection.execute("BEGIN IMMEDIATE")
        except sqlite3.Error as error:
            self.lock.release()
            raise in_our_words(error, self.path) from error
        return SqliteTx(self.connection)

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: object) -> None:
        try:
            if kind is None:
                self.connection.execute("COMMIT")
        except sqlite3.Error as refused:
            error = refused
        finally:
            if error is not None and self.connection.in_transaction:
                self.connection.execute("ROLLBACK")
            self.lock.release()
        if isinstance(error, sqlite3.Error):
            raise in_our_words(error, self.path) from error


@contextmanager
def translated(path: Path) -> Iterator[None]:
    """SQLite's errors in our words."""
    try:
        yield
    except sqlite3.Error as error:
        raise in_our_words(error, path) from error


def in_our_words(error: sqlite3.Error, path: Path) -> StorageError:
    """What SQLite said, where, and what would mend it."""
    return StorageError(f"{path}: {error}. Nothing was written. {_mend(str(error))}")


def _mend(message: str) -> str:
    for sign, mend in (
        ("full", "Free some space on this disk, then write it again"),
        ("readonly", "Give the account that runs Vigie the right to write this file and its folder"),
        ("unable to open", "Check that the folder exists and may be written"),
        ("locked", "Another program holds the file: stop it, or try again"),
        ("not a database", "This file is not a journal: check its name, or restore the last backup"),
        ("malformed", "The file is damaged: restore the last backup, then merge what peers hold"),
        ("refused", "The journal only grows: write a correction instead"),
    ):
        if sign in message:
            return mend
    return "Write it again; if it fails again, restore the last backup"
