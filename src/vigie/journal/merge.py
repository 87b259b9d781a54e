"""Merge and export: how entries travel. Merging is set union: any order, any number of times, the same journal."""

from __future__ import annotations

from collections.abc import Container, Iterator, Mapping, Sequence
from datetime import datetime
from itertools import islice
from json import dumps
from typing import IO, Any, NamedTuple

from vigie.errors import BundleError, InputError
from vigie.journal.authority import NODE_KINDS, registry
from vigie.journal.bundle import Bundle, Line, Segment, write
from vigie.journal.clock import Tick, heard
from vigie.journal.entry import Entry, decode, digest_of
from vigie.journal.facts import Erasure, MapAdopted, iso, read
from vigie.journal.journal import Journal
from vigie.journal.keys import Checkpoint, Identity
from vigie.journal.merkle import Subtree, consistency_proof, known_from_proof, subset_proof, subtree_hash
from vigie.journal.rows import SALT_BYTES, Head, NewRow, ranges
from vigie.journal.storage import Store, Tx
from vigie.journal.verify import verify

CHUNK = 250  # entries a transaction: a person who writes meanwhile waits for one chunk at most


class Step(NamedTuple):
    """Progress of a merge: entries looked at, of how many, and how many were new."""

    done: int
    total: int
    new: int


def merge(journal: Journal, bundle: Bundle, now: datetime) -> Iterator[Step]:
    """Take in a bundle, in short transactions between which waiting appends are served. Iterate to the end.

    The bundle is verified whole first: BundleError lists the faults, and nothing is changed then. A merge cut short leaves
    entries that `verify` reports; merging the same bundle again completes it.
    """
    report = verify(bundle)
    if not report.ok:
        faults = [*report.faults, *(f"{log.log}: {log.faults[0]}" for log in report.logs if log.faults)]
        raise BundleError(f"{bundle.name}: not merged, nothing was changed. " + "; ".join(faults))
    for content in bundle.maps().values():
        journal.store.put_revision(content)
    erasures = _Erasures(journal.store)
    keys = {segment.checkpoint.log: segment.public_key for segment in bundle.segments}
    lines, done, new = bundle.lines(), 0, 0
    members: list[tuple[int, bytes]] = []  # index and digest of each line
    while chunk := list(islice(lines, CHUNK)):
        with journal.exclusive(), journal.store.writing() as tx:
            places, fresh = _take(tx, journal, chunk, keys, erasures, now)
        members.extend(places)
        new += fresh
        done += len(chunk)
        yield Step(done, bundle.count, new)
    own = {(head.node, head.incarnation): own_chain(journal.store, head) for head in journal.store.heads() if head.tip}
    with journal.exclusive(), journal.store.writing() as tx:
        _take_segments(tx, bundle, members, own)
    yield Step(done, bundle.count, new)


def _take(
    tx: Tx, journal: Journal, chunk: Sequence[Line], keys: Mapping[str, str], erasures: _Erasures, now: datetime
) -> tuple[list[tuple[int, bytes]], int]:
    digests = [digest_of(line.raw) for line in chunk]
    held = _held(tx, digests)
    first, rows, clock = tx.next_seq(), [], None
    grown: dict[int, int] = {}
    places: list[tuple[int, bytes]] = []
    for digest, line in zip(digests, chunk, strict=True):
        entry = decode(line.raw)
        log = tx.log_id(entry.node, entry.incarnation, keys[entry.log])
        grown[log] = max(grown.get(log, 0), entry.index + 1)
        places.append((entry.index, digest))
        clock = heard(clock, Tick(entry.recorded_at, entry.tick), now)
        if digest in held:
            if not held[digest] and line.body is not None:
                tx.run("INSERT INTO journal_payloads (seq, body) SELECT seq, ? FROM journal_entries WHERE digest = ?",
                       line.body, digest)  # fmt: skip
            continue
        held[digest] = True
        erasures.add(digest, entry, line.body)
        rows.append(NewRow(digest, log, entry.index, entry.incident, entry.kind, entry.key, line.raw, line.body))
    tx.insert(first, rows, now)
    tx.add_incidents(first, rows)
    erasures.obey(tx)
    for log, size in grown.items():
        tx.run("UPDATE journal_logs SET size = ? WHERE id = ? AND tip = '' AND size < ?", size, log, size)
    if clock is not None:
        tx.hear(journal.identity.node, journal.identity.incarnation, clock)
    return places, len(rows)


