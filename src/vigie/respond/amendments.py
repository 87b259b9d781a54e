"""Amendments: corrections and erasures, and what stands in the place of an entry because of them.

The corrections of an entry, the corrections of these, and so on, form a tree with the entry at its *root*. It is read
from the leaves: at each level the latest correction recorded wins; one that is itself withdrawn is as if it had never
been.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any, NamedTuple

from vigie.errors import FactError
from vigie.journal.authority import Registry, Standing
from vigie.journal.facts import Correction, Erasure, Fact, parse
from vigie.respond.statement import Statement


class Mend(NamedTuple):
    """What a correction puts in place: a fact, or nothing (`fact` None), at its own instant unless `happened_at`."""

    fact: Fact | None
    happened_at: datetime | None


class Amendments:
    """The corrections and erasures of one incident, by the digest of the entry they are about."""

    def __init__(self, held: dict[str, Statement], registry: Registry) -> None:
        self.about: dict[str, list[Statement]] = {}
        self._held = held
        self._registry = registry
        # The farthest entry known up each chain, arrived or not: a chain of any length is walked once.
        self._top: dict[str, str] = {}
        self._read: dict[str, Fact | None] = {}
        self._verdicts: dict[str, Standing] = {}

    def add(self, said: Statement) -> None:
        """Take in a correction or an erasure."""
        self.about.setdefault(said.fact.of, []).append(said)

    def root(self, said: Statement) -> Statement | None:
        """The entry that a chain of corrections is about; None when it has not arrived."""
        path: list[str] = []
        current: Statement | None = said
        top = said.digest
        while current is not None and isinstance(current.fact, Correction | Erasure):
            path.append(current.digest)
            top = self._top.get(current.digest, current.fact.of)
            current = self._held.get(top)
        self._top.update(dict.fromkeys(path, top))
        return current

    def standing(self, said: Statement, incident: str, realm: str | None) -> Standing:
        """Whether a correction or an erasure counts."""
        known = self._verdicts.get(said.digest)
        if known is None:
            known = self._judge(said, incident, realm)
            if known.reason != "waiting":
                self._verdicts[said.digest] = known
        return known

    def forget(self) -> None:
        """Who is trusted changed: judge again."""
        self._verdicts.clear()

    def _judge(self, said: Statement, incident: str, realm: str | None) -> Standing:
        author = said.author
        if self._registry.relation(author.log, incident.partition("/")[0]) == "stranger":
            return Standing(False, "stranger")
        if realm is not None and author.realm != realm:
            return Standing(False, "other_realm")
        if author.since is not None and said.recorded_at >= author.since:
            return Standing(False, "compromised")
        root = self.root(said)
        if root is None:
            return Standing(False, "waiting")
        by = self._held[said.fact.of].author.log
        standing = self._registry.may_amend(
            author.log, author.role, author.kind, incident, by, root.author.kind
        )  # fmt: skip
        if standing.counts and author.kind == "correction" and not self._fits(said, root):
            return Standing(False, "other_kind")
        return standing

    def effective(self, root: Statement, incident: str, realm: str | None) -> Statement | None:
        """The statement that stands in the place of `root`; None when it was withdrawn or erased."""
        family = [root]
        children: dict[str, list[Statement]] = {}
        erased: set[str] = set()
        for parent in family:
            for one in self.about.get(parent.digest, ()):
                if not self.standing(one, incident, realm).counts:
                    continue
                if one.author.kind == "erasure":
                    erased.add(parent.digest)
                else:
                    family.append(one)
                    children.setdefault(parent.digest, []).append(one)
        mends: dict[str, tuple[Mend, Statement] | None] = {}
        # Leaves first, without recursion: a chain may be longer than the stack of the interpreter.
        for one in reversed(family[1:]):
            mends[one.digest] = None if one.digest in erased else self._mended(one, _winner(one, children, mends))
        winner = _winner(root, children, mends)
        if winner is None:
            return None if root.digest in erased or not isinstance(root.fact, Fact) else root
        return _in_place_of(root, *winner)

    def replacement(self, said: Statement) -> Fact | None:
        """What a correction puts in place, read once. Raises FactError when this version cannot read it."""
        if said.digest not in self._read:
            data: dict[str, Any] | None = said.fact.replacement
            self._read[said.digest] = None if data is None else _parsed(data)
        return self._read[said.digest]

    def _fits(self, said: Statement, root: Statement) -> bool:
        """Whether the replacement is a fact of the kind of the root; in a chain, it may be a correction of that kind."""
        try:
            fact = self.replacement(said)
            if isinstance(fact, Correction) and said.fact.of != root.digest:
                fact = _replaced_by(fact)
        except FactError:
            return False
        return fact is None or fact.kind == root.author.kind

    def _mended(self, one: Statement, winner: tuple[Mend, Statement] | None) -> tuple[Mend, Statement] | None:
        """What a correction puts in place, itself corrected by the winner among its own corrections."""
        own = Mend(self.replacement(one), one.fact.happened_at)
        if winner is None:
            return own, one
        mend, by = winner
        if mend.fact is None:
            return None
        if isinstance(mend.fact, Correction):
            mend = Mend(_replaced_by(mend.fact), mend.fact.happened_at)
        return Mend(mend.fact, mend.happened_at or own.happened_at), by

    def chains(self) -> Iterator[Statement]:
        """The root of every chain that has arrived."""
        for said in [one for several in self.about.values() for one in several]:
            root = self.root(said)
            if root is not None:
                yield root


Mends = dict[str, tuple[Mend, Statement] | None]


def _winner(parent: Statement, children: dict[str, list[Statement]], mends: Mends) -> tuple[Mend, Statement] | None:
    """The latest recorded correction of an entry that still says something."""
    alive = [one for one in children.get(parent.digest, ()) if mends[one.digest] is not None]
    return mends[max(alive, key=lambda one: one[1:4]).digest] if alive else None


def _replaced_by(fact: Correction) -> Fact | None:
    return None if fact.replacement is None else _parsed(fact.replacement)


def _parsed(data: dict[str, Any]) -> Fact:
    """A replacement as a fact. Raises FactError, whatever was stored."""
    try:
        return parse(data)
    except TypeError as error:
        raise FactError(f"kind: not a word ({error})") from None


def _in_place_of(root: Statement, mend: Mend, by: Statement) -> Statement | None:
    if mend.fact is None:
        return None
    return by._replace(
        order=mend.happened_at or root.order, happened_at=mend.happened_at or root.happened_at, original=root.digest,
        precision=root.precision, fact=mend.fact,
    )  # fmt: skip
