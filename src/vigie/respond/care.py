"""What is known of care: how services work, what they can take, who was moved, put off or put in danger."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from vigie.respond.concept import Concept, Conclusion, Known, Step, filled, listed, register, steps
from vigie.respond.statement import Saw, Stamp, Statement, stamp

MODE = {"normal": 0, "degraded": 1, "unknown": 2, "diverted": 3, "stopped": 4}
CAPACITY = ("beds_open", "beds_usual", "visits_per_day", "visits_per_day_usual", "activity_percent")
BACKLOG = ("sheets", "sheets_per_day", "people")


@dataclass(frozen=True, slots=True)
class ServiceState:
    """How a care service works. `capacity_percent` None: nobody said. `fallback_since`: since when on that fallback."""

    id: str
    mode: str
    since: datetime
    fallback: str
    fallback_since: datetime | None
    capacity_percent: int | None
    by: Stamp
    history: tuple[Step, ...]


@dataclass(frozen=True, slots=True)
class Total:
    """A running total of one subject: what was counted, and how many statements gave no number.

    `count` is a lower bound as soon as `uncounted` is not zero. `what` is the care put off, or where patients went.
    """

    service: str | None
    what: str
    count: int
    uncounted: int
    by: Stamp


def _service(used: Statement, said: Sequence[Statement]) -> ServiceState:
    fact = used.fact
    history = steps(used, said, lambda one: one.mode)
    fallback_since = used.order if fact.fallback else None
    for one in reversed(said):
        if fallback_since is None or one.fact.fallback != fact.fallback and one[:4] < used[:4]:
            break
        if one[:4] <= used[:4]:
            fallback_since = one.order
    return ServiceState(
        fact.service, fact.mode, history[0].since, fact.fallback, fallback_since, fact.capacity_percent, stamp(used),
        history,
    )  # fmt: skip


def _mode(fact: Any) -> tuple[str, int | None]:
    return fact.mode, fact.capacity_percent


def _mode_badness(fact: Any) -> tuple[int, int]:
    # A share that nobody gave is held for none at all.
    return MODE[fact.mode], -(fact.capacity_percent or 0)


def _capacity(fact: Any) -> tuple[int | None, ...]:
    return tuple(getattr(fact, field) for field in CAPACITY)


def _fewer(fact: Any) -> tuple[int, int, int]:
    return -(fact.beds_open or 0), -(fact.visits_per_day or 0), -(fact.activity_percent or 0)


def _backlog(fact: Any) -> tuple[int | None, ...]:
    return tuple(getattr(fact, field) for field in BACKLOG)


def _unknown_is_most(fact: Any) -> tuple[bool, int]:
    return fact.sheets is None, fact.sheets or 0


def _moved(said: Sequence[Statement], logs: int, saw: Saw) -> Conclusion:
    counts = [one.fact.patients for one in said]
    return _total(said, said[-1].fact.to, counts), None


def _put_off(said: Sequence[Statement], logs: int, saw: Saw) -> Conclusion:
    """Sum from the last cumulative count on: a cumulative count holds all that came before it."""
    cumulative = (place for place, one in enumerate(said) if one.fact.cumulative and one.fact.count is not None)
    start = max(cumulative, default=0)
    return _total(said, said[-1].fact.what, [one.fact.count for one in said[start:]]), None


def _total(said: Sequence[Statement], what: str, counts: list[int | None]) -> Total:
    known = [count for count in counts if count is not None]
    return Total(said[-1].fact.service, what, sum(known), len(counts) - len(known), stamp(said[-1]))


def _name(fact: Any) -> str:
    return fact.service or "*"


CONCEPTS: tuple[Concept, ...] = (
    register(
        "service_mode", "services", lambda fact: fact.service, _mode, _mode_badness, _service, mapping=True,
    ),
    register(
        "capacity", "capacity", lambda fact: fact.service, _capacity, _fewer,
        lambda used, said: filled(used, said, CAPACITY), _name, mapping=True,
    ),
    Concept(("transfer",), "transfers", lambda fact: (fact.service, fact.to), _moved),
    Concept(("postponement",), "postponements", lambda fact: (fact.service, fact.what), _put_off),
    listed("safety_event", "safety_events"),
    register(
        "backlog", "backlog", lambda fact: (fact.service, fact.what), _backlog, _unknown_is_most,
        lambda used, said: filled(used, said, BACKLOG), lambda fact: f"{_name(fact)} {fact.what}",
    ),
)  # fmt: skip

__all__ = ["CONCEPTS", "Known", "ServiceState", "Total"]