def _held(tx: Tx, digests: Sequence[bytes]) -> dict[bytes, bool]:
    """Digests already here, and whether nothing more is wanted of them (payload held, or erased for good)."""
    marks = ", ".join("?" * len(digests))
    rows = tx.all(
        f"SELECT e.digest, p.seq, x.target FROM journal_entries e LEFT JOIN journal_payloads p ON p.seq = e.seq"
        f" LEFT JOIN journal_erasures x ON x.target = e.digest WHERE e.digest IN ({marks})", *digests,
    )  # fmt: skip
    return {bytes(digest): payload is not None or erased is not None for digest, payload, erased in rows}


class _Erasures:
    """Erasures from elsewhere, obeyed when their author may order them and their target is here, in any order of arrival."""

    def __init__(self, store: Store) -> None:
        self.trusted = registry(store.received(kinds=NODE_KINDS), store.own_logs())
        # Several may name one target: a stranger's must not push aside the one that counts.
        self.waiting: dict[bytes, list[tuple[bytes, Entry]]] = {}
        for received in store.received(kinds=("erasure",)):
            if isinstance(received.fact, Erasure):
                self._wait(received.fact, bytes.fromhex(received.digest), received.entry)

    def _wait(self, fact: Erasure, digest: bytes, entry: Entry) -> None:
        self.waiting.setdefault(bytes.fromhex(fact.of), []).append((digest, entry))

    def add(self, digest: bytes, entry: Entry, body: bytes | None) -> None:
        """An erasure that arrives."""
        if entry.kind == "erasure" and body is not None:
            fact = read(entry.kind, body[SALT_BYTES:])
            if isinstance(fact, Erasure):
                self._wait(fact, digest, entry)

    def obey(self, tx: Tx) -> None:
        """Destroy the payloads that are here and whose erasure counts."""
        for target, orders in self.waiting.items():
            row = tx.one(
                "SELECT e.raw FROM journal_entries e JOIN journal_payloads p ON p.seq = e.seq WHERE e.digest = ?",
                target,
            )
            original = decode(bytes(row[0])) if row else None
            for by, entry in orders if original else ():
                if self.trusted.standing(entry, original).counts:
                    tx.erase(target, by)
                    break


def _take_segments(
    tx: Tx, bundle: Bundle, places: Sequence[tuple[int, bytes]], own: Mapping[tuple[str, str], Sequence[bytes]]
) -> None:
    """Keep what proves the entries of foreign logs. Of this node's own logs, only what its own branch does not say: forks."""
    for segment in bundle.segments:
        point = segment.checkpoint
        log = tx.log_id(point.node, point.incarnation, segment.public_key)
        head = tx.head(log)
        if not head.public_key:
            tx.run("UPDATE journal_logs SET public_key = ? WHERE id = ?", segment.public_key, log)
        for checkpoint in (point, *(old for old, _ in segment.history)):
            tx.add_checkpoint(log, checkpoint)
        members = [places[number] for number in segment.lines]
        chain = own.get((point.node, point.incarnation), ())
        if chain and all(index < len(chain) and chain[index] == digest for index, digest in members):
            continue
        indexes, digests = ranges(index for index, _ in members), b"".join(digest for _, digest in members)
        same = tx.one(
            "SELECT 1 FROM journal_segments WHERE log = ? AND indexes = ? AND digests = ?", log, dumps(indexes), digests
        )
        if not same:
            history = [[old.as_dict(), [item.hex() for item in proof]] for old, proof in segment.history]
            tx.run(
                "INSERT INTO journal_segments (id, log, checkpoint, indexes, digests, proof, history)"
                " SELECT COALESCE(MAX(id), 0) + 1, ?, ?, ?, ?, ?, ? FROM journal_segments",
                log, dumps(point.as_dict()), dumps(indexes), digests, b"".join(segment.proof), dumps(history),
            )  # fmt: skip


# -- export --------------------------------------------------------------------------------------------------------


