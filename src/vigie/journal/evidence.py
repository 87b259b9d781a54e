"""Evidence: what a bundle or a database shows, brought into one shape for `verify` to judge.

Entries become *leaves*; each *claim* says that some leaves belong to one log, under one signed checkpoint, with a proof.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

from vigie.errors import InputError
from vigie.journal.bundle import Bundle, Line
from vigie.journal.entry import commit, decode, digest_of, parsed, shape_fault
from vigie.journal.facts import KeyRotated, canonical, read
from vigie.journal.keys import Checkpoint
from vigie.journal.rows import SALT_BYTES, Head
from vigie.journal.storage import Store

Progress = Callable[[int, int], None]


def silent(done: int, total: int) -> None:
    """For callers who show no progress."""


class Leaf(NamedTuple):
    """An entry as far as verification needs it; `problem` is what is wrong with its own bytes."""

    log: str
    index: int
    previous: str
    problem: str | None
    has_payload: bool
    kind: str


@dataclass(slots=True)
class Claim:
    """Leaves said to belong to one log, under one checkpoint. `digests` are in the order of `indexes`."""

    public_key: str
    checkpoint: Checkpoint
    indexes: list[int]
    digests: list[bytes]
    proof: list[bytes]
    history: list[tuple[Checkpoint, list[bytes]]] = field(default_factory=list)
    checkpoints: list[Checkpoint] = field(default_factory=list)  # every one held for a whole log

    @property
    def log(self) -> str:
        return self.checkpoint.log

    @property
    def whole(self) -> bool:
        return len(self.indexes) == self.checkpoint.size


@dataclass(slots=True)
class Evidence:
    """Everything a source shows: leaves by digest, claims, and faults met while reading."""

    name: str
    leaves: dict[bytes, Leaf] = field(default_factory=dict)
    claims: list[Claim] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)
    log_faults: dict[str, list[str]] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)
    erased: set[bytes] = field(default_factory=set)
    passed_on: dict[str, str] = field(default_factory=dict)  # new log -> the log whose key passed its key on


def inspect(raw: bytes, body: bytes | None) -> Leaf:
    """An entry's own bytes: canonical, and its payload the one committed to. Raises InputError when not an entry."""
    entry, data = parsed(raw)
    problem = shape_fault(entry, data)
    if problem is not None:
        return Leaf(str(entry.log), -1, "", problem, body is not None, "")
    if canonical(data) != raw:
        problem = "its bytes are not canonical: they were altered"
    elif body is not None and commit(body[:SALT_BYTES], body[SALT_BYTES:]) != entry.commitment:
        problem = "its payload is not the one that was signed: it was altered"
    return Leaf(entry.log, entry.index, entry.previous, problem, body is not None, entry.kind)


def _inspect_or_say(line: Line) -> Leaf:
    try:
        return inspect(line.raw, line.body)
    except InputError as error:
        return Leaf("", -1, "", str(error), False, "")


def gather_bundle(bundle: Bundle, progress: Progress = silent) -> Evidence:
    """Everything a bundle shows."""
    evidence = Evidence(bundle.name, faults=list(bundle.faults))
    digests: list[bytes] = []
    try:
        for number, line in enumerate(bundle.lines(), start=1):
            digest = digest_of(line.raw)
            digests.append(digest)
            evidence.leaves[digest] = leaf = _inspect_or_say(line)
            _note_keys(evidence, leaf.log, line.body)
            if number % 1000 == 0:
                progress(number, bundle.count)
    except InputError as error:
        evidence.faults.append(str(error))
    if len(digests) != bundle.count:
        evidence.faults.append(f"entries.jsonl has {len(digests)} entries, the manifest says {bundle.count}")
    covered: set[int] = set()
    for segment in bundle.segments:
        members = [number for number in segment.lines if number < len(digests)]
        covered.update(members)
        evidence.claims.append(
            Claim(
                segment.public_key, segment.checkpoint, [evidence.leaves[digests[n]].index for n in members],
                [digests[n] for n in members], list(segment.proof), [(old, list(proof)) for old, proof in segment.history],
            )
        )  # fmt: skip
    if loose := len(digests) - len(covered):
        evidence.faults.append(f"{loose} entries belong to no log of this bundle: they were added without proof")
    return evidence


