"""The tables of a report as files for spreadsheets: a workbook in each language, and a CSV file for each table.

Every row of every table is here, also those that the pages leave out. The same content gives the same bytes.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator
from datetime import datetime, time
from io import BytesIO, StringIO
from typing import Any, NamedTuple

from vigie.exchange.tables import BYTE_ORDER_MARK, NOT_IN_XML, SEPARATOR, harmless
from vigie.observe.numerals import day
from vigie.observe.report.content import Content, intervals
from vigie.observe.report.texts import DEFINED, definition, dimension_name, measure_name, say, term
from vigie.observe.table import Figures, Table

# In memory: each sheet is small, and a file beside the disk would carry the time of day.
OPTIONS = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
FORMATS = {"count": "#,##0", "share": "0.0%", "value": "#,##0.0"}
HEAD_ROWS = 7  # title, three lines of definition, a line for hidden numbers, the way back, the heading
NAME_LETTERS = 31


class Column(NamedTuple):
    """A column of a table as written: heading, kind (name, or that of its measure), and what each row holds."""

    title: str
    code: str
    kind: str
    cells: tuple[Any, ...]


def workbook(content: Content, language: str) -> bytes:
    """An XLSX workbook: a sheet of contents, then a sheet for each table with its definition and its real numbers."""
    import xlsxwriter  # here and not above: who writes no workbook should not load it

    target = BytesIO()
    edition = content.edition
    with xlsxwriter.Workbook(target, OPTIONS) as book:
        created = datetime.combine(edition.date, time())
        book.set_properties({
            "title": f"{say(language, 'report')} {edition.year}", "author": say(language, "observatory"),
            "comments": say(language, "edition_short", id=edition.id), "created": created,
        })  # fmt: skip
        kit = _Kit(book)
        names = sheet_names(content)
        _contents(book.add_worksheet(say(language, "workbook_contents")), content, names, language, kit)
        for name, figures in content.figures.items():
            _sheet(book.add_worksheet(names[name]), content.tables[name], figures, language, kit)
    return target.getvalue()


def csv_files(content: Content, language: str) -> dict[str, bytes]:
    """File name -> CSV of each table: semicolons and a byte-order mark, for French Excel.

    Codes stand beside their words; decimals are written as the language writes them; a withheld number is `n.p.`.
    """
    return {f"{name}.csv": _csv(content.tables[name], figures, language) for name, figures in content.figures.items()}


def columns_of(table: Table, figures: Figures, language: str, codes: bool) -> Iterator[Column]:
    """The columns of a table: its names in words (with `codes`: preceded by the code), its numbers, then their intervals."""
    for place, each in enumerate(table.dimensions):
        values = [row[place] for row in figures.rows]
        if place == 0 or not each.words:
            yield Column(_heading(each.name, language), each.name, "name", tuple(values))
            continue
        if codes:
            yield Column(each.name, each.name, "name", tuple(values))
        words = tuple(term(each, value, language) for value in values)
        yield Column(_heading(each.name, language), f"{each.name}_{language}", "name", words)
    spans = intervals(table, figures)
    for place, measure in enumerate(table.measures, start=len(table.dimensions)):
        numbers = tuple(_number(figures, index, place, language) for index in range(len(figures.rows)))
        title = measure_name(measure.name, language)
        yield Column(title, measure.name, measure.kind, numbers)
        for side, bound in enumerate(("low", "high")) if measure.name in spans else ():
            ends = tuple(span[side] if span else None for span in spans[measure.name])
            yield Column(say(language, f"workbook_{bound}", name=title), f"{measure.name}_{bound}", measure.kind, ends)


def sheet_names(content: Content) -> dict[str, str]:
    """A sheet name for each table: its own, cut to what a workbook accepts, never twice the same."""
    names: dict[str, str] = {}
    for name in content.figures:
        short, number = name[:NAME_LETTERS], 1
        while short in names.values():
            number += 1
            short = f"{name[: NAME_LETTERS - 3]}~{number}"
        names[name] = short
    return names


class _Kit:
    """The formats of a workbook."""

    def __init__(self, book: Any) -> None:
        self.title = book.add_format({"bold": True, "font_size": 14, "font_color": "#12305c"})
        self.soft = book.add_format({"font_color": "#434a55"})
        self.head = book.add_format({"bold": True, "text_wrap": True, "valign": "top", "bottom": 1})
        self.link = book.add_format({"font_color": "#12407e", "underline": 1})
        self.hidden = book.add_format({
            "italic": True, "font_color": "#434a55", "align": "right", "pattern": 14, "fg_color": "#d9d4c7",
        })  # fmt: skip
        self.numbers = {kind: book.add_format({"num_format": shown}) for kind, shown in FORMATS.items()}


def _contents(sheet: Any, content: Content, names: dict[str, str], language: str, kit: _Kit) -> None:
    edition = content.edition
    sheet.set_column(0, 0, 66)
    sheet.set_column(1, 3, 34)
    sheet.write_string(0, 0, f"{say(language, 'report')} {edition.year}", kit.title)
    known = f"{say(language, 'as_known_on')} {day(edition.as_known_on.date(), language)}"
    band = say(language, f"realm_{edition.realm}")
    lines = [say(language, f"audience_{edition.audience}"), known, say(language, "edition_short", id=edition.id), band]
    for index, line in enumerate(lines, start=1):
        sheet.write_string(index, 0, line, kit.soft)
    for place, word in enumerate(("table", "chapter", "sheet", "rows")):
        sheet.write_string(6, place, say(language, f"workbook_{word}"), kit.head)
    sheet.freeze_panes(7, 0)
    for index, (name, figures) in enumerate(content.figures.items(), start=7):
        table = content.tables[name]
        sheet.write_url(index, 0, f"internal:'{names[name]}'!A1", kit.link, table.title[language])
        sheet.write_string(index, 1, table.chapter)
        sheet.write_string(index, 2, names[name])
        sheet.write_number(index, 3, len(figures.rows))


def _sheet(sheet: Any, table: Table, figures: Figures, language: str, kit: _Kit) -> None:
    sheet.write_string(0, 0, table.title[language], kit.title)
    said = definition(table, language)
    for index, part in enumerate(DEFINED, start=1):
        sheet.write_string(index, 0, say(language, f"defined_{part}", text=said[part]), kit.soft)
    if figures.hidden:
        sheet.write_string(4, 0, say(language, "hidden_note"), kit.soft)
    sheet.write_url(5, 0, f"internal:'{say(language, 'workbook_contents')}'!A1", kit.link, say(language, "contents"))
    for place, column in enumerate(columns_of(table, figures, language, codes=False)):
        sheet.set_column(place, place, 36 if column.kind == "name" and place else 14)
        sheet.write_string(HEAD_ROWS - 1, place, column.title, kit.head)
        for index, value in enumerate(column.cells, start=HEAD_ROWS):
            _put(sheet, index, place, value, column, kit)
    sheet.freeze_panes(HEAD_ROWS, 1)
    if figures.rows:
        width = len(list(columns_of(table, figures, language, codes=False)))
        sheet.autofilter(HEAD_ROWS - 1, 0, HEAD_ROWS - 1 + len(figures.rows), width - 1)


def _put(sheet: Any, row: int, place: int, value: Any, column: Column, kit: _Kit) -> None:
    if value is None or value == "":
        return
    if isinstance(value, (int, float)):
        sheet.write_number(row, place, value, kit.numbers.get(column.kind))
    else:
        style = kit.hidden if column.kind != "name" else None
        sheet.write_string(row, place, str(value).translate(NOT_IN_XML), style)


def _csv(table: Table, figures: Figures, language: str) -> bytes:
    columns = list(columns_of(table, figures, language, codes=True))
    out = StringIO(newline="")
    out.write(BYTE_ORDER_MARK)
    writer = csv.writer(out, delimiter=SEPARATOR, lineterminator="\r\n")
    writer.writerow([column.code for column in columns])
    for row in zip(*(column.cells for column in columns), strict=True):
        writer.writerow([_plain(value, language) for value in row])
    return out.getvalue().encode()


def _plain(value: Any, language: str) -> str:
    if value is None:
        return ""
    if isinstance(value, float):
        text = f"{value:.10g}"
        return text.replace(".", ",") if language == "fr" else text
    return str(value) if isinstance(value, int) else harmless(str(value))


def _heading(name: str, language: str) -> str:
    return say(language, "year") if name == "year" else dimension_name(name, language)


def _number(figures: Figures, row: int, place: int, language: str) -> Any:
    return say(language, "hidden") if (row, place) in figures.hidden else figures.rows[row][place]
