"""Figures: the rows that an engine gave, in a stated order, with a row of zeros for each known word that did not occur."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from itertools import product
from typing import Any

from vigie.observe.table import Dimension, Figures, Table
from vigie.observe.tables.prepared import ANYBODY
from vigie.observe.vocabulary import vocabulary

Row = tuple[Any, ...]
MONTHS = 12
# Long lists show what occurred in one of the years at least; a half-year that has not begun is not a zero.
ONLY_SEEN = {"half_years", "sources", "origins", "establishment_kinds", "service_kinds", "authorities"}


def figures(table: Table, rows: Iterable[Sequence[Any]], years: Sequence[int | None]) -> Figures:
    """Rows as computed, completed over `years` and put in order: by year, then as the vocabulary lists its words.

    Words outside the vocabulary follow in order of their value, then `unknown`, then null. A word that did not occur has a row
    of zeros, so that a curve has no holes; regions only where one of ours occurs, months only up to the last one seen.
    """
    width = len(table.dimensions)
    held = {tuple(row[:width]): tuple(row) for row in rows}
    missing = [key for key in _expected(table, held, years) if key not in held]
    if missing:
        totals = _totals(table, held)
        held |= {key: _zeros(table, key, totals) for key in missing}
    places = [_places(dimension, {key[at] for key in held}) for at, dimension in enumerate(table.dimensions)]
    ordered = sorted(held, key=lambda key: [place[value] for place, value in zip(places, key, strict=True)])
    return Figures(table.name, table.columns, tuple(held[key] for key in ordered))


def _expected(table: Table, held: Mapping[Row, Row], years: Sequence[int | None]) -> Iterable[Row]:
    names = [dimension.name for dimension in table.dimensions]
    values = [_values(dimension, {key[at] for key in held}) for at, dimension in enumerate(table.dimensions[1:], 1)]
    keys = product(years, *values)
    if "month" not in names:
        return keys
    at = names.index("month")
    dated = [(key[0], key[at]) for key in held if key[0] is not None and key[at] is not None]
    last_year, last_month = max(dated, default=(0, 0))
    return (key for key in keys if key[0] != last_year or key[at] <= last_month)


def _values(dimension: Dimension, seen: set[Any]) -> Iterable[Any]:
    if dimension.name == "month":
        return range(1, MONTHS + 1)
    known = vocabulary().get(dimension.words, {})
    if dimension.words in ONLY_SEEN or not seen & (known.keys() - {ANYBODY}):
        return seen
    return [*known, *(seen - known.keys())]


def _totals(table: Table, held: Mapping[Row, Row]) -> dict[Row, dict[str, Any]]:
    """What shares are divided by, for each year (and what else the table's totals are within)."""
    names = [dimension.name for dimension in table.dimensions]
    within = [names.index(name) for name in table.per]
    over = {measure.over: table.columns.index(measure.over) for measure in table.measures if measure.kind == "share"}
    return {tuple(row[at] for at in within): {name: row[at] for name, at in over.items()} for row in held.values()}


def _zeros(table: Table, key: Row, totals: Mapping[Row, Mapping[str, Any]]) -> Row:
    """The row of a word that did not occur: counts of 0, no value, and the total of its year."""
    names = [dimension.name for dimension in table.dimensions]
    total = totals.get(tuple(key[names.index(name)] for name in table.per), {})
    values = {measure.name: total.get(measure.name, 0) for measure in table.measures if measure.kind == "count"}
    for measure in table.measures:
        if measure.kind == "share" and values[measure.over]:
            values[measure.name] = values[measure.of] / values[measure.over]
    return (*key, *(values.get(measure.name) for measure in table.measures))


def _places(dimension: Dimension, values: set[Any]) -> dict[Any, tuple[int, Any]]:
    """Where each value of a dimension stands among the others."""
    known = {word: place for place, word in enumerate(vocabulary().get(dimension.words, {})) if word != ANYBODY}
    return {value: _place(value, known) for value in values}


def _place(value: Any, known: Mapping[str, int]) -> tuple[int, Any]:
    if value is None:
        return (3, 0)
    if value == ANYBODY:
        return (2, 0)
    return (0, known[value]) if value in known else (1, value)
