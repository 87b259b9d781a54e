"""Deaths seen from above: patients already in bed when the attack starts, and what attacked hospitals saw of them.

A patient counts when the service he lies in was below its usual share for more than two days: up to there WannaCry showed no
signal, so a two-day outage gives none. "No signal" is not "no harm". The low end stays 0, and the high end is a ceiling.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from vigie.care.coefficients import excess_deaths_in_bed
from vigie.care.estimate import Estimate, Pair, TopDown, disjoint, ranging, unknown
from vigie.care.evidence import evidence
from vigie.care.kept import Grid
from vigie.care.roles import harm_rules
from vigie.care.site import Site
from vigie.cartography import CareService, Cartography

FIRST_HOURS = 48.0


@dataclass(frozen=True, slots=True)
class SeenFromAbove:
    """`inpatients`: those who lay in a service touched for longer than the threshold. `deaths`: 0 to a ceiling.

    `if_medicare`: what the published ratio gives if all of them were Medicare patients of an average attack; it is the figure
    that people quote, and no forecast for another hospital.
    """

    inpatients: Estimate
    deaths: TopDown
    if_medicare: TopDown


def seen_from_above(cartography: Cartography, grid: Grid, site: Site) -> SeenFromAbove:
    """The top-down estimate of one outage."""
    after = evidence()["signal-after"].value
    touched = _touched(cartography, grid, site, lambda hours: hours > after)
    risk = site.deaths_per_stay if site.deaths_per_stay is not None else evidence()["baseline-stay"].value
    mean, worst = evidence()["inpatient-mortality-rr"], evidence()["inpatient-mortality-rr-severe"]
    ratio = mean.bounds[1] if site.severe is False else worst.bounds[1]
    used = (mean.id, worst.id, "inpatient-mortality-rr-short", "signal-after", "baseline-stay")
    said = (*touched.assumptions, "medicare-ceiling", *(("severe-unless-said",) if site.severe is None else ()))
    high = None if touched.high is None else excess_deaths_in_bed(touched.high, risk, ratio)
    ends = [excess_deaths_in_bed(touched.low, risk, each) for each in (mean.bounds[0], mean.value)]
    quoted = None if touched.high is None else excess_deaths_in_bed(touched.high, risk, mean.bounds[1])
    central = ends[1] if touched.low == touched.high else None
    return SeenFromAbove(
        inpatients=touched,
        deaths=TopDown(0.0, 0.0 if high == 0 else None, high, "deaths", used, said),
        if_medicare=TopDown(ends[0], central, quoted, "deaths", (mean.id, "baseline-stay"), touched.assumptions),
    )


def transfers(cartography: Cartography, grid: Grid, site: Site) -> Estimate:
    """Inpatients moved out in the first 48 hours. The low end is 0: Villefranche moved nobody of 576."""
    first = grid.at < FIRST_HOURS
    rows = [row for row, service in enumerate(cartography.services) if _holds_beds(service)]
    used = ("transfers-48h", "transfers-none")
    if not rows or not (grid.low[np.ix_(rows, first)] < 1).any():
        return ranging(0.0, 0.0, "patients", used)
    inpatients = _inpatients(cartography, site)
    if inpatients.high is None:
        return unknown("patients", *inpatients.assumptions)
    share = evidence()["transfers-48h"]
    deep = bool((grid.high[np.ix_(rows, first)] == 0).any()) and inpatients.low == inpatients.high
    high = inpatients.high * share.bounds[1]
    said = (*inpatients.assumptions, *(("transfers-deep",) if deep else ()))
    return Estimate(0.0, inpatients.high * share.value if deep else None, high, "patients", used, said)


def _holds_beds(service: CareService) -> bool:
    return bool(service.beds) or (service.beds is None and service.kind in harm_rules().bedded)


def _inpatients(cartography: Cartography, site: Site) -> Estimate:
    """All the patients in bed at the onset."""
    if site.inpatients is not None:
        return ranging(site.inpatients, site.inpatients, "patients", (), ("said-by-site",))
    services = [service for service in cartography.services if _holds_beds(service)]
    return disjoint([_of_service(service, site) for service in services], "patients")


def _of_service(service: CareService, site: Site) -> Estimate:
    if site.occupancy is None:
        return unknown("patients", "not-said-by-site")
    if service.beds is None:
        return unknown("patients", "beds-unknown")
    lying = service.beds * site.occupancy
    return ranging(lying, lying, "patients", (), ("said-by-site",))


def _touched(cartography: Cartography, grid: Grid, site: Site, enough) -> Estimate:
    """Patients in bed in the services that were below their share for `enough` hours, surely and maybe."""
    holding = [(row, service) for row, service in enumerate(cartography.services) if _holds_beds(service)]
    hours = {row: (grid.hours(grid.high[row] < 1), grid.hours(grid.low[row] < 1)) for row, _ in holding}
    surely = [service for row, service in holding if enough(hours[row][0])]
    maybe = [service for row, service in holding if enough(hours[row][1])]
    if not maybe:
        return ranging(0.0, 0.0, "patients", ("signal-after",))
    if site.inpatients is not None:
        low, high = _by_beds(site.inpatients, [service for _, service in holding], surely, maybe)
        return ranging(low, high, "patients", ("signal-after",), ("said-by-site", "by-beds"))
    lows = disjoint([_of_service(service, site) for service in surely], "patients")
    highs = disjoint([_of_service(service, site) for service in maybe], "patients")
    return ranging(lows.low, highs.high, "patients", ("signal-after",), highs.assumptions)


def _by_beds(inpatients: int, holding: list[CareService], surely: list[CareService], maybe: list[CareService]) -> Pair:
    if any(service.beds is None for service in holding):
        # Where the beds of one are unknown, only "all or nothing" is sure.
        return float(inpatients) if len(surely) == len(holding) else 0.0, float(inpatients)
    beds = sum(service.beds or 0 for service in holding)
    ends = [inpatients * sum(service.beds or 0 for service in which) / beds for which in (surely, maybe)]
    return ends[0], ends[1]
