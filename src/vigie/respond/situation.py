"""Situation: what was known of an incident at an instant. Frozen; made by `Fold`, read by boards, plans and prints.

Nothing in it depends on the order in which entries arrived, nor (clocks that run ahead apart) on the node that holds
them, so two nodes that hold the same entries and trust the same nodes show the same situation. What nobody said is
absent or None: no default is good news.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from vigie.journal.authority import NODE_KINDS
from vigie.journal.facts import Declared
from vigie.respond.care import ServiceState, Total
from vigie.respond.cell import Expense, Lifecycle
from vigie.respond.concept import Known
from vigie.respond.conflict import Conflict
from vigie.respond.inquiry import DeclarationState, LeakState
from vigie.respond.statement import Author, Stamp, Statement, stamp
from vigie.respond.systems import ApplicationState, Promise, TrustState

if TYPE_CHECKING:
    from vigie.respond.fold import Fold


@dataclass(frozen=True, slots=True)
class Claimed:
    """An entry that changes no state because its author may not say that here. `reason`: a key of authority.REASONS."""

    kind: str
    role: str
    reason: str
    by: Stamp


@dataclass(frozen=True, slots=True)
class Counts:
    """How many entries are held, and how many of them are not simply believed.

    `unreadable`: facts this version cannot read. `erased`: payloads destroyed here. `corrections`: corrections and
    withdrawals that count. `waiting`: corrections and erasures of entries that have not arrived. `other_realm`: entries
    of an exercise in a real incident, and so on.
    """

    entries: int
    claimed: int
    unreadable: int
    erased: int
    corrections: int
    waiting: int
    other_realm: int
    skewed: int
    by_kind: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Situation:
    """What was known at `at`. Tuples are in the order of the world, dictionaries by subject; see `Known` for the rest.

    `realm` is real, exercise or simulated (None: no entry that counts). `map` is the adoption in force of a
    cartography, and `map_held` says whether that revision is at hand. `handovers` are those nobody acknowledged.
    """

    at: datetime | None
    incident: str | None
    realm: str | None
    lifecycle: Lifecycle | None
    applications: Mapping[str, ApplicationState]
    trust: Mapping[tuple[str, str], TrustState]
    services: Mapping[str, ServiceState]
    containment: tuple[Known, ...]
    credential_resets: tuple[Known, ...]
    restore_points: tuple[Known, ...]
    gates: tuple[Known, ...]
    estimates: tuple[Promise, ...]
    workforce: tuple[Known, ...]
    forecasts: tuple[Known, ...]
    capacity: Mapping[str | None, Known]
    transfers: tuple[Total, ...]
    postponements: tuple[Total, ...]
    safety_events: tuple[Known, ...]
    backlog: tuple[Known, ...]
    decisions: tuple[Known, ...]
    tasks: Mapping[str, Known]
    roster: tuple[Known, ...]
    handovers: tuple[Known, ...]
    communications: tuple[Known, ...]
    costs: tuple[Expense, ...]
    declarations: tuple[Known, ...]
    artefacts: tuple[Known, ...]
    indicators: tuple[Known, ...]
    vulnerabilities: tuple[Known, ...]
    techniques: tuple[Known, ...]
    leaks: tuple[LeakState, ...]
    declared: Mapping[str, DeclarationState]
    exchanges: tuple[Known, ...]
    support: Mapping[str, Known]
    routings: tuple[Known, ...]
    qualifications: Mapping[str | None, Known]
    map: Known | None
    map_held: bool
    conflicts: tuple[Conflict, ...]
    claimed: tuple[Claimed, ...]
    skewed: tuple[Stamp, ...]
    counts: Counts

    @property
    def open(self) -> bool | None:
        """Whether the incident is open; None when nobody opened it."""
        return self.lifecycle.open if self.lifecycle else None

    @property
    def qualification(self) -> Known | None:
        """How the observatory qualifies the incident as a whole; `qualifications` has those of its declarations too."""
        return self.qualifications.get(None)

    @property
    def forecast(self) -> Known | None:
        """The forecast in force, the last one announced; None: nobody announced any. `forecasts` keeps them all."""
        return self.forecasts[-1] if self.forecasts else None

    @property
    def cut(self) -> tuple[Known, ...]:
        """Containment in force: what is cut off and was not joined again."""
        return tuple(known for known in self.containment if known.fact.action != "reconnected")

    @property
    def open_tasks(self) -> tuple[Known, ...]:
        """Tasks assigned and neither done nor dropped, by identifier."""
        return tuple(known for known in self.tasks.values() if known.fact.state == "assigned")

    @property
    def closed_tasks(self) -> tuple[Known, ...]:
        """Tasks done or dropped, by identifier."""
        return tuple(known for known in self.tasks.values() if known.fact.state != "assigned")

    @property
    def on_duty(self) -> tuple[Known, ...]:
        """Who holds which role of the cell now."""
        return tuple(known for known in self.roster if known.fact.action == "takes")

    @property
    def reviews_due(self) -> tuple[Known, ...]:
        """Decisions whose review date has passed at `at`."""
        return tuple(
            known for known in self.decisions if self.at and known.fact.review_at and known.fact.review_at <= self.at
        )

    @property
    def late_tasks(self) -> tuple[Known, ...]:
        """Open tasks whose due date has passed at `at`."""
        at = self.at
        return tuple(known for known in self.open_tasks if at and known.fact.due_at and known.fact.due_at < at)

    def declared_to(self, addressee: str) -> tuple[Declared, ...]:
        """What was declared to one authority, in order."""
        return tuple(known.fact for known in self.declarations if known.fact.addressee == addressee)


SINGLE = frozenset({"lifecycle", "map"})


def summary(fold: Fold, at: datetime | None, revisions: Collection[str]) -> Situation:
    """The situation of a fold. Only what was touched since the last one is concluded again."""
    known: dict[str, Any] = {name: shelf.publish(fold.saw) for name, shelf in fold.shelves.items()}
    for name in SINGLE:
        known[name] = known[name][0] if known[name] else None
    known["handovers"] = known["handovers"][0] if known["handovers"] else ()
    conflicts = [
        conflict
        for shelf in fold.shelves.values()
        if shelf.conflicts
        for _, conflict in sorted(shelf.conflicts.items(), key=lambda item: str(item[0]))
    ]
    if fold.judged[0] != fold.doubts:
        fold.judged = (fold.doubts, _judged(fold))
    claimed, tally = fold.judged[1]
    return Situation(
        at=at,
        incident=fold.incident,
        realm=fold.realm,
        map_held=known["map"] is not None and known["map"].fact.revision in revisions,
        conflicts=tuple(conflicts),
        claimed=claimed,
        skewed=tuple(stamp(said) for said in sorted(fold.skewed)),
        counts=_counts(fold, tally),
        **known,
    )


def _judged(fold: Fold) -> tuple[tuple[Claimed, ...], Counter[str]]:
    """The entries that do not count, in the order of the world, and how many there are of each verdict."""
    tally: Counter[str] = Counter()
    claimed: list[tuple[Statement, Claimed]] = []
    for author in fold.authors.values():
        if author.type is None:
            continue  # unreadable: neither believed nor doubted
        for said, reason in _verdicts(fold, author):
            tally[reason] += 1
            if reason not in ("counts", "waiting", "other_realm"):
                claimed.append((said, Claimed(author.kind, author.role, reason, stamp(said))))
    claimed.sort(key=lambda pair: pair[0][:4])
    return tuple(one for _, one in claimed), tally


def _verdicts(fold: Fold, author: Author) -> Iterator[tuple[Statement, str]]:
    """The statements of one voice that need a word: all but plain ones that count."""
    if author.kind in ("correction", "erasure"):
        for said in author.said:
            if said.fact is not None:
                reason = fold.amendments.standing(said, fold.incident or "", fold.realm).reason
                if author.kind == "correction" or reason != "counts":
                    yield said, reason
    elif author.kind in NODE_KINDS:
        for said in author.said:
            standing = fold.registry.verdict(author.log, said.index)
            if not standing.counts:
                yield said, standing.reason
    elif not author.counts:
        for said in author.said:
            yield said, author.reason
    elif author.since is not None:
        for said in author.said:
            if said.recorded_at >= author.since:
                yield said, "compromised"


def _counts(fold: Fold, tally: Counter[str]) -> Counts:
    by_kind: Counter[str] = Counter()
    for author in fold.authors.values():
        by_kind[author.kind] += len(author.said)
    odd = Counter(fold.odd.values())
    apart = ("counts", "waiting", "other_realm")
    return Counts(
        entries=sum(by_kind.values()),
        claimed=sum(number for reason, number in tally.items() if reason not in apart),
        unreadable=odd["unreadable"],
        erased=odd["erased"],
        corrections=tally["counts"],
        waiting=tally["waiting"],
        other_realm=tally["other_realm"],
        skewed=len(fold.skewed),
        by_kind=dict(sorted(by_kind.items())),
    )
