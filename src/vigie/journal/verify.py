"""Verify: does every log in a bundle or a database hold together, and with what others remember of it?

One method for both: each claim of the evidence is checked alone. The first fault of each log is what a person needs; the
others usually follow from it.
"""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator, Mapping
from dataclasses import dataclass

from vigie.journal.bundle import Bundle
from vigie.journal.evidence import Claim, Evidence, Leaf, Progress, gather_bundle, gather_store, silent
from vigie.journal.keys import Checkpoint, Printed, incarnation_of, is_signed_by, short_root
from vigie.journal.merkle import is_consistent, root_from_subset, roots_at
from vigie.journal.storage import Store


@dataclass(frozen=True, slots=True)
class LogReport:
    """What was found of one log. `verified` is how many of its entries are proved; `notes` are not faults."""

    log: str
    public_key: str
    held: int
    size: int
    fingerprint: str
    verified: int
    faults: tuple[str, ...]
    notes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Report:
    """What was found of a bundle or a database. `faults` are about the file itself."""

    name: str
    faults: tuple[str, ...]
    logs: tuple[LogReport, ...]
    notes: tuple[str, ...]

    @property
    def ok(self) -> bool:
        """Nothing is wrong."""
        return not self.faults and not any(log.faults for log in self.logs)


def verify(
    source: Store | Bundle, against: Store | Bundle | None = None, printed: Iterable[Printed] = (),
    progress: Progress = silent,
) -> Report:  # fmt: skip
    """Check everything. `against` is a peer's bundle or database, `printed` are fingerprints typed from pages."""
    evidence = _gather(source, progress)
    logs = sorted({claim.log for claim in evidence.claims} | set(evidence.log_faults))
    witness = _gather(against, silent) if against is not None else None
    faults = {log: [*evidence.log_faults.get(log, ())] for log in logs}
    notes: dict[str, list[str]] = {log: [] for log in logs}
    for claim in evidence.claims:
        faults[claim.log].extend(check(claim, evidence))
    for log in logs:
        notes[log].extend(_forks(log, evidence))
        notes[log].extend(_erased(log, evidence))
    if witness is not None:
        _compare(evidence, witness, faults, notes)
    general = evidence.faults + [
        fault for point in printed if (fault := _check_printed(point, evidence, faults, notes))
    ]
    return Report(
        evidence.name, tuple(general), tuple(_report(log, evidence, faults[log], notes[log]) for log in logs),
        tuple(evidence.notes),
    )  # fmt: skip


def _gather(source: Store | Bundle, progress: Progress) -> Evidence:
    return gather_bundle(source, progress) if isinstance(source, Bundle) else gather_store(source, progress)


def check(claim: Claim, evidence: Evidence) -> Iterator[str]:
    """The faults of one claim, the most telling first."""
    point, leaves = claim.checkpoint, evidence.leaves
    if incarnation_of(claim.public_key) != point.incarnation:
        yield f"the key {claim.public_key[:16]}... is not that of incarnation {point.incarnation}: the key is forged"
        return
    held = [(index, digest) for index, digest in zip(claim.indexes, claim.digests, strict=True) if digest in leaves]
    for index, digest in held:
        leaf = leaves[digest]
        if leaf.problem:
            yield f"entry {index}: {leaf.problem}"
        if leaf.log != claim.log:
            yield f"entry {index} was written by {leaf.log} and stands in the log of {claim.log}: its author is forged"
    yield from _order(held, leaves, whole=not claim.proof, size=point.size)
    for checkpoint in {point, *claim.checkpoints, *(old for old, _ in claim.history)}:
        if checkpoint.log != claim.log or not is_signed_by(
            claim.public_key, checkpoint.signature, checkpoint.message()
        ):
            yield f"the checkpoint of size {checkpoint.size} is not signed by the key of this log"
    yield from _roots(claim)


def _order(held: list[tuple[int, bytes]], leaves: dict[bytes, Leaf], whole: bool, size: int) -> Iterator[str]:
    expected = 0
    before: tuple[int, bytes] | None = None
    for index, digest in held:
        if whole and index != expected:
            yield f"entry {expected} is missing, swapped or repeated (entry {index} stands in its place)"
            return
        if before and index <= before[0]:
            yield f"entry {index} comes after entry {before[0]}: entries were swapped"
            return
        if before and index == before[0] + 1 and leaves[digest].previous != before[1].hex():
            yield f"entry {before[0]} is not the one that entry {index} was written after: it was altered or replaced"
            return
        before, expected = (index, digest), expected + 1
    if whole and expected < size:
        yield f"entry {expected} is missing: the signed checkpoint counts {size} entries, {expected} are here"


def _roots(claim: Claim) -> Iterator[str]:
    point = claim.checkpoint
    try:
        root = root_from_subset(point.size, dict(zip(claim.indexes, claim.digests, strict=True)), claim.proof)
    except (ValueError, KeyError) as error:
        yield f"the proof does not fit the entries ({error}): an entry was removed, added or replaced"
        return
    if root.hex() != point.root:
        yield (
            f"the root of {point.size} entries is {short_root(root.hex())}, the signed checkpoint says"
            f" {short_root(point.root)}: an entry was altered, removed or replaced"
        )
    for old, proof in claim.history:
        if not is_consistent(old.size, bytes.fromhex(old.root), point.size, root, proof):
            yield f"the past was rewritten: the log does not contain its own checkpoint of size {old.size} ({old.at})"
    if claim.whole and claim.checkpoints:
        roots = dict(roots_at(claim.digests, sorted({old.size for old in claim.checkpoints})))
        for old in claim.checkpoints:
            if roots.get(old.size, b"").hex() != old.root:
                yield f"the past was rewritten: the log does not contain its own checkpoint of size {old.size} ({old.at})"
                return


