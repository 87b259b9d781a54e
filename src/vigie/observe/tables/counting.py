"""Counting: the few shapes that the tables share. A row of `declarations` may stand for one declaration or for `n` alike."""

from __future__ import annotations

from typing import TYPE_CHECKING

import ibis

from vigie.observe.tables.prepared import ANYBODY, SEPARATOR

if TYPE_CHECKING:
    import ibis.expr.types as ir


def size(declarations: ir.Table, where: ir.Value | None = None) -> ir.Value:
    """How many declarations the rows stand for; 0 where there is none."""
    return declarations.n.sum(where=where).fill_null(0).cast("int64")


def ratio(part: ir.Value, whole: ir.Value) -> ir.Value:
    """A count over a count, in double precision; null where there is nothing to divide."""
    return part.cast("float64") / whole.nullif(0).cast("float64")


def counted_by(declarations: ir.Table, *dimensions: str, per: tuple[str, ...] = ()) -> ir.Table:
    """Declarations by year and dimensions, with their total (by year, or by year and `per`) and their share of it."""
    rows = declarations.group_by(["year", *dimensions]).agg(declarations=size(declarations))
    return with_share(rows, per=per)


def with_share(rows: ir.Table, count: str = "declarations", per: tuple[str, ...] = ()) -> ir.Table:
    """The total of the rows that share a year (and `per`), and the share of each."""
    rows = rows.mutate(total=rows[count].sum().over(ibis.window(group_by=["year", *per])).cast("int64"))
    return rows.mutate(share=ratio(rows[count], rows.total))


def counted_by_each(
    declarations: ir.Table, terms: str, dimension: str, *, per: tuple[str, ...] = (), silent: str = ANYBODY
) -> ir.Table:
    """Declarations by each of several terms: one declaration counts once under each of its terms.

    `terms`: the column of joined terms; `silent`: what those with no term are counted under. The total is of declarations,
    so that shares add up to more than 1 where declarations have several terms.
    """
    keys = ["year", *per]
    whole = declarations.group_by([*keys, terms]).agg(n=size(declarations))
    whole = whole.mutate(total=whole.n.sum().over(ibis.window(group_by=keys)).cast("int64"))
    said = whole.mutate(terms=ibis.cases((whole[terms] == "", silent), else_=whole[terms]))
    parts = said.select(*keys, "n", "total", **{dimension: said.terms.split(SEPARATOR).unique().unnest()})
    rows = parts.group_by([*keys, dimension, "total"]).agg(declarations=size(parts))
    return rows.mutate(share=ratio(rows.declarations, rows.total)).select(
        *keys, dimension, "declarations", "total", "share"
    )


def names(joined: ir.Value, term: str) -> ir.Value:
    """Whether joined terms hold this one."""
    return (ibis.literal(SEPARATOR) + joined + SEPARATOR).contains(SEPARATOR + term + SEPARATOR)


def quantiles(declarations: ir.Table, column: str, **probabilities: float) -> ir.Table:
    """Exact quantiles of a column by year, each named: `quantiles(t, "hours_degraded", median=0.5)`, with `known`, `unknown`.

    Linear interpolation between the two nearest values (Hyndman and Fan 1996, type 7: what R, numpy and SQL's
    `percentile_cont` do). `known`: declarations with a value; the others are `unknown` and enter no quantile.
    """
    rows = declarations.group_by(["year", column]).agg(n=size(declarations))
    rows = rows.mutate(weight=ibis.cases((rows[column].notnull(), rows.n), else_=0))
    by_value = ibis.cumulative_window(group_by="year", order_by=rows[column].asc(nulls_first=False))
    rows = rows.mutate(
        upto=rows.weight.sum().over(by_value).cast("int64"),
        known=rows.weight.sum().over(ibis.window(group_by="year")).cast("int64"),
    )
    found = {}
    for name, probability in probabilities.items():
        place = (rows.known - 1).cast("float64") * probability
        found[name] = (
            rows[column].min(where=rows.upto > place.floor()),
            rows[column].min(where=rows.upto > place.ceil()),
        )
    edges = rows.group_by("year").agg(
        known=rows.weight.sum().cast("int64"),
        unknown=(rows.n - rows.weight).sum().cast("int64"),
        **{f"{name}_low": low.cast("float64") for name, (low, _) in found.items()},
        **{f"{name}_high": high.cast("float64") for name, (_, high) in found.items()},
    )
    between = {}
    for name, probability in probabilities.items():
        place = (edges.known - 1).cast("float64") * probability
        low, high = edges[f"{name}_low"], edges[f"{name}_high"]
        between[name] = low + (high - low) * (place - place.floor())
    return edges.select("year", "known", "unknown", **between)
