"""A workbook as a tree: every cell with its sheet, row and column. Workbooks come from strangers, and are read as such."""

from __future__ import annotations

import re
import struct
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime
from io import BytesIO
from typing import Any

from vigie.cartography import sheets
from vigie.cartography.sheets import Column, Sheet
from vigie.cartography.tree import Path, Tree
from vigie.cartography.vocabulary import nearest
from vigie.errors import FileError

PARTS_LIMIT = 400
UNPACKED_LIMIT = 40_000_000  # bytes; the reference hospital takes 600,000
ROWS_LIMIT = 20_000
COLUMNS_LIMIT = 60
EMPTY_ROWS_LIMIT = 500  # a sheet ends after so many empty rows
# What zipfile, the XML parser and openpyxl let through when they stumble on a damaged file (found by fuzzing); bad XML is a
# SyntaxError, defusedxml's refusals are ValueErrors.
BROKEN = (
    *(zipfile.BadZipFile, zlib.error, struct.error, SyntaxError, OSError, EOFError),
    *(ValueError, TypeError, LookupError, AttributeError, ArithmeticError, AssertionError, RuntimeError),
)
FLAGS = {"oui": "true", "vrai": "true", "non": "false", "faux": "false"}
COMMA = re.compile(r"-?\d+,\d+")


def tree_of(content: bytes, name: str) -> Tree:
    """The content of an .xlsx file, with sheets and rows. Raises FileError where it is not a workbook that can be read."""
    with open_workbook(content, name) as (book, merged):
        return _Workbook(name, merged).read(book)


@contextmanager
def open_workbook(content: bytes, name: str) -> Iterator[tuple[Any, bool]]:
    """A stranger's workbook, inspected before it is unpacked: (openpyxl's read-only workbook, whether cells are merged).

    Whatever goes wrong while it is read, inside the `with` block too, becomes a FileError.
    """
    merged = _inspect(content, name)
    import openpyxl  # here and not above: it costs memory that a server which reads no workbook should not pay

    try:
        yield openpyxl.load_workbook(BytesIO(content), read_only=True, data_only=True, keep_links=False), merged
    except BROKEN as error:
        said = str(error) or type(error).__name__
        raise FileError(f"{name}: damaged, or not a workbook ({said}). Open it and save it again as .xlsx") from error


def _inspect(content: bytes, name: str) -> bool:
    """Refuse a hostile archive before it is unpacked. Returns whether a sheet has merged cells."""
    try:
        with zipfile.ZipFile(BytesIO(content)) as archive:
            parts = archive.infolist()
            if len(parts) > PARTS_LIMIT or sum(part.file_size for part in parts) > UNPACKED_LIMIT:
                raise FileError(
                    f"{name}: unpacks to more than a cartography ever holds. Copy its rows into a fresh template"
                )
            names = {part.filename for part in parts}
            if "xl/workbook.xml" not in names:
                raise FileError(f"{name}: a zip archive, but not an .xlsx workbook. Save it as .xlsx")
            if "xl/vbaProject.bin" in names:
                raise FileError(f"{name}: holds macros. Save it as .xlsx, without macros")
            sheets_xml = [archive.read(part) for part in parts if part.filename.startswith("xl/worksheets/sheet")]
            return any(b"<mergeCell " in xml for xml in sheets_xml)
    except BROKEN as error:
        raise FileError(
            f"{name}: a damaged or encrypted workbook ({error}). Save it again, without a password"
        ) from error


