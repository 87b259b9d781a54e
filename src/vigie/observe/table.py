"""Table: one named figure of the observatory, its definition, and how it is computed.

`build` is an ibis expression over the declarations table (already limited by `counted`): the same one runs on DuckDB,
PostgreSQL, Polars, ClickHouse and Spark. A computed table is `Figures`: plain rows that disclosure control, charts, reports
and exports share.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

if TYPE_CHECKING:
    import ibis.expr.types as ir


class Dimension(NamedTuple):
    """A column that says which rows were counted. `words`: its list in the vocabulary, for labels."""

    name: str
    words: str = ""


class Measure(NamedTuple):
    """A column that holds a number.

    `count`: a number of declarations or declarants; small ones are hidden in public.
    `share`: `of` over `over`, two counts of the same row, between 0 and 1; hidden with either.
    `value`: a median, a mean, a duration of the `of` declarations; hidden when they are few.

    Disclosure control compares tables, so a count says what it counts. `counts`: what one unit is (`declarations`,
    `declarants`; empty: the name of the measure); two counts of the same units by the same dimensions are one number.
    `where`: terms that every counted unit has besides the dimensions, `(("origin", "ransomware"),)` or
    `(("malicious", ("yes", "no")),)`, for a count of a part of the row or a table limited to a part.
    """

    name: str
    kind: Literal["count", "share", "value"]
    of: str = ""
    over: str = ""
    additive: bool = True
    counts: str = ""
    where: tuple[tuple[str, str | tuple[str, ...]], ...] = ()


@dataclass(frozen=True, slots=True)
class Table:
    """A table of the report. `numerator`, `denominator` and `exclusions` are its definition, in English, printed with it.

    `build` runs on declarations as `tables.prepared` prepares them, one by one or already counted together: a column `n` is
    how many declarations a row stands for. `reads`: the columns it looks at besides `year`; `sums`: those it only adds up.
    `scope`: `counted` declarations, or all `received` ones, for the tables that say what was left out. `per`: the dimensions
    within which `total` is one and the same.
    """

    name: str
    chapter: str
    title: dict[str, str]
    dimensions: tuple[Dimension, ...]
    measures: tuple[Measure, ...]
    numerator: str
    denominator: str
    exclusions: str
    build: Callable[[ir.Table], ir.Table]
    reads: tuple[str, ...] = ()
    sums: tuple[str, ...] = ()
    scope: Literal["counted", "received"] = "counted"
    per: tuple[str, ...] = ("year",)

    @property
    def columns(self) -> tuple[str, ...]:
        """Names of the columns, dimensions first."""
        return tuple(each.name for each in (*self.dimensions, *self.measures))


@dataclass(frozen=True, slots=True)
class Figures:
    """A computed table: `rows` in a stated order, one value a column; None: no such number (nothing to divide, no value).

    `hidden` marks (row, column) positions withheld from the public; their value in `rows` is None too.
    """

    name: str
    columns: tuple[str, ...]
    rows: tuple[tuple[Any, ...], ...]
    hidden: frozenset[tuple[int, int]] = frozenset()