def export(
    store: Store, identity: Identity, target: IO[bytes], now: datetime, *,
    incident: str | None = None, privileged: bool = False, without: Container[int] = (),
) -> dict[str, Any]:  # fmt: skip
    """Write a bundle of the whole journal, or of one incident, to a seekable file; returns its manifest.

    A partial bundle says so in its signed scope and carries proofs, so that leaving out is never mistaken for removing. Entries
    marked as legally privileged leave only when asked, and the orders of arrival in `without` never. InputError when there
    is no such incident.
    """
    chosen, revisions = _choose(store, incident, privileged, without)
    if incident is not None and not any(name == incident for name, _ in chosen.values()):
        known = ", ".join(store.incidents()) or "none"
        raise InputError(f"there is no incident {incident!r} in this journal. Incidents: {known}")
    seqs: list[int] = []
    numbers: dict[bytes, int] = {}
    segments = []
    for tree in _trees(store):
        members = [
            (index, digest) for index, digest in zip(tree.indexes, tree.digests, strict=True) if digest in chosen
        ]
        if not members:
            continue
        for _, digest in members:
            if digest not in numbers:
                numbers[digest] = len(seqs)
                seqs.append(chosen[digest][1])
        segments.append(tree.segment([index for index, _ in members], [numbers[digest] for _, digest in members]))
    maps = {digest: content for digest in revisions if (content := store.revision(digest)) is not None}
    scope = {
        "incident": incident, "entries": len(seqs), "privileged": "included" if privileged else "left out",
        "frontier": {segment.checkpoint.log: segment.checkpoint.size for segment in segments},
    }  # fmt: skip
    lines = (Line(row.raw, row.body) for row in store.rows_of(seqs))
    return write(target, identity, lines, segments, maps, scope, iso(now))


def _choose(
    store: Store, incident: str | None, privileged: bool, without: Container[int]
) -> tuple[dict[bytes, tuple[str, int]], set[str]]:
    """Entries that leave: digest -> (incident, seq); and the revisions of the cartography they name."""
    chosen: dict[bytes, tuple[str, int]] = {}
    revisions: set[str] = set()
    for row in store.rows():
        entry = decode(row.raw)
        wanted = incident is None or entry.incident == incident or entry.kind in NODE_KINDS
        if not wanted or (entry.privileged and not privileged) or row.seq in without:
            continue
        chosen[row.digest] = (entry.incident, row.seq)
        if entry.kind == "map_adopted" and row.body is not None:
            fact = read(entry.kind, row.body[SALT_BYTES:])
            if isinstance(fact, MapAdopted):
                revisions.add(fact.revision)
    return chosen, revisions


class _Tree:
    """A tree that this node can prove leaves of: its own log, or a segment received."""

    def __init__(
        self, public_key: str, checkpoint: Checkpoint, indexes: list[int], digests: list[bytes],
        known: dict[Subtree, bytes], old: list[Checkpoint],
    ) -> None:  # fmt: skip
        self.public_key, self.checkpoint, self.indexes, self.digests = public_key, checkpoint, indexes, digests
        self.known, self.old = known, old
        self.leaves = dict(zip(indexes, digests, strict=True))

    def hash_of(self, start: int, size: int) -> bytes:
        if (start, size) not in self.known:
            self.known[start, size] = subtree_hash(start, size, self.leaves, self.known)
        return self.known[start, size]

    def segment(self, indexes: list[int], numbers: list[int]) -> Segment:
        size = self.checkpoint.size
        history = [(old, tuple(consistency_proof(old.size, size, self.hash_of))) for old in self.old if old.size < size]
        return Segment(
            self.public_key,
            self.checkpoint,
            tuple(numbers),
            tuple(subset_proof(size, indexes, self.hash_of)),
            tuple(history),
        )


def _trees(store: Store) -> Iterator[_Tree]:
    for head in store.heads():
        if head.tip:
            chain = own_chain(store, head)
            if head.checkpoint is None or head.checkpoint.size != len(chain):
                raise InputError(f"the newest checkpoint of {head.node} is missing. Run `vigie journal verify`")
            old = [point for point in store.own_checkpoints(head) if point.size < len(chain)]
            yield _Tree(head.public_key, head.checkpoint, list(range(len(chain))), chain, {}, old)
        for segment in store.segments(head.log):
            size = segment.checkpoint.size
            known = known_from_proof(size, segment.indexes, segment.proof)
            yield _Tree(head.public_key, segment.checkpoint, segment.indexes, segment.digests, known, [])


def own_chain(store: Store, head: Head) -> list[bytes]:
    """Digests of this node's own log, oldest first, along the branch that ends at its head."""
    with store.reading() as tx:
        rows = tx.all("SELECT idx, digest, seq FROM journal_entries WHERE log = ? ORDER BY idx", head.log)
    chain = [bytes(digest) for _, digest, _ in rows]
    if len(rows) == head.size and (not chain or chain[-1].hex() == head.tip):
        return chain
    before: dict[str, tuple[bytes, str]] = {}
    for row in store.rows_of(seq for _, _, seq in rows):
        before[row.digest.hex()] = (row.digest, decode(row.raw).previous)
    chain, wanted = [], head.tip
    while wanted:
        if wanted not in before:
            raise InputError(f"entry {wanted[:12]}... of {head.node} is missing. Run `vigie journal verify`")
        digest, wanted = before[wanted]
        chain.append(digest)
    return chain[::-1]
