"""Volume: how many declarations, when, and what became of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from vigie.observe.table import Measure
from vigie.observe.tables.counting import counted_by, ratio, size
from vigie.observe.tables.definition import table

if TYPE_CHECKING:
    import ibis.expr.types as ir


@table("Déclarations par an", "Declarations per year", measures=(Measure("declarations", "count"),))
def declarations_per_year(declarations: ir.Table) -> ir.Table:
    """Numerator: declarations that count in the year of their declaration, else of the occurrence or detection.

    Denominator: none, it is a count.
    Exclusions: those of every table: duplicates, what is out of scope, what is no incident, other realms.
    """
    return declarations.group_by("year").agg(declarations=size(declarations))


@table("Déclarations par mois", "Declarations per month", ("month",))
def declarations_per_month(declarations: ir.Table) -> ir.Table:
    """Numerator: declarations of the month, in legal time.

    Denominator: declarations of the year, those of an unknown month included.
    Exclusions: those of every table. Months add up to the year.
    """
    return counted_by(declarations, "month")


@table("Déclarations par semestre", "Declarations per half-year", ("half_year",))
def declarations_per_half_year(declarations: ir.Table) -> ir.Table:
    """Numerator: declarations of the half-year, in legal time.

    Denominator: declarations of the year, those of an unknown month included.
    Exclusions: those of every table.
    """
    return counted_by(declarations, "half_year")


@table(
    "Moyenne mensuelle des déclarations",
    "Mean declarations per month",
    measures=(
        Measure("declarations", "count", where=(("half_year", ("first", "second")),)),
        Measure("months", "value", of="declarations"),
        Measure("per_month", "value", of="declarations"),
    ),
    reads=("month",),
)
def mean_per_month(declarations: ir.Table) -> ir.Table:
    """Numerator: declarations of the year whose month is known.

    Denominator: months of the year with at least one declaration, so that a year that is not over is not divided by twelve.
    Exclusions: those of every table, and declarations of an unknown month.
    """
    known = declarations.filter(declarations.month.notnull())
    months = known.group_by(["year", "month"]).agg(n=size(known))
    rows = months.group_by("year").agg(declarations=size(months), months=months.count().cast("int64"))
    return rows.mutate(per_month=ratio(rows.declarations, rows.months))


@table(
    "Déclarations reçues : retenues, doublons, hors périmètre",
    "Declarations received: kept, duplicates, out of scope",
    ("perimeter",),
    scope="received",
)
def received_and_kept(received: ir.Table) -> ir.Table:
    """Numerator: declarations received, by why they are counted or not; the first reason that holds.

    Denominator: declarations received in the year.
    Exclusions: other realms only. What is kept is what every other table counts.
    """
    return counted_by(received, "perimeter")


@table(
    "Déclarations reçues par nature",
    "Declarations received, by nature",
    ("nature",),
    reads=("nature", "perimeter"),
    scope="received",
    where=(("perimeter", ("kept", "no_incident")),),
)
def received_by_nature(received: ir.Table) -> ir.Table:
    """Numerator: declarations received, by nature: incident, near miss, threat, voluntary report.

    Denominator: declarations received in the year that are neither duplicates nor out of scope.
    Exclusions: duplicates, what is out of scope, other realms.
    """
    return counted_by(received.filter(received.perimeter.isin(["kept", "no_incident"])), "nature")


@table("Étape de la déclaration", "Stage of the declaration", ("stage",))
def by_stage(declarations: ir.Table) -> ir.Table:
    """Numerator: declarations by the last stage received: early warning, notification, intermediate, final.

    Denominator: declarations of the year.
    Exclusions: those of every table.
    """
    return counted_by(declarations, "stage")


@table("État de la qualification", "State of the qualification", ("state",))
def by_qualification_state(declarations: ir.Table) -> ir.Table:
    """Numerator: declarations by where their qualification stands.

    Denominator: declarations of the year.
    Exclusions: those of every table, so that out of scope is always 0 here; see received_and_kept.
    """
    return counted_by(declarations, "state")


@table("Gravité retenue", "Seriousness", ("significance",))
def by_significance(declarations: ir.Table) -> ir.Table:
    """Numerator: declarations by the significance that the observatory gave them.

    Denominator: declarations of the year, those not qualified included.
    Exclusions: those of every table.
    """
    return counted_by(declarations, "significance")


@table(
    "Part des déclarations closes",
    "Closed declarations",
    measures=(
        Measure("closed", "count", counts="declarations", where=(("state", "closed"),)),
        Measure("declarations", "count"),
        Measure("share", "share", of="closed", over="declarations"),
    ),
    reads=("state",),
)
def closed_share(declarations: ir.Table) -> ir.Table:
    """Numerator: declarations that are closed.

    Denominator: declarations of the year, whatever the state of their qualification.
    Exclusions: those of every table.
    """
    rows = declarations.group_by("year").agg(
        closed=size(declarations, declarations.state == "closed"), declarations=size(declarations)
    )
    return rows.mutate(share=ratio(rows.closed, rows.declarations))


@table("Déclarations par source", "Declarations by source", ("source",))
def by_source(declarations: ir.Table) -> ir.Table:
    """Numerator: declarations by where they were read from: journals, workbook, VERIS, HHS portal, EuRepoC, synthetic.

    Denominator: declarations of the year.
    Exclusions: those of every table. The same incident may be known from two sources; see the notes on duplicates.
    """
    return counted_by(declarations, "source")
