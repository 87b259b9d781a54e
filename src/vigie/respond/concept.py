"""Concept: one thing the situation knows about (the state of an application, a task...), and how statements settle it.

A concept says on which *subject* a fact speaks and what follows from all the statements on one subject, given in the
order of the world. That is a pure function of a set, so the fold gives one result for any order of arrival. Concepts
are grouped in tables, one a file, named as the facts they read: systems, care, cell, inquiry.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from vigie.respond.conflict import Conflict, choose, conflict, standing
from vigie.respond.statement import Saw, Stamp, Statement, stamp

HISTORY_STEPS = 6

Conclusion = tuple[Any, Conflict | None]
Conclude = Callable[[Sequence[Statement], int, Saw], Conclusion]


@dataclass(frozen=True, slots=True)
class Concept:
    """`kinds` of fact that speak of it, the `shelf` of the situation where it lies, its subject and its conclusion.

    `subject` None: every entry is a subject of its own (decisions, declarations: they are listed and replace nothing).
    `mapping` False: the shelf is a tuple in the order of the world; True: a dictionary by subject.
    """

    kinds: tuple[str, ...]
    shelf: str
    subject: Callable[[Any], Hashable] | None
    conclude: Conclude
    mapping: bool = False


@dataclass(frozen=True, slots=True)
class Known:
    """A fact in force, and where it comes from."""

    fact: Any
    by: Stamp


@dataclass(frozen=True, slots=True)
class Step:
    """One value a subject had, and from when."""

    value: str
    since: datetime
    digest: str


def listed(kind: str, shelf: str) -> Concept:
    """A concept whose statements stand side by side."""
    return Concept((kind,), shelf, None, latest)


def latest(said: Sequence[Statement], logs: int, saw: Saw) -> Conclusion:
    """The latest statement, where two cannot contradict each other."""
    return Known(said[-1].fact, stamp(said[-1])), None


def register(
    kind: str,
    shelf: str,
    subject: Callable[[Any], Hashable],
    value: Callable[[Any], Any],
    badness: Callable[[Any], Any],
    build: Callable[[Statement, Sequence[Statement]], Any] | None = None,
    name: Callable[[Any], str] | None = None,
    mapping: bool = False,
) -> Concept:
    """A concept whose latest statement is in force; between logs that had not read each other, the worse.

    `value` is what two statements must agree on, `badness` compares them (greater is worse), `build` makes what is
    shown (None: a `Known`), `name` spells the subject in a conflict.
    """

    def conclude(said: Sequence[Statement], logs: int, saw: Saw) -> Conclusion:
        heads = standing(said, logs, saw)
        used, contradicted = choose(heads, value, badness)
        shown = Known(used.fact, stamp(used)) if build is None else build(used, said)
        if not contradicted:
            return shown, None
        spelled = name(used.fact) if name else str(subject(used.fact))
        return shown, conflict(kind, spelled, heads, lambda fact: words(value(fact)), used)

    return Concept((kind,), shelf, subject, conclude, mapping)


def words(value: Any) -> str:
    """A value as text: `degraded 60`, with `?` where nobody said."""
    parts = value if isinstance(value, tuple) else (value,)
    return " ".join("?" if part is None else str(part) for part in parts)


def steps(used: Statement, said: Sequence[Statement], value: Callable[[Any], Any]) -> tuple[Step, ...]:
    """The last values up to `used`, latest first, each with the instant from which it held without a break."""
    found: list[Step] = []
    current: Any = None
    for one in reversed(said):
        if one[:4] > used[:4]:
            continue
        text = words(value(one.fact))
        if found and text == current:
            found[-1] = Step(text, one.order, one.digest)
            continue
        if len(found) == HISTORY_STEPS:
            break
        found.append(Step(text, one.order, one.digest))
        current = text
    return tuple(found)


def filled(used: Statement, said: Sequence[Statement], fields: Sequence[str]) -> Known:
    """The fact of `used`, with each number that it leaves open taken from the latest statement that gives one.

    Nobody recounts everything each time: "12 beds open" does not take back "40 visits a day" said an hour before.
    """
    missing = [field for field in fields if getattr(used.fact, field) is None]
    found: dict[str, Any] = {}
    for one in reversed(said):
        if not missing:
            break
        for field in [field for field in missing if getattr(one.fact, field) is not None]:
            found[field] = getattr(one.fact, field)
            missing.remove(field)
    return Known(used.fact.model_copy(update=found) if found else used.fact, stamp(used))
