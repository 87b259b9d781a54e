"""Visits, admissions and procedures that a service did not provide, from the share it kept and its usual flow."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from vigie.care.estimate import Estimate, disjoint, overlapping, ranging, unknown
from vigie.care.kept import Grid
from vigie.care.roles import Role, harm_rules
from vigie.care.site import Site
from vigie.care.weights import WEEK_HOURS
from vigie.cartography import CareService


@dataclass(frozen=True, slots=True)
class ServiceHarm:
    """One service over the period. None where the question has no sense for its role (a laboratory diverts nobody).

    Hours: `below` its usual share, `stopped`, and `silent` (nobody said anything, or nothing that narrows it). Counts are in
    the service's own unit of flow. `waiting`: patient-hours of the people on its list, beyond what is usual.
    """

    service: str
    role: Role
    below: Estimate
    stopped: Estimate
    silent: Estimate
    not_provided: Estimate
    delayed: Estimate | None
    diverted: Estimate | None
    postponed: Estimate | None
    waiting: Estimate | None


@dataclass(frozen=True, slots=True)
class FlowTotals:
    """All services together. Hours are service-hours. A patient may pass through several services: see `same-patients`."""

    below: Estimate
    stopped: Estimate
    silent: Estimate
    delayed: Estimate
    diverted: Estimate
    postponed_procedures: Estimate
    postponed_appointments: Estimate
    waiting: Estimate


def usual_flow(service: CareService) -> np.ndarray | None:
    """Usual visits of each hour of the week, shape (168,), hour 0 being Monday 0 h; None where nobody counted."""
    if service.visits_per_day is None:
        return None
    return np.array([service.visits_per_hour(hour // 24, hour % 24) for hour in range(WEEK_HOURS)], dtype=float)


def service_harm(service: CareService, grid: Grid, row: int, site: Site) -> ServiceHarm:
    """What one service (row `row` of the grid) did not provide."""
    low, high, flow = grid.low[row], grid.high[row], usual_flow(service)
    role = harm_rules().role(service.kind)
    silent = grid.hours((low == 0) & (high == 1))
    known = (ranging(silent, silent, "hours", (), ("silence",)),)
    lost = _lost(grid, low, high, flow)
    listed = role in ("planned", "procedure")
    met = role in ("unscheduled", "ward")
    return ServiceHarm(
        service=service.id,
        role=role,
        below=ranging(grid.hours(high < 1), grid.hours(low < 1), "hours", (), ("silence",)),
        stopped=ranging(grid.hours(high == 0), grid.hours(low == 0), "hours", (), ("silence",)),
        silent=known[0],
        not_provided=lost,
        delayed=_delayed(grid, low, flow, lost, site) if met else None,
        diverted=_diverted(lost, site) if met else None,
        postponed=lost if listed else None,
        waiting=_waiting(grid, low, high, flow) if listed else (_unmeasured(lost) if met else None),
    )


def totals(services: list[ServiceHarm]) -> FlowTotals:
    """Everything together, as far as it makes sense to add."""

    def gathered(field: str, *roles: Role) -> list[Estimate]:
        return [getattr(one, field) for one in services if one.role in roles and getattr(one, field) is not None]

    return FlowTotals(
        below=disjoint([one.below for one in services], "hours"),
        stopped=disjoint([one.stopped for one in services], "hours"),
        silent=disjoint([one.silent for one in services], "hours"),
        delayed=_shared(gathered("delayed", "unscheduled", "ward"), "patients"),
        diverted=_shared(gathered("diverted", "unscheduled", "ward"), "patients"),
        postponed_procedures=_shared(gathered("postponed", "procedure"), "procedures"),
        postponed_appointments=disjoint(gathered("postponed", "planned"), "appointments"),
        waiting=_shared(gathered("waiting", "planned", "procedure"), "patient-hours"),
    )


def _shared(estimates: list[Estimate], unit: str) -> Estimate:
    one = overlapping(estimates, unit)
    return Estimate(one.low, one.central, one.high, unit, one.evidence, (*one.assumptions, "same-patients"))


def _lost(grid: Grid, low: np.ndarray, high: np.ndarray, flow: np.ndarray | None) -> Estimate:
    if flow is None:
        return unknown("visits", "flow-unknown") if (low < 1).any() else ranging(0.0, 0.0, "visits")
    visits = flow[grid.hour_of_week] * grid.length
    ends = float((visits * (1 - high)).sum()), float((visits * (1 - low)).sum())
    return ranging(*ends, "visits", (), ("usual-flow", "silence"))


def _delayed(grid: Grid, low: np.ndarray, flow: np.ndarray | None, lost: Estimate, site: Site) -> Estimate:
    if flow is None or lost.high is None:
        return unknown("visits", "flow-unknown") if (low < 1).any() else ranging(0.0, 0.0, "visits")
    met = float((flow[grid.hour_of_week] * grid.length)[low < 1].sum())
    stay = 0.0 if site.diverted is None else 1 - site.diverted[1]
    said = "sent-or-waits" if site.diverted is None else "said-by-site"
    return ranging(lost.low * stay, max(met, lost.low * stay), "visits", (), ("usual-flow", "all-slowed", said))


def _diverted(lost: Estimate, site: Site) -> Estimate:
    if lost.high is None or site.diverted is None:
        return Estimate(
            0.0, 0.0 if lost.nothing else None, lost.high, "visits", (), (*lost.assumptions, "sent-or-waits")
        )
    ends = lost.low * site.diverted[0], lost.high * site.diverted[1]
    return ranging(*ends, "visits", (), (*lost.assumptions, "said-by-site"))


def _waiting(grid: Grid, low: np.ndarray, high: np.ndarray, flow: np.ndarray | None) -> Estimate:
    """The area under the waiting list: at the least while the service is surely below, at the most to the end."""
    if flow is None:
        return unknown("patient-hours", "flow-unknown") if (low < 1).any() else ranging(0.0, 0.0, "patient-hours")
    surely = np.flatnonzero(high < 1)
    until = int(surely[-1]) + 1 if surely.size else 0
    least = _area(grid, 1 - high, flow, until)
    most = _area(grid, 1 - low, flow, len(grid.length))
    return ranging(least, max(least, most), "patient-hours", (), ("usual-flow", "list-kept"))


def _area(grid: Grid, lost: np.ndarray, flow: np.ndarray, until: int) -> float:
    added = flow[grid.hour_of_week] * grid.length * lost
    before = np.concatenate(([0.0], np.cumsum(added)[:-1]))
    return float(((before + added / 2) * grid.length)[:until].sum())


def _unmeasured(lost: Estimate) -> Estimate:
    return ranging(0.0, 0.0, "patient-hours") if lost.nothing else unknown("patient-hours", "no-delay-published")
