"""Statistics: what the figures say beyond themselves, as plain values that `figures.json` holds.

All are made of figures as they are shown, after small counts were hidden, and of public denominators, so that nothing hidden
can be read back from them. Three need the declarations one by one: how far they come in clusters (rounded up in public), how
long declaring takes, and what a second list adds.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from vigie.errors import InputError
from vigie.observe import delay, funnel, rates, recapture, trends
from vigie.observe.denominators import Denominators
from vigie.observe.edition import Edition
from vigie.observe.report.clusters import clusters
from vigie.observe.report.views import View, view_of
from vigie.observe.table import Figures, Table

LEGAL_TIME = ZoneInfo("Europe/Paris")
END_OF_YEAR = datetime(1, 12, 31, 23, 59, 59)
PER = 100  # establishments
HOSPITALS = "health"  # the structure group that the registers count
LINK_DAYS = 30
SMALLEST = 5
SCATTERED = 1.3  # times chance: beyond this, limits that only know chance would name regions for being ordinary
PLACES_NEEDED = 5  # a funnel of fewer regions shows nothing


def statistics(
    edition: Edition,
    tables: Mapping[str, Table],
    figures: Mapping[str, Figures],
    counted: pa.Table,
    denominators: Denominators | None = None,
    listed: Sequence[recapture.Listed] | None = None,
) -> dict[str, Any]:
    """Every statistic that can be given, by name; one that cannot is absent, or says why under `why`.

    `counted`: the declarations that count, as known at the edition's moment. `listed`: incidents that are publicly known.
    """
    views = {name: view_of(tables[name], figures[name], edition.year) for name in tables}
    found = {
        "clusters": clusters(counted, edition, views.get("by_cause_size")),
        "trend": _trend(views.get("declarations_per_year"), edition),
        "to_come": _to_come(counted, edition),
        "rates": _rates(views.get("by_structure_group"), denominators),
        "funnel": _funnel(views.get("by_region_and_structure_group"), edition, denominators),
        "recapture": _recapture(counted, edition, listed) if listed is not None else None,
    }
    return {name: value for name, value in found.items() if value}


def over(edition: Edition) -> bool:
    """Whether the year of the edition was over at its moment."""
    return edition.as_known_on.astimezone(LEGAL_TIME).replace(microsecond=0) >= END_OF_YEAR.replace(
        year=edition.year, tzinfo=LEGAL_TIME
    )


def _trend(shown: View | None, edition: Edition) -> dict[str, Any] | None:
    """The trend of yearly counts; a year that is not over is left out."""
    if shown is None:
        return None
    counts = {year: shown.get(shown.main.name, year).number for year in shown.years}
    known = {
        year: int(count)
        for year, count in counts.items()
        if count is not None and (year < edition.year or over(edition))
    }
    if len(known) < trends.LEAST_YEARS:
        return None
    try:
        found = trends.trend([*known], [*known.values()])
    except InputError as error:
        return {"why": str(error)}
    return {
        "years": [found.years[0], found.years[-1]],
        "percent_per_year": list(found.percent_per_year),
        "p_value": found.p_value,
        "dispersion": found.dispersion,
    }


def _to_come(counted: pa.Table, edition: Edition) -> dict[str, Any] | None:
    """For each month of the year, the share of its incidents that was declared at the edition's moment.

    An incident belongs to the month of its detection, else of its occurrence: that is what a late declaration is late for. In
    public only shares leave here: they tell how long declaring takes, and of no month how many it had.
    """
    start = pc.coalesce(counted["detected_at"], counted["occurred_at"])
    known = pc.and_(pc.is_valid(start), pc.is_valid(counted["declared_at"]))
    days = [_days(each.filter(known)) for each in (start, counted["declared_at"])]
    as_of = (edition.as_known_on.astimezone(UTC).date() - delay.EPOCH).days
    first = date(edition.year, 1, 1)
    asked = (edition.as_known_on.year - first.year) * 12 + edition.as_known_on.month
    try:
        seen = delay.delays(*days, as_of)
        spread = delay.distribution(seen)
        months = delay.nowcast(*days, as_of, months=max(asked, 1))
    except InputError as error:
        return {"why": str(error)}
    public = edition.audience == "public"
    return {
        "longest_days": spread.longest_days,
        "seen": spread.seen // 10 * 10 if public else spread.seen,
        "later_share": _later(spread, public),
        "half_days": spread.quantile_days(0.5),
        "most_days": spread.quantile_days(0.9),
        "months": [
            {"month": each.month, "share": each.share_reported, **_span(each, public)}
            for each in months
            if each.year == edition.year
        ],
    }  # fmt: skip


def _later(spread: delay.DelayDistribution, public: bool) -> float | None:
    """The share of known delays that were longer than those looked at; None where so few may not be published."""
    if public and 0 < spread.too_long < SMALLEST:
        return None
    share = spread.too_long / (spread.seen + spread.too_long)
    return round(share, 2) if public else share


def _span(month: delay.NowcastMonth, public: bool) -> dict[str, Any]:
    """The interval of a month's share, from that of what it will total; its width tells the count, so not in public."""
    total = month.total
    if public or not month.reported or total.low is None or total.high is None:
        return {"low": None, "high": None}
    return {"low": month.reported / total.high, "high": min(1.0, month.reported / total.low)}


