"""Cells: declarations counted together by families of columns, so that many tables share one reading of the data.

A cell says how many declarations have the same year and the same values of its family's columns. There are thousands of
cells where there are millions of declarations; a table that reads no other column gives the same figures from the cells as
from the declarations one by one, and cells of two parts of the data add up. See docs/background/scale.md.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, NamedTuple

import ibis

from vigie.observe.table import Table
from vigie.observe.tables.prepared import prepared, type_of

if TYPE_CHECKING:
    import ibis.expr.types as ir


class Family(NamedTuple):
    """Columns that are counted together, besides `year`; `sums` are added up. Few enough values that cells stay few."""

    name: str
    keys: tuple[str, ...]
    sums: tuple[str, ...] = ()
    scope: Literal["counted", "received"] = "counted"


# A table takes the first family that holds all it reads, so the smallest come first.
FAMILIES: tuple[Family, ...] = (
    Family("received", ("perimeter", "nature"), scope="received"),
    Family("months", ("month", "half_year", "malicious", "origin", "ransomware_extent")),
    Family("impacts", ("functioning", "patient_danger", "malicious", "legal_status", "structure_group")),
    Family("help", ("support_asked", "support_given", "supplier_involved", "significance", "structure_group")),
    Family("files", ("stage", "state", "source", "country", "sector", "malicious")),
    Family("places", ("establishment_kind", "structure_group", "region", "malicious", "essential_entity")),
    Family("data", ("data_impact", "data_subjects", "malicious")),
    Family("services", ("services",)),
    Family("givers", ("support_by", "support_given", "establishment_kind", "essential_entity")),
    Family("authorities", ("authorities",)),
    Family("vulnerabilities", ("cves",)),
    Family("veris", ("actions", "actors")),
    Family("durations", ("disrupted", "duration_class", "hours_degraded")),
    Family("people", ("people_class",), sums=("people",)),
    Family("delays", ("delay_class", "malicious")),
    Family("minutes", ("delay_minutes",)),
    Family("causes", ("cause_group",)),
    Family("declarants", ("declarant", "essential_entity", "structure_group")),
)


def family_of(table: Table) -> Family:
    """The family whose cells a table is computed from. A table that fits none has a family of its own."""
    for family in FAMILIES:
        if family.scope == table.scope and {*table.reads} <= {*family.keys} and {*table.sums} <= {*family.sums}:
            return family
    return Family(table.name, table.reads, table.sums, table.scope)


def cells(declarations: ir.Table, family: Family) -> ir.Table:
    """The cells of declarations (of the family's scope): `year`, the family's columns, `n` and the sums. One plain group by."""
    read = prepared(declarations, *family.keys, *family.sums)
    sums = {name: read[name].sum().cast("int64") for name in family.sums}
    return read.group_by(["year", *family.keys]).agg(n=read.count().cast("int64"), **sums)


def schema_of(family: Family) -> ibis.Schema:
    """Names and types of a family's cells, the same whatever engine counted them."""
    return ibis.schema({name: type_of(name) for name in ("year", *family.keys, "n", *family.sums)})
