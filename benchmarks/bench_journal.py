"""The journal: durable appends beside raw sqlite3, merges with every digest verified, reads decoded from the database."""

from __future__ import annotations

import os
import sqlite3
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path
from statistics import median, quantiles
from threading import Thread
from time import perf_counter, sleep

from benchmarks.row import Row
from vigie.journal import Bundle, Draft, Identity, Journal, Store, export, merge, open_store, verify
from vigie.journal.facts import Note, parse

ROUNDS = 9
TEXT = "Le laboratoire appelle : plus aucun résultat ne remonte depuis {} minutes, coursier envoyé"


def measure(quick: bool) -> list[Row]:
    """Rows for `make bench`."""
    count = 2_000 if quick else 20_000
    return [*_appends(100 if quick else 400), *_batches(count), *_patience(5_000 if quick else 50_000), *_reads(count)]


@contextmanager
def journal(name: str = "valmont") -> Iterator[tuple[Store, Journal]]:
    """A journal on this disk."""
    with tempfile.TemporaryDirectory(dir=os.environ.get("VIGIE_BENCH_DIR")) as directory:
        store = open_store(str(Path(directory) / "journal.db"))
        made = Journal(store, Identity.create(name, os.urandom), os.urandom)
        made.introduce("hospital", [name], "install", _now())
        yield store, made
        store.close()


def _now() -> datetime:
    return datetime.now(UTC)


def _draft(number: int) -> Draft:
    return Draft("valmont/bench", Note(text=TEXT.format(number)), "A. Morel")


def _timed(work: Callable[[], object]) -> float:
    start = perf_counter()
    work()
    return perf_counter() - start


BARE = "CREATE TABLE entries (id INTEGER PRIMARY KEY, raw BLOB, body BLOB, checkpoint BLOB)"
INDEXED = """
CREATE TABLE entries (seq INTEGER PRIMARY KEY, digest BLOB NOT NULL UNIQUE, raw BLOB);
CREATE TABLE payloads (seq INTEGER PRIMARY KEY, body BLOB);
CREATE TABLE checkpoints (size INTEGER PRIMARY KEY, checkpoint BLOB)
"""


def _appends(count: int) -> list[Row]:
    """One entry a transaction, in turn with the same bytes (entry, payload, checkpoint) written by raw sqlite3.

    Two ways to write the same bytes: into tables that can be looked up as ours can, and into one bare table.
    """
    with journal() as (store, made), tempfile.TemporaryDirectory(dir=os.environ.get("VIGIE_BENCH_DIR")) as directory:
        made.append(_draft(0), _now())
        row = list(store.rows())[-1]
        point = made.checkpoint()
        assert point is not None and row.body is not None
        blobs = (row.raw, row.body, point.message() + bytes.fromhex(point.signature))
        bare, indexed = _raw(Path(directory) / "bare.db", BARE), _raw(Path(directory) / "indexed.db", INDEXED)

        def ours() -> None:
            for number in range(count):
                made.append(_draft(number), _now())

        def into_one_table() -> None:
            for _ in range(count):
                bare.execute("BEGIN IMMEDIATE")
                bare.execute("INSERT INTO entries (raw, body, checkpoint) VALUES (?, ?, ?)", blobs)
                bare.execute("COMMIT")

        def into_indexed_tables() -> None:
            for _ in range(count):
                indexed.execute("BEGIN IMMEDIATE")
                indexed.execute("INSERT INTO entries (digest, raw) VALUES (?, ?)", (os.urandom(32), blobs[0]))
                indexed.execute("INSERT INTO payloads (body) VALUES (?)", (blobs[1],))
                indexed.execute("INSERT INTO checkpoints (checkpoint) VALUES (?)", (blobs[2],))
                indexed.execute("COMMIT")

        rounds = [(_timed(ours), _timed(into_indexed_tables), _timed(into_one_table)) for _ in range(ROUNDS)]
    return [
        *_beside(count, [(own, other) for own, other, _ in rounds], "raw sqlite3, same bytes, same look-ups"),
        *_beside(count, [(own, other) for own, _, other in rounds], "raw sqlite3, same bytes, one bare table"),
    ]


def _raw(path: Path, schema: str) -> sqlite3.Connection:
    connection = sqlite3.connect(path, isolation_level=None)
    connection.executescript(f"PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; {schema}")
    return connection


