"""Causes: suppliers, causes shared by several declarations, vulnerabilities."""

from __future__ import annotations

from typing import TYPE_CHECKING

import ibis

from vigie.observe.table import Measure
from vigie.observe.tables.counting import counted_by, counted_by_each, size, with_share
from vigie.observe.tables.definition import SHARE, SHARE_OF_EACH, table

if TYPE_CHECKING:
    import ibis.expr.types as ir


@table("Implication d'un prestataire", "A supplier is involved", ("supplier_involved",))
def by_supplier_involved(declarations: ir.Table) -> ir.Table:
    """Numerator: declarations by whether a supplier is involved.

    Denominator: declarations of the year, not said included.
    Exclusions: those of every table.
    """
    return counted_by(declarations, "supplier_involved")


@table(
    "Implication d'un prestataire, par famille",
    "A supplier is involved, by group of structures",
    ("structure_group", "supplier_involved"),
    per=("structure_group",),
)
def supplier_involved_by_structure_group(declarations: ir.Table) -> ir.Table:
    """Numerator: declarations of each group of structures by whether a supplier is involved.

    Denominator: declarations of that group in the year, not said included.
    Exclusions: those of every table.
    """
    return counted_by(declarations, "structure_group", "supplier_involved", per=("structure_group",))


@table(
    "Déclarations liées par une même cause",
    "Declarations that share a cause",
    ("cause_size",),
    measures=(*SHARE, Measure("causes", "value", of="declarations")),
    reads=("cause_group",),
)
def by_cause_size(declarations: ir.Table) -> ir.Table:
    """Numerator: declarations by how many of the year share their cause; `causes` is how many causes of that size there are.

    Denominator: declarations of the year, those with no known link included.
    Exclusions: those of every table. A cause is as large as the declarations of one year that share it.
    """
    each = declarations.group_by(["year", "cause_group"]).agg(n=size(declarations))
    linked = each.cause_group.notnull()
    each = each.mutate(
        linked=linked.cast("int64"),
        cause_size=ibis.cases(
            (~linked, "unlinked"),
            (each.n == 1, "one"),
            (each.n < 5, "two_to_four"),
            (each.n < 10, "five_to_nine"),
            else_="ten_or_more",
        ),
    )
    rows = each.group_by(["year", "cause_size"]).agg(declarations=size(each), causes=each.linked.sum().cast("int64"))
    return with_share(rows).select("year", "cause_size", "declarations", "total", "share", "causes")


@table("Vulnérabilités exploitées", "Exploited vulnerabilities", ("cve",), measures=SHARE_OF_EACH, reads=("cves",))
def by_exploited_vulnerability(declarations: ir.Table) -> ir.Table:
    """Numerator: declarations in which each vulnerability (CVE) was exploited; one with several counts under each.

    Denominator: declarations of the year, those that name no vulnerability included.
    Exclusions: those of every table.
    """
    return counted_by_each(declarations, "cves", "cve")
