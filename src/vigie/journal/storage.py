"""Where a journal is kept: the SQL that SQLite and PostgreSQL share.

The truth is four append-only tables (entries, checkpoints, erasures, revisions), payloads that only an erasure may remove,
and the head of each log. Everything else that Vigie shows is derived and lives elsewhere. `seq` is the order of arrival at
this node: it is given under the one write lock, so a reader that follows by cursor never skips an entry.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Collection, Iterable, Iterator, Sequence
from contextlib import AbstractContextManager
from datetime import datetime
from hashlib import sha256
from typing import Any

from vigie.errors import StorageError
from vigie.journal.clock import Tick
from vigie.journal.entry import Received, decode
from vigie.journal.facts import Erased, read
from vigie.journal.keys import Checkpoint
from vigie.journal.merkle import Frontier
from vigie.journal.rows import (
    HEAD_COLUMNS,
    SALT_BYTES,
    Head,
    NewRow,
    Row,
    StoredSegment,
    head_of,
    micros,
    row_of,
    segment_of,
)
from vigie.journal.schema import VERSION

PAGE = 1000
OUTLINE = 50_000


class Tx(ABC):
    """One transaction. SQL is written with `?` for parameters."""

    @abstractmethod
    def all(self, sql: str, *values: Any) -> list[tuple[Any, ...]]: ...

    @abstractmethod
    def run(self, sql: str, *values: Any) -> None: ...

    @abstractmethod
    def many(self, sql: str, rows: Iterable[Sequence[Any]]) -> None: ...

    def one(self, sql: str, *values: Any) -> tuple[Any, ...] | None:
        """First row, or None."""
        rows = self.all(sql, *values)
        return rows[0] if rows else None

    # -- logs -----------------------------------------------------------------------------------------------------

    def log_id(self, node: str, incarnation: str, public_key: str) -> int:
        """Number of a log here, given one at first sight."""
        row = self.one("SELECT id FROM journal_logs WHERE node = ? AND incarnation = ?", node, incarnation)
        if row:
            return row[0]
        number = self.one("SELECT COALESCE(MAX(id), 0) + 1 FROM journal_logs")[0]  # type: ignore[index]
        self.run(
            "INSERT INTO journal_logs (id, node, incarnation, public_key, size, told, tip, peaks, clock_us, clock_tick, root,"
            " made_at, signature) VALUES (?, ?, ?, ?, 0, 0, '', ?, NULL, 0, ?, '', ?)",
            number, node, incarnation, public_key, b"", b"", b"",
        )  # fmt: skip
        return number

    def head(self, log: int) -> Head:
        """Head of a log."""
        row = self.one(f"SELECT {HEAD_COLUMNS} FROM journal_logs WHERE id = ?", log)
        if row is None:
            raise StorageError(f"log {log} is not in this journal. The database was altered: restore it from a backup")
        return head_of(log, row)

    def set_head(self, log: int, frontier: Frontier, tip: str, clock: Tick, checkpoint: Checkpoint) -> None:
        """Move the head of this node's own log, under its newest checkpoint."""
        self.run(
            "UPDATE journal_logs SET size = ?, tip = ?, peaks = ?, clock_us = ?, clock_tick = ?, root = ?, made_at = ?,"
            " signature = ? WHERE id = ?",
            frontier.size, tip, frontier.to_bytes(), micros(clock.at), clock.count, bytes.fromhex(checkpoint.root),
            checkpoint.at, bytes.fromhex(checkpoint.signature), log,
        )  # fmt: skip

    def hear(self, node: str, incarnation: str, clock: Tick) -> None:
        """Let this node's clock follow what it heard, never backwards."""
        self.run(
            "UPDATE journal_logs SET clock_us = ?, clock_tick = ? WHERE node = ? AND incarnation = ?"
            " AND (clock_us IS NULL OR clock_us < ?)",
            micros(clock.at), clock.count, node, incarnation, micros(clock.at),
        )  # fmt: skip

    def opening(self, log: int) -> tuple[Head, int, bool]:
        """What a group of appends begins with, in one query: the head, the next order of arrival, whether there is news."""
        row = self.one(
            f"SELECT {HEAD_COLUMNS},"
            " (SELECT COALESCE(MAX(seq), 0) + 1 FROM journal_entries),"
            " EXISTS (SELECT 1 FROM journal_logs o WHERE o.size > o.told AND o.id <> h.id)"
            " FROM journal_logs h WHERE id = ?",
            log,
        )
        if row is None:
            raise StorageError(f"log {log} is not in this journal. The database was altered: restore it from a backup")
        return head_of(log, row), row[11], bool(row[12])

    def news(self, own: int) -> dict[str, int]:
        """How much of other logs is held, where it grew since this node last said so; marks it said."""
        rows = self.all("SELECT id, node, incarnation, size FROM journal_logs WHERE size > told AND id <> ?", own)
        if rows:
            self.run("UPDATE journal_logs SET told = size WHERE size > told AND id <> ?", own)
        return {f"{node}/{incarnation}": size for _, node, incarnation, size in rows}

    # -- entries --------------------------------------------------------------------------------------------------

    def next_seq(self) -> int:
        """The next order of arrival; safe because there is one writer."""
        return self.one("SELECT COALESCE(MAX(seq), 0) + 1 FROM journal_entries")[0]  # type: ignore[index]

    def insert(self, first_seq: int, rows: Sequence[NewRow], now: datetime) -> None:
        """Store entries and their payloads, numbered from `first_seq`."""
        received = micros(now)
        self.many(
            "INSERT INTO journal_entries (seq, digest, log, idx, incident, kind, idem, received_us, raw)"
            " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
            [(first_seq + i, *row[:6], received, row.raw) for i, row in enumerate(rows)],
        )
        self.many(
            "INSERT INTO journal_payloads (seq, body) VALUES (?, ?)",
            [(first_seq + i, row.body) for i, row in enumerate(rows) if row.body is not None],
        )

    def first_of(self, incident: str) -> bytes | None:
        """The bytes of an incident's first entry here; None for a new incident."""
        row = self.one(
            "SELECT e.raw FROM journal_incidents i JOIN journal_entries e ON e.seq = i.first_seq WHERE i.incident = ?",
            incident,
        )
        return bytes(row[0]) if row else None

    def add_incidents(self, first_seq: int, rows: Sequence[NewRow]) -> None:
        """Note where each new incident begins, so that appends need no index over all entries."""
        seen: set[str] = set()
        for seq, row in enumerate(rows, start=first_seq):
            if row.incident not in seen:
                seen.add(row.incident)
                if not self.one("SELECT 1 FROM journal_incidents WHERE incident = ?", row.incident):
                    self.run("INSERT INTO journal_incidents (incident, first_seq) VALUES (?, ?)", row.incident, seq)

    def add_checkpoint(self, log: int, checkpoint: Checkpoint) -> None:
        """Keep a checkpoint that somebody else remembers too; one already held is left alone."""
        root = bytes.fromhex(checkpoint.root)
        if not self.one(
            "SELECT 1 FROM journal_checkpoints WHERE log = ? AND size = ? AND root = ?", log, checkpoint.size, root
        ):
            self.run(
                "INSERT INTO journal_checkpoints (log, size, root, made_at, signature) VALUES (?, ?, ?, ?, ?)",
                log, checkpoint.size, root, checkpoint.at, bytes.fromhex(checkpoint.signature),
            )  # fmt: skip

    def erase(self, target: bytes, by: bytes) -> None:
        """Note that an entry's payload is to be destroyed, and destroy it if it is here."""
        if not self.one("SELECT 1 FROM journal_erasures WHERE target = ?", target):
            self.run("INSERT INTO journal_erasures (target, ordered_by) VALUES (?, ?)", target, by)
        self.run("DELETE FROM journal_payloads WHERE seq IN (SELECT seq FROM journal_entries WHERE digest = ?)", target)


