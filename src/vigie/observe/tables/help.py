"""Help: what was asked for, what was given, by whom, and which authorities know."""

from __future__ import annotations

from typing import TYPE_CHECKING

from vigie.observe.table import Measure
from vigie.observe.tables.counting import counted_by, counted_by_each, names, ratio, size
from vigie.observe.tables.definition import SHARE_OF_EACH, table

if TYPE_CHECKING:
    import ibis.expr.types as ir


@table("Accompagnement demandé", "Support asked for", ("support_asked",))
def by_support_asked(declarations: ir.Table) -> ir.Table:
    """Numerator: declarations by whether help was asked for.

    Denominator: declarations of the year, not said included.
    Exclusions: those of every table.
    """
    return counted_by(declarations, "support_asked")


@table("Accompagnement apporté", "Support given", ("support_given",))
def by_support_given(declarations: ir.Table) -> ir.Table:
    """Numerator: declarations by whether help was given.

    Denominator: declarations of the year, not said included.
    Exclusions: those of every table.
    """
    return counted_by(declarations, "support_given")


@table(
    "Accompagnement apporté parmi les demandes",
    "Support given, of what was asked",
    ("support_given",),
    reads=("support_asked", "support_given"),
    where=(("support_asked", "yes"),),
)
def support_given_when_asked(declarations: ir.Table) -> ir.Table:
    """Numerator: declarations that asked for help, by whether it was given.

    Denominator: declarations of the year that asked for help.
    Exclusions: those of every table, and declarations that asked for none or do not say.
    """
    return counted_by(declarations.filter(declarations.support_asked == "yes"), "support_given")


@table(
    "Qui a accompagné",
    "Who gave support",
    ("authority",),
    measures=SHARE_OF_EACH,
    reads=("support_by", "support_given"),
    where=(("helped", "yes"),),
)
def by_support_giver(declarations: ir.Table) -> ir.Table:
    """Numerator: declarations that were given help, by who gave it; one helped by several counts under each.

    Denominator: declarations of the year that were given help, those that do not say by whom included.
    Exclusions: those of every table, and declarations that were given none or do not say.
    """
    helped = declarations.filter((declarations.support_given == "yes") | (declarations.support_by != ""))
    return counted_by_each(helped, "support_by", "authority")


@table(
    "Interventions de l'ANSSI ou du ministère par type de structure",
    "Interventions of ANSSI or the ministry, by kind of structure",
    ("establishment_kind",),
    reads=("establishment_kind", "support_by"),
    where=(("helped_by_state", "yes"),),
)
def state_interventions_by_kind(declarations: ir.Table) -> ir.Table:
    """Numerator: declarations helped by ANSSI or the ministry (FSSI), by kind of structure.

    Denominator: declarations of the year helped by ANSSI or the ministry.
    Exclusions: those of every table, and every declaration that neither of the two is known to have helped.
    """
    return counted_by(declarations.filter(_by_the_state(declarations)), "establishment_kind")


@table(
    "Interventions de l'ANSSI ou du ministère auprès d'entités essentielles",
    "Interventions of ANSSI or the ministry, essential entities",
    ("essential_entity",),
    reads=("essential_entity", "support_by"),
    where=(("helped_by_state", "yes"),),
)
def state_interventions_by_essential_entity(declarations: ir.Table) -> ir.Table:
    """Numerator: declarations helped by ANSSI or the ministry (FSSI), by whether the structure is an essential entity.

    Denominator: declarations of the year helped by ANSSI or the ministry.
    Exclusions: those of every table, and every declaration that neither of the two is known to have helped.
    """
    return counted_by(declarations.filter(_by_the_state(declarations)), "essential_entity")


@table("Autorités informées", "Authorities told", ("authority",), measures=SHARE_OF_EACH, reads=("authorities",))
def by_authority(declarations: ir.Table) -> ir.Table:
    """Numerator: declarations made or routed to each authority; one that went to several counts under each.

    Denominator: declarations of the year, those that name no authority included.
    Exclusions: those of every table.
    """
    return counted_by_each(declarations, "authorities", "authority")


@table(
    "Déclarations ayant reçu l'appui du CERT Santé",
    "Declarations helped by the health CERT",
    measures=(
        Measure("helped", "count", counts="declarations", where=(("helped", "yes"), ("authority", "cert-sante"))),
        Measure("declarations", "count"),
        Measure("share", "share", of="helped", over="declarations"),
    ),
    reads=("support_by",),
)
def helped_by_health_cert(declarations: ir.Table) -> ir.Table:
    """Numerator: declarations helped by the health CERT.

    Denominator: declarations of the year, those that say nothing of help included.
    Exclusions: those of every table.
    """
    rows = declarations.group_by("year").agg(
        helped=size(declarations, names(declarations.support_by, "cert-sante")), declarations=size(declarations)
    )
    return rows.mutate(share=ratio(rows.helped, rows.declarations))


def _by_the_state(declarations: ir.Table) -> ir.Value:
    return names(declarations.support_by, "anssi") | names(declarations.support_by, "fssi")
