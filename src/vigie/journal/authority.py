"""Who may say what. A signature says which node wrote an entry; the matrix below says whether the entry counts.

What does not count is *claimed*: it is kept, relayed and shown, and changes no state. The table is generated into
`docs/reference/authority.md`, which a test compares with this file.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from datetime import datetime, timedelta
from typing import Literal, NamedTuple

from vigie.errors import InputError
from vigie.journal.entry import Entry, Received
from vigie.journal.facts import KINDS, KeyCompromised, KeyRotated, NodeEnrolled

Relation = Literal["own", "observatory", "peer", "stranger"]
RELATIONS: dict[str, str] = {
    "own": "the node speaks for the organisation that owns the incident",
    "observatory": "the node is an enrolled observatory, and the incident is another's",
    "peer": "the node is another enrolled hospital or group",
    "stranger": "nobody here enrolled the node",
}
REASONS: dict[str, str] = {
    "counts": "it counts",
    "stranger": "nobody here enrolled the node that wrote it",
    "compromised": "the key of its node was declared compromised before the instant it bears",
    "relation": "the node does not speak for the owner of the incident, and may not write this kind there",
    "role": "the role of its author may not write this kind",
    "unknown_kind": "this version cannot read this kind of fact",
    "introduction": "a node introduces itself: that makes nobody trust it",
    "not_local_administrator": "only an administrator of this installation says which nodes it trusts",
    "not_the_holder": "a key is passed on in the log of the key it replaces, by a trusted node",
    "waiting": "the entry it is about has not arrived",
    "other_side": "outside its own incidents, a node may correct or erase only what it wrote itself",
    "other_incident": "the entry it is about belongs to another incident",
    "other_realm": "an exercise says nothing of a real incident, nor a simulation of an exercise",
    "other_kind": "a correction puts in place a fact of the kind of the original",
}

NODE_KINDS = frozenset({"node_enrolled", "key_rotated", "key_compromised"})
# Corrections and erasures are judged by the entry they are about, the three node kinds by the registry.
_ABOUT_ANOTHER = frozenset({"correction", "erasure"})
_CELL = frozenset(KINDS) - NODE_KINDS - _ABOUT_ANOTHER - {"closed", "qualification", "routing"}
# A program measures and imports. It does not decide, sign, hand over or close.
_PERSONAL = frozenset({"decision", "gate", "handover", "communication"})
_INTELLIGENCE = frozenset({"note", "indicator", "exploited_vulnerability", "technique"})

MATRIX: dict[str, dict[str, frozenset[str]]] = {
    "own": {
        "member": _CELL,
        "director": _CELL | {"closed", "erasure"},
        "analyst": _CELL | {"closed", "qualification", "routing"},
        "administrator": NODE_KINDS | {"map_adopted"},
        "node": _CELL - _PERSONAL,
    },
    "observatory": {
        "analyst": _INTELLIGENCE | {"qualification", "communication", "exchange", "support", "routing"},
        "node": frozenset({"indicator", "exploited_vulnerability"}),
    },
    "peer": {
        "member": frozenset({"note", "indicator"}),
        "director": frozenset({"note", "indicator"}),
        "node": frozenset({"indicator"}),
    },
    "stranger": {},
}
REGISTER = "register"
INSTANT = timedelta(microseconds=1)
# The key that each log replaced, and when.
Parents = dict[str, tuple[str, datetime]]


class Standing(NamedTuple):
    """Whether an entry counts, and why: `reason` is a key of REASONS, turned into a sentence at display time."""

    counts: bool
    reason: str = "counts"

    @property
    def word(self) -> str:
        """`counts` or `claimed`."""
        return "counts" if self.counts else "claimed"


COUNTS = Standing(True)


class Enrolment(NamedTuple):
    """What this installation lets a log say. `local`: it may enrol others."""

    log: str
    role: str
    speaks_for: frozenset[str]
    local: bool


class _View(NamedTuple):
    """What follows from the node facts."""

    trusted: dict[str, Enrolment]
    compromised: dict[str, datetime]
    verdicts: dict[tuple[str, int], Standing]


class Registry:
    """Which logs this installation trusts, for whom they speak, and since when a key is not to be believed.

    A pure fold over node facts: any order, same registry. `local` names the logs this installation wrote itself
    ('node/incarnation', one or several); they introduce themselves and their administrators enrol all others. None is
    for a reader that belongs to no node (a notebook, an example): every log is taken at its word.
    """

    __slots__ = ("_facts", "_local", "_view", "version")

    def __init__(self, local: str | Collection[str] | None = None) -> None:
        logs = (local,) if isinstance(local, str) else local
        for log in logs or ():
            if "/" not in log:
                raise InputError(
                    f"{log!r} names a node and not a log. Give 'node/incarnation': anybody can call himself {log!r}"
                )
        self._local = None if logs is None else frozenset(logs)
        self._facts: dict[str, Received] = {}
        self._view = _View({}, {}, {})
        self.version = 0

    def add(self, received: Received) -> bool:
        """Take one entry into account; True when that changed who is trusted. Only node facts matter."""
        if not isinstance(received.fact, NodeEnrolled | KeyRotated | KeyCompromised) or received.digest in self._facts:
            return False
        self._facts[received.digest] = received
        before, self._view = self._view, self._settle()
        if before == self._view:
            return False
        self.version += 1
        return True

    def standing(self, entry: Entry, original: Entry | None = None) -> Standing:
        """Whether an entry counts. `original` is the entry that a correction or an erasure is about (None: not here).

        For a correction of a correction, that is the entry at the root of the chain.
        """
        if entry.kind in NODE_KINDS:
            return self.verdict(entry.log, entry.index)
        since = self._view.compromised.get(entry.log)
        if since is not None and entry.recorded_at >= since:
            return Standing(False, "compromised")
        if entry.kind not in _ABOUT_ANOTHER:
            return self.may(entry.log, entry.role, entry.kind, entry.owner)
        if original is None:
            return Standing(False, "waiting")
        if original.incident != entry.incident:
            return Standing(False, "other_incident")
        return self.may_amend(entry.log, entry.role, entry.kind, entry.incident, original.log, original.kind)

    def verdict(self, log: str, index: int) -> Standing:
        """Whether a node fact counts, by its place."""
        return self._view.verdicts.get((log, index), Standing(False, "not_local_administrator"))

    def may(self, log: str, role: str, kind: str, owner: str) -> Standing:
        """Whether the matrix lets this log, for an author of this role, write this kind in an incident of `owner`."""
        if kind not in KINDS:
            return Standing(False, "unknown_kind")
        relation = self.relation(log, owner)
        if relation == "stranger":
            return Standing(False, "stranger")
        if kind in MATRIX[relation].get(role, ()):
            return COUNTS
        allowed_somebody = any(kind in kinds for kinds in MATRIX[relation].values())
        return Standing(False, "role" if allowed_somebody else "relation")

    def may_amend(self, log: str, role: str, verb: str, incident: str, by: str, kind: str) -> Standing:
        """Whether this log may correct or erase (`verb`) an entry of that kind, written by the log `by`."""
        owner, _, name = incident.partition("/")
        side = self.relation(log, owner)
        if side == "stranger":
            return Standing(False, "stranger")
        if side != "own" or self.relation(by, owner) != "own":
            ours, theirs = log.partition("/")[0], by.partition("/")[0]
            if ours != theirs or self.relation(by, owner) == "stranger":
                return Standing(False, "other_side")
        if verb == "erasure":
            allowed = "erasure" in MATRIX[side].get(role, ()) or (
                side == "own" and name == REGISTER and role == "administrator"
            )
            return COUNTS if allowed else Standing(False, "role")
        if kind in NODE_KINDS:
            return Standing(False, "not_local_administrator")
        return COUNTS if kind in _ABOUT_ANOTHER else self.may(log, role, kind, owner)

    def relation(self, log: str, owner: str) -> Relation:
        """What a log is to the owner of an incident."""
        enrolment = self._view.trusted.get(log)
        if enrolment is None:
            return "own" if self._local is None else "stranger"
        if owner in enrolment.speaks_for:
            return "own"
        return "observatory" if enrolment.role == "observatory" else "peer"

    def compromised_since(self, log: str) -> datetime | None:
        """Since when the key of a log is not to be believed."""
        return self._view.compromised.get(log)

    def enrolments(self) -> tuple[Enrolment, ...]:
        """Every trusted log, by name."""
        return tuple(enrolment for _, enrolment in sorted(self._view.trusted.items()))

    def _settle(self) -> _View:
        """Walk the facts until the compromises that were found are those that were assumed.

        A key declared stolen since Monday takes back what it said on Tuesday, which may be a declaration about another
        key: hence the repetition. It is bounded, so that keys that denounce each other cannot keep it turning.
        """
        facts = sorted(self._facts.values(), key=lambda r: (r.entry.recorded_at, r.entry.tick, r.digest))
        view = _walk(facts, self._local, {})
        for _ in facts:
            again = _walk(facts, self._local, view.compromised)
            if again.compromised == view.compromised:
                return again
            view = again
        return view


def registry(received: Iterable[Received], local: str | Collection[str] | None) -> Registry:
    """The registry that follows from some entries, as the owner of the logs `local` sees it."""
    made = Registry(local)
    for each in received:
        made.add(each)
    return made


def _walk(facts: list[Received], local: frozenset[str] | None, assumed: dict[str, datetime]) -> _View:
    """One pass over the node facts in the order they were recorded, with some keys assumed compromised."""
    view = _View(dict(_introductions(facts, local)), {}, {})
    parents: Parents = {}
    for received in facts:
        entry, fact = received.entry, received.fact
        log, since = entry.log, assumed.get(entry.log)
        if isinstance(fact, KeyCompromised):
            standing = _compromise(view, parents, entry, fact, since)
        elif since is not None and entry.recorded_at >= since:
            standing = Standing(False, "compromised")
        elif isinstance(fact, NodeEnrolled):
            standing = _enrol(view, entry, fact, local)
        else:
            standing = _rotate(view, parents, entry, fact)
        view.verdicts[(log, entry.index)] = standing
    return view


def _introductions(facts: list[Received], local: frozenset[str] | None) -> Iterator[tuple[str, Enrolment]]:
    """The logs that are believed about themselves: those of this installation, or all where there is none."""
    for _, _, entry, fact, _ in facts:
        if isinstance(fact, NodeEnrolled):
            log = f"{fact.node}/{fact.incarnation}"
            if local is None or (log in local and log == entry.log):
                yield log, Enrolment(log, fact.role, frozenset(fact.speaks_for), True)


def _enrol(view: _View, entry: Entry, fact: NodeEnrolled, local: frozenset[str] | None) -> Standing:
    log = f"{fact.node}/{fact.incarnation}"
    if log == entry.log:
        return COUNTS if local is None or log in local else Standing(False, "introduction")
    writer = view.trusted.get(entry.log)
    if writer is None or not writer.local or entry.role != "administrator":
        return Standing(False, "not_local_administrator")
    was_local = log in view.trusted and view.trusted[log].local
    view.trusted[log] = Enrolment(log, fact.role, frozenset(fact.speaks_for), was_local)
    return COUNTS


def _rotate(view: _View, parents: Parents, entry: Entry, fact: KeyRotated) -> Standing:
    writer = view.trusted.get(entry.log)
    if writer is None or entry.log != f"{fact.node}/{fact.old_incarnation}":
        return Standing(False, "not_the_holder")
    log = f"{fact.node}/{fact.new_incarnation}"
    view.trusted[log] = writer._replace(log=log)
    parents[log] = (entry.log, entry.recorded_at)
    return COUNTS


def _compromise(view: _View, parents: Parents, entry: Entry, fact: KeyCompromised, since: datetime | None) -> Standing:
    """A key is denounced by an administrator here, by a key that descends from it, or by itself.

    A descendant cannot deny the rotation that made it trusted: it denounces from that instant on. Only an
    administrator, who knows the node otherwise, goes further back.
    """
    target = f"{fact.node}/{fact.incarnation}"
    writer = view.trusted.get(entry.log)
    if writer is None:
        return Standing(False, "stranger")
    if entry.log != target and since is not None and entry.recorded_at >= since:
        return Standing(False, "compromised")
    if entry.log == target and (entry.role != "administrator" or entry.incident.partition("/")[2] != REGISTER):
        return Standing(False, "role")
    begins = fact.since
    if entry.log != target and not (writer.local and entry.role == "administrator"):
        rotated_at = _rotated_at(parents, entry.log, target)
        if rotated_at is None:
            return Standing(False, "not_local_administrator")
        begins = max(begins, rotated_at + INSTANT)
    view.compromised[target] = min(begins, view.compromised.get(target, begins))
    return COUNTS


def _rotated_at(parents: Parents, log: str, ancestor: str) -> datetime | None:
    """When `ancestor` handed over to the line of keys that leads to `log`; None when it did not."""
    seen: set[str] = set()
    while log in parents and log not in seen:
        seen.add(log)
        log, rotated_at = parents[log]
        if log == ancestor:
            return rotated_at
    return None


__all__ = [
    "COUNTS", "MATRIX", "NODE_KINDS", "REASONS", "REGISTER", "RELATIONS", "Enrolment", "Registry", "Standing",
    "registry",
]  # fmt: skip
