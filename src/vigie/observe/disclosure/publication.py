"""Publication: figures with what is withheld taken out, and every share and value that depends on it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import numpy as np

from vigie.observe.disclosure.boxes import YEAR, term_of
from vigie.observe.disclosure.cells import SMALLEST_SHOWN, Block, Group
from vigie.observe.table import Figures, Measure, Table


def published(
    tables: Mapping[str, Table],
    figures: Mapping[str, Figures],
    done: Sequence[tuple[Block, np.ndarray]],
    *,
    by_year: bool,
) -> dict[str, Figures]:
    """Each figure without the withheld cells of each block; zeros brought in come as rows after those of their year."""
    gone: dict[str, set[tuple[int, int]]] = {name: set() for name in figures}
    added: dict[str, dict[Any, list[tuple[Any, ...]]]] = {name: {} for name in figures}
    for block, withheld in done:
        for at in np.flatnonzero(withheld):
            for place in block.cells[at].places:
                gone[place.table].add((place.row, place.column))
        for group in block.groups:
            for box, at in group.cells.items():
                if withheld[at] and not block.cells[at].places:
                    for name, _ in group.columns:
                        row = _dimensions(tables[name], group, box, block.key if by_year else None)
                        rows = added[name].setdefault(block.key, [])
                        rows += [row] if row not in rows else []
    return {name: _figure(tables[name], figure, gone[name], added[name]) for name, figure in figures.items()}


def _dimensions(table: Table, group: Group, box: tuple[tuple[Any, ...], ...], year: Any) -> tuple[Any, ...]:
    names = [each.name for each in table.dimensions]
    return tuple(year if name == YEAR and year is not None else term_of(name, group.dimensions, box) for name in names)


def _figure(
    table: Table, figure: Figures, gone: set[tuple[int, int]], added: Mapping[Any, list[tuple[Any, ...]]]
) -> Figures:
    rows, hidden = [], set()
    blank = (None,) * len(table.measures)
    width = len(table.dimensions)
    year = figure.columns.index(YEAR) if YEAR in figure.columns else None
    last = {(row[year] if year is not None else None): at for at, row in enumerate(figure.rows)}
    for at, row in enumerate(figure.rows):
        columns = {column for column in range(width, len(row)) if (at, column) in gone}
        columns |= set(_dependent(table, row, columns))
        hidden |= {(len(rows), column) for column in columns}
        rows.append(tuple(None if column in columns else value for column, value in enumerate(row)))
        key = row[year] if year is not None else None
        if last[key] == at:
            for extra in added.get(key, ()):
                hidden |= {(len(rows), column) for column in range(width, width + len(blank))}
                rows.append((*extra, *blank))
    return Figures(figure.name, figure.columns, tuple(rows), frozenset(hidden))


def _dependent(table: Table, row: Sequence[Any], withheld: set[int]) -> Iterable[int]:
    """Columns of a row that say something of its withheld counts, or of fewer than five declarations."""
    at = {name: column for column, name in enumerate(table.columns)}
    small = any(0 < (row[at[each.name]] or 0) < SMALLEST_SHOWN for each in table.measures if each.kind == "count")
    for measure in table.measures:
        if measure.kind != "count" and row[at[measure.name]] is not None:
            bases = [at[name] for name in (measure.of, measure.over) if name in at]
            if (
                _unfit(measure, [row[base] or 0 for base in bases], unsaid=bool(withheld) or small)
                or set(bases) & withheld
                or (measure.kind == "value" and withheld)  # a mean may rest on more counts than the one it names
            ):
                yield at[measure.name]


def _unfit(measure: Measure, bases: Sequence[float], *, unsaid: bool) -> bool:
    """Whether a share or a value may not be printed for what it rests on. `unsaid`: its row has something to hide."""
    if measure.kind == "share":
        return len(bases) < 2 and unsaid
    return any(base < SMALLEST_SHOWN for base in bases) if bases else unsaid
