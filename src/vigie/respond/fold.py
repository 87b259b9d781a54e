"""Fold: the entries of one incident, in any order, into what is known. Incremental: one entry touches one subject.

What an entry changes is decided in three steps: does it count (authority), what stands in its place (corrections,
erasures), on which subject it speaks (concept). The statements on a subject are kept in the order of the world and
concluded when a snapshot asks, for the subjects that were touched. A snapshot at a past instant is folded anew from
what had been received by then, so that nothing that came later can leak into it.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Collection, Hashable, Iterable, Mapping
from datetime import datetime
from typing import Any

from vigie.errors import InputError
from vigie.journal.authority import NODE_KINDS, REGISTER, Registry, Standing
from vigie.journal.entry import Received
from vigie.journal.facts import KINDS, Erased, Fact
from vigie.respond import care, cell, inquiry, systems
from vigie.respond.amendments import Amendments
from vigie.respond.shelf import Listing, Shelf
from vigie.respond.situation import Situation, summary
from vigie.respond.statement import SKEW, Author, Statement

CONCEPTS = (*systems.CONCEPTS, *care.CONCEPTS, *cell.CONCEPTS, *inquiry.CONCEPTS)
# An exercise never changes what a real incident shows, nor a simulation what an exercise shows.
REALM_RANK = {"real": 2, "exercise": 1, "simulated": 0}
AMENDING = frozenset({"correction", "erasure"})
SPECIAL = AMENDING | NODE_KINDS
Key = tuple[str, str, str, str, str]
_new = tuple.__new__


def situation(
    entries: Iterable[Received],
    revisions: Collection[str],
    at: datetime,
    *,
    incident: str | None = None,
    local: str | Collection[str] | None = None,
) -> Situation:
    """Fold every entry received up to `at` into what was known then. Pure: same entries in any order, same result.

    `revisions` are the digests of the cartographies at hand (any container of them). `incident` and `local` as in
    `Fold`. Raises InputError when `incident` is None and the entries belong to several.
    """
    fold = Fold(incident, local)
    fold.add_all(received for received in entries if received.received_at <= at)
    return fold.snapshot(at, revisions)


class Fold:
    """What is known of one incident, kept up to date entry by entry.

    `incident` None takes the first incident met as the only one, and refuses another (InputError). `local` names the
    logs of this installation, as in `Registry`. Entries of other incidents may be given too: of these, node facts and
    what a log had seen are read. A fold remembers the facts it was given: where an erasure must take a fact out of past
    snapshots as well, build a new one.
    """

    def __init__(self, incident: str | None = None, local: str | Collection[str] | None = None) -> None:
        self.incident = incident
        self.realm: str | None = None
        self.latest: datetime | None = None
        self.registry = Registry(local)
        self.shelves: dict[str, Shelf | Listing] = {
            concept.shelf: Listing(concept) if concept.subject is None else Shelf(concept) for concept in CONCEPTS
        }
        self.authors: dict[Key, Author] = {}
        self.odd: dict[str, str] = {}
        self.skewed: list[Statement] = []
        # Counts what may change the verdict on an entry, so that verdicts are summed up again only then.
        self.doubts = 0
        self.judged: tuple[int, Any] = (-1, None)
        self._held: dict[str, Statement] = {}
        self.amendments = Amendments(self._held, self.registry)
        self._about = self.amendments.about
        self._fixed = incident is not None
        self._local = local
        self._shelf_of = {kind: self.shelves[concept.shelf] for concept in CONCEPTS for kind in concept.kinds}
        self._touched: dict[str, Statement] = {}
        self._placed: dict[str, tuple[Shelf | Listing, Hashable, Statement] | None] = {}
        self._node_facts: dict[str, Received] = {}
        self._logs: dict[str, list[Author]] = {}
        self._frontiers: dict[tuple[str, str], list[tuple[int, int, datetime]]] = {}

    # -- taking entries in -------------------------------------------------------------------------------------------

    def add(self, received: Received) -> None:
        """Take one entry in. An entry that is already there changes nothing."""
        _, digest, entry, fact, received_at = received
        (realm, incident, node, incarnation, index, _, happened_at, precision, recorded_at, tick, person, role, kind,
         _, _, _, _, _, saw) = entry  # fmt: skip
        if digest in self._held or incident != self.incident and not self._concerns(received):
            return
        key = (incarnation, kind, role, node, realm)
        author = self.authors.get(key) or self._meet(key)
        late = happened_at > received_at and happened_at - received_at > SKEW
        shelf = author.shelf
        readable = fact.__class__ is author.type
        said: Statement = _new(Statement, (
            received_at if late else happened_at, recorded_at, tick, digest, digest, happened_at, received_at, index,
            precision, person, author, fact if readable and author.keeps else None,
        ))  # fmt: skip
        self._held[digest] = said
        author.said.append(said)
        if index > author.top:
            author.top = index
        if self.latest is None or received_at > self.latest:
            self.latest = received_at
        if late:
            self.skewed.append(said)
        if saw:
            self.look(author.log, index, saw, received_at)
        if not readable:
            self.odd[digest] = "erased" if fact.__class__ is Erased else "unreadable"
        if not author.plain or not readable or digest in self._about:
            self._rare(said, received)
        elif shelf is not None:
            shelf.put(shelf.subject(fact) if shelf.subject is not None else digest, said)

    def add_all(self, entries: Iterable[Received]) -> None:
        """Take many entries in."""
        add = self.add
        for received in entries:
            add(received)

    def snapshot(self, at: datetime | None = None, revisions: Collection[str] = ()) -> Situation:
        """What was known at `at` (None: at the latest reception). A past instant is folded anew, O(entries)."""
        if at is None or self.latest is None or at >= self.latest:
            return self._summary(at or self.latest, revisions)
        return self._as_of(at)._summary(at, revisions)

    def saw(self, reader: Statement, other: Statement) -> bool:
        """Whether the log of `reader` had seen `other` when `reader` was written."""
        if reader.author.log == other.author.log:
            return other.index <= reader.index
        steps = self._frontiers.get((reader.author.log, other.author.log), ())
        place = bisect_right(steps, (reader.index + 1,)) - 1
        return place >= 0 and steps[place][1] > other.index

    # -- what is rare ------------------------------------------------------------------------------------------------

    def _concerns(self, received: Received) -> bool:
        """Whether an entry of another incident than the one at hand is to be folded as one of ours."""
        entry, incident = received.entry, received.entry.incident
        if entry.kind in NODE_KINDS:
            self._enrol(received)
        if self._fixed or incident.partition("/")[2] == REGISTER:
            # What a log had seen is told once, by its next entry, of whatever incident.
            if entry.saw:
                self.look(entry.log, entry.index, entry.saw, received.received_at)
            return False
        if self.incident is None:
            self.incident = incident
            return True
        raise InputError(
            f"entries of two incidents, {self.incident} and {incident}: say which one the situation is about"
        )

    def _meet(self, key: Key) -> Author:
        """A voice heard for the first time."""
        incarnation, kind, role, node, realm = key
        author = Author(node, incarnation, role, kind, realm)
        author.type = KINDS.get(kind)
        author.shelf = self._shelf_of.get(kind)
        author.keeps = author.shelf is not None or kind in AMENDING
        self.authors[key] = author
        self._logs.setdefault(author.log, []).append(author)
        if REALM_RANK.get(realm, -1) > REALM_RANK.get(self.realm or "", -1) and self._may(author).counts:
            self._judge_again()
        self._judge(author)
        return author

    def _may(self, author: Author) -> Standing:
        owner = (self.incident or "").partition("/")[0]
        return self.registry.may(author.log, author.role, author.kind, owner)

    def _judge(self, author: Author) -> bool:
        """Decide whether a voice counts; True when that changed."""
        before = (author.counts, author.reason, author.since)
        author.counts, author.reason = self._may(author)
        author.since = self.registry.compromised_since(author.log)
        if author.counts and author.realm != self.realm:
            author.counts, author.reason = False, "other_realm"
        author.plain = author.counts and author.since is None and author.kind not in SPECIAL
        return before != (author.counts, author.reason, author.since)

    def _strongest_realm(self) -> str | None:
        """The realm of the incident: the strongest in which somebody entitled spoke."""
        realms = {author.realm for author in self.authors.values() if self._may(author).counts}
        return max(realms & REALM_RANK.keys(), key=REALM_RANK.__getitem__, default=None)

    def _judge_again(self) -> None:
        """Who is trusted changed, or the realm: place again all that may be touched."""
        self.doubts += 1
        self.amendments.forget()
        self.realm = self._strongest_realm()
        touched = {root.digest: root for root in self.amendments.chains() if root.author.shelf is not None}
        for author in self.authors.values():
            if self._judge(author) and author.shelf is not None:
                touched.update((said.digest, said) for said in author.said)
        self._touched.update(touched)

    def _enrol(self, received: Received) -> None:
        self._node_facts[received.digest] = received
        self._reach(received.received_at)
        if self.registry.add(received) and self.authors:
            self._judge_again()

    def _rare(self, said: Statement, received: Received) -> None:
        """Everything but a plain fact that counts: what is claimed, node facts, corrections, and what they are about."""
        self.doubts += 1
        if isinstance(received.fact, Fact) and said.author.kind in NODE_KINDS:
            self._enrol(received)
        self._settle(said)

    def _settle(self, said: Statement) -> None:
        """Place the entry that a statement is, or is about."""
        if said.fact is not None and said.author.kind in AMENDING:
            self.amendments.add(said)
        elif said.digest not in self._about and said.fact is not None:
            self._put(said)
            return
        root = self.amendments.root(said)
        if root is not None and root.author.shelf is not None:
            self._touched[root.digest] = root

    def _summary(self, at: datetime | None, revisions: Collection[str]) -> Situation:
        """Place what corrections and enrolments touched, once however many they were, and sum up."""
        touched, self._touched = self._touched, {}
        for root in touched.values():
            self._place(root)
        return summary(self, at, revisions)

    def _put(self, said: Statement) -> None:
        """Put a plain statement where it belongs, if it counts."""
        author = said.author
        if author.counts and (author.since is None or said.recorded_at < author.since):
            author.shelf.put(author.shelf.key(said), said)

    def _place(self, root: Statement) -> None:
        """Put an entry, or what stands in its place, where it belongs; it may have lain elsewhere before."""
        if root.digest in self._placed:
            before = self._placed.pop(root.digest)
        else:
            before = None if root.fact is None else (root.author.shelf, root.author.shelf.key(root), root)
        if before is not None:
            shelf, key, old = before
            shelf.take(key, old)
        author = root.author
        if not author.counts or author.since is not None and root.recorded_at >= author.since:
            self._placed[root.digest] = None
            return
        now = self.amendments.effective(root, self.incident or "", self.realm)
        if now is None:
            self._placed[root.digest] = None
            return
        key = author.shelf.key(now)
        author.shelf.put(key, now)
        self._placed[root.digest] = (author.shelf, key, now)

    def look(self, log: str, index: int, saw: Mapping[str, int], received_at: datetime) -> None:
        """Remember what a log had seen of others at one of its entries, of whatever incident."""
        self._reach(received_at)
        for other, size in saw.items():
            steps = self._frontiers.setdefault((log, other), [])
            step = (index, size, received_at)
            place = bisect_left(steps, step)
            if steps[place : place + 1] != [step]:
                steps.insert(place, step)
        if any(author.top > index for author in self._logs.get(log, ())):
            for shelf in self.shelves.values():
                shelf.soil(log)

    def _reach(self, received_at: datetime) -> None:
        if self.latest is None or received_at > self.latest:
            self.latest = received_at

    def _as_of(self, at: datetime) -> Fold:
        """A fold of what had been received at an instant."""
        past = Fold(self.incident if self._fixed else None, self._local)
        past.incident = self.incident
        for received in self._node_facts.values():
            if received.received_at <= at:
                past._enrol(received)
        for pair, steps in self._frontiers.items():
            past._frontiers[pair] = [step for step in steps if step[2] <= at]
        for key, author in self.authors.items():
            kept = [said for said in author.said if said.received_at <= at]
            if kept:
                twin = past._meet(key)
                twin.top = max(said.index for said in kept)
                for said in kept:
                    past._replay(_new(Statement, (*said[:10], twin, said.fact)), self.odd.get(said.digest))
        past.latest = at
        return past

    def _replay(self, said: Statement, odd: str | None) -> None:
        """Take in a statement of another fold."""
        author = said.author
        self._held[said.digest] = said
        author.said.append(said)
        if said.skewed:
            self.skewed.append(said)
        if odd is not None:
            self.odd[said.digest] = odd
        self._settle(said)
