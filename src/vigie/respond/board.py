"""Board: the situation laid on the map. What was stated and what follows from the map are kept apart, and both shown.

An application that nobody spoke of is *unknown*, or *fallen* when the map says that it cannot stand without what was
lost.
It is never shown as normal because nobody complained. The shares and the fallbacks come from `cartography.outage`;
`docs/background/outage.md` explains them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from vigie.cartography import Cartography, FallenApplication, Loss, Outage, TouchedService, outage
from vigie.respond.care import MODE, ServiceState
from vigie.respond.concept import Known
from vigie.respond.situation import Situation
from vigie.respond.systems import AVAILABILITY, USABLE, ApplicationState, TrustState

# Ranks in which rows are shown: what was stated ranks as its state; silence ranks just above good news.
SILENCE = 0.5


@dataclass(frozen=True, slots=True)
class ApplicationRow:
    """One application: what was stated (None: nobody said), what follows from the map (None: nothing makes it fall).

    `cut_by` is the containment in force that names it. `lost_since`: since when it cannot be counted on, as far as one
    knows. `pulls_down_applications` and `pulls_down_services`: what falls because of this loss.
    """

    id: str
    name: str
    in_map: bool
    stated: ApplicationState | None
    trust: TrustState | None
    cut_by: Known | None
    fallen: FallenApplication | None
    lost_since: datetime | None
    pulls_down_applications: tuple[str, ...] = ()
    pulls_down_services: tuple[str, ...] = ()

    @property
    def state(self) -> str:
        """The stated availability, or `isolated` by a containment; else `stopped`, `weakened` (derived), `unknown`."""
        if self.stated is not None:
            return self.stated.state
        if self.cut_by is not None:
            return "isolated"
        if self.fallen is None:
            return "unknown"
        return "stopped" if self.fallen.stopped else "weakened"

    @property
    def through(self) -> str | None:
        """The loss through which it falls, when it was not lost itself."""
        return self.fallen.path[-1] if self.fallen and self.fallen.path else None

    @property
    def contradicted(self) -> bool:
        """Somebody states that it works, and the map says that it cannot: one of the two is wrong."""
        return self.stated is not None and self.stated.state in USABLE and self.fallen is not None

    @property
    def badness(self) -> float:
        """Rank, greater is worse."""
        ranks = [AVAILABILITY[self.stated.state] if self.stated else SILENCE]
        if self.cut_by is not None:
            ranks.append(AVAILABILITY["isolated"])
        if self.fallen is not None:
            ranks.append(AVAILABILITY["down" if self.fallen.stopped else "degraded"])
        return max(ranks)


@dataclass(frozen=True, slots=True)
class Fallback:
    """What replaces one lost application in one service, and until when it can be held.

    `since` is when the application was lost, as far as one knows. `ends_at` None: nobody knows how long it holds, or
    since when.
    """

    loss: Loss
    since: datetime | None
    ends_at: datetime | None

    def hours_left(self, at: datetime) -> float | None:
        """Hours until it gives way; negative once it has."""
        return None if self.ends_at is None else (self.ends_at - at).total_seconds() / 3600


@dataclass(frozen=True, slots=True)
class ServiceRow:
    """One care service: what was stated (None: nobody said), what follows from the map (None: no need is lost)."""

    id: str
    name: str
    in_map: bool
    stated: ServiceState | None
    capacity: Known | None
    touched: TouchedService | None
    fallbacks: tuple[Fallback, ...] = ()

    @property
    def mode(self) -> str:
        """The stated mode; `unknown` when nobody said, whatever the map says."""
        return self.stated.mode if self.stated else "unknown"

    @property
    def ends_at(self) -> datetime | None:
        """When the first fallback gives way; None: nobody knows for any of them, or none is in use."""
        return min((one.ends_at for one in self.fallbacks if one.ends_at is not None), default=None)

    @property
    def contradicted(self) -> bool:
        """Stated as normal while the map says that it lost something."""
        return self.stated is not None and self.stated.mode == "normal" and self.touched is not None

    @property
    def badness(self) -> tuple[float, float]:
        """Rank, greater is worse: the mode, then the share of capacity that may be lost."""
        low = self.touched.low if self.touched else 1.0
        derived = SILENCE if self.touched is None else MODE["stopped"] if self.touched.high == 0 else MODE["degraded"]
        stated = MODE[self.stated.mode] if self.stated else derived
        share = self.stated.capacity_percent if self.stated else None
        return max(stated, derived if self.touched else stated), 1 - min(low, 1.0 if share is None else share / 100)


@dataclass(frozen=True, slots=True)
class Board:
    """Applications and care services, worst first. `outage` is what follows from the map; None without a map."""

    at: datetime | None
    applications: tuple[ApplicationRow, ...]
    services: tuple[ServiceRow, ...]
    outage: Outage | None

    @property
    def silent_applications(self) -> tuple[str, ...]:
        """Applications of which nobody said anything."""
        return tuple(row.id for row in self.applications if row.stated is None and row.cut_by is None)

    @property
    def silent_services(self) -> tuple[str, ...]:
        """Services of which nobody said anything."""
        return tuple(row.id for row in self.services if row.stated is None)


def board(situation: Situation, cartography: Cartography | None) -> Board:
    """Lay a situation on a map. Without one (None), only what was stated is shown. Pure."""
    contained = _contained(situation)
    lost = _lost(situation, contained)
    known = cartography.application if cartography else {}
    fallen = (
        outage(cartography, {name: state for name, state in lost.items() if name in known}) if cartography else None
    )
    since = _since(situation, contained, fallen)
    applications = _application_rows(situation, cartography, contained, fallen, since)
    services = _service_rows(situation, cartography, fallen, since)
    return Board(
        at=situation.at,
        applications=tuple(sorted(applications, key=lambda row: (-row.badness, -len(row.pulls_down_services), row.id))),
        services=tuple(sorted(services, key=lambda row: (-row.badness[0], -row.badness[1], row.id))),
        outage=fallen,
    )


def _contained(situation: Situation) -> dict[str, Known]:
    """Applications named by a containment in force, unless their state was told after it."""
    named = ((application, known) for known in situation.cut for application in known.fact.applications)
    return {
        application: known
        for application, known in named
        if application not in situation.applications
        or situation.applications[application].by.happened_at <= known.by.happened_at
    }


def _lost(situation: Situation, contained: Mapping[str, Known]) -> dict[str, str]:
    """The state of each application that is not as usual. What was cut on purpose is isolated, unless it was worse."""
    lost = {name: state.state for name, state in situation.applications.items() if state.state not in USABLE}
    for name in contained:
        if AVAILABILITY[lost.get(name, "normal")] < AVAILABILITY["isolated"]:
            lost[name] = "isolated"
    return lost


def _since(situation: Situation, contained: Mapping[str, Known], fallen: Outage | None) -> dict[str, datetime]:
    """Since when each application cannot be counted on: its own loss, or the first loss that reaches it."""
    since = {name: known.by.happened_at for name, known in contained.items()}
    for name, state in situation.applications.items():
        if state.lost_since is not None:
            since[name] = min(state.lost_since, since.get(name, state.lost_since))
    for one in fallen.applications if fallen else ():
        reached = [since[root] for root in (one.application, *one.roots) if root in since]
        if reached:
            since[one.application] = min(reached)
    return since


def _application_rows(
    situation: Situation,
    cartography: Cartography | None,
    contained: Mapping[str, Known],
    fallen: Outage | None,
    since: Mapping[str, datetime],
) -> list[ApplicationRow]:
    known = cartography.application if cartography else {}
    rows = []
    for name in dict.fromkeys((*known, *situation.applications, *contained)):
        one = fallen.application.get(name) if fallen else None
        pulled = fallen.pulled_down_by(name) if fallen and one and one.cut else ()
        gone = {name, *pulled}
        rows.append(
            ApplicationRow(
                id=name,
                name=known[name].name if name in known else name,
                in_map=name in known,
                stated=situation.applications.get(name),
                trust=situation.trust.get(("application", name)) or situation.trust.get(("directory", name)),
                cut_by=contained.get(name),
                fallen=one,
                lost_since=since.get(name),
                pulls_down_applications=pulled,
                pulls_down_services=_touched_by(fallen, gone) if fallen and one and one.cut else (),
            )
        )
    return rows


def _touched_by(fallen: Outage, gone: set[str]) -> tuple[str, ...]:
    return tuple(one.service for one in fallen.services if any(loss.application in gone for loss in one.losses))


def _service_rows(
    situation: Situation, cartography: Cartography | None, fallen: Outage | None, since: Mapping[str, datetime]
) -> list[ServiceRow]:
    names = {service.id: service.name for service in cartography.services} if cartography else {}
    counted = (service for service in situation.capacity if service is not None)
    rows = []
    for name in dict.fromkeys((*names, *situation.services, *counted)):
        touched = fallen.service.get(name) if fallen else None
        rows.append(
            ServiceRow(
                id=name,
                name=names.get(name, name),
                in_map=name in names,
                stated=situation.services.get(name),
                capacity=situation.capacity.get(name),
                touched=touched,
                fallbacks=tuple(_fallback(loss, since) for loss in touched.losses) if touched else (),
            )
        )
    return rows


def _fallback(loss: Loss, since: Mapping[str, datetime]) -> Fallback:
    start = since.get(loss.application)
    known = start is not None and loss.endurance_hours is not None
    return Fallback(loss, start, start + timedelta(hours=loss.endurance_hours) if known else None)
