"""Step: one piece of the work of restarting, and the whole of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, tzinfo
from functools import cached_property

from vigie.cartography import Cartography
from vigie.rebuild.assumptions import Hours
from vigie.rebuild.damage import Damages
from vigie.rebuild.gates import Gate
from vigie.rebuild.staff import Staff

WAYS = ("backup", "reinstall", "vendor")
PHASES = ("foundation", "prove", "restore", "examine", "validate", "gate", "reconnect", "return")


@dataclass(frozen=True, slots=True)
class Doing:
    """One way of doing a step: by which team of the plan (None: nobody, time passes), and how many hours of work."""

    team: str | None
    hours: Hours


@dataclass(frozen=True, slots=True)
class Step:
    """One step. `id` reads `application:phase:skill`; `after` are the steps that must have ended first.

    `ways` has one entry for each of WAYS; None where that way is not open; all steps of one application are done the
    same way. `since` is when people began it, if they have. `assumed` says that nobody gave its hours.
    """

    id: str
    phase: str
    application: str | None
    ways: tuple[Doing | None, Doing | None, Doing | None]
    after: tuple[str, ...] = ()
    gate: str | None = None
    since: datetime | None = None
    assumed: bool = False


@dataclass(frozen=True)
class Work:
    """All that is left to do at `at`, in an order in which nothing comes before what it needs.

    `back` names, for each damaged application, the step whose end brings it back. `blocked` maps each application that
    no date can be given for to the gate, or the lack, that blocks it. `zone` is the time zone of the people's shifts.
    `strange_gates` are gates of the journal about something that the map does not know: they open nothing.
    """

    at: datetime
    zone: tzinfo
    cartography: Cartography
    damages: Damages
    steps: tuple[Step, ...]
    gates: tuple[Gate, ...]
    staff: Staff
    back: Mapping[str, str]
    blocked: Mapping[str, str]
    effort_ratio: float = 1.0
    strange_gates: tuple[Gate, ...] = ()

    @cached_property
    def place(self) -> Mapping[str, int]:
        """The index of each step."""
        return {step.id: number for number, step in enumerate(self.steps)}

    @cached_property
    def step(self) -> Mapping[str, Step]:
        """Steps by id."""
        return {step.id: step for step in self.steps}

    @cached_property
    def gate(self) -> Mapping[str, Gate]:
        """Gates by id."""
        return {gate.id: gate for gate in self.gates}

    @cached_property
    def copies_unsaid(self) -> tuple[str, ...]:
        """The applications to restore from a copy of which the map does not say that there is one, and nobody proved it."""
        proved_first = (step.application for step in self.steps if step.phase == "prove")
        return tuple(
            name for name in proved_first if name and self.cartography.application[name].backup.state == "unknown"
        )

    @cached_property
    def teams(self) -> tuple[str, ...]:
        """The teams that some way of some step asks for."""
        found = (doing.team for step in self.steps for doing in step.ways if doing and doing.team)
        return tuple(dict.fromkeys(found))