class _Workbook:
    """Collects the rows of a workbook into nested texts."""

    def __init__(self, name: str, merged: bool) -> None:
        self.name = name
        self.content: dict[str, Any] = {}
        self.places: dict[Path, str] = {}
        self.faults: list[tuple[Path, str, str]] = []
        if merged:
            self.fault(
                "the workbook", "some cells are merged", "Unmerge them: only the first of merged cells has a value"
            )

    def fault(self, place: str, what: str, mend: str) -> None:
        path = ("workbook", len(self.faults))
        self.places[path] = place
        self.faults.append((path, what, mend))

    def read(self, book: Any) -> Tree:
        self.places["name",] = f"sheet {sheets.MAP.title}, row {sheets.FIRST_ROW}"
        if self._there(book, sheets.MAP):
            self._head(book)
        for sheet in sheets.SHEETS:
            if self._there(book, sheet):
                for number, cells in self._rows(book, sheet):
                    self._take(sheet, number, cells)
        return Tree(self.name, self.content, self.places, tuple(self.faults))

    def _there(self, book: Any, sheet: Sheet) -> bool:
        if sheet.title in book.sheetnames:
            return True
        near = nearest(sheet.title, {title.lower(): title for title in book.sheetnames})
        if sheet.optional and not near:
            return False
        mend = near or "Keep every sheet of the template, even empty: `vigie cartography template -o FILE.xlsx`"
        self.fault(f"sheet {sheet.title}", "the sheet is missing", mend)
        return False

    def _head(self, book: Any) -> None:
        for number, cells in self._rows(book, sheets.MAP):
            for column, value in cells.items():
                self._set(self.content, (), column, value, self._place(sheets.MAP, number, column))
            return

    def _rows(self, book: Any, sheet: Sheet) -> Iterator[tuple[int, dict[Column, str]]]:
        """The rows that hold something: row number, and its filled cells as text."""
        page = book[sheet.title]
        page.reset_dimensions()  # what the file says of its own size is not to be trusted
        columns: list[Column | None] = []
        empty = 0
        for number, row in enumerate(page.iter_rows(max_col=COLUMNS_LIMIT, values_only=True), start=1):
            if number == sheets.ID_ROW:
                columns = self._columns(sheet, row)
            if number < sheets.FIRST_ROW:
                continue
            if number > ROWS_LIMIT or empty > EMPTY_ROWS_LIMIT:
                break
            cells = {
                c: text for c, value in zip(columns, row, strict=False) if c and (text := _text(value, c)) is not None
            }
            empty = 0 if cells else empty + 1
            if cells:
                yield number, cells
        if not columns:
            self._columns(sheet, ())

    def _columns(self, sheet: Sheet, row: tuple[Any, ...]) -> list[Column | None]:
        known = {column.id: column for column in sheet.columns}
        said = ["" if value is None else str(value).strip() for value in row]
        for missing in known.keys() - set(said):
            mend = f"Row {sheets.ID_ROW} holds the ids of the columns, as in the template: put it back"
            self.fault(f"sheet {sheet.title}, row {sheets.ID_ROW}", f'the column "{missing}" is missing', mend)
        for text in said:
            if text and text not in known:
                mend = nearest(text, known) or "Take the column away, or clear its cell in this row"
                self.fault(f"sheet {sheet.title}, row {sheets.ID_ROW}", f'"{text[:60]}" is not a column here', mend)
            elif text and said.count(text) > 1:
                self.fault(f"sheet {sheet.title}, row {sheets.ID_ROW}", f'two columns are called "{text}"', "Keep one")
        return [known.get(text) for text in said]

    def _take(self, sheet: Sheet, number: int, cells: dict[Column, str]) -> None:
        items = self.content.setdefault(sheet.section, [])
        if not sheet.field:
            path: Path = (sheet.section, len(items))
            items.append(item := {})
            self._fill(item, path, sheet, sheet.columns, number, cells)
            return
        owner = sheet.columns[0]
        named = cells.get(owner)
        index = next((n for n, item in enumerate(items) if item.get("id") == named), None) if named else None
        if index is None:
            ids = {str(item.get("id")) for item in items}
            what = f'no row of the other sheet has the id "{named}"' if named else f"the {owner.id} is missing"
            self.fault(
                self._place(sheet, number, owner), what, nearest(named or "", ids) or "Write the id of an existing row"
            )
        elif sheet is sheets.DEPENDENCIES:
            self._depend(items[index], (sheet.section, index), number, cells)
        else:
            rows = items[index].setdefault(sheet.field, [])
            path = (sheet.section, index, sheet.field, len(rows))
            rows.append(row := {})
            self._fill(row, path, sheet, sheet.columns[1:], number, cells)

    def _depend(self, item: dict[str, Any], path: Path, number: int, cells: dict[Column, str]) -> None:
        _, needs, effect, share = sheets.DEPENDENCIES.columns
        said = cells.get(effect, sheets.DEGRADES if share in cells else sheets.STOPS).lower()
        place = f"sheet {sheets.DEPENDENCIES.title}, row {number}"
        if said not in (sheets.STOPS, sheets.DEGRADES):
            self.fault(
                self._place(sheets.DEPENDENCIES, number, effect),
                f'the effect is "{said}"',
                f"Write {sheets.STOPS} or {sheets.DEGRADES}",
            )
        elif needs not in cells:
            self.fault(place, "the application it needs is missing", "Write its id, or clear the row")
        elif said == sheets.DEGRADES:
            rows = item.setdefault("degraded_by", [])
            row = {"application": cells[needs], **({"share_kept": cells[share]} if share in cells else {})}
            self.places[(*path, "degraded_by", len(rows))] = place
            rows.append(row)
        else:
            if share in cells:
                self.fault(
                    place,
                    "a share is kept, and yet the effect is a stop",
                    f"Write {sheets.DEGRADES}, or clear the share",
                )
            names = item.setdefault("depends_on", [])
            self.places[(*path, "depends_on", len(names))] = place
            names.append(cells[needs])

    def _fill(
        self,
        item: dict[str, Any],
        path: Path,
        sheet: Sheet,
        columns: tuple[Column, ...],
        number: int,
        cells: dict[Column, str],
    ) -> None:
        self.places[path] = f"sheet {sheet.title}, row {number}"
        for column in columns:
            if column in cells:
                self._set(item, path, column, cells[column], self._place(sheet, number, column))
        if "visits_per_day" in item:
            days = item["visits_per_day"]
            item["visits_per_day"] = [days.get(day, "") for day in range(len(sheets.DAYS))]

    def _set(self, item: dict[str, Any], path: Path, column: Column, text: str, place: str) -> None:
        *above, last = column.goes_to
        for step in above:
            item, path = item.setdefault(step, {}), (*path, step)
            self.places.setdefault(path, place)
        item[last] = sheets.split(text) if column.holds == "list" else text
        self.places[(*path, last)] = place

    def _place(self, sheet: Sheet, number: int, column: Column) -> str:
        return f'sheet {sheet.title}, row {number}, column "{column.id}"'


def _text(value: Any, column: Column) -> str | None:
    """A cell as the text that somebody would have typed in a YAML file; None where it is empty."""
    if value is None:
        return None
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time() == datetime.min.time() else value.isoformat()
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    text = str(value).strip()
    if column.holds == "flag":
        text = FLAGS.get(text.lower(), text)
    elif column.holds == "number" and COMMA.fullmatch(text):
        text = text.replace(",", ".")
    return text or None
