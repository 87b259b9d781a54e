"""What falls with what, and what care is left. Pure; the rules and worked figures are in docs/background/outage.md.

In short, with every share between 0 and 1:
- an application is worth no more than the worst of what it depends on; each thing it is merely degraded by takes its
  part of the rest (`share_kept + (1 - share_kept) x what is left of it`);
- a service multiplies what each lost need leaves: losses weigh on each other, since the same few people hold every paper
  fallback at once. The minimum would say that losing the laboratory on top of the record costs nothing more;
- what nobody knows is an interval: `low` counts it for nothing, `high` as if it did not matter.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from functools import cached_property
from types import MappingProxyType

from vigie.cartography.graph import Graph, Interval, Level, Reach, known
from vigie.cartography.model import CareService, Cartography, Need
from vigie.cartography.vocabulary import nearest
from vigie.errors import InputError

# The availability states of the journal, as the share of the application that still serves (lowest, highest).
STATES: Mapping[str, Interval] = MappingProxyType(
    {
        "normal": (1.0, 1.0),
        "restored": (1.0, 1.0),
        "degraded": (0.0, 1.0),
        "down": (0.0, 0.0),
        "isolated": (0.0, 0.0),
        "restoring": (0.0, 0.0),
        "validating": (0.0, 0.0),
    }
)
Down = Collection[str] | Mapping[str, float | str | None]


@dataclass(frozen=True, slots=True)
class FallenApplication:
    """An application that no longer works as usual.

    `low`..`high` is the share left; `cut` says that it was lost itself; `path` leads from it to the loss that weighs most
    on it (nearest first, empty when cut itself); `roots` are all the losses that reach it.
    """

    application: str
    low: float
    high: float
    cut: bool
    path: tuple[str, ...]
    roots: tuple[str, ...]

    @property
    def stopped(self) -> bool:
        return self.high == 0


@dataclass(frozen=True, slots=True)
class Loss:
    """One need of a service that is not met: what is left of the application, and the fallback that replaces it."""

    application: str
    low: float  # share of the application left
    high: float
    kept_low: float  # share of the service's activity that this loss alone leaves
    kept_high: float
    fallback: str
    endurance_hours: float | None


@dataclass(frozen=True, slots=True)
class TouchedService:
    """A service that lost something: the share of usual capacity left, and its losses, heaviest first."""

    service: str
    low: float
    high: float
    losses: tuple[Loss, ...]

    @property
    def capacity_left(self) -> float | None:
        """The share left where it is known exactly."""
        return self.low if self.low == self.high else None

    @property
    def first_to_end(self) -> Loss | None:
        """The loss whose fallback gives way first, among those whose endurance is known."""
        timed = [loss for loss in self.losses if loss.endurance_hours is not None]
        return min(timed, key=lambda loss: loss.endurance_hours or 0.0) if timed else None

    @property
    def holds_hours(self) -> float | None:
        """Hours before the first fallback gives way; None: nobody knows for any of them."""
        first = self.first_to_end
        return None if first is None else first.endurance_hours

    @property
    def endurance_unknown(self) -> tuple[str, ...]:
        """The lost applications for which nobody has said how long the fallback holds."""
        return tuple(loss.application for loss in self.losses if loss.endurance_hours is None)


@dataclass(frozen=True)
class Outage:
    """What was cut, what falls (cut ones first), which services are touched (worst first)."""

    cut: tuple[str, ...]
    applications: tuple[FallenApplication, ...]
    services: tuple[TouchedService, ...]

    @cached_property
    def application(self) -> dict[str, FallenApplication]:
        """Fallen applications by id."""
        return {fallen.application: fallen for fallen in self.applications}

    @cached_property
    def service(self) -> dict[str, TouchedService]:
        """Touched services by id."""
        return {touched.service: touched for touched in self.services}

    def pulled_down_by(self, application: str) -> tuple[str, ...]:
        """The other fallen applications that this loss reaches."""
        fallen = (one for one in self.applications if application in one.roots)
        return tuple(one.application for one in fallen if one.application != application)


def outage(cartography: Cartography, down: Down) -> Outage:
    """What falls when these applications are lost.

    `down` is a collection of ids (lost entirely), or maps each id to the share that still works (0 to 1), to a state of
    STATES, or to None (nobody knows). More losses never leave more capacity. Raises InputError on an unknown id, state or
    share.
    """
    graph = cartography.graph
    cut = _cut(graph, down)
    levels = graph.levels(cut)
    fallen = [number for number in graph.order if levels[number].low < 1]
    fallen.sort(key=lambda number: number not in cut)
    services = [
        touched
        for service, needs in zip(cartography.services, graph.needs, strict=True)
        if (touched := _touched(service, needs, levels))
    ]
    services.sort(key=lambda touched: (touched.low, touched.high, touched.holds_hours or 0.0, touched.service))
    return Outage(
        cut=tuple(graph.ids[number] for number in cut),
        applications=tuple(_fallen(graph, number, levels, cut) for number in fallen),
        services=tuple(services),
    )


def reach(cartography: Cartography) -> Mapping[str, Reach]:
    """For each application, what its loss alone pulls down. Worked out once for each cartography."""
    return cartography.graph.reach


def _cut(graph: Graph, down: Down) -> dict[int, Interval]:
    if isinstance(down, str):
        down = (down,)
    stated = down if isinstance(down, Mapping) else dict.fromkeys(down, 0.0)
    cut = {graph.number(name): _interval(name, state) for name, state in stated.items()}
    return {number: interval for number, interval in cut.items() if interval[0] < 1}


def _interval(name: str, state: float | str | None) -> Interval:
    if isinstance(state, str):
        if state not in STATES:
            hint = nearest(state, STATES) or f"One of: {', '.join(STATES)}"
            raise InputError(f'"{state}" is not a state of application "{name}". {hint}')
        return STATES[state]
    if state is not None and not 0 <= state <= 1:
        raise InputError(f'share {state} for application "{name}" is not between 0 (stopped) and 1 (as usual)')
    return known(state)


def _fallen(graph: Graph, number: int, levels: list[Level], cut: Mapping[int, Interval]) -> FallenApplication:
    level = levels[number]
    path: list[str] = []
    at = level.through
    while at is not None:
        path.append(graph.ids[at])
        at = levels[at].through
    return FallenApplication(
        application=graph.ids[number],
        low=level.low,
        high=level.high,
        cut=number in cut,
        path=tuple(path),
        roots=tuple(graph.ids[root] for root in cut if level.roots >> root & 1),
    )


def _touched(
    service: CareService, needs: tuple[tuple[int, float, float], ...], levels: list[Level]
) -> TouchedService | None:
    low = high = 1.0
    losses = []
    for need, (number, kept_low, kept_high) in zip(service.needs, needs, strict=True):
        level = levels[number]
        if level.low < 1:
            loss = _loss(need, level, kept_low, kept_high)
            low, high = low * loss.kept_low, high * loss.kept_high
            losses.append(loss)
    losses.sort(key=lambda loss: (loss.kept_low, loss.kept_high))
    return TouchedService(service.id, low, high, tuple(losses)) if losses else None


def _loss(need: Need, level: Level, kept_low: float, kept_high: float) -> Loss:
    return Loss(
        application=need.application,
        low=level.low,
        high=level.high,
        kept_low=kept_low + (1 - kept_low) * level.low,
        kept_high=kept_high + (1 - kept_high) * level.high,
        fallback=need.fallback,
        endurance_hours=need.endurance_hours,
    )
