"""Grids: tables as a page prints them, years side by side; the workbook, the CSV files and `figures.json` hold every row."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from vigie.observe.numerals import month, portion
from vigie.observe.report.document import Cell, Grid
from vigie.observe.report.drawing import written
from vigie.observe.report.texts import dimension_name, measure_name, say, term
from vigie.observe.report.views import NOTHING, UNKNOWN, YEARS_BESIDE, YEARS_SHOWN, Value, View, last
from vigie.observe.table import Measure

ROWS = 24  # more rows than that are read in the workbook, not on a page
ACROSS = 7
KNOWN = "known"  # how many values are known: none of them is a fact, unlike what they would have said


def grid(shown: View, language: str, number: int) -> Grid:
    """The printed form of a table."""
    if not shown.names:
        return _by_year(shown, language, number)
    if len(shown.names) > 1 and _crossable(shown):
        return _crossed(shown, language, number)
    return _by_name(shown, language, number)


def cell(value: Value, kind: str, language: str) -> Cell:
    """One number: withheld, absent, or written."""
    if value.hidden:
        return Cell(say(language, "hidden"), "hidden")
    if value.number is None:
        return Cell(say(language, "no_number"), "none")
    return Cell(written(value, kind, language))


def named(shown: View, key: tuple[Any, ...], language: str) -> list[Cell]:
    """The names that head a row."""
    cells = []
    for each, value in zip(shown.table.dimensions[1:], key, strict=True):
        text = term(each, value, language)
        cells.append(Cell(month(int(value), language).capitalize() if each.name == "month" and value else text))
    return cells


def _by_year(shown: View, language: str, number: int) -> Grid:
    """A table without names: one row for each year, one column for each measure; a share takes its interval along."""
    rows = []
    for year in last(shown.years, YEARS_SHOWN):
        cells = [Cell(str(year))]
        for each in shown.table.measures:
            value = shown.get(each.name, year)
            if year in shown.silent and each.name != KNOWN and (each.kind != "count" or each == shown.main):
                value = NOTHING
            cells.append(cell(value, each.kind, language))
            if each.kind == "share":
                cells.append(_interval(value, language))
        rows.append(tuple(cells))
    heads = [say(language, "year")]
    for each in shown.table.measures:
        heads.append(measure_name(each.name, language))
        if each.kind == "share":
            heads.append(say(language, "interval"))
    return Grid(
        shown.table.name, number, shown.table.title[language], tuple(heads), tuple(rows), note=_note(rows, language)
    )


def _by_name(shown: View, language: str, number: int) -> Grid:
    """One row for each name, the main count of the last years side by side, then the share of the year with its interval."""
    years, main = last(shown.years, YEARS_BESIDE), shown.main
    share = shown.share if shown.names != ("month",) else None
    extra = [each for each in shown.table.measures if each not in (main, shown.share) and not _whole(shown, each)]
    counted = [key for key in shown.order if any(_said(shown.get(main.name, year, key)) for year in years)]
    held = counted
    if len(counted) > ROWS:
        held = sorted(counted, key=lambda key: -(shown.get(main.name, shown.year, key).number or 0))[:ROWS]
    rows = []
    for key in held:
        cells = [*named(shown, key, language)]
        cells += [_counted(shown, main.name, year, key, language) for year in years]
        if share:
            value = shown.get(share.name, shown.year, key)
            cells += [cell(value, "share", language), _interval(value, language)]
        cells += [cell(shown.get(each.name, shown.year, key), each.kind, language) for each in extra]
        rows.append(tuple(cells))
    total = _total(shown, years, language) if main.additive and len(held) > 1 else None
    if total:
        blank = Cell("")
        rows.append(
            (
                Cell(say(language, "total")),
                *[blank] * (len(shown.names) - 1),
                *total,
                *[blank] * ((2 if share else 0) + len(extra)),
            )
        )
    heads = [*(dimension_name(each, language) for each in shown.names), *(str(year) for year in years)]
    if share:
        heads += [say(language, "share_of", year=shown.year), say(language, "interval")]
    heads += [say(language, "extra_of", name=measure_name(each.name, language), year=shown.year) for each in extra]
    more = say(language, "more_rows", count=len(counted) - len(held)) if len(counted) > len(held) else ""
    note = " ".join(each for each in (more, _note(rows, language)) if each)
    title, names = shown.table.title[language], len(shown.names)
    return Grid(shown.table.name, number, title, tuple(heads), tuple(rows), names, bool(total), note)


def _crossed(shown: View, language: str, number: int) -> Grid:
    """Two dimensions in the year: the first heads the rows, the second the columns."""
    first, second = (shown.of_dimension(index) for index in (0, 1))
    kinds, turned = shown.table.dimensions[1:], len(second) > ACROSS
    down, across = (second, first) if turned else (first, second)
    down_kind, across_kind = (kinds[1], kinds[0]) if turned else (kinds[0], kinds[1])
    rows, held = [], []
    for each in down:
        keys = [(other, each) if turned else (each, other) for other in across]
        if any(_said(shown.get(shown.main.name, shown.year, key)) for key in keys):
            name = (
                month(each, language).capitalize()
                if down_kind.name == "month" and each
                else term(down_kind, each, language)
            )
            rows.append((Cell(name), *(_counted(shown, shown.main.name, shown.year, key, language) for key in keys)))
            held.append(each)
    heads = (dimension_name(down_kind.name, language), *(term(across_kind, each, language) for each in across))
    summed = _across(shown, down, turned)
    if summed:
        rows = [
            (*row, cell(total, "count", language))
            for row, total in zip(rows, (summed[each] for each in held), strict=True)
        ]
        heads += (say(language, "total"),)
    caption = f"{shown.table.title[language]}, {shown.year}"
    note = " ".join(each for each in (_note(rows, language), "" if summed else say(language, "no_whole")) if each)
    return Grid(shown.table.name, number, caption, heads, tuple(rows), note=note)


def _across(shown: View, down: tuple[Any, ...], turned: bool) -> dict[Any, Value] | None:
    """What each row adds up to: the total of its name that the table holds, else its sum where nothing in it is withheld.

    Where names overlap, or names of columns head the rows, rows have no sum.
    """
    if turned or not shown.main.additive:
        return None
    held = shown.share is not None and shown.names[0] in shown.table.per
    found = {}
    for each in down:
        keys = [key for key in shown.keys(shown.year) if key[0] == each]
        parts = [shown.get(shown.main.name, shown.year, key) for key in keys]
        summed = (
            Value(None, hidden=True)
            if any(part.hidden for part in parts)
            else Value(sum(part.number or 0 for part in parts))
        )
        totals = (shown.get(shown.share.over, shown.year, key) for key in keys) if held and shown.share else ()
        found[each] = next((value for value in totals if value.number is not None), summed)
    return found


def _whole(shown: View, measure: Measure) -> bool:
    """Whether a measure is what the share is a share of: it stands in the last row."""
    return shown.share is not None and measure.name == shown.share.over


def _crossable(shown: View) -> bool:
    sizes = [len(shown.of_dimension(index)) for index in range(len(shown.names))]
    return len(sizes) == 2 and min(sizes) <= ACROSS


def _counted(shown: View, measure: str, year: int, key: tuple[Any, ...], language: str) -> Cell:
    """A count of a year that was counted; a name that the year's rows lack was not declared: zero."""
    value = shown.get(measure, year, key)
    if year in shown.silent and UNKNOWN not in key and not value.hidden:
        return Cell(say(language, "no_number"), "none")
    if value.number is None and not value.hidden and year in shown.years:
        return Cell(say(language, "zero"))
    return cell(value, "count", language)


