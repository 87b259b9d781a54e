"""Comparison: countries, and the coding that community databases share, to set the observatory beside them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from vigie.observe.tables.counting import counted_by, counted_by_each
from vigie.observe.tables.definition import SHARE_OF_EACH, table

if TYPE_CHECKING:
    import ibis.expr.types as ir


@table("Déclarations par pays", "Declarations by country", ("country",))
def by_country(declarations: ir.Table) -> ir.Table:
    """Numerator: declarations by country of the structure.

    Denominator: declarations of the year, unknown country included.
    Exclusions: those of every table.
    """
    return counted_by(declarations, "country")


@table(
    "Déclarations par pays et origine malveillante",
    "Malicious or not, by country",
    ("country", "malicious"),
    per=("country",),
)
def malicious_by_country(declarations: ir.Table) -> ir.Table:
    """Numerator: declarations of each country of a malicious origin, of another, of an unknown one.

    Denominator: declarations of that country in the year.
    Exclusions: those of every table.
    """
    return counted_by(declarations, "country", "malicious", per=("country",))


@table("Action au sens de VERIS", "VERIS action", ("action",), measures=SHARE_OF_EACH, reads=("actions",))
def by_veris_action(declarations: ir.Table) -> ir.Table:
    """Numerator: declarations with each VERIS action; one with several counts under each.

    Denominator: declarations of the year; `unknown` is both what was coded so and what is not coded.
    Exclusions: those of every table.
    """
    return counted_by_each(declarations, "actions", "action")


@table("Acteur au sens de VERIS", "VERIS actor", ("actor",), measures=SHARE_OF_EACH, reads=("actors",))
def by_veris_actor(declarations: ir.Table) -> ir.Table:
    """Numerator: declarations with each VERIS actor; one with several counts under each.

    Denominator: declarations of the year; `unknown` is both what was coded so and what is not coded.
    Exclusions: those of every table.
    """
    return counted_by_each(declarations, "actors", "actor")


@table("Source et origine malveillante", "Malicious or not, by source", ("source", "malicious"), per=("source",))
def malicious_by_source(declarations: ir.Table) -> ir.Table:
    """Numerator: declarations of each source of a malicious origin, of another, of an unknown one.

    Denominator: declarations of that source in the year.
    Exclusions: those of every table.
    """
    return counted_by(declarations, "source", "malicious", per=("source",))
