"""Prepared: what the tables look at, made from the declarations once, as ibis expressions that every engine reads alike.

Two traps of engines are kept out here and nowhere else: no boolean is cast to a float (PostgreSQL refuses), and no distinct
count is left to the engine's fancy (ClickHouse answers `nunique` with an estimate): group twice instead.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

import ibis

from vigie.observe.columns import BIG, BY_NAME, LIST, REAL, TEXT, WHOLE
from vigie.observe.vocabulary import vocabulary

if TYPE_CHECKING:
    import ibis.expr.types as ir

SEPARATOR = ","  # no term of the vocabulary, and no CVE number, holds one
ANYBODY = "unknown"
MINUTES_A_DAY = 1440

# Words of the dimensions that are made here; those of columns stand beside the column.
WORDS: Mapping[str, str] = {
    "perimeter": "perimeters",
    "half_year": "half_years",
    "structure_group": "structure_groups",
    "declarant_class": "declarant_classes",
    "any_data_impact": "any_data_impacts",
    "delay_class": "delay_classes",
    "duration_class": "duration_classes",
    "people_class": "people_classes",
    "cause_size": "cause_sizes",
    "data_impact": "data_impacts",
    "service": "service_kinds",
    "authority": "authorities",
    "action": "veris_actions",
    "actor": "veris_actors",
}


def words_of(dimension: str) -> str:
    """The vocabulary list of a dimension; empty where its values are open (year, country, CVE numbers)."""
    column = BY_NAME.get(dimension)
    return WORDS.get(dimension) or (column.words if column else "")


def prepared(table: ir.Table, *names: str) -> ir.Table:
    """Declarations with `year`, the named columns that tables read (None named: all of them), and `n`, 1 for each.

    Low-cardinality columns are as they were; lists are joined with `SEPARATOR` (empty text: nothing was said), because not
    every engine groups by a list; classes are made here.
    """
    wanted = names or (*table.columns, *MADE)
    columns = {name: _column(table, name) for name in wanted if name != "year"}
    return table.select(year=table.year, **columns, n=ibis.literal(1, type="int64"))


def type_of(name: str) -> str:
    """The ibis type of a prepared column."""
    if name in BY_NAME and BY_NAME[name].type != LIST:
        return {TEXT: "string", WHOLE: "int32", BIG: "int64", REAL: "float64"}[BY_NAME[name].type]
    return "int64" if name in ("n", "people", "delay_minutes") else "string"


def perimeter(table: ir.Table) -> ir.Value:
    """Why a received declaration is counted or not; the first reason that holds. `kept` is what `counted` keeps."""
    return ibis.cases(
        (table.duplicate_of.notnull(), "duplicate"),
        (table.state == "out_of_scope", "out_of_scope"),
        (table.nature != "incident", "no_incident"),
        else_="kept",
    )


def structure_group(table: ir.Table) -> ir.Value:
    """Group of the kind of structure: hospitals and clinics, social care, community care, others."""
    kinds = vocabulary()["establishment_kinds"]
    groups: dict[str, list[str]] = {}
    for kind, said in kinds.items():
        groups.setdefault(said["group"], []).append(kind)
    known = [(table.establishment_kind.isin(members), group) for group, members in groups.items() if group != ANYBODY]
    return ibis.cases(*known, else_=ANYBODY)


def half_year(table: ir.Table) -> ir.Value:
    """First or second half of the year, unknown where the month is."""
    return ibis.cases((table.month.isnull(), ANYBODY), (table.month <= 6, "first"), else_="second")


def delay_minutes(table: ir.Table) -> ir.Value:
    """Whole minutes from detection to declaration, both taken to the minute; null where one is unknown or they cross."""
    delay = _minutes(table.declared_at) - _minutes(table.detected_at)
    return ibis.cases((delay >= 0, delay))


def delay_class(table: ir.Table) -> ir.Value:
    """Class of the delay. The same day is the same date in UTC, which is the only clock that every engine shares."""
    detected, declared = _minutes(table.detected_at), _minutes(table.declared_at)
    delay = declared - detected
    same_day = declared - declared % MINUTES_A_DAY <= detected
    return ibis.cases(
        (delay.isnull() | (delay < 0), ANYBODY),
        (same_day, "same_day"),
        (delay <= MINUTES_A_DAY, "one_day"),
        (delay <= 3 * MINUTES_A_DAY, "three_days"),
        (delay <= 7 * MINUTES_A_DAY, "seven_days"),
        else_="more",
    )


def disrupted(table: ir.Table) -> ir.Value:
    """Whether care went on in degraded mode or stopped: yes, no or unknown."""
    return ibis.cases(
        (table.functioning.isin(["degraded", "interruption"]), "yes"),
        (table.functioning == "none", "no"),
        else_=ANYBODY,
    )


def duration_class(table: ir.Table) -> ir.Value:
    """Class of the hours in degraded mode."""
    hours = table.hours_degraded
    return ibis.cases(
        (hours.isnull(), ANYBODY),
        (hours <= 4, "four_hours"),
        (hours <= 24, "one_day"),
        (hours <= 72, "three_days"),
        (hours <= 168, "seven_days"),
        else_="more",
    )


def people_class(table: ir.Table) -> ir.Value:
    """Class of the number of people whose data were touched."""
    people = table.people_affected
    return ibis.cases(
        (people.isnull(), ANYBODY),
        (people < 1, "nobody"),
        (people < 100, "under_100"),
        (people < 1_000, "under_1000"),
        (people < 10_000, "under_10000"),
        (people < 100_000, "under_100000"),
        else_="more",
    )


def people(table: ir.Table) -> ir.Value:
    """People whose data were touched, 0 where it is not known: only ever added up, beside how many are known."""
    return table.people_affected.fill_null(0)


MADE: Mapping[str, Callable[[ir.Table], ir.Value]] = {
    made.__name__: made
    for made in (
        perimeter, structure_group, half_year, delay_minutes, delay_class, disrupted, duration_class, people_class, people
    )
}  # fmt: skip


def _column(table: ir.Table, name: str) -> ir.Value:
    if name in MADE:
        return MADE[name](table)
    return _joined(table[name]) if BY_NAME[name].type == LIST else table[name]


def _joined(terms: ir.Value) -> ir.Value:
    return terms.join(SEPARATOR).fill_null("")


def _minutes(instant: ir.Value) -> ir.Value:
    # Truncated first: engines agree on whole seconds, and not on how to round the rest.
    return instant.truncate("m").epoch_seconds().cast("int64") // 60
