"""Editions: a year that was printed once stays as it was printed, whatever is learnt of it later.

Two prints of one year would let anybody subtract them: a difference of 1 to 4 is a small count of late declarations, and a
number that comes out of hiding gives away what it protected. So a past year is reprinted, cell by cell and gap by gap, from
the edition that printed it. Only tables whose every count is exempt are renewed: national totals are revised in public.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from vigie.errors import InputError
from vigie.observe.disclosure.boxes import YEAR
from vigie.observe.table import Figures, Table

Edition = Mapping[str, Figures]


def frozen_years(previous: Sequence[Edition]) -> dict[Any, int]:
    """Years already printed, and the index in `previous` (oldest first) of the edition that printed each first."""
    found: dict[Any, int] = {}
    for number, edition in enumerate(previous):
        for figure in edition.values():
            if YEAR not in figure.columns:
                raise InputError(
                    f"figures {figure.name} of an earlier edition: no column {YEAR}. Give editions by year."
                )
            for row in figure.rows:
                found.setdefault(row[figure.columns.index(YEAR)], number)
    return found


def without(figures: Figures, years: Collection[Any]) -> Figures:
    """Figures less the rows of some years."""
    if YEAR not in figures.columns:
        return figures
    return _of_rows(
        figures, [at for at, row in enumerate(figures.rows) if row[figures.columns.index(YEAR)] not in years]
    )


def reprinted(table: Table, fresh: Figures, now: Figures, previous: Sequence[Edition], renewed: bool) -> Figures:
    """The public figures of a table: `fresh` for the years that were never printed, the earlier print for the others.

    `now`: the true figures of every year. `renewed`: every count of the table is exempt, so that it follows the truth, but
    for the years in which something of it was once withheld. A table that did not exist when a year was printed is withheld
    for that year: it would say more of what was withheld then.
    """
    years = frozen_years(previous)
    parts: dict[Any, Figures] = {}
    for year in dict.fromkeys(row[now.columns.index(YEAR)] for row in (*now.rows, *fresh.rows)):
        parts[year] = _year(fresh, year)
    for year, number in years.items():
        before = previous[number].get(table.name)
        if before is None or before.columns != now.columns:
            parts[year] = _withheld(table, _year(now, year))
        elif renewed and not _year(before, year).hidden:
            parts[year] = _year(now, year)
        else:
            parts[year] = _year(before, year)
    asked = {row[now.columns.index(YEAR)] for row in now.rows}
    return _together(
        now, [part for year, part in sorted(parts.items(), key=lambda each: str(each[0])) if year in asked]
    )


def _year(figures: Figures, year: Any) -> Figures:
    return _of_rows(figures, [at for at, row in enumerate(figures.rows) if row[figures.columns.index(YEAR)] == year])


def _of_rows(figures: Figures, rows: Sequence[int]) -> Figures:
    place = {at: number for number, at in enumerate(rows)}
    hidden = frozenset((place[at], column) for at, column in figures.hidden if at in place)
    return Figures(figures.name, figures.columns, tuple(figures.rows[at] for at in rows), hidden)


def _withheld(table: Table, figures: Figures) -> Figures:
    width = len(table.dimensions)
    blank = (None,) * (len(figures.columns) - width)
    hidden = frozenset((at, column) for at in range(len(figures.rows)) for column in range(width, len(figures.columns)))
    return Figures(figures.name, figures.columns, tuple((*row[:width], *blank) for row in figures.rows), hidden)


def _together(like: Figures, parts: Sequence[Figures]) -> Figures:
    rows: list[tuple[Any, ...]] = []
    hidden: set[tuple[int, int]] = set()
    for part in parts:
        hidden |= {(len(rows) + at, column) for at, column in part.hidden}
        rows += part.rows
    return Figures(like.name, like.columns, tuple(rows), frozenset(hidden))
