"""The situation at a glance, for the margin of the log: how many of each state, and what is worst."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass

from vigie.respond import Situation
from vigie.web.incidents.names import Names
from vigie.web.incidents.rows import Badge, badge_of

WORST_APPLICATIONS = ("down", "isolated", "restoring", "validating", "degraded")
WORST_SERVICES = ("stopped", "diverted", "unknown", "degraded")
SHOWN = 6


@dataclass(frozen=True, slots=True)
class Sight:
    """`counts` are (badge, number) of states other than normal; `services` and `applications` the worst, by name."""

    applications: tuple[tuple[Badge, str], ...]
    services: tuple[tuple[Badge, str], ...]
    application_counts: tuple[tuple[Badge, int], ...]
    service_counts: tuple[tuple[Badge, int], ...]
    open_tasks: int
    late_tasks: int
    conflicts: int

    @property
    def is_empty(self) -> bool:
        return not (self.application_counts or self.service_counts or self.open_tasks or self.conflicts)


def sight(situation: Situation, names: Names) -> Sight:
    """The glance at a situation."""
    applications = {one.id: one.state for one in situation.applications.values()}
    services = {one.id: one.mode for one in situation.services.values()}
    return Sight(
        applications=_worst("availability", applications, WORST_APPLICATIONS, names.application),
        services=_worst("service_mode", services, WORST_SERVICES, names.service),
        application_counts=_counts("availability", applications, WORST_APPLICATIONS),
        service_counts=_counts("service_mode", services, WORST_SERVICES),
        open_tasks=len(situation.open_tasks),
        late_tasks=len(situation.late_tasks),
        conflicts=len(situation.conflicts),
    )


def _counts(kind: str, states: dict[str, str], order: tuple[str, ...]) -> tuple[tuple[Badge, int], ...]:
    counted = Counter(states.values())
    return tuple((badge_of(kind, state), counted[state]) for state in order if counted[state])


def _worst(
    kind: str, states: dict[str, str], order: tuple[str, ...], name_of: Callable[[str], str]
) -> tuple[tuple[Badge, str], ...]:
    touched = [(order.index(state), name_of(one), state) for one, state in states.items() if state in order]
    return tuple((badge_of(kind, state), name) for _, name, state in sorted(touched)[:SHOWN])
