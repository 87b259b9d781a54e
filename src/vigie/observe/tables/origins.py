"""Origins: malicious or not, and of which kind."""

from __future__ import annotations

from typing import TYPE_CHECKING

from vigie.observe.table import Measure
from vigie.observe.tables.counting import counted_by, ratio, size
from vigie.observe.tables.definition import table

if TYPE_CHECKING:
    import ibis.expr.types as ir


@table("Origine malveillante ou non", "Malicious or not", ("malicious",))
def malicious_share(declarations: ir.Table) -> ir.Table:
    """Numerator: declarations of a malicious origin, of another, of an unknown one.

    Denominator: declarations of the year, unknown origin included.
    Exclusions: those of every table.
    """
    return counted_by(declarations, "malicious")


@table("Origine malveillante ou non, par mois", "Malicious or not, per month", ("month", "malicious"), per=("month",))
def malicious_per_month(declarations: ir.Table) -> ir.Table:
    """Numerator: declarations of the month of a malicious origin, of another, of an unknown one.

    Denominator: declarations of the month, unknown origin included.
    Exclusions: those of every table.
    """
    return counted_by(declarations, "month", "malicious", per=("month",))


@table("Origine des incidents", "Origin of incidents", ("origin",))
def by_origin(declarations: ir.Table) -> ir.Table:
    """Numerator: declarations by origin, malicious or not.

    Denominator: declarations of the year, unknown origin included.
    Exclusions: those of every table.
    """
    return counted_by(declarations, "origin")


@table(
    "Origine des incidents malveillants",
    "Origin of malicious incidents",
    ("origin",),
    reads=("malicious", "origin"),
    where=(("malicious", "yes"),),
)
def origins_malicious(declarations: ir.Table) -> ir.Table:
    """Numerator: declarations of a malicious origin, by origin.

    Denominator: declarations of a malicious origin in the year.
    Exclusions: those of every table, and every declaration not known to be malicious.
    """
    return counted_by(declarations.filter(declarations.malicious == "yes"), "origin")


@table(
    "Origine des incidents non malveillants",
    "Origin of incidents that are not malicious",
    ("origin",),
    reads=("malicious", "origin"),
    where=(("malicious", "no"),),
)
def origins_not_malicious(declarations: ir.Table) -> ir.Table:
    """Numerator: declarations of an origin that is not malicious, by origin.

    Denominator: declarations of an origin that is not malicious in the year.
    Exclusions: those of every table, and every declaration malicious or of unknown origin.
    """
    return counted_by(declarations.filter(declarations.malicious == "no"), "origin")


@table("Origine des incidents, par mois", "Origin of incidents, per month", ("month", "origin"), per=("month",))
def origins_per_month(declarations: ir.Table) -> ir.Table:
    """Numerator: declarations of the month, by origin.

    Denominator: declarations of the month, unknown origin included.
    Exclusions: those of every table.
    """
    return counted_by(declarations, "month", "origin", per=("month",))


@table(
    "Part des rançongiciels",
    "Share of ransomware",
    measures=(
        Measure("ransomware", "count", counts="declarations", where=(("origin", "ransomware"),)),
        Measure("declarations", "count"),
        Measure("share", "share", of="ransomware", over="declarations"),
    ),
    reads=("origin",),
)
def ransomware_share(declarations: ir.Table) -> ir.Table:
    """Numerator: declarations whose origin is ransomware.

    Denominator: declarations of the year, unknown origin included.
    Exclusions: those of every table.
    """
    rows = declarations.group_by("year").agg(
        ransomware=size(declarations, declarations.origin == "ransomware"), declarations=size(declarations)
    )
    return rows.mutate(share=ratio(rows.ransomware, rows.declarations))


@table(
    "Rançongiciels par étendue",
    "Ransomware by extent",
    ("ransomware_extent",),
    reads=("origin", "ransomware_extent"),
    where=(("origin", "ransomware"),),
)
def ransomware_by_extent(declarations: ir.Table) -> ir.Table:
    """Numerator: declarations whose origin is ransomware, by how far it went.

    Denominator: declarations whose origin is ransomware in the year, unknown extent included.
    Exclusions: those of every table, and every other origin.
    """
    ransomware = declarations.filter(declarations.origin == "ransomware")
    return counted_by(
        ransomware.mutate(ransomware_extent=ransomware.ransomware_extent.fill_null("unknown")), "ransomware_extent"
    )


@table(
    "Origine malveillante par type de structure",
    "Malicious or not, by kind of structure",
    ("establishment_kind", "malicious"),
    per=("establishment_kind",),
)
def malicious_by_establishment_kind(declarations: ir.Table) -> ir.Table:
    """Numerator: declarations of each kind of structure of a malicious origin, of another, of an unknown one.

    Denominator: declarations of that kind of structure in the year.
    Exclusions: those of every table.
    """
    return counted_by(declarations, "establishment_kind", "malicious", per=("establishment_kind",))


@table("Origine malveillante par région", "Malicious or not, by region", ("region", "malicious"), per=("region",))
def malicious_by_region(declarations: ir.Table) -> ir.Table:
    """Numerator: declarations of each region of a malicious origin, of another, of an unknown one.

    Denominator: declarations of that region in the year.
    Exclusions: those of every table.
    """
    return counted_by(declarations, "region", "malicious", per=("region",))
