"""Facts: everything that can be said in a journal, as one closed tagged union per version.

`parse` reads untrusted JSON (raises FactError naming each fault), `read` reads stored bytes and never fails: a kind or a
shape that this version does not know becomes `Opaque` and is relayed as it came.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Annotated, Any

from pydantic import Field, TypeAdapter, ValidationError

from vigie.errors import FactError
from vigie.journal.facts.base import Fact, Instant, iso
from vigie.journal.facts.care import (
    Backlog,
    Capacity,
    Postponement,
    SafetyEvent,
    ServiceMode,
    ServiceModeChanged,
    Transfer,
)
from vigie.journal.facts.cell import (
    Closed,
    Communication,
    Cost,
    Decision,
    Handover,
    Note,
    Observation,
    Opened,
    Roster,
    Task,
)
from vigie.journal.facts.inquiry import (
    Artefact,
    Declared,
    ExploitedVulnerability,
    HandOver,
    Indicator,
    Leak,
    Qualification,
    Technique,
)
from vigie.journal.facts.nodes import Correction, Erasure, KeyCompromised, KeyRotated, MapAdopted, NodeEnrolled
from vigie.journal.facts.rebuild import ApplicationDate, Forecast, ServiceDate, Workforce
from vigie.journal.facts.sector import Declaration, Exchange, Routing, Support
from vigie.journal.facts.systems import (
    Availability,
    AvailabilityChanged,
    Containment,
    CredentialReset,
    Estimate,
    Gate,
    RestorePoint,
    Trust,
    TrustChanged,
)

FACTS: tuple[type[Fact], ...] = (
    Opened, Closed, Declared, Observation, Decision, Task, Containment, AvailabilityChanged, TrustChanged,
    CredentialReset, ServiceModeChanged, Capacity, Transfer, Postponement, SafetyEvent, Backlog, Artefact, Indicator,
    ExploitedVulnerability, Technique, Roster, Handover, Communication, RestorePoint, Gate, Estimate, Workforce,
    Forecast, Leak, Cost, Qualification, Declaration, Exchange, Support, Routing, MapAdopted, NodeEnrolled, KeyRotated,
    KeyCompromised, Correction, Erasure, Note,
)  # fmt: skip
KINDS: dict[str, type[Fact]] = {fact.model_fields["kind"].default: fact for fact in FACTS}

AnyFact = Annotated[
    Opened | Closed | Declared | Observation | Decision | Task | Containment | AvailabilityChanged | TrustChanged
    | CredentialReset | ServiceModeChanged | Capacity | Transfer | Postponement | SafetyEvent | Backlog | Artefact
    | Indicator | ExploitedVulnerability | Technique | Roster | Handover | Communication | RestorePoint | Gate | Estimate
    | Workforce | Forecast
    | Leak | Cost | Qualification | Declaration | Exchange | Support | Routing | MapAdopted | NodeEnrolled | KeyRotated
    | KeyCompromised | Correction | Erasure | Note,
    Field(discriminator="kind"),
]  # fmt: skip
_canonical = json.JSONEncoder(sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False).encode
EMPTY: tuple[object, ...] = (None, "", [])
_adapter: TypeAdapter[Fact] = TypeAdapter(AnyFact)


@dataclass(frozen=True, slots=True)
class Opaque:
    """A fact that this version cannot read. It is kept and relayed byte for byte."""

    kind: str
    raw: bytes


@dataclass(frozen=True, slots=True)
class Erased:
    """A fact whose payload was destroyed; the entry still stands."""

    kind: str


Statement = Fact | Opaque | Erased


def parse(data: dict[str, Any]) -> Fact:
    """A fact from untrusted data. Raises FactError that lists every fault with its field."""
    try:
        fact = _adapter.validate_python(data) if isinstance(data, dict) else None
    except ValidationError as error:
        raise FactError(_explain(data, error)) from None
    if fact is None:
        raise FactError('a fact is a JSON object such as {"kind": "note", "text": "..."}')
    if isinstance(fact, Correction) and fact.replacement is not None:
        parse(fact.replacement)
    return fact


def read(kind: str, raw: bytes) -> Fact | Opaque:
    """A fact from stored bytes. Never fails: what cannot be read is Opaque."""
    model = KINDS.get(kind)
    if model is None:
        return Opaque(kind, raw)
    try:
        return model.__pydantic_validator__.validate_json(raw)
    except ValidationError:
        return Opaque(kind, raw)


def to_bytes(fact: Fact) -> bytes:
    """Canonical bytes of a fact. What is empty or unknown is left out; a default that says something is written."""
    return canonical({key: value for key, value in fact.model_dump(mode="json").items() if value not in EMPTY})


def canonical(data: Any) -> bytes:
    """Canonical JSON: sorted keys, no spaces, UTF-8. Floats are refused: two programs may print one float two ways."""
    return _canonical(data).encode()


def _explain(data: dict[str, Any], error: ValidationError) -> str:
    kind = data.get("kind")
    if not isinstance(kind, str) or kind not in KINDS:
        return f"kind: {kind!r} is not a kind of fact. Kinds are: {', '.join(sorted(KINDS))}"
    lines = []
    for fault in error.errors(include_url=False):
        where = ".".join(str(part) for part in fault["loc"] if part != kind) or "fact"
        known = ", ".join(sorted(set(KINDS[kind].model_fields) - {"kind"}))
        mend = f" (fields of {kind}: {known})" if fault["type"] == "extra_forbidden" else ""
        lines.append(f"{where}: {fault['msg']}{mend}")
    return "; ".join(lines)


__all__ = [
    "FACTS", "KINDS", "AnyFact", "Fact", "Instant", "Opaque", "Erased", "Statement", "parse", "read", "to_bytes",
    "canonical", "iso", "Availability", "Trust", "ServiceMode", "HandOver", "ServiceDate",
    "ApplicationDate",
    *[fact.__name__ for fact in FACTS],
]  # fmt: skip
