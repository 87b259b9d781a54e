"""Editions: what was printed before, which nobody can take back.

Three rules for a year that an earlier edition printed. Once withheld, always withheld. A number that moved by 1 to 4 is
withheld (the earlier one stays in print, with its date): the difference would be a small count of late declarations. And
what is withheld for that reason is protected even from who believes that everything withheld before has not changed.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from vigie.observe.disclosure.boxes import YEAR, Box, box_of
from vigie.observe.disclosure.cells import Block, Cell
from vigie.observe.table import Figures, Table


@dataclass(frozen=True, slots=True)
class Earlier:
    """One edition: its counts (None: withheld) by table, measure, year and box; the years each table had."""

    counts: Mapping[tuple[str, str, Any, Box], int | None]
    years: Mapping[str, frozenset[Any]]


def earlier(tables: Mapping[str, Table], figures: Mapping[str, Figures], *, by_year: bool) -> Earlier:
    """What an edition printed, of the tables that still exist in the same shape."""
    counts: dict[tuple[str, str, Any, Box], int | None] = {}
    years: dict[str, frozenset[Any]] = {}
    for name, figure in figures.items():
        if name not in tables or tables[name].columns != figure.columns:
            continue
        keys = [row[figure.columns.index(YEAR)] if by_year else None for row in figure.rows]
        years[name] = frozenset(keys)
        for measure in tables[name].measures:
            column = figure.columns.index(measure.name)
            for at, row in enumerate(figure.rows):
                withheld = (at, column) in figure.hidden
                if measure.kind == "count" and (withheld or row[column] is not None):
                    _, box = box_of(tables[name], measure, row, by_year=by_year)
                    counts[name, measure.name, keys[at], box] = None if withheld else int(row[column])
    return Earlier(counts, years)


def remember(block: Block, tables: Mapping[str, Table], past: Sequence[Earlier]) -> None:
    """Tell each cell what earlier editions printed for it; bring back zeros whose number was withheld."""
    for group in block.groups:
        for edition in past:
            for name, measure in group.columns:
                if block.key not in edition.years.get(name, ()):
                    continue
                before = {
                    box: n
                    for (t, m, key, box), n in edition.counts.items()
                    if (t, m, key) == (name, measure, block.key)
                }
                for box in [each for each, number in before.items() if number is None and each not in group.cells]:
                    group.cells[box] = block.add(Cell(group.counts, group.dimensions, box, 0, spare=True))
                for box, at in group.cells.items():
                    cell, number = block.cells[at], before.get(box, 0)
                    if number is None:
                        cell.withheld_before = True
                    elif number not in cell.earlier:
                        cell.earlier = (*cell.earlier, number)


def still_printed(
    tables: Mapping[str, Table], figures: Mapping[str, Figures], previous: Sequence[Mapping[str, Figures]]
) -> dict[tuple[str, int, int], tuple[Any, int]]:
    """For withheld positions (table, row, column), the last number an earlier edition printed there, and which edition.

    Such a number is public already: a page may show it, marked as frozen, with the date of that edition. `previous` in
    order of publication; the edition is its index there.
    """
    found: dict[tuple[str, int, int], tuple[Any, int]] = {}
    for number, edition in enumerate(previous):
        for name, figure in figures.items():
            old = edition.get(name)
            if old is None or old.columns != figure.columns or name not in tables:
                continue
            width = len(tables[name].dimensions)
            rows = {row[:width]: at for at, row in enumerate(old.rows)}
            for row, column in figure.hidden:
                at = rows.get(figure.rows[row][:width])
                if at is not None and (at, column) not in old.hidden and old.rows[at][column] is not None:
                    found[name, row, column] = (old.rows[at][column], number)
    return found
