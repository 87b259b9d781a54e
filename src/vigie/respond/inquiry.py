"""What is known for the inquiry and the law: declarations, leaks, qualification, evidence; and the map in force."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from vigie.journal.facts import Declaration
from vigie.respond.concept import Concept, Conclusion, Known, latest, listed, register
from vigie.respond.statement import Saw, Stamp, Statement, stamp

SIGNIFICANCE = {"not_significant": 0, "unknown": 1, "significant": 2, "serious": 3}
ORIGIN = {"not_malicious": 0, "unknown": 1, "malicious": 2}
UNSAID: tuple[object, ...] = (None, "", (), "unknown")
NUMBERS = (
    "claimed_people", "published_people", "confirmed_people", "claimed_bytes", "published_bytes", "confirmed_bytes",
    "severity_hundredths",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Figure:
    """One number of a leak, with the statement that gave it last."""

    value: int
    by: Stamp


@dataclass(frozen=True, slots=True)
class LeakState:
    """A leak: what is claimed, what was published, what is confirmed. A number that nobody gave is absent, not zero."""

    what: str
    figures: dict[str, Figure]
    by: Stamp


@dataclass(frozen=True, slots=True)
class DeclarationState:
    """A declaration: `fact` is what all its versions say together, `by` the latest, `versions` those in force.

    A later version replaces what it says again. What it leaves open (empty, `unknown`) is taken from the version before:
    a final report that repeats nothing takes nothing back. To take a word back, correct the version that said it.
    """

    fact: Declaration
    by: Stamp
    versions: tuple[Known, ...]


def together(versions: Sequence[Declaration]) -> Declaration:
    """What the versions of one declaration, oldest first, say together: see `DeclarationState`."""
    found: dict[str, Any] = {}
    for fact in versions:
        found.update((name, value) for name, value in fact if value not in UNSAID)
    return versions[-1].model_copy(update=found)


def _declaration(said: Sequence[Statement], logs: int, saw: Saw) -> Conclusion:
    versions = tuple(Known(one.fact, stamp(one)) for one in said)
    return DeclarationState(together([one.fact for one in said]), versions[-1].by, versions), None


def _leak(said: Sequence[Statement], logs: int, saw: Saw) -> Conclusion:
    figures: dict[str, Figure] = {}
    for one in said:
        for field in NUMBERS:
            if (value := getattr(one.fact, field)) is not None:
                figures[field] = Figure(value, stamp(one))
    return LeakState(said[-1].fact.what, figures, stamp(said[-1])), None


CONCEPTS: tuple[Concept, ...] = (
    listed("declared", "declarations"),
    listed("artefact", "artefacts"),
    listed("indicator", "indicators"),
    Concept(("exploited_vulnerability",), "vulnerabilities", lambda fact: (fact.cve, fact.product), latest),
    Concept(("technique",), "techniques", lambda fact: fact.technique, latest),
    Concept(("leak",), "leaks", lambda fact: fact.what, _leak),
    Concept(("declaration",), "declared", lambda fact: fact.declaration, _declaration, mapping=True),
    listed("exchange", "exchanges"),
    Concept(("support",), "support", lambda fact: fact.support, latest, mapping=True),
    listed("routing", "routings"),
    # Of the incident (None) or of one declaration of it: these stand side by side.
    register(
        "qualification", "qualifications", lambda fact: fact.declaration,
        lambda fact: (fact.category, fact.origin, fact.significance),
        lambda fact: (SIGNIFICANCE[fact.significance], ORIGIN[fact.origin]),
        name=lambda fact: fact.declaration or "", mapping=True,
    ),
    # Of two maps adopted apart neither is worse: the later one is used, and the conflict is shown.
    register("map_adopted", "map", lambda fact: None, lambda fact: fact.revision, lambda fact: 0, name=lambda fact: ""),
)  # fmt: skip
