"""Tables for spreadsheets: the one place that writes CSV and XLSX, so the one place where cells are made harmless.

A spreadsheet runs a cell that starts like a formula. In a workbook every text is stored as text, which is never run;
CSV has no types, so there a `=`, `+`, `-` or `@`, a leading tab or line end is preceded by an apostrophe, at the start of a
cell and wherever a spreadsheet with another separator would begin one.
Rows are written as they come: memory does not grow with the table.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime, tzinfo
from io import StringIO
from itertools import islice
from pathlib import Path
from typing import IO, Any, NamedTuple

from vigie.errors import StorageError

Cell = str | int | float | bool | datetime | None
RISKY = ("=", "+", "-", "@", "\t", "\r", "\n")
# A reader that splits at commas, tabs or line ends, quoted or not, begins a cell there; a negative number is left alone.
_INNER = re.compile(r"(?<=[,;\t\r\n|])(?=[=+@]|-(?!\d+(?:\.\d+)?(?![^\s,;\]}])))")
# French Excel takes the semicolon for the separator, and reads UTF-8 only behind a byte-order mark.
SEPARATOR = ";"
BYTE_ORDER_MARK = "\ufeff"
CHUNK_CHARACTERS = 64 * 1024
# Limits of the format itself: beyond them a spreadsheet refuses the file or drops the cell.
SHEET_ROWS = 1_048_576
CELL_CHARACTERS = 32_767
SHEET_YEARS = range(1900, 10_000)
SHEET_INTEGER = 10**15  # a larger whole number would lose its last digits
CUT = " […] (cut here: a spreadsheet cell holds 32,767 characters; the CSV export holds the whole text)"
WORKBOOK = {
    "constant_memory": True,
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
}
DATE = {"num_format": "yyyy-mm-dd hh:mm:ss.000"}
# Vertical tab, form feed and the like cannot stand in XML; CSV keeps them.
NOT_IN_XML = {code: "\N{REPLACEMENT CHARACTER}" for code in [*range(9), 11, 12, *range(14, 32), 0xFFFE, 0xFFFF]}


class Column(NamedTuple):
    """A column: its heading and its width in characters (workbooks only)."""

    title: str
    width: int = 16


def harmless(text: str) -> str:
    """The text as a CSV cell that no spreadsheet takes for a formula."""
    inner = _INNER.sub("'", text)
    return f"'{inner}" if text.startswith(RISKY) else inner


def csv_chunks(columns: Sequence[Column], rows: Iterable[Sequence[Cell]], zone: tzinfo) -> Iterator[bytes]:
    """A CSV file for French Excel, piece by piece: UTF-8 with byte-order mark, semicolons, CRLF, instants in ISO 8601.

    Instants are shown in `zone` with their offset. None is an empty cell; truth values are 1 and 0;
    numbers have a decimal point, for programs.
    """
    out = StringIO(newline="")
    writer = csv.writer(out, delimiter=SEPARATOR, lineterminator="\r\n")
    out.write(BYTE_ORDER_MARK)
    writer.writerow([harmless(column.title) for column in columns])
    for row in rows:
        writer.writerow([_plain(cell, zone) for cell in row])
        if out.tell() > CHUNK_CHARACTERS:
            yield out.getvalue().encode("utf-8", "surrogatepass")
            out.seek(0)
            out.truncate()
    yield out.getvalue().encode("utf-8", "surrogatepass")


def write_xlsx(
    target: Path | IO[bytes],
    title: str,
    columns: Sequence[Column],
    rows: Iterable[Sequence[Cell]],
    zone: tzinfo,
    notes: Sequence[tuple[str, str]] = (),
    rows_per_sheet: int = SHEET_ROWS,
) -> int:
    """Write a workbook and return how many rows it holds; a sheet that is full is continued on the next one.

    `notes` (name, text) are a sheet of their own at the end: what the table is and where it comes from.

    Instants become date cells in `zone` (a spreadsheet knows no offset: the CSV export has it). Raises StorageError.
    """
    import xlsxwriter  # here and not above: a server that exports nothing should not pay for it in memory

    source, count, number = iter(rows), 0, 1
    try:
        with xlsxwriter.Workbook(str(target) if isinstance(target, Path) else target, WORKBOOK) as book:
            kit = _Kit(book.add_format({"bold": True, "bottom": 1, "text_wrap": True}), book.add_format(DATE), zone)
            while True:
                sheet = book.add_worksheet(_sheet_name(title, number))
                written = _fill(sheet, columns, islice(source, rows_per_sheet - 1), kit)
                count, number = count + written, number + 1
                if written < rows_per_sheet - 1:
                    break
            if notes:
                _fill(book.add_worksheet(_NOTES), (Column("", 32), Column("", 100)), notes, kit)
    except (OSError, xlsxwriter.exceptions.FileCreateError) as error:
        name = target.name if isinstance(target, Path) else "the workbook"
        raise StorageError(f"{name} could not be written: {error}. Free some disk space and try again") from error
    return count


class Sheet(NamedTuple):
    """One small table of a workbook of several."""

    title: str
    columns: Sequence[Column]
    rows: Sequence[Sequence[Cell]]


def write_sheets(
    target: Path | IO[bytes], sheets: Sequence[Sheet], zone: tzinfo, notes: Sequence[tuple[str, str]]
) -> None:
    """Write a workbook of several tables, `notes` last as `write_xlsx` does. Raises StorageError."""
    import xlsxwriter

    told = Sheet(_NOTES, (Column("", 32), Column("", 100)), notes)
    try:
        with xlsxwriter.Workbook(str(target) if isinstance(target, Path) else target, WORKBOOK) as book:
            kit = _Kit(book.add_format({"bold": True, "bottom": 1, "text_wrap": True}), book.add_format(DATE), zone)
            for sheet in sheets:
                _fill(book.add_worksheet(_sheet_name(sheet.title, 1)), sheet.columns, sheet.rows, kit)
            _fill(book.add_worksheet(_NOTES), told.columns, told.rows, kit)
    except (OSError, xlsxwriter.exceptions.FileCreateError) as error:
        raise StorageError(f"the workbook could not be written: {error}. Free some disk space and try again") from error


_NOTES = "Vigie"


class _Kit(NamedTuple):
    heading: Any
    instant: Any
    zone: tzinfo


def _fill(sheet: Any, columns: Sequence[Column], rows: Iterable[Sequence[Cell]], kit: _Kit) -> int:
    """Write the heading and the rows of one sheet; return how many rows."""
    for index, column in enumerate(columns):
        sheet.set_column(index, index, column.width)
        sheet.write_string(0, index, column.title, kit.heading)
    sheet.freeze_panes(1, 0)
    count = 0
    for count, row in enumerate(rows, start=1):
        for index, cell in enumerate(row):
            _put(sheet, count, index, cell, kit)
    sheet.autofilter(0, 0, count, len(columns) - 1)
    return count


def _put(sheet: Any, row: int, index: int, cell: Cell, kit: _Kit) -> None:
    if cell is None or cell == "":
        return
    if isinstance(cell, datetime):
        _put_instant(sheet, row, index, cell, kit)
    elif isinstance(cell, (int, float)) and abs(cell) < SHEET_INTEGER:
        sheet.write_number(row, index, cell if isinstance(cell, float) else int(cell))
    else:
        text = str(cell).translate(NOT_IN_XML)
        fits = len(text) <= CELL_CHARACTERS
        sheet.write_string(row, index, text if fits else text[: CELL_CHARACTERS - len(CUT)] + CUT)


def _put_instant(sheet: Any, row: int, index: int, instant: datetime, kit: _Kit) -> None:
    """A date cell; text where a spreadsheet's calendar has no such day."""
    local = _local(instant, kit.zone)
    if local.year in SHEET_YEARS:
        sheet.write_datetime(row, index, local.replace(tzinfo=None), kit.instant)
    else:
        sheet.write_string(row, index, local.isoformat(timespec="microseconds"))


def _local(instant: datetime, zone: tzinfo) -> datetime:
    """The instant in this zone; unchanged at the edge of the calendar, where the zone would push it over."""
    try:
        return instant.astimezone(zone)
    except OverflowError:
        return instant


def _sheet_name(title: str, number: int) -> str:
    """A name that a workbook accepts: at most 31 characters, none of []:*?/ or backslash, no quote at either end, and not
    the name of the sheet of notes (a workbook does not tell capitals apart) nor a reserved one."""
    safe = "".join(" " if letter in "[]:*?/\\" else letter for letter in title.translate(NOT_IN_XML)).strip(" '")
    if not safe or safe.casefold() in (_NOTES.casefold(), "history"):
        safe = f"{safe} 1".strip()
    return safe[:31].strip(" '") if number == 1 else f"{safe[:24].strip()} ({number})"


def _plain(cell: Cell, zone: tzinfo) -> str:
    if cell is None:
        return ""
    if isinstance(cell, datetime):
        return _local(cell, zone).isoformat(timespec="microseconds")
    if isinstance(cell, float):
        return repr(cell)  # as short as reads back the same, with a point
    return harmless(cell) if isinstance(cell, str) else str(int(cell))
