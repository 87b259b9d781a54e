"""What is known of the crisis cell: is the incident open, who is there, what was decided, asked, handed over, spent."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from vigie.journal.facts import Closed, Opened
from vigie.respond.concept import Concept, Conclusion, Known, listed, register
from vigie.respond.conflict import choose, conflict, standing
from vigie.respond.statement import Saw, Stamp, Statement, stamp

TASK = {"done": 0, "dropped": 0, "assigned": 1}


@dataclass(frozen=True, slots=True)
class Lifecycle:
    """Whether the incident is open, its title, and when it was opened and closed.

    `detected_at` None: nobody can say yet. `opened` is the first opening, `closed` the closing in force, if any.
    """

    open: bool
    title: str
    summary: str
    establishments: tuple[str, ...]
    detected_at: datetime | None
    on_behalf_of: str
    outcome: str
    opened: Stamp | None
    closed: Stamp | None


@dataclass(frozen=True, slots=True)
class Expense:
    """Money in one currency: what was really spent or lost, or what is only estimated. Minor units (cents)."""

    currency: str
    estimate: bool
    amount_minor: int
    statements: int


def _lifecycle(said: Sequence[Statement], logs: int, saw: Saw) -> Conclusion:
    heads = standing(said, logs, saw)
    used, contradicted = choose(heads, lambda fact: fact.kind, lambda fact: fact.kind == "opened")
    openings = [one for one in said if isinstance(one.fact, Opened)]
    last = openings[-1] if openings else None
    detected = [one.fact.detected_at for one in openings if one.fact.detected_at is not None]
    closing = used if isinstance(used.fact, Closed) else None
    shown = Lifecycle(
        open=closing is None,
        title=last.fact.title if last else "",
        summary=last.fact.summary if last else "",
        establishments=last.fact.establishments if last else (),
        detected_at=detected[-1] if detected else None,
        on_behalf_of=last.fact.on_behalf_of if last else "",
        outcome=closing.fact.outcome if closing else "",
        opened=stamp(openings[0]) if openings else None,
        closed=stamp(closing) if closing else None,
    )
    return shown, conflict("opened", "", heads, lambda fact: fact.kind, used) if contradicted else None


def _unacknowledged(said: Sequence[Statement], logs: int, saw: Saw) -> Conclusion:
    """Hand-overs that nobody acknowledged. An acknowledgement settles what its log had seen, given by somebody else."""
    acknowledged = [one for one in said if one.fact.action == "acknowledged"]
    waiting = (
        one
        for one in said
        if one.fact.action == "given"
        and not any(
            later.fact.person != one.fact.person and later[:4] > one[:4] and saw(later, one) for later in acknowledged
        )
    )
    return tuple(Known(one.fact, stamp(one)) for one in waiting), None


def _expense(said: Sequence[Statement], logs: int, saw: Saw) -> Conclusion:
    first = said[0].fact
    return Expense(first.currency, first.estimate, sum(one.fact.amount_minor for one in said), len(said)), None


CONCEPTS: tuple[Concept, ...] = (
    Concept(("opened", "closed"), "lifecycle", lambda fact: None, _lifecycle),
    listed("decision", "decisions"),
    register(
        "task", "tasks", lambda fact: fact.task, lambda fact: fact.state, lambda fact: TASK[fact.state], mapping=True,
    ),
    register(
        "roster", "roster", lambda fact: (fact.role, fact.person), lambda fact: fact.action,
        lambda fact: fact.action == "leaves", name=lambda fact: f"{fact.role} {fact.person}",
    ),
    Concept(("handover",), "handovers", lambda fact: None, _unacknowledged),
    listed("communication", "communications"),
    Concept(("cost",), "costs", lambda fact: (fact.currency, fact.estimate), _expense),
)  # fmt: skip