def gather_store(store: Store, progress: Progress = silent) -> Evidence:
    """Everything a database holds."""
    evidence = Evidence(store.url.rpartition("@")[2])
    with store.reading() as tx:
        evidence.erased = {bytes(row[0]) for row in tx.all("SELECT target FROM journal_erasures")}
        columns = tx.all("SELECT seq, log, idx, incident, kind, idem FROM journal_entries ORDER BY seq")
    heads = {head.log: head for head in store.heads()}
    names = {number: f"{head.node}/{head.incarnation}" for number, head in heads.items()}
    by_log: dict[int, dict[bytes, Leaf]] = {number: {} for number in heads}
    for row, (seq, log, index, incident, kind, key) in zip(store.rows(), columns, strict=True):
        where = names.get(log, f"log {log}")
        try:
            leaf = inspect(row.raw, row.body)
            entry = decode(row.raw)
        except InputError as error:
            evidence.log_faults.setdefault(where, []).append(f"entry {index} (arrival {seq}): {error}")
            continue
        if digest_of(row.raw) != row.digest:
            leaf = leaf._replace(problem="its bytes do not match its digest: it was altered")
        elif (leaf.log, leaf.index, entry.incident, entry.kind, entry.key) != (where, index, incident, kind, key):
            leaf = leaf._replace(problem="it was moved: its place in the database is not the one it was signed for")
        by_log.setdefault(log, {})[row.digest] = leaf
        evidence.leaves[row.digest] = leaf
        _note_keys(evidence, leaf.log, row.body)
        if seq % 1000 == 0:
            progress(seq, len(columns))
    for head in heads.values():
        evidence.claims.extend(_claims_of(store, head, by_log[head.log], evidence))
    return evidence


def _claims_of(store: Store, head: Head, leaves: dict[bytes, Leaf], evidence: Evidence) -> Iterator[Claim]:
    log, covered = f"{head.node}/{head.incarnation}", set()
    faults = evidence.log_faults.setdefault(log, [])
    if head.tip:
        chain = _chain(head, leaves, faults)
        covered.update(chain)
        checkpoints = store.own_checkpoints(head)
        if head.checkpoint is None:
            faults.append(f"no checkpoint of size {head.size} is held: the newest was removed")
        claim = head.checkpoint or Checkpoint(head.node, head.incarnation, head.size, "", "")
        branch = [point for point in checkpoints if point.size <= len(chain)]
        yield Claim(head.public_key, claim, list(range(len(chain))), chain, [], checkpoints=branch)
    for segment in store.segments(head.log):
        covered.update(segment.digests)
        for index, digest in zip(segment.indexes, segment.digests, strict=True):
            if digest not in leaves:
                faults.append(f"entry {index} is missing: it was removed")
        history = [(Checkpoint(**old), [bytes.fromhex(item) for item in proof]) for old, proof in segment.history]
        yield Claim(head.public_key, segment.checkpoint, segment.indexes, segment.digests, segment.proof, history)
    loose = sorted((leaf.index, digest) for digest, leaf in leaves.items() if digest not in covered)
    if loose:
        faults.append(
            f"entry {loose[0][0]} and {len(loose) - 1} more are under no checkpoint: added without signature, or a merge"
            " was interrupted (merge the same bundle again)"
        )


def _chain(head: Head, leaves: dict[bytes, Leaf], faults: list[str]) -> list[bytes]:
    """The branch that ends at the head, oldest first; says which entry is missing."""
    chain: list[bytes] = []
    wanted, index = head.tip, head.size - 1
    while wanted:
        digest = bytes.fromhex(wanted)
        leaf = leaves.get(digest)
        if leaf is None or leaf.index != index:
            faults.append(
                f"entry {index} is missing or altered: the entry after it (or the head of the log) names another"
            )
            break
        chain.append(digest)
        wanted, index = leaf.previous, index - 1
    else:
        if index != -1:
            faults.append(f"entry {index} is missing: the log begins too late")
    return chain[::-1] if not faults else [d for _, d in sorted((leaf.index, d) for d, leaf in leaves.items())]


def _note_keys(evidence: Evidence, log: str, body: bytes | None) -> None:
    """A key is passed on by a fact in the log of the key that it replaces, and nowhere else."""
    if body is None or b'"key_rotated"' not in body:
        return
    fact = read("key_rotated", body[SALT_BYTES:])
    if isinstance(fact, KeyRotated) and log == f"{fact.node}/{fact.old_incarnation}":
        evidence.passed_on[f"{fact.node}/{fact.new_incarnation}"] = log
