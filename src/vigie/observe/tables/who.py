"""Who: which structures declare, how often, and where they are."""

from __future__ import annotations

from typing import TYPE_CHECKING

import ibis

from vigie.observe.table import Measure
from vigie.observe.tables.counting import counted_by, ratio, size, with_share
from vigie.observe.tables.definition import table

if TYPE_CHECKING:
    import ibis.expr.types as ir

_DECLARANTS = (
    Measure("declarants", "count"),
    Measure("total", "count", additive=False),
    Measure("share", "share", of="declarants", over="total"),
)


@table(
    "Structures ayant déclaré",
    "Structures that declared",
    measures=(
        Measure("declarants", "count"),
        Measure("declarations", "count"),
        Measure(
            "without_declarant", "count", counts="declarations", where=(("declarant_known", "no"),), additive=False
        ),
        Measure("per_declarant", "value", of="declarants"),
    ),
    reads=("declarant",),
)
def declarants(declarations: ir.Table) -> ir.Table:
    """Numerator: different structures that declared in the year, by legal entity, else by name, country and region.

    Denominator: for `per_declarant`, the declarations whose declarant is known over the declarants.
    Exclusions: those of every table. `without_declarant` counts the declarations of which nobody can tell who declared.
    """
    each = declarations.group_by(["year", "declarant"]).agg(n=size(declarations))
    known = each.declarant.notnull()
    rows = each.group_by("year").agg(
        declarants=known.cast("int64").sum().cast("int64"),
        declarations=size(each),
        without_declarant=size(each, ~known),
    )
    return rows.mutate(per_declarant=ratio(rows.declarations - rows.without_declarant, rows.declarants))


@table(
    "Structures par nombre de déclarations dans l'année",
    "Structures by number of declarations in the year",
    ("declarant_class",),
    measures=_DECLARANTS,
    reads=("declarant",),
)
def repeat_declarants(declarations: ir.Table) -> ir.Table:
    """Numerator: structures that declared once, twice, three times, four times or more in the year.

    Denominator: structures that declared in the year.
    Exclusions: those of every table, and declarations of which nobody can tell who declared.
    """
    known = declarations.filter(declarations.declarant.notnull())
    each = known.group_by(["year", "declarant"]).agg(n=size(known))
    classes = ibis.cases((each.n == 1, "one"), (each.n == 2, "two"), (each.n == 3, "three"), else_="four_or_more")
    each = each.mutate(declarant_class=classes)
    rows = each.group_by(["year", "declarant_class"]).agg(declarants=each.count().cast("int64"))
    return with_share(rows, "declarants")


@table(
    "Structures ayant déclaré, par famille",
    "Structures that declared, by group",
    ("structure_group",),
    measures=(Measure("declarants", "count", additive=False), Measure("declarations", "count")),
    reads=("declarant", "structure_group"),
)
def declarants_by_structure_group(declarations: ir.Table) -> ir.Table:
    """Numerator: different structures of each group that declared in the year, and their declarations.

    Denominator: none, these are counts.
    Exclusions: those of every table; declarations whose declarant is not known add no structure.
    """
    each = declarations.group_by(["year", "structure_group", "declarant"]).agg(n=size(declarations))
    return each.group_by(["year", "structure_group"]).agg(
        declarants=each.declarant.notnull().cast("int64").sum().cast("int64"), declarations=size(each)
    )


@table(
    "Entités essentielles ayant déclaré au moins une fois",
    "Essential entities that declared at least once",
    measures=(
        Measure("essential_declarants", "count", counts="declarants", where=(("essential_entity", "yes"),)),
        Measure("declarants", "count"),
        Measure("share", "share", of="essential_declarants", over="declarants"),
    ),
    reads=("declarant", "essential_entity"),
)
def essential_entities_that_declared(declarations: ir.Table) -> ir.Table:
    """Numerator: different structures that declared in the year, and were said to be essential in one declaration at least.

    Denominator: structures that declared in the year.
    Exclusions: those of every table, and declarations of which nobody can tell who declared.
    """
    known = declarations.filter(declarations.declarant.notnull())
    each = known.group_by(["year", "declarant"]).agg(
        essential=(known.essential_entity == "yes").cast("int64").max().cast("int64")
    )
    rows = each.group_by("year").agg(
        essential_declarants=each.essential.sum().cast("int64"), declarants=each.count().cast("int64")
    )
    return rows.mutate(share=ratio(rows.essential_declarants, rows.declarants))


@table("Déclarations par type de structure", "Declarations by kind of structure", ("establishment_kind",))
def by_establishment_kind(declarations: ir.Table) -> ir.Table:
    """Numerator: declarations by kind of structure.

    Denominator: declarations of the year, unknown kind included.
    Exclusions: those of every table.
    """
    return counted_by(declarations, "establishment_kind")


@table("Déclarations par famille de structures", "Declarations by group of structures", ("structure_group",))
def by_structure_group(declarations: ir.Table) -> ir.Table:
    """Numerator: declarations by group of structures: hospitals and clinics, social care, community care, others.

    Denominator: declarations of the year, unknown group included.
    Exclusions: those of every table.
    """
    return counted_by(declarations, "structure_group")


@table("Déclarations par statut juridique", "Declarations by legal status", ("legal_status",))
def by_legal_status(declarations: ir.Table) -> ir.Table:
    """Numerator: declarations by legal status of the structure.

    Denominator: declarations of the year, unknown status included.
    Exclusions: those of every table.
    """
    return counted_by(declarations, "legal_status")


@table("Déclarations par région", "Declarations by region", ("region",))
def by_region(declarations: ir.Table) -> ir.Table:
    """Numerator: declarations by region of the structure.

    Denominator: declarations of the year, unknown region included.
    Exclusions: those of every table. Counts, not rates: a region with more hospitals declares more.
    """
    return counted_by(declarations, "region")


@table("Déclarations par secteur", "Declarations by sector", ("sector",))
def by_sector(declarations: ir.Table) -> ir.Table:
    """Numerator: declarations by sector of activity.

    Denominator: declarations of the year, unknown sector included.
    Exclusions: those of every table.
    """
    return counted_by(declarations, "sector")


@table("Déclarations des entités essentielles", "Declarations of essential entities", ("essential_entity",))
def by_essential_entity(declarations: ir.Table) -> ir.Table:
    """Numerator: declarations by whether the structure is an essential entity (or operator of essential services).

    Denominator: declarations of the year, not said included.
    Exclusions: those of every table. Declarations, not structures: see essential_entities_that_declared.
    """
    return counted_by(declarations, "essential_entity")


@table(
    "Déclarations par région et famille de structures",
    "Declarations by region and group of structures",
    ("region", "structure_group"),
)
def by_region_and_structure_group(declarations: ir.Table) -> ir.Table:
    """Numerator: declarations by region and group of structures.

    Denominator: declarations of the year, unknown region and group included.
    Exclusions: those of every table.
    """
    return counted_by(declarations, "region", "structure_group")