def _rates(shown: View | None, denominators: Denominators | None) -> list[dict[str, Any]] | None:
    """Declarations of hospitals and clinics for a hundred of them, year by year, with exact intervals."""
    if shown is None or denominators is None:
        return None
    found = []
    for year in shown.years:
        count = shown.get(shown.main.name, year, (HOSPITALS,)).number
        if count is None or denominators.used_for(year) is None:
            continue
        exposure = denominators.exposure(year)
        rate = rates.poisson_interval(int(count), exposure.value, per=PER)
        found.append({
            "year": year, "count": int(count), "establishments": exposure.value, "of": exposure.year, "source": exposure.source,
            "rate": list(rate),
        })  # fmt: skip
    return found or None


def _funnel(shown: View | None, edition: Edition, denominators: Denominators | None) -> dict[str, Any] | None:
    """Regions by their hospitals: the rate of each within the limits that chance would keep it in."""
    if shown is None or denominators is None or denominators.used_for(edition.year) is None:
        return None
    exposures = denominators.by("region", edition.year)
    counts = {
        region: value.number
        for region in exposures
        if (value := shown.get(shown.main.name, edition.year, (region, HOSPITALS))).number is not None
        and exposures[region].value
    }
    if len(counts) < PLACES_NEEDED or not any(counts.values()):
        return None
    names = sorted(counts)
    sizes = [exposures[name].value for name in names]
    found = funnel.funnel(names, [int(counts[name] or 0) for name in names], sizes, per=PER)
    curve = np.unique(np.linspace(max(1, min(sizes) * 0.8), max(sizes) * 1.06, 60).round())
    used = exposures[names[0]]
    said = {
        "rate": found.rate,
        "dispersion": found.dispersion,
        "scatter_p_value": found.scatter_p_value,
        "of": used.year,
        "source": used.source,
        "left_out": len(exposures) - len(names),
        "points": [
            {"region": each.name, "count": each.count, "establishments": each.exposure, "rate": each.rate, "place": each.place}
            for each in found.points
        ],
        "limits": _limits(curve, found.rate),
    }  # fmt: skip
    if found.dispersion > SCATTERED:
        # A region is named only where it stands out from regions that differ this much among themselves.
        wide = funnel.funnel(names, [each.count for each in found.points], sizes, found.dispersion, per=PER)
        said["wide_limits"] = _limits(curve, found.rate, found.dispersion)
        said["points"] = [
            {**each, "wide_place": point.place} for each, point in zip(said["points"], wide.points, strict=True)
        ]
    return said


def _limits(curve: np.ndarray, rate: float, dispersion: float = 1) -> list[list[float]]:
    """For each size, the limits of the rate: 95 % low and high, 99.8 % low and high."""
    limits = [
        funnel.control_limits(rate / PER * curve, level, dispersion) * (PER / curve[:, None]) for level in funnel.LEVELS
    ]
    return [
        [float(size), *map(float, inner), *map(float, outer)] for size, inner, outer in zip(curve, *limits, strict=True)
    ]


def _recapture(counted: pa.Table, edition: Edition, listed: Sequence[recapture.Listed]) -> dict[str, Any]:
    """What two lists of the year's incidents say of those on neither. Small overlaps are not published."""
    year = counted.filter(pc.equal(counted["year"], edition.year))
    places = pc.coalesce(year["legal_entity"], year["declarant"], pa.scalar("")).to_pylist()
    known = [recapture.Listed(place, day or 0) for place, day in zip(places, year["day"].to_pylist(), strict=True)]
    start, end = ((date(edition.year + step, 1, 1) - delay.EPOCH).days for step in (0, 1))
    second = [each for each in listed if start <= each.day < end]
    linked = recapture.link(known, second, LINK_DAYS)
    sizes = (len(linked.only_first), len(linked.pairs), len(linked.only_second))
    if edition.audience == "public" and any(0 < size < SMALLEST for size in sizes):
        return {"why": "small"}
    try:
        found = recapture.recapture(*sizes)
    except InputError as error:
        return {"why": str(error)}
    return {
        "only_declared": found.only_first,
        "both": found.both,
        "only_public": found.only_second,
        "ambiguous": linked.ambiguous,
        "unusable": linked.unusable,
        "window_days": LINK_DAYS,
        "total": list(found.total),
        "declared_share": list(found.listed_share),
        "under_dependence": [[odds, list(total)] for odds, total in found.under_dependence],
        "assumptions": [{"fr": each.fr, "en": each.en} for each in found.assumptions],
    }


def _days(column: pa.ChunkedArray) -> np.ndarray:
    """Days from 1970-01-01 of instants."""
    return column.cast(pa.timestamp("us")).to_numpy().astype("datetime64[D]").astype(np.int64)
