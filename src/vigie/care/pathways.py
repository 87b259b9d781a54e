"""The time-critical pathways: hours and patients exposed, and the deaths that delay may add, pathway by pathway."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from vigie.care import coefficients as of
from vigie.care.estimate import BottomUp, Estimate, Pair, envelope, overlapping, ranging, unknown
from vigie.care.evidence import evidence
from vigie.care.kept import Grid
from vigie.care.roles import harm_rules
from vigie.care.site import LIFE_THREATENING, Site
from vigie.cartography import Cartography

DAY = 24.0


@dataclass(frozen=True, slots=True)
class PathwayHarm:
    """One pathway. `hours` exposed; `patients` who came meanwhile; `delay`: their excess delay, all together.

    `deaths` None: no coefficient was found for this pathway (trauma, obstetrics), or its harm is in `healthy_days` (stroke).
    """

    pathway: str
    hours: Estimate
    patients: Estimate
    delay: Estimate
    deaths: BottomUp | None
    healthy_days: Estimate | None


@dataclass(frozen=True, slots=True)
class Counted:
    """Deaths counted from below: each part, their range together, and the exposed pathways that no coefficient covers."""

    parts: tuple[tuple[str, BottomUp], ...]
    together: BottomUp
    uncounted: tuple[str, ...]


def pathway_harms(cartography: Cartography, grid: Grid, site: Site) -> tuple[PathwayHarm, ...]:
    """Each pathway of `data/harm.yaml`, in its order. Without a service on it, a pathway is not exposed."""
    return tuple(_pathway(name, cartography, grid, site) for name in harm_rules().pathways)


def counted(harms: tuple[PathwayHarm, ...], cartography: Cartography, grid: Grid, site: Site) -> Counted:
    """The bottom-up deaths. Patients of the parts may be the same: the largest low, the sum of the highs."""
    emergency = _rows(cartography, lambda service: service.kind == "emergency")
    exposed = _exposed_hours(grid, emergency)
    parts = [(one.pathway, one.deaths) for one in harms if one.deaths is not None]
    parts += [("boarding", _boarding(exposed, site)), ("distance", _distance(grid, emergency, site))]
    together = overlapping([deaths for _, deaths in parts], "deaths")
    rests = (*together.assumptions, "same-patients", "counted-only")
    lost = tuple(one.pathway for one in harms if one.deaths is None and not one.hours.nothing)
    return Counted(
        tuple(parts),
        BottomUp(together.low, together.central, together.high, "deaths", together.evidence, rests),
        lost,
    )


def _rows(cartography: Cartography, wanted: Callable) -> list[int]:
    return [row for row, service in enumerate(cartography.services) if wanted(service)]


def _exposed_hours(grid: Grid, rows: list[int]) -> Pair:
    if not rows:
        return 0.0, 0.0
    return grid.hours((grid.high[rows] < 1).any(axis=0)), grid.hours((grid.low[rows] < 1).any(axis=0))


def _pathway(name: str, cartography: Cartography, grid: Grid, site: Site) -> PathwayHarm:
    names = set(harm_rules().pathways[name].of)
    rows = _rows(cartography, lambda service: names & set(service.pathways))
    hours = _exposed_hours(grid, rows)
    patients = _patients(name, hours, site)
    delay = _delay(name, patients, site)
    deaths = None
    if name == "sepsis":
        deaths = _bottom_up(_sepsis(patients, site))
    elif name == "heart_attack":
        emergency = _rows(cartography, lambda service: service.kind == "emergency" and names & set(service.pathways))
        both = (_stemi(patients, site), _diversion(grid, emergency, site))
        deaths = _bottom_up(envelope(both, "deaths"), "two-slopes")
    healthy = _stroke(patients, site) if name == "stroke" else None
    return PathwayHarm(
        name, ranging(*hours, "hours", (), ("one-is-enough", "silence")), patients, delay, deaths, healthy
    )


def _patients(name: str, hours: Pair, site: Site) -> Estimate:
    flow = site.patients_per_day.get(name)
    if hours[1] == 0:
        return ranging(0.0, 0.0, "patients")
    if flow is None:
        return unknown("patients", "not-said-by-site")
    return ranging(flow[0] * hours[0] / DAY, flow[1] * hours[1] / DAY, "patients", (), ("said-by-site", "even-day"))


def _delay(name: str, patients: Estimate, site: Site) -> Estimate:
    each = site.delay_hours.get(name)
    if patients.nothing:
        return ranging(0.0, 0.0, "patient-hours")
    if each is None or patients.high is None:
        return unknown("patient-hours", "not-said-by-site")
    return ranging(patients.low * each[0], patients.high * each[1], "patient-hours", (), ("said-by-site",))


def _bottom_up(one: Estimate, *more: str) -> BottomUp:
    return BottomUp(one.low, one.central, one.high, "deaths", one.evidence, (*one.assumptions, *more))


def _unless_known(patients: Estimate, *needed: object, unit: str = "deaths") -> Estimate | None:
    """Nothing when nobody is exposed, unknown when a number that is needed is not there, None when all is known."""
    if patients.nothing:
        return ranging(0.0, 0.0, unit)
    if patients.high is None or any(one is None for one in needed):
        return unknown(unit, "not-said-by-site")
    return None


def _sepsis(patients: Estimate, site: Site) -> Estimate:
    delay = site.delay_hours.get("sepsis")
    if (early := _unless_known(patients, delay)) is not None:
        return early
    slope, until = evidence()["sepsis-or"].bounds, evidence()["sepsis-until"].value
    risks = site.baseline.get("sepsis", evidence()["baseline-sepsis"].bounds)
    least = of.least_extra_risk_of_odds(risks, of.odds_after(slope[0], min(delay[0], until)))
    most = of.most_extra_risk_of_odds(risks, of.odds_after(slope[1], delay[1]))
    high = None if delay[1] > until else patients.high * most
    said = ("said-by-site", *(("beyond-measured",) if high is None else ()))
    return ranging(patients.low * least, high, "deaths", ("sepsis-or", "sepsis-until", "baseline-sepsis"), said)


def _stemi(patients: Estimate, site: Site) -> Estimate:
    delay = site.delay_hours.get("heart_attack")
    if (early := _unless_known(patients, delay)) is not None:
        return early
    slope = evidence()["stemi-rr"].bounds
    risks = site.baseline.get("heart_attack", evidence()["baseline-stemi"].bounds)
    least = of.least_extra_risk_of_ratio(risks, of.ratio_after(slope[0], delay[0]))
    most = of.most_extra_risk_of_ratio(risks, of.ratio_after(slope[1], delay[1]))
    used = ("stemi-rr", "baseline-stemi")
    return ranging(patients.low * least, patients.high * most, "deaths", used, ("said-by-site",))


def _diversion(grid: Grid, emergency: list[int], site: Site) -> Estimate:
    days = _diverting_days(grid, emergency)
    flow = site.patients_per_day.get("heart_attack")
    if days[1] == 0:
        return ranging(0.0, 0.0, "deaths", ("diversion-ami", "diversion-threshold"))
    if flow is None:
        return unknown("deaths", "not-said-by-site", "diverts-when-below")
    points = evidence()["diversion-ami"].bounds
    ends = flow[0] * days[0] * points[0] / 100, flow[1] * days[1] * points[1] / 100
    return ranging(*ends, "deaths", ("diversion-ami", "diversion-threshold"), ("said-by-site", "diverts-when-below"))


def _diverting_days(grid: Grid, emergency: list[int]) -> Pair:
    """Days of 24 hours from the onset with at least 12 hours stopped (surely), or below the usual share (maybe)."""
    if not emergency:
        return 0.0, 0.0
    enough = evidence()["diversion-threshold"].value
    day = (grid.at // DAY).astype(int)
    stopped, below = (grid.high[emergency] == 0).all(axis=0), (grid.low[emergency] < 1).any(axis=0)
    return tuple(
        float((np.bincount(day, weights=grid.length * which) >= enough - 1e-9).sum()) for which in (stopped, below)
    )  # type: ignore[return-value]


def _stroke(patients: Estimate, site: Site) -> Estimate:
    delay, treated = site.delay_hours.get("stroke"), site.thrombolysed
    if (early := _unless_known(patients, delay, treated, unit="days")) is not None:
        return early
    slope, until = evidence()["stroke-days"].bounds, evidence()["stroke-until"].value
    low = patients.low * treated[0] * min(delay[0], until) * 60 * slope[0]
    high = None if delay[1] > until else patients.high * treated[1] * delay[1] * 60 * slope[1]
    said = ("said-by-site", *(("beyond-measured",) if high is None else ()))
    return ranging(low, high, "days", ("stroke-days", "stroke-until"), said)


def _boarding(exposed: Pair, site: Site) -> BottomUp:
    if exposed[1] == 0:
        return BottomUp(0.0, 0.0, 0.0, "deaths", ("boarding-deaths",))
    if site.boarded is None:
        return _bottom_up(unknown("deaths", "not-said-by-site"))
    each = evidence()["boarding-deaths"].bounds
    surely = site.boarded[0] if exposed[0] else 0.0
    return _bottom_up(
        ranging(surely * each[0], site.boarded[1] * each[1], "deaths", ("boarding-deaths",), ("said-by-site",))
    )


def _distance(grid: Grid, emergency: list[int], site: Site) -> BottomUp:
    flow, km = site.patients_per_day.get(LIFE_THREATENING), site.extra_km
    if not emergency or _exposed_hours(grid, emergency)[1] == 0:
        return BottomUp(0.0, 0.0, 0.0, "deaths", ("distance-points",))
    if flow is None or km is None:
        return _bottom_up(unknown("deaths", "not-said-by-site", "diverts-when-below"))
    stopped = grid.hours((grid.high[emergency] == 0).all(axis=0))
    below = _exposed_hours(grid, emergency)[1]
    points = evidence()["distance-points"].bounds
    risks = [min(far / 10 * each / 100, 1) for far, each in zip(km, points, strict=True)]
    ends = flow[0] * stopped / DAY * risks[0], flow[1] * below / DAY * risks[1]
    said = ("said-by-site", "even-day", "diverts-when-below")
    return _bottom_up(ranging(*ends, "deaths", ("distance-points",), said))
