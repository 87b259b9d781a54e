"""Cells: declarations counted together by families of columns, so that many tables share one reading of the data.

A cell says how many declarations have the same year and the same values of its family's columns. There are thousands of
cells where there are millions of declarations; a table that reads no other column gives the same figures from the cells as
from the declarations one by one, and cells of two parts of the data add up. See docs/background/scale.md.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, NamedTuple

from vigie.observe.table import Table

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
    Family("delays", ("delay_class", "delay_minutes", "malicious")),
    Family("causes", ("cause_group",)),
    Family("declarants", ("declarant", "essential_entity", "structure_group")),
)


def family_of(table: Table) -> Family:
    """The family whose cells a table is computed from. A table that fits none has a family of its own."""
    for family in FAMILIES:
        if family.scope == table.scope and {*table.reads} <= {*family.keys} and {*table.sums} <= {*family.sums}:
            return family
    return Family(table.name, table.reads, table.sums, table.scope)


def cells(prepared: ir.Table, family: Family) -> ir.Table:
    """The cells of prepared declarations: `year`, the family's columns, `n` and the sums. One plain group by."""
    keys = ["year", *family.keys]
    sums = {name: prepared[name].sum().cast("int64") for name in family.sums}
    return prepared.group_by(keys).agg(n=prepared.count().cast("int64"), **sums)


def merged(parts: ir.Table, family: Family) -> ir.Table:
    """Cells of several parts of the data as the cells of the whole."""
    keys = ["year", *family.keys]
    return parts.group_by(keys).agg(**{name: parts[name].sum().cast("int64") for name in ("n", *family.sums)})
