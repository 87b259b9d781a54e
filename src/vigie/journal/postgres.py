"""A journal in PostgreSQL, under the same rules: the database refuses UPDATE, DELETE and TRUNCATE on entries."""

from __future__ import annotations

import threading
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from functools import lru_cache
from typing import Any

import psycopg

from vigie.errors import StorageError
from vigie.journal.schema import GUARDS, TABLES
from vigie.journal.storage import Store, Tx

WRITE_LOCK = 0x7649_6769_65  # any constant: one writer at a time across processes, so that `seq` follows commit order


def schema() -> str:
    """Tables and guards in PostgreSQL's dialect."""
    tables = TABLES.replace("BLOB", "BYTEA").replace("WITHOUT ROWID", "")
    for column in ("clock_us INTEGER", "received_us INTEGER", "seq INTEGER", "first_seq INTEGER"):
        tables = tables.replace(column, column.replace("INTEGER", "BIGINT"))
    made = [tables]
    for table, (_, why) in GUARDS.items():
        made.append(_guard(table, "UPDATE OR DELETE", "ROW", f"RAISE EXCEPTION '{table}: % refused, {why}', TG_OP;"))
    made.append(
        _guard("journal_payloads", "UPDATE OR DELETE", "ROW",
               "IF TG_OP = 'DELETE' AND EXISTS (SELECT 1 FROM journal_erasures x JOIN journal_entries e"
               " ON e.digest = x.target WHERE e.seq = OLD.seq) THEN RETURN OLD; END IF;"
               " RAISE EXCEPTION 'journal_payloads: % refused without an erasure in the journal', TG_OP;")
    )  # fmt: skip
    for table in (*GUARDS, "journal_payloads"):
        made.append(_guard(table, "TRUNCATE", "STATEMENT", f"RAISE EXCEPTION '{table}: TRUNCATE refused';"))
    return "\n".join(made)


def _guard(table: str, verbs: str, level: str, body: str) -> str:
    name = f"{table}_no_{verbs.split()[0].lower()}"
    return (
        f"CREATE OR REPLACE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN {body} END $$;"
        f"CREATE OR REPLACE TRIGGER {name} BEFORE {verbs} ON {table} FOR EACH {level} EXECUTE FUNCTION {name}();"
    )


@lru_cache(maxsize=256)
def _dialect(sql: str) -> str:
    return sql.replace("%", "%%").replace("?", "%s")


class PostgresTx(Tx):
    """A transaction on one connection."""

    def __init__(self, connection: psycopg.Connection[Any]) -> None:
        self.connection = connection

    def all(self, sql: str, *values: Any) -> list[tuple[Any, ...]]:
        return self.connection.execute(_dialect(sql), values, binary=True).fetchall()

    def run(self, sql: str, *values: Any) -> None:
        self.connection.execute(_dialect(sql), values)

    def many(self, sql: str, rows: Iterable[Sequence[Any]]) -> None:
        with self.connection.cursor() as cursor:
            cursor.executemany(_dialect(sql), rows)


class PostgresStore(Store):
    """See Store. One connection a thread; an advisory lock makes one writer."""

    def __init__(self, url: str, read_only: bool = False) -> None:
        self.url = url
        self.read_only = read_only
        self._local = threading.local()
        with _translated(), self._connection() as connection:
            if not read_only:
                connection.execute("SELECT pg_advisory_xact_lock(%s)", (WRITE_LOCK,))
            if connection.execute("SELECT to_regclass('journal_logs')").fetchone() == (None,):
                if read_only:
                    raise StorageError("this PostgreSQL database holds no journal. Check DATABASE_URL")
                connection.execute(schema())
        if not read_only:
            self.settle()

    @contextmanager
    def _connection(self) -> Iterator[psycopg.Connection[Any]]:
        connection = getattr(self._local, "connection", None)
        if connection is None or connection.closed:
            connection = self._local.connection = psycopg.connect(self.url)
            connection.read_only = self.read_only
        with connection.transaction():
            yield connection

    @contextmanager
    def writing(self) -> Iterator[Tx]:
        with _translated(), self._connection() as connection:
            connection.execute("SELECT pg_advisory_xact_lock(%s)", (WRITE_LOCK,))
            yield PostgresTx(connection)

    @contextmanager
    def reading(self) -> Iterator[Tx]:
        with _translated(), self._connection() as connection:
            yield PostgresTx(connection)

    def close(self) -> None:
        connection = getattr(self._local, "connection", None)
        if connection is not None:
            connection.close()


@contextmanager
def _translated() -> Iterator[None]:
    try:
        yield
    except psycopg.Error as error:
        message = str(error).strip().splitlines()[0] if str(error).strip() else type(error).__name__
        raise StorageError(
            f"PostgreSQL: {message}. Nothing was written. Check that the server runs, has disk space, and that"
            " DATABASE_URL is right; then write it again"
        ) from error
