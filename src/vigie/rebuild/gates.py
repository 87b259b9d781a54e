"""Gates: what must be proved, and signed, before the next step may begin. Their evidence is in `data/assumptions.yaml`."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Literal

from vigie.cartography import Cartography
from vigie.rebuild.assumptions import Hours, assumptions, hours_of
from vigie.respond import Situation

KINDS = ("directory_rebuilt", "restore_point_clean", "supplier_flow_authorised", "external_reconnection")
# One gate for the whole hospital, and the kind of application that it may name when there is only one.
WHOLE = {"directory_rebuilt": "directory", "external_reconnection": "internet"}


@dataclass(frozen=True, slots=True)
class Gate:
    """One gate: of what kind, about what (an application, a supplier, or ""), and where it stands.

    `waiting`: nobody has signed. `refused` or `withdrawn` stop what stands behind it: no date can be given.
    """

    kind: str
    subject: str
    outcome: Literal["waiting", "passed", "refused", "withdrawn"]
    signer: str = ""
    evidence: str = ""
    at: datetime | None = None

    @property
    def id(self) -> str:
        """`external_reconnection`, or `restore_point_clean:pacs`."""
        return f"{self.kind}:{self.subject}" if self.subject else self.kind

    @property
    def open(self) -> bool:
        """Whether the way is free."""
        return self.outcome == "passed"

    @property
    def blocked(self) -> bool:
        """Whether somebody said no."""
        return self.outcome in ("refused", "withdrawn")

    @property
    def wait(self) -> Hours:
        """How long it is assumed to take from the moment its evidence is there until it is signed."""
        return hours_of(assumptions()["gates"][self.kind]["wait_hours"])

    def signer_role(self, language: str) -> str:
        """Who should sign it."""
        return str(assumptions()["gates"][self.kind]["signer"][language])

    def evidence_wanted(self, language: str) -> str:
        """What must be shown."""
        return str(assumptions()["gates"][self.kind]["evidence"][language])

    def title(self, language: str) -> str:
        """Its name."""
        return str(assumptions()["gates"][self.kind][language])


def gate_of(kind: str, subject: str, told: Mapping[str, Gate]) -> Gate:
    """The gate as the journal tells it, or waiting."""
    return told.get(Gate(kind, subject, "waiting").id, Gate(kind, subject, "waiting"))


def by_subject(gates: Mapping[str, Gate], cartography: Cartography) -> tuple[dict[str, Gate], tuple[Gate, ...]]:
    """The gates with their subject as an id of the map, and those about something that opens nothing here.

    People write names: "Laboratory" is the application of that name, whatever the case. A gate that is one for the whole
    hospital is not passed by what was signed for a part of it; it may name the one directory, or the one way to the internet.
    """
    known, strange = {}, []
    for gate in gates.values():
        subject = _subject(gate, cartography)
        if subject is None:
            strange.append(gate)
        else:
            placed = replace(gate, subject=subject)
            known[placed.id] = _later(known.get(placed.id), placed)
    return known, tuple(strange)


def _subject(gate: Gate, cartography: Cartography) -> str | None:
    """The id that a gate is about, "" for the whole hospital; None where the map does not know it."""
    parts = cartography.suppliers if gate.kind == "supplier_flow_authorised" else cartography.applications
    said = gate.subject.casefold()
    found = next((part for part in parts if said in (part.id, part.name.casefold())), None)
    whole = WHOLE.get(gate.kind)
    if whole is None:
        return found.id if found else None
    alone = [app.id for app in cartography.applications if app.kind == whole]
    return "" if not said or (found is not None and alone == [found.id]) else None


def _later(one: Gate | None, other: Gate) -> Gate:
    """Of two words on one gate, the later; where nobody knows which, the one that does not open it."""
    if one is None:
        return other
    if one.at is None or other.at is None or one.at == other.at:
        return other if one.open else one
    return max(one, other, key=lambda gate: gate.at)  # type: ignore[arg-type,return-value]


def told_gates(situation: Situation | None) -> dict[str, Gate]:
    """The gates of a situation, by id. A restore point proved clean passes its gate; one proved bad refuses it."""
    if situation is None:
        return {}
    gates = {gate.id: gate for gate in _from_restore_points(situation.restore_points)}
    for known in situation.gates:
        if known.fact.gate in KINDS:
            gate = Gate(
                known.fact.gate, known.fact.subject, known.fact.outcome, known.fact.signer, known.fact.evidence,
                known.by.happened_at,
            )  # fmt: skip
            gates[gate.id] = gate
    return gates


def _from_restore_points(points: Iterable[Any]) -> Iterable[Gate]:
    """Of several copies of one application, a clean one is enough."""
    best: dict[str, Gate] = {}
    for known in points:
        fact = known.fact
        if fact.verdict == "clean":
            gate = Gate(
                "restore_point_clean", fact.application, "passed", known.by.author, fact.evidence, known.by.happened_at
            )
        elif fact.verdict == "unusable":
            gate = Gate(
                "restore_point_clean", fact.application, "refused", known.by.author, fact.evidence, known.by.happened_at
            )
        else:
            continue
        if fact.application not in best or gate.open:
            best[fact.application] = gate
    return best.values()
