"""One row of the template, its cells understood, as a row of the declarations table: what follows, and what contradicts."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from vigie.exchange.importing import counted_on, declarant
from vigie.exchange.moment import Moment
from vigie.observe.rows import Row, row
from vigie.observe.vocabulary import vocabulary

UNKNOWN = "unknown"
DATES = ("occurred_at", "detected_at", "declared_at")
# Which group of structures belongs to which sector.
SECTORS = {"health": "health", "ambulatory": "health", "social": "social"}


class Problem(NamedTuple):
    """What is wrong in a column of a row, and what would mend it."""

    column: str
    what: str
    mend: str


def row_of(values: Mapping[str, Any], latest: datetime, zone: ZoneInfo) -> tuple[Row, list[Problem]]:
    """The row, and everything in it that cannot be true. `values` are those of cells that were understood."""
    said = {name: value for name, value in values.items() if name not in (*DATES, "key") and not _unsaid(name, value)}
    dates: dict[str, Moment] = {name: values[name] for name in DATES if name in values}
    problems = [*_dates(dates, latest), *_contradictions(said)]
    origin = said.get("origin", UNKNOWN)
    if origin == "ransomware":
        said.setdefault("ransomware_extent", UNKNOWN)
    if said.get("supplier"):
        said.setdefault("supplier_involved", "yes")
    said.setdefault("malicious", vocabulary()["origins"][origin]["malicious"])
    region = said.get("region", UNKNOWN)
    french = "FR" if region != UNKNOWN or said.get("legal_entity") or said.get("sites") else UNKNOWN
    kind = vocabulary()["establishment_kinds"][said.get("establishment_kind", UNKNOWN)]
    made = row(
        **said,
        **_instants(dates),
        **_counted(dates, zone),
        country=french,
        sector=SECTORS.get(kind["group"], UNKNOWN),
        declarant=said.get("legal_entity") or declarant(said.get("establishment"), french, region),
    )
    return made, problems


def _unsaid(name: str, value: Any) -> bool:
    """Whether `unknown` stands where the list has no such word: then nothing was said."""
    return value == UNKNOWN and name in ("nature", "state")


def _dates(dates: Mapping[str, Moment], latest: datetime) -> Iterator[Problem]:
    """Dates that lie ahead, run backwards, or are too coarse to place a delay."""
    for name, when in dates.items():
        if when.start > latest:
            yield Problem(name, "this date has not come yet", "Write the day before the month, and check the year")
        if when.precision == "month" and name != "declared_at":
            yield Problem(name, "the day is missing", "Write the day, or leave the cell empty")
    given = [(name, dates[name]) for name in DATES if name in dates]
    for (before, first), (after, second) in zip(given, given[1:], strict=False):
        if second.end < first.start:
            words = {"occurred_at": "it happened", "detected_at": "it was detected", "declared_at": "it was declared"}
            yield Problem(after, f"{words[after]} before {words[before]}", "Correct one of the two dates")


def _contradictions(said: Mapping[str, Any]) -> Iterator[Problem]:
    origin = said.get("origin", UNKNOWN)
    follows = vocabulary()["origins"][origin]["malicious"]
    if UNKNOWN not in (follows, said.get("malicious", UNKNOWN)) and said["malicious"] != follows:
        yield Problem(
            "malicious",
            f"says {said['malicious']}, and the origin says {follows}",
            "Correct one of the two, or leave it empty",
        )
    if "ransomware_extent" in said and origin != "ransomware":
        yield Problem("ransomware_extent", "the origin is not ransomware", "Clear this cell, or correct the origin")
    if said.get("hours_degraded") and said.get("functioning") == "none":
        yield Problem(
            "hours_degraded", "hours in degraded mode, and no effect on functioning", "Correct one of the two"
        )
    if said.get("supplier") and said.get("supplier_involved") == "no":
        yield Problem("supplier", "a supplier is named, and none is involved", "Correct one of the two")
    if said.get("support_by") and said.get("support_given") == "no":
        yield Problem("support_by", "somebody helped, and no help was given", "Correct one of the two")


def _instants(dates: Mapping[str, Moment]) -> dict[str, datetime]:
    """The instants. A day without an hour is taken at its start, but never before what came first on the same day.

    A month alone places no instant.
    """
    placed: dict[str, datetime] = {}
    for name in DATES:
        if name in dates and dates[name].precision != "month":
            earlier = [when for when in placed.values() if when <= dates[name].end]
            placed[name] = max([dates[name].start, *earlier])
    return placed


def _counted(dates: Mapping[str, Moment], zone: ZoneInfo) -> dict[str, int | None]:
    """Year, month and day it counts in, in legal time: of the declaration, else of the occurrence, else of the detection."""
    for name in ("declared_at", "occurred_at", "detected_at"):
        if name in dates:
            day = dates[name].start.astimezone(zone).date()
            return {**counted_on(day), **({"day": None} if dates[name].precision == "month" else {})}
    return counted_on(None)
