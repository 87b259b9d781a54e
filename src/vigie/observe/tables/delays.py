"""Delays: from detection to declaration."""

from __future__ import annotations

from typing import TYPE_CHECKING

from vigie.observe.table import Measure
from vigie.observe.tables.counting import counted_by, quantiles
from vigie.observe.tables.definition import table

if TYPE_CHECKING:
    import ibis.expr.types as ir


@table("Délai entre la détection et la déclaration", "Delay from detection to declaration", ("delay_class",))
def by_declaration_delay(declarations: ir.Table) -> ir.Table:
    """Numerator: declarations by delay from detection to first declaration; the same day is the same date in UTC.

    Denominator: declarations of the year, unknown delay included.
    Exclusions: those of every table. A declaration said to precede its detection has an unknown delay.
    """
    return counted_by(declarations, "delay_class")


@table(
    "Délai de déclaration : quartiles, en heures",
    "Declaration delay: quartiles, in hours",
    measures=(
        Measure(
            "known",
            "count",
            counts="declarations",
            where=(("delay_class", ("same_day", "one_day", "three_days", "seven_days", "more")),),
        ),
        Measure("unknown", "count", counts="declarations", where=(("delay_class", "unknown"),)),
        Measure("quarter_below_hours", "value", of="known"),
        Measure("median_hours", "value", of="known"),
        Measure("quarter_above_hours", "value", of="known"),
    ),
    reads=("delay_minutes",),
)
def declaration_delay(declarations: ir.Table) -> ir.Table:
    """Numerator: hours from detection to first declaration, both taken to the minute: quartiles, exact and not estimated.

    Denominator: declarations of the year whose delay is `known`.
    Exclusions: those of every table, and those whose delay is `unknown` or negative.
    """
    rows = quantiles(declarations, "delay_minutes", quarter_below=0.25, median=0.5, quarter_above=0.75)
    hours = {f"{name}_hours": rows[name] / 60.0 for name in ("quarter_below", "median", "quarter_above")}
    return rows.select("year", "known", "unknown", **hours)


@table(
    "Délai de déclaration selon l'origine",
    "Declaration delay, malicious or not",
    ("malicious", "delay_class"),
    per=("malicious",),
)
def declaration_delay_by_malicious(declarations: ir.Table) -> ir.Table:
    """Numerator: declarations by delay from detection to first declaration, by malicious origin or not.

    Denominator: declarations of the year of the same malicious origin, other origin, or unknown one.
    Exclusions: those of every table. A declaration said to precede its detection has an unknown delay.
    """
    return counted_by(declarations, "malicious", "delay_class", per=("malicious",))