def _total(shown: View, years: tuple[int, ...], language: str) -> list[Cell] | None:
    """The sum of a column, where nothing in it is hidden; where something is, the total that the table itself prints."""
    cells = []
    over = shown.share.over if shown.share and len(shown.table.per) == 1 else ""
    for year in years:
        values = [shown.get(shown.main.name, year, key) for key in shown.order]
        printed = next(
            (shown.get(over, year, key) for key in shown.keys(year) if over and shown.get(over, year, key).number), None
        )
        if printed:
            cells.append(cell(printed, "count", language))
        elif any(value.hidden for value in values):
            cells.append(Cell(say(language, "hidden"), "hidden"))
        else:
            cells.append(cell(Value(sum(value.number or 0 for value in values)), "count", language))
    return cells


def _interval(value: Value, language: str) -> Cell:
    if value.low is None or value.high is None:
        return Cell("" if value.number is None else say(language, "no_number"), "none")
    low, high = (portion(each, language, bare=True) for each in (value.low, value.high))
    return Cell(
        say(language, "from_to", low=low, high=portion(value.high, language))
        if low != high
        else portion(value.high, language)
    )


def _said(value: Value) -> bool:
    return value.hidden or bool(value.number)


def _note(rows: Iterable[tuple[Cell, ...]], language: str) -> str:
    return say(language, "hidden_note") if any(each.state == "hidden" for row in rows for each in row) else ""
