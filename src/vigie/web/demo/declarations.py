"""The declarations of the demonstration: fictional hospitals, and what the analyst did with them already."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from importlib import resources
from typing import Any

import yaml

from vigie.journal import Draft
from vigie.journal.facts import Declared, NodeEnrolled, Opened, iso, parse
from vigie.web.demo.incident import Step

ANALYST, DECLARANT = ("c.dubois", "analyst"), ("declarant", "director")
NEEDS_DECLARATION = ("qualification", "exchange", "routing")


def told() -> dict[str, Any]:
    """The file."""
    file = resources.files("vigie.web.demo") / "declarations.yaml"
    return dict(yaml.safe_load(file.read_text(encoding="utf-8")))


def steps(now: datetime) -> list[Step]:
    """The entries, in the order of writing."""
    file = told()
    made = [step for one in file["declarations"] for step in _steps(one, file["hospitals"][one["of"]], now)]
    return sorted(made, key=lambda step: step.wrote_at)


def group(introduced: NodeEnrolled) -> NodeEnrolled:
    """This node as one that speaks for the fictional hospitals too: what they and the analyst write here counts."""
    return introduced.model_copy(update={"speaks_for": (*introduced.speaks_for, *told()["hospitals"])})


def _steps(one: dict[str, Any], hospital: dict[str, Any], now: datetime) -> Iterator[Step]:
    incident, at = f"{one['of']}/{one['name']}", now - timedelta(hours=one["hours"])

    def step(fact: Any, when: datetime, by: tuple[str, str]) -> Step:
        return Step(when, Draft(incident, fact, by[0], by[1], happened_at=when, realm="simulated"))  # type: ignore[arg-type]

    yield step(Opened(title=one["title"]), at, DECLARANT)
    declared = {
        "kind": "declaration", "declaration": "d1", "establishment": hospital["name"],
        "establishment_kind": hospital["kind"], "legal_status": hospital["status"], "region": hospital["region"],
        "legal_entity": hospital["entity"], "detected_at": iso(at - timedelta(hours=1)), **one["fact"],
    }  # fmt: skip
    yield step(parse(declared), at + timedelta(minutes=5), DECLARANT)
    sent = Declared(stage="notification", addressee="cert-sante", declaration="d1")
    yield step(sent, at + timedelta(minutes=5), DECLARANT)
    for each in one.get("then", ()):
        fact = dict(each["fact"])
        if fact["kind"] in NEEDS_DECLARATION:
            fact["declaration"] = "d1"
        by = DECLARANT if each.get("by") == "hospital" else ANALYST
        yield step(parse(fact), now - timedelta(hours=each["hours"]), by)