SELECT = (
    "SELECT e.seq, e.digest, e.raw, p.body, e.received_us FROM journal_entries e"
    " LEFT JOIN journal_payloads p ON p.seq = e.seq"
)


class Store(ABC):
    """A journal's storage. Reads are safe from any thread; `writing()` is exclusive among threads and processes."""

    url: str

    @abstractmethod
    def writing(self) -> AbstractContextManager[Tx]:
        """The one write transaction. Raises StorageError; then nothing was written."""

    @abstractmethod
    def reading(self) -> AbstractContextManager[Tx]:
        """A consistent view."""

    @abstractmethod
    def close(self) -> None:
        """Let go of connections of this thread."""

    def settle(self) -> None:
        """Note the version of the tables at first sight. Raises StorageError when a later Vigie made them."""
        with self.writing() as tx:
            row = tx.one("SELECT version FROM journal_schema")
            if row is None:
                tx.run("INSERT INTO journal_schema (version) VALUES (?)", VERSION)
            elif row[0] > VERSION:
                raise StorageError(
                    f"this journal was made by a later Vigie (tables of version {row[0]}, this one knows {VERSION}). Update"
                    " this installation; nothing was changed"
                )

    # -- reading --------------------------------------------------------------------------------------------------

    def last_seq(self) -> int:
        """Order of arrival of the newest entry; 0 when there is none."""
        with self.reading() as tx:
            return tx.one("SELECT COALESCE(MAX(seq), 0) FROM journal_entries")[0]  # type: ignore[index]

    def rows(
        self, after: int = 0, upto: int | None = None, incident: str | None = None, limit: int | None = None,
        kinds: Collection[str] = (),
    ) -> Iterator[Row]:  # fmt: skip
        """Entries in order of arrival, after < seq <= upto, a page at a time (no transaction is held between pages)."""
        where = (
            "e.seq > ?" + (" AND e.seq <= ?" if upto is not None else "") + (" AND e.incident = ?" if incident else "")
        )
        where += f" AND e.kind IN ({', '.join('?' * len(kinds))})" if kinds else ""
        sql = f"{SELECT} WHERE {where} ORDER BY e.seq LIMIT ?"
        rest = [*(value for value in (upto, incident) if value is not None), *kinds]
        left = limit
        while left is None or left > 0:
            page = PAGE if left is None else min(PAGE, left)
            with self.reading() as tx:
                found = tx.all(sql, after, *rest, page)
            for row in found:
                yield row_of(row)
            if len(found) < page:
                return
            after = found[-1][0]
            left = None if left is None else left - page

    def received(
        self, after: int = 0, upto: int | None = None, incident: str | None = None, limit: int | None = None,
        kinds: Collection[str] = (),
    ) -> Iterator[Received]:  # fmt: skip
        """The same, decoded."""
        return map(to_received, self.rows(after, upto, incident, limit, kinds))

    def outline(self, after: int = 0, upto: int | None = None) -> Iterator[tuple[int, str, str, str]]:
        """Of each entry in order of arrival, without reading it: its order, its incident, its kind and its log."""
        logs = {head.log: f"{head.node}/{head.incarnation}" for head in self.heads()}
        sql = "SELECT seq, incident, kind, log FROM journal_entries WHERE seq > ? AND seq <= ? ORDER BY seq LIMIT ?"
        last = self.last_seq() if upto is None else upto
        while True:
            with self.reading() as tx:
                found = tx.all(sql, after, last, OUTLINE)
            for seq, incident, kind, log in found:
                yield seq, incident, kind, logs[log]
            if len(found) < OUTLINE:
                return
            after = found[-1][0]

    def get(self, seqs: Sequence[int]) -> list[Received]:
        """The entries of these orders of arrival, in the order asked; unknown ones are left out."""
        found: dict[int, Row] = {}
        for start in range(0, len(seqs), PAGE):
            page = seqs[start : start + PAGE]
            marks = ", ".join("?" * len(page))
            with self.reading() as tx:
                found |= {row[0]: row_of(row) for row in tx.all(f"{SELECT} WHERE e.seq IN ({marks})", *page)}
        return [to_received(found[seq]) for seq in seqs if seq in found]

    def rows_of(self, seqs: Iterable[int]) -> Iterator[Row]:
        """These entries, in the order asked, fetched a page at a time. StorageError when one is not held."""
        wanted = list(seqs)
        for start in range(0, len(wanted), PAGE):
            page = wanted[start : start + PAGE]
            with self.reading() as tx:
                marks = ", ".join("?" * len(page))
                found = {row[0]: row for row in tx.all(f"{SELECT} WHERE e.seq IN ({marks})", *page)}
            for seq in page:
                if seq not in found:
                    raise StorageError(
                        f"entry {seq} is gone from {self.url.rpartition('@')[2]}. Run `vigie journal verify`"
                    )
                yield row_of(found[seq])

    def by_digest(self, digest: str) -> Received | None:
        """The entry of this name (64 hexadecimal digits), if it is held."""
        try:
            name = bytes.fromhex(digest)
        except ValueError:
            return None
        with self.reading() as tx:
            row = tx.one(f"{SELECT} WHERE e.digest = ?", name)
        return to_received(row_of(row)) if row else None

    def incidents(self) -> list[str]:
        """Every incident that has an entry here."""
        with self.reading() as tx:
            return [row[0] for row in tx.all("SELECT incident FROM journal_incidents ORDER BY incident")]

    def heads(self) -> list[Head]:
        """Every log known here."""
        with self.reading() as tx:
            return [tx.head(row[0]) for row in tx.all("SELECT id FROM journal_logs ORDER BY id")]

    def own_logs(self) -> list[str]:
        """The logs that this installation wrote itself, one for each incarnation: 'node/incarnation'."""
        return [f"{head.node}/{head.incarnation}" for head in self.heads() if head.tip]

    def checkpoints(self, head: Head) -> list[Checkpoint]:
        """Checkpoints held of a log, by size: those that others remember, and the newest of this node's own log."""
        with self.reading() as tx:
            rows = tx.all(
                "SELECT size, root, made_at, signature FROM journal_checkpoints WHERE log = ? ORDER BY size, made_at",
                head.log,
            )
        held = [
            Checkpoint(head.node, head.incarnation, size, bytes(root).hex(), at, bytes(signature).hex())
            for size, root, at, signature in rows
        ]
        return held if head.checkpoint is None or head.checkpoint in held else [*held, head.checkpoint]

    def own_checkpoints(self, head: Head) -> list[Checkpoint]:
        """Checkpoints of this node's own branch of its log: those that no segment from elsewhere accounts for."""
        forked = {segment.checkpoint for segment in self.segments(head.log)}
        return [point for point in self.checkpoints(head) if point not in forked]

    def segments(self, log: int | None = None) -> list[StoredSegment]:
        """Proofs held for foreign logs."""
        where, values = ("WHERE log = ?", (log,)) if log is not None else ("", ())
        with self.reading() as tx:
            rows = tx.all(
                f"SELECT id, log, checkpoint, indexes, digests, proof, history FROM journal_segments {where} ORDER BY id",
                *values,
            )
        return [segment_of(row) for row in rows]

    def key_conflicts(self) -> list[tuple[str, list[str]]]:
        """Idempotency keys that name several entries: (key, digests). Each is for a person to look at."""
        with self.reading() as tx:
            rows = tx.all(
                "SELECT idem, digest FROM journal_entries WHERE idem IN (SELECT idem FROM journal_entries"
                " WHERE idem IS NOT NULL GROUP BY idem HAVING COUNT(*) > 1) ORDER BY idem, seq"
            )
        conflicts: dict[str, list[str]] = {}
        for key, digest in rows:
            conflicts.setdefault(key, []).append(bytes(digest).hex())
        return list(conflicts.items())

    # -- cartography revisions: bytes that the journal does not read -------------------------------------------------

    def put_revision(self, content: bytes) -> str:
        """Keep a revision of the cartography; returns its SHA-256."""
        digest = sha256(content).hexdigest()
        with self.writing() as tx:
            if not tx.one("SELECT 1 FROM journal_revisions WHERE digest = ?", digest):
                tx.run("INSERT INTO journal_revisions (digest, content) VALUES (?, ?)", digest, content)
        return digest

    def revision(self, digest: str) -> bytes | None:
        """A revision's bytes, if it is held."""
        with self.reading() as tx:
            row = tx.one("SELECT content FROM journal_revisions WHERE digest = ?", digest)
        return bytes(row[0]) if row else None

    def revisions(self) -> list[str]:
        """Digests of the revisions held."""
        with self.reading() as tx:
            return [row[0] for row in tx.all("SELECT digest FROM journal_revisions ORDER BY digest")]

    # -- printed pages are witnesses -----------------------------------------------------------------------------------

    def mark_printed(self, checkpoint: Checkpoint) -> None:
        """Remember that a page carries this checkpoint, so that partial bundles prove their consistency with it."""
        with self.writing() as tx:
            tx.add_checkpoint(tx.log_id(checkpoint.node, checkpoint.incarnation, ""), checkpoint)


def to_received(row: Row) -> Received:
    """Decode a stored entry."""
    entry = decode(row.raw)
    fact = Erased(entry.kind) if row.body is None else read(entry.kind, row.body[SALT_BYTES:])
    return Received(row.seq, row.digest.hex(), entry, fact, row.received_at)