def _beside(count: int, pairs: list[tuple[float, float]], what: str) -> list[Row]:
    ratio = median(other / own for own, other in pairs)
    rate, raw_rate = count / median(own for own, _ in pairs), count / median(other for _, other in pairs)
    return [
        Row(
            "durable appends, one a transaction",
            rate,
            "entries/s",
            what,
            raw_rate,
            "at least half of raw",
            _met(ratio >= 0.5),
        ),
        Row("  share of raw (median of pairs)", 100 * ratio, "%", "", None, "50 %", _met(ratio >= 0.5)),
    ]


def _batches(count: int) -> list[Row]:
    """A batch appended, then exported, verified and merged elsewhere: all on one core."""
    drafts = [_draft(number) for number in range(count)]
    with journal() as (store, made):
        append = _timed(lambda: made.append_all(drafts, _now()))
        target = BytesIO()
        export(store, made.identity, target, _now())
        bundle = Bundle(target.getvalue())
        with journal("peer") as (_, other):
            merged = _timed(lambda: list(merge(other, bundle, _now())))
            again = _timed(lambda: verify(other.store))
    return [
        Row("batch append (import)", count / append, "entries/s", "", None, "at least 10,000", _met(count / append >= 10_000)),
        Row("merge of a bundle, every digest, payload and checkpoint verified", count / merged, "entries/s", "", None,
            "at least 10,000", _met(count / merged >= 10_000)),
        Row("verify the database again", count / again, "entries/s", "", None, "", "—"),
    ]  # fmt: skip


def _patience(count: int) -> list[Row]:
    """How long a person waits for an append while a merge runs in the same process, beside a journal that is idle."""
    with journal() as (source, made), journal("peer") as (_, other):
        made.append_all([_draft(number) for number in range(count)], _now())
        target = BytesIO()
        export(source, made.identity, target, _now())
        waits: list[float] = []
        quiet = _waits(other, lambda: len(waits) < 200, waits)
        thread = Thread(target=lambda: list(merge(other, Bundle(target.getvalue()), _now())))
        thread.start()
        busy = _waits(other, thread.is_alive, [])
        thread.join()
    return [
        Row(f"append while {count:,} entries are merged, p95 of {len(busy)}", 1000 * quantiles(busy, n=20)[-1], "ms",
            "the same with no merge", 1000 * quantiles(quiet, n=20)[-1], "a person does not wait: under 250 ms",
            _met(quantiles(busy, n=20)[-1] < 0.25)),
        Row("  worst", 1000 * max(busy), "ms", "the same with no merge", 1000 * max(quiet)),
    ]  # fmt: skip


def _waits(made: Journal, going: Callable[[], bool], waits: list[float]) -> list[float]:
    number = 0
    while going():
        number += 1
        waits.append(_timed(lambda n=number: made.append(_draft(n), _now())))
        sleep(0.01)
    return waits


def _reads(count: int) -> list[Row]:
    """Entries decoded from the database and folded into the situation."""
    from vigie.respond import Fold

    kinds = [
        {"kind": "availability", "application": "app-{}", "state": "down"},
        {"kind": "note", "text": TEXT}, {"kind": "service_mode", "service": "svc-{}", "mode": "degraded"},
        {"kind": "observation", "text": TEXT}, {"kind": "decision", "text": "Couper le lien {}", "decider": "Direction"},
    ]  # fmt: skip
    drafts = []
    for number in range(count):
        fields = {
            name: value.format(number % 150) if isinstance(value, str) else value
            for name, value in kinds[number % len(kinds)].items()
        }
        drafts.append(Draft("valmont/bench", parse(fields), "A. Morel"))
    with journal() as (store, made):
        made.append_all(drafts, _now())

        def fold() -> None:
            folding = Fold()
            for received in store.received(incident="valmont/bench"):
                folding.add(received)

        seconds = median(_timed(fold) for _ in range(3))
        plain = median(_timed(lambda: sum(1 for _ in store.rows(incident="valmont/bench"))) for _ in range(3))
    return [
        Row("fold straight from the database (read, decode, fold)", count / seconds, "entries/s",
            "reading the same rows undecoded", count / plain, "at least 50,000", _met(count / seconds >= 50_000)),
    ]  # fmt: skip


def _met(reached: bool) -> str:
    return "yes" if reached else "no"
