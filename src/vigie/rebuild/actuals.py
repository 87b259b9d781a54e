"""Actuals: what the journal says of how long restoring and validating really took, beside what had been estimated.

A phase begins when an application is said to be restoring (or validating) and ends when it is said to be further on. A
crisis goes backwards: an application that goes down again begins anew, and one sent back from validation to restoration
had not been restored, so its hours add up. Hours count only when its team is at work.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, tzinfo
from typing import Literal

from vigie.cartography import Cartography
from vigie.rebuild.assumptions import Hours
from vigie.rebuild.breakdown import breakdown
from vigie.rebuild.damage import PHASES, Damage, Damages
from vigie.rebuild.gates import told_gates
from vigie.rebuild.staff import HOUR
from vigie.rebuild.step import Step, Work
from vigie.respond import Situation
from vigie.respond.concept import Step as State
from vigie.respond.systems import USABLE

Phase = Literal["restore", "validate"]
# Whoever is there again has to begin anew. One that works in part is planned again as a whole, so it says nothing.
LOST = frozenset({"down", "isolated", "degraded"})


@dataclass(frozen=True, slots=True)
class Observation:
    """One phase of one application: the estimates of its steps, side by side, and the hours of shift really worked.

    `finished` False: it still runs, and will take longer than `hours_worked`.
    """

    application: str
    phase: Phase
    estimates: tuple[Hours, ...]
    hours_worked: float
    finished: bool


def actuals(situation: Situation, work: Work) -> tuple[Observation, ...]:
    """What a situation tells, against the estimates of `work`, which has the steps of the whole restart (`whole`)."""
    found = []
    for name, state in sorted(situation.applications.items()):
        for phase, spans, finished in phases(state.history, work.at):
            steps = [step for step in work.steps if step.application == name and step.phase == phase]
            if steps:
                found.append(_observation(name, phase, steps, spans, finished, work))
    return tuple(one for one in found if one is not None)


def whole(situation: Situation, cartography: Cartography, at: datetime, zone: tzinfo) -> Work:
    """The steps of every application that people have begun, as they stood before they began."""
    begun = {
        name: Damage(name, "rebuild")
        for name, state in situation.applications.items()
        if name in cartography.application and any(step.value in PHASES for step in state.history)
    }
    told = [known.fact for known in situation.workforce]
    gates = {name: gate for name, gate in told_gates(situation).items() if gate.kind == "restore_point_clean"}
    return breakdown(
        cartography, Damages(begun, ()), at, zone, gates=gates, reinforcements=told, began_at=began_at(situation)
    )


def began_at(situation: Situation) -> datetime | None:
    """When the incident began, as far as one knows: vendors count their delay from there."""
    life = situation.lifecycle
    if life is None:
        return None
    return life.detected_at or (life.opened.happened_at if life.opened else None)


Span = tuple[datetime, datetime]


def phases(history: Sequence[State], at: datetime) -> list[tuple[Phase, list[Span], bool]]:
    """The phases that stand, from the states of an application (latest first): when people were at it, whether it ended."""
    spans: dict[Phase, list[Span]] = {"restore": [], "validate": []}
    told = list(reversed(history))
    before = ""
    for number, state in enumerate(told):
        until = told[number + 1].since if number + 1 < len(told) else at
        phase = PHASES.get(state.value)
        if state.value in LOST or (phase and before in USABLE):
            spans = {"restore": [], "validate": []}
        if phase == "restore":
            spans["validate"] = []
        if phase and until > state.since:
            spans[phase].append((state.since, until))
        before = state.value
    return [(name, spans[name], PHASES.get(before) != name) for name in ("restore", "validate") if spans[name]]


def _observation(
    name: str, phase: Phase, steps: list[Step], spans: list[Span], finished: bool, work: Work
) -> Observation | None:
    doings = [next(one for one in step.ways if one is not None) for step in steps]
    longest = max(doings, key=lambda doing: doing.hours.likely)
    if longest.hours.high <= 0:
        return None
    hours = sum(shift_hours_between(work, longest.team, since, until) for since, until in spans)
    estimates = tuple(doing.hours for doing in doings if doing.hours.high > 0)
    return Observation(name, phase, estimates, hours, finished)


def shift_hours_between(work: Work, team: str | None, since: datetime, until: datetime) -> float:
    """Hours between two instants when somebody of the team was at work; all of them where no team is needed."""
    since, until = since.astimezone(UTC), until.astimezone(UTC)
    if until <= since:
        return 0.0
    if team is None:
        return (until - since) / HOUR
    # In UTC, so that hours elapsed are counted, whatever the clocks of the place do meanwhile.
    first = since.astimezone(work.zone).replace(minute=0, second=0, microsecond=0).astimezone(UTC)
    count = math.ceil((until - first) / HOUR)
    present = work.staff.capacity([team], since, work.zone, count)[0] > 0
    worked = float(present.sum())
    worked -= float(present[0]) * ((since - first) / HOUR)
    return worked - float(present[-1]) * ((first + timedelta(hours=count) - until) / HOUR)
