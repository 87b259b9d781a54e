"""Definition: a function with a docstring becomes a table of the report."""

from __future__ import annotations

import inspect
import re
from collections.abc import Callable
from typing import TYPE_CHECKING, Literal

from vigie.observe.table import Dimension, Measure, Table
from vigie.observe.tables.prepared import words_of

if TYPE_CHECKING:
    import ibis.expr.types as ir

SHARE = (
    Measure("declarations", "count"),
    Measure("total", "count", additive=False),
    Measure("share", "share", of="declarations", over="total"),
)
# Where one declaration counts under each of its terms: the counts overlap, and add up to more than the total.
SHARE_OF_EACH = (Measure("declarations", "count", additive=False), *SHARE[1:])

_DEFINITION = re.compile(r"Numerator: (.+?)\s*Denominator: (.+?)\s*Exclusions: (.+)", re.DOTALL)


def table(
    fr: str,
    en: str,
    by: tuple[str, ...] = (),
    *,
    measures: tuple[Measure, ...] = SHARE,
    reads: tuple[str, ...] | None = None,
    sums: tuple[str, ...] = (),
    scope: Literal["counted", "received"] = "counted",
    per: tuple[str, ...] = (),
    where: tuple[tuple[str, str | tuple[str, ...]], ...] = (),
) -> Callable[[Callable[[ir.Table], ir.Table]], Table]:
    """Make a `Table` of a function. Its dimensions are `year` and `by`; its docstring says numerator, denominator, exclusions.

    `reads` is `by` unless said; `where`: what every declaration of a table limited to a part has in common, which disclosure
    control compares with other tables. The chapter is the module's name. Raises ValueError on a docstring that lacks one of
    the three.
    """

    def defined(build: Callable[[ir.Table], ir.Table]) -> Table:
        said = _DEFINITION.fullmatch(" ".join((inspect.getdoc(build) or "").split()))
        if said is None:
            raise ValueError(
                f"{build.__name__}: its docstring must say Numerator, Denominator and Exclusions, in this order"
            )
        return Table(
            name=build.__name__,
            chapter=build.__module__.rpartition(".")[2],
            title={"fr": fr, "en": en},
            dimensions=tuple(Dimension(name, words_of(name)) for name in ("year", *by)),
            measures=tuple(_told(measure, measures, scope, where) for measure in measures),
            numerator=said[1],
            denominator=said[2],
            exclusions=said[3],
            build=build,
            reads=by if reads is None else reads,
            sums=sums,
            scope=scope,
            per=("year", *per),
        )

    return defined


def _told(
    measure: Measure,
    measures: tuple[Measure, ...],
    scope: str,
    where: tuple[tuple[str, str | tuple[str, ...]], ...],
) -> Measure:
    """The measure with what it counts: a total counts what it is the total of, of what was received if the table says so."""
    if measure.kind != "count":
        return measure
    counts = measure.counts or measure.name
    if measure.name == "total":
        counts = next(each.of for each in measures if each.kind == "share" and each.over == "total")
    return measure._replace(counts="received" if scope == "received" else counts, where=(*where, *measure.where))
