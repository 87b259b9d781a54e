"""Impacts: on data, on people, on the functioning of the structure, on care."""

from __future__ import annotations

from typing import TYPE_CHECKING

import ibis

from vigie.observe.table import Measure
from vigie.observe.tables.counting import counted_by, counted_by_each, names, quantiles, ratio, size
from vigie.observe.tables.definition import SHARE_OF_EACH, table
from vigie.observe.tables.prepared import ANYBODY

if TYPE_CHECKING:
    import ibis.expr.types as ir


@table("Impact sur les données", "Impact on data", ("data_impact",), measures=SHARE_OF_EACH)
def by_data_impact(declarations: ir.Table) -> ir.Table:
    """Numerator: declarations with each impact on data; one with several counts under each.

    Denominator: declarations of the year, those that say nothing of data included.
    Exclusions: those of every table.
    """
    return counted_by_each(declarations, "data_impact", "data_impact")


@table("Au moins un impact sur les données", "Any impact on data", ("any_data_impact",), reads=("data_impact",))
def any_data_impact(declarations: ir.Table) -> ir.Table:
    """Numerator: declarations with at least one impact on data, with none, or that say nothing of it.

    Denominator: declarations of the year, those that say nothing of data included.
    Exclusions: those of every table. A declaration that says both none and an impact counts as an impact.
    """
    said = declarations.data_impact
    impact = ibis.cases((said == "", ANYBODY), (said == "none", "none"), else_="yes")
    return counted_by(declarations.mutate(any_data_impact=impact), "any_data_impact")


@table(
    "Impact sur les données selon l'origine",
    "Impact on data, malicious or not",
    ("malicious", "data_impact"),
    measures=SHARE_OF_EACH,
    per=("malicious",),
)
def data_impact_by_malicious(declarations: ir.Table) -> ir.Table:
    """Numerator: declarations with each impact on data, by malicious origin or not; one with several counts under each.

    Denominator: declarations of the year of the same malicious origin, other origin, or unknown one.
    Exclusions: those of every table.
    """
    return counted_by_each(declarations, "data_impact", "data_impact", per=("malicious",))


@table(
    "Personnes dont les données sont touchées",
    "Whose data",
    ("data_subjects",),
    measures=SHARE_OF_EACH,
    reads=("data_subjects", "data_impact"),
    where=(("any_data_impact", "yes"),),
)
def by_data_subjects(declarations: ir.Table) -> ir.Table:
    """Numerator: declarations with an impact on data, by whose data; one that touches several counts under each.

    Denominator: declarations of the year with at least one impact on data, those that do not say whose included.
    Exclusions: those of every table, and declarations with no impact on data or that say nothing of it.
    """
    touched = declarations.filter(~declarations.data_impact.isin(["", "none"]))
    return counted_by_each(touched, "data_subjects", "data_subjects")


@table("Nombre de personnes touchées", "Number of people affected", ("people_class",))
def by_people_affected(declarations: ir.Table) -> ir.Table:
    """Numerator: declarations by class of the number of people whose data were touched.

    Denominator: declarations of the year, those whose number is unknown included.
    Exclusions: those of every table.
    """
    return counted_by(declarations, "people_class")


@table(
    "Total des personnes touchées",
    "People affected in all",
    measures=(
        Measure(
            "known",
            "count",
            counts="declarations",
            where=(("people_class", ("nobody", "under_100", "under_1000", "under_10000", "under_100000", "more")),),
        ),
        Measure("unknown", "count", counts="declarations", where=(("people_class", "unknown"),)),
        Measure("people", "value", of="known"),
    ),
    reads=("people_class",),
    sums=("people",),
)
def people_affected(declarations: ir.Table) -> ir.Table:
    """Numerator: people whose data were touched, added up over the declarations that give a number.

    Denominator: none, it is a sum; `known` and `unknown` count the declarations with and without a number.
    Exclusions: those of every table. A person touched twice is counted twice.
    """
    known = declarations.people_class != ANYBODY
    rows = declarations.group_by("year").agg(
        known=size(declarations, known),
        unknown=size(declarations, ~known),
        people=declarations.people.sum().cast("int64"),
    )
    return rows.mutate(people=ibis.cases((rows.known > 0, rows.people)))


@table("Impact sur le fonctionnement", "Impact on functioning", ("functioning",))
def by_functioning(declarations: ir.Table) -> ir.Table:
    """Numerator: declarations by impact on the functioning of the structure: none, degraded mode, interruption of care.

    Denominator: declarations of the year, not said included.
    Exclusions: those of every table.
    """
    return counted_by(declarations, "functioning")


@table(
    "Impact sur le fonctionnement par statut juridique",
    "Impact on functioning, by legal status",
    ("legal_status", "functioning"),
    per=("legal_status",),
)
def functioning_by_legal_status(declarations: ir.Table) -> ir.Table:
    """Numerator: declarations of each legal status by impact on functioning.

    Denominator: declarations of that legal status in the year.
    Exclusions: those of every table.
    """
    return counted_by(declarations, "legal_status", "functioning", per=("legal_status",))