def _forks(log: str, evidence: Evidence) -> Iterator[str]:
    seen: dict[int, set[bytes]] = {}
    for claim in evidence.claims:
        if claim.log == log:
            for index, digest in zip(claim.indexes, claim.digests, strict=True):
                seen.setdefault(index, set()).add(digest)
    forked = sorted(index for index, digests in seen.items() if len(digests) > 1)
    if forked:
        yield (
            f"fork at entry {forked[0]}: {max(len(seen[i]) for i in forked)} branches, each signed by this key (a restored"
            " backup or a copied disk). Both are kept; start a new incarnation on the restored machine"
        )


def _erased(log: str, evidence: Evidence) -> Iterator[str]:
    gone = sum(1 for leaf in evidence.leaves.values() if leaf.log == log and not leaf.has_payload)
    if gone:
        yield f"{gone} payload(s) are not here: erased, or kept back by the sender; the entries still verify"


def _known_roots(log: str, evidence: Evidence, sizes: list[int]) -> tuple[dict[int, set[str]], int]:
    """Roots that the whole branches and consistency proofs of a log give at these sizes; and the longest whole branch."""
    roots: dict[int, set[str]] = {size: set() for size in sizes}
    longest = 0
    for claim in evidence.claims:
        if claim.log != log:
            continue
        prefix = 0
        while prefix < len(claim.indexes) and claim.indexes[prefix] == prefix:
            prefix += 1
        longest = max(longest, prefix)
        for size, root in roots_at(claim.digests[:prefix], sorted(roots)):
            roots[size].add(root.hex())
        for old, _ in [*claim.history, (claim.checkpoint, None)]:
            if old.size in roots:
                roots[old.size].add(old.root)
    return roots, longest


def _compare(evidence: Evidence, witness: Evidence, faults: dict[str, list[str]], notes: dict[str, list[str]]) -> None:
    """Hold each log against the checkpoints that a peer keeps of it."""
    remembered: dict[str, set[Checkpoint]] = {}
    for claim in witness.claims:
        if incarnation_of(claim.public_key) == claim.checkpoint.incarnation:
            points = {claim.checkpoint, *claim.checkpoints, *(old for old, _ in claim.history)}
            good = {point for point in points if is_signed_by(claim.public_key, point.signature, point.message())}
            remembered.setdefault(claim.log, set()).update(good)
    known_nodes = {log.partition("/")[0] for log in remembered}
    for log in faults:
        if log not in remembered:
            if log.partition("/")[0] in known_nodes and not _passed_on(
                log, remembered, evidence.passed_on | witness.passed_on
            ):
                faults[log].append(
                    "the peer knows this node under another key only: a forged key, or a new incarnation not yet enrolled."
                    " Compare its fingerprint by telephone, then enrol it"
                )
            else:
                notes[log].append("the peer holds nothing of this log: nothing to compare")
            continue
        points = sorted(remembered[log], key=lambda point: point.size)
        roots, longest = _known_roots(log, evidence, [point.size for point in points])
        for point in points:
            if point.root in roots[point.size]:
                continue
            if roots[point.size] or point.size <= longest:
                faults[log].append(
                    f"the past was rewritten: the peer holds a signed checkpoint of size {point.size} ({point.at}, root"
                    f" {short_root(point.root)}) that this log does not contain"
                )
                break
            if point.size > max((c.checkpoint.size for c in evidence.claims if c.log == log), default=0):
                faults[log].append(f"entries are missing: the peer holds a signed checkpoint of size {point.size}")
                break
            notes[log].append(f"the peer's checkpoint of size {point.size} cannot be compared with a partial bundle")


def _passed_on(log: str, known: Container[str], passed_on: Mapping[str, str]) -> bool:
    """Whether the key of a log comes, hand to hand, from a log that is known."""
    for _ in passed_on:
        log = passed_on.get(log, "")
        if log in known:
            return True
    return False


def _check_printed(
    point: Printed, evidence: Evidence, faults: dict[str, list[str]], notes: dict[str, list[str]]
) -> str | None:
    """None when the printed fingerprint is found in a log."""
    comparable = False
    for log in faults:
        if point.log and point.log not in (log, log.partition("/")[0]):
            continue
        roots, _ = _known_roots(log, evidence, [point.size])
        comparable = comparable or bool(roots[point.size])
        if any(short_root(root) == point.root for root in roots[point.size]):
            notes[log].append(f"the printed fingerprint {point.size} · {point.root} is in this log")
            return None
    if comparable:
        return (
            f"the past was rewritten: no log here has the printed fingerprint {point.root} at {point.size} entries. Check what"
            " was typed; if it is right, keep the printed page as evidence"
        )
    return (
        f"no log here reaches back to the printed fingerprint {point.size} · {point.root}: entries are missing, or the bundle"
        " is partial. Check it against the whole journal"
    )


def _report(log: str, evidence: Evidence, faults: list[str], notes: list[str]) -> LogReport:
    claims = [claim for claim in evidence.claims if claim.log == log]
    newest = max(claims, key=lambda claim: claim.checkpoint.size, default=None)
    held = len({digest for claim in claims for digest in claim.digests if digest in evidence.leaves})
    return LogReport(
        log, newest.public_key if newest else "", held, newest.checkpoint.size if newest else 0,
        newest.checkpoint.fingerprint if newest else "", 0 if faults else held, tuple(dict.fromkeys(faults)), tuple(notes),
    )  # fmt: skip