@table(
    "Impact sur le fonctionnement par famille",
    "Impact on functioning, by group of structures",
    ("structure_group", "functioning"),
    per=("structure_group",),
)
def functioning_by_structure_group(declarations: ir.Table) -> ir.Table:
    """Numerator: declarations of each group of structures by impact on functioning.

    Denominator: declarations of that group in the year.
    Exclusions: those of every table.
    """
    return counted_by(declarations, "structure_group", "functioning", per=("structure_group",))


@table(
    "Impact sur le fonctionnement selon l'origine",
    "Impact on functioning, malicious or not",
    ("malicious", "functioning"),
    per=("malicious",),
)
def functioning_by_malicious(declarations: ir.Table) -> ir.Table:
    """Numerator: declarations by impact on functioning, by malicious origin or not.

    Denominator: declarations of the year of the same malicious origin, other origin, or unknown one.
    Exclusions: those of every table.
    """
    return counted_by(declarations, "malicious", "functioning", per=("malicious",))


@table("Mise en danger de patients", "Patients put in danger", ("patient_danger",))
def by_patient_danger(declarations: ir.Table) -> ir.Table:
    """Numerator: declarations by danger to patients: none, potential, confirmed.

    Denominator: declarations of the year, not said included.
    Exclusions: those of every table. Declarations, not patients.
    """
    return counted_by(declarations, "patient_danger")


@table(
    "Mise en danger selon l'origine",
    "Patients put in danger, malicious or not",
    ("malicious", "patient_danger"),
    per=("malicious",),
)
def patient_danger_by_malicious(declarations: ir.Table) -> ir.Table:
    """Numerator: declarations by danger to patients, by malicious origin or not.

    Denominator: declarations of the year of the same malicious origin, other origin, or unknown one.
    Exclusions: those of every table.
    """
    return counted_by(declarations, "malicious", "patient_danger", per=("malicious",))


@table("Services de soins touchés", "Care services touched", ("service",), measures=SHARE_OF_EACH, reads=("services",))
def by_care_service(declarations: ir.Table) -> ir.Table:
    """Numerator: declarations that touched each care service; one that touched several counts under each.

    Denominator: declarations of the year, those that name no service included.
    Exclusions: those of every table.
    """
    return counted_by_each(declarations, "services", "service")


@table(
    "Durée du mode dégradé",
    "Duration of degraded mode",
    ("duration_class",),
    reads=("disrupted", "duration_class"),
    where=(("functioning", ("degraded", "interruption")),),
)
def by_degraded_duration(declarations: ir.Table) -> ir.Table:
    """Numerator: declarations with degraded mode or interruption of care, by how long degraded mode lasted.

    Denominator: declarations of the year with degraded mode or interruption of care, unknown duration included.
    Exclusions: those of every table, and declarations with no such impact or that say nothing of it.
    """
    return counted_by(declarations.filter(declarations.disrupted == "yes"), "duration_class")


@table(
    "Heures en mode dégradé : quartiles",
    "Hours in degraded mode: quartiles",
    measures=(
        Measure(
            "known",
            "count",
            counts="declarations",
            where=(("duration_class", ("four_hours", "one_day", "three_days", "seven_days", "more")),),
        ),
        Measure("unknown", "count", counts="declarations", where=(("duration_class", "unknown"),)),
        Measure("quarter_below", "value", of="known"),
        Measure("median", "value", of="known"),
        Measure("quarter_above", "value", of="known"),
    ),
    reads=("disrupted", "hours_degraded"),
    where=(("functioning", ("degraded", "interruption")),),
)
def hours_degraded(declarations: ir.Table) -> ir.Table:
    """Numerator: hours in degraded mode: a quarter lasted `quarter_below` or less, half `median` or less.

    Denominator: declarations with degraded mode or interruption of care whose hours are `known`; exact, not estimated.
    Exclusions: those of every table, declarations with no such impact, and those whose hours are `unknown`.
    """
    disrupted = declarations.filter(declarations.disrupted == "yes")
    return quantiles(disrupted, "hours_degraded", quarter_below=0.25, median=0.5, quarter_above=0.75)


@table(
    "Données divulguées",
    "Disclosed data",
    measures=(
        Measure("disclosures", "count", counts="declarations", where=(("data_impact", "disclosure"),)),
        Measure("declarations", "count"),
        Measure("share", "share", of="disclosures", over="declarations"),
    ),
    reads=("data_impact",),
)
def disclosures(declarations: ir.Table) -> ir.Table:
    """Numerator: declarations with data disclosed or reached without right.

    Denominator: declarations of the year, those that say nothing of data included.
    Exclusions: those of every table.
    """
    rows = declarations.group_by("year").agg(
        disclosures=size(declarations, names(declarations.data_impact, "disclosure")),
        declarations=size(declarations),
    )
    return rows.mutate(share=ratio(rows.disclosures, rows.declarations))
