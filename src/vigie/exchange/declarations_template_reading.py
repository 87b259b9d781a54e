"""The filled-in template as rows of the declarations table, every fault at once, with its sheet, row, column and mend.

A file with a fault gives no row: it is one's own, so it is mended and imported again. Nothing is guessed: what is not said
stays unknown, a cell that cannot be understood is a fault, and a column that the template does not have is kept with the row.
"""

from __future__ import annotations

import csv
import json
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime, timedelta
from hashlib import sha256
from io import StringIO
from pathlib import Path
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from vigie.cartography.vocabulary import nearest
from vigie.cartography.workbook_reading import open_workbook
from vigie.errors import Fault, FileError, TemplateErrors
from vigie.exchange import declarations_template_cells as cells
from vigie.exchange.declarations_template import KEY, SHEETS, Column, by_heading, is_example
from vigie.exchange.declarations_template_cells import BadCell
from vigie.exchange.declarations_template_row import Problem, row_of
from vigie.exchange.delimited import decoded
from vigie.exchange.importing import KeptAside, Mapped, Reader, folded
from vigie.exchange.incoming import Found, document, find
from vigie.observe.rows import Row, naive

SOURCE = "template"
ZIP = b"PK\x03\x04"
HEADINGS_WITHIN = 20  # a person may write a title above the headings
COLUMNS_LIMIT = 200
EMPTY_ROWS_LIMIT = 1000  # a sheet ends after so many empty rows
LEGAL_TIME = ZoneInfo("Europe/Paris")


class TemplateRead(NamedTuple):
    """What a file gives: rows (none where there is a fault), faults, and what deserves a word but stops nothing."""

    rows: tuple[Row, ...]
    faults: tuple[Fault, ...]
    warnings: tuple[Fault, ...]


class _Sheet(NamedTuple):
    """A table as found: `where` names it (`file.xlsx, sheet Déclarations`), `line` what a row is called."""

    where: str
    line: str
    rows: list[tuple[int, list[str]]]


def read_template(content: bytes, name: str, now: datetime, zone: ZoneInfo = LEGAL_TIME) -> TemplateRead:
    """Read a workbook or a CSV file. Dates are in the legal time of `zone`; none may lie after `now`.

    Raises FileError when it is neither, or has no column for the reference.
    """
    sheet = _workbook(content, name) if content.startswith(ZIP) else _csv(content, name)
    at, headings = _headings(sheet)
    columns, faults, warnings = _columns(sheet, at, headings)
    # A cell is kept under the name of its column, whatever the language of its heading; under its own, where it is none of ours.
    names = [columns[place].name if place in columns else heading for place, heading in enumerate(headings)]
    labels = {column.name: headings[place] for place, column in columns.items()}
    rows: list[Row] = []
    seen: dict[str, int] = {}
    for number, texts in sheet.rows:
        if number <= at or not any(texts):
            continue
        # Under the name of its column, whatever the language of its heading; under its own, where it is none of ours.
        names = (
            columns[at_column].name if at_column in columns else heading for at_column, heading in enumerate(headings)
        )
        said = {heading: text for heading, text in zip(names, texts, strict=False) if text}
        found = {column: texts[place] for place, column in columns.items() if place < len(texts) and texts[place]}
        if is_example(found.get(KEY, "")):
            continue
        place = f"{sheet.where}, {sheet.line} {number}"
        row, problems = _row(found, said, place, now, zone)
        if row and (twin := seen.setdefault(row["source_key"], number)) != number:
            what = f"the reference {row['source_key']!r} is already that of {sheet.line} {twin}"
            problems = [*problems, Problem(KEY.name, what, "Give each declaration its own")]
        faults += [
            Fault(f'{place}, column "{labels.get(each.column, each.column)}"', each.what, each.mend)
            for each in problems
        ]
        if row:
            rows.append(row)
    return TemplateRead(() if faults else tuple(rows), tuple(faults), tuple(warnings))


def read(paths: Sequence[Path], now: datetime) -> Iterator[Mapped | KeptAside]:
    """Each declaration of these files, as the other importers give theirs. Raises TemplateErrors with every fault of all."""
    found = _all(paths, now)
    if faults := tuple(fault for each in found for fault in each.faults):
        raise TemplateErrors(faults)
    for each in found:
        yield from map(Mapped, each.rows)


def notices(paths: Sequence[Path], now: datetime) -> tuple[Fault, ...]:
    """What deserves a word and stops nothing: columns of one's own, kept and not interpreted."""
    return tuple(warning for each in _all(paths, now) for warning in each.warnings)


def _all(paths: Sequence[Path], now: datetime) -> list[TemplateRead]:
    files = find(paths, (".xlsx", ".csv"))
    return [read_template(document(file), file.name, now) for file in files if not _temporary(file)]


READER = Reader(SOURCE, "one's own past declarations, in Vigie's template (.xlsx or .csv)", read)


def _temporary(file: Found) -> bool:
    """Whether a spreadsheet program made this file beside the one that is open."""
    return file.path.name.startswith(("~$", ".~lock"))


def _workbook(content: bytes, name: str) -> _Sheet:
    with open_workbook(content, name) as (book, _):
        titles = [title for title in book.sheetnames if folded(title) in {folded(each) for each in SHEETS.values()}]
        if not titles:
            raise FileError(
                f"{name}: no sheet {SHEETS['fr']} or {SHEETS['en']} (it has {', '.join(book.sheetnames)[:200]}). Start from"
                " the template"
            )
        page = book[titles[0]]
        page.reset_dimensions()  # what the file says of its own size is not to be trusted
        rows = list(_filled(page.iter_rows(max_col=COLUMNS_LIMIT, values_only=True)))
    return _Sheet(f"{name}, sheet {titles[0]}", "row", rows)


def _filled(rows: Iterable[tuple[Any, ...]]) -> Iterator[tuple[int, list[str]]]:
    """The rows that hold something, with their number. So many empty ones end a sheet: a file may claim a billion."""
    empty = 0
    for number, row in enumerate(rows, start=1):
        if any(value is not None for value in row):
            empty = 0
            yield number, [cells.text_of(value) for value in row]
        elif (empty := empty + 1) > EMPTY_ROWS_LIMIT:
            return


def _csv(content: bytes, name: str) -> _Sheet:
    text = decoded(content)
    first = next((line for line in text.splitlines() if line.strip()), "")
    separator = max(";,\t", key=first.count)
    reader = csv.reader(StringIO(text, newline=""), delimiter=separator)
    try:
        rows = [(reader.line_num, [cells.text_of(cell) for cell in row]) for row in reader if any(row)]
    except csv.Error as error:
        raise FileError(
            f"{name}, line {reader.line_num}: not CSV ({error}). Save it again from your spreadsheet"
        ) from error
    return _Sheet(name, "line", rows)


def _headings(sheet: _Sheet) -> tuple[int, list[str]]:
    """The row of headings, and what stands in it: the first row that has the column of the reference."""
    known = by_heading()
    for number, texts in sheet.rows[:HEADINGS_WITHIN]:
        if any(known.get(folded(text)) is KEY for text in texts):
            return number, texts
    raise FileError(
        f'{sheet.where}: no column "{KEY.fr}" (or "{KEY.en}") in its first {HEADINGS_WITHIN} rows. Start from the template,'
        " or add that column"
    )


def _columns(sheet: _Sheet, at: int, headings: list[str]) -> tuple[dict[int, Column], list[Fault], list[Fault]]:
    """Which place holds which column; faults of the headings; headings of one's own."""
    known = by_heading()
    where = f"{sheet.where}, {sheet.line} {at}"
    columns: dict[int, Column] = {}
    faults, warnings = [], []
    for place, heading in enumerate(headings):
        column = known.get(folded(heading)) if heading else None
        if column in columns.values():
            faults.append(Fault(where, f'two columns mean "{heading}"', "Keep one of them"))
        elif column:
            columns[place] = column
        elif heading and (hint := nearest(folded(heading), known)):
            faults.append(Fault(where, f'"{heading}" is not a column of the template', hint))
        elif heading:
            mend = "It is kept with each row, and not interpreted; rename it if it is one of the template's"
            warnings.append(Fault(where, f'"{heading}" is not a column of the template', mend))
    return columns, faults, warnings


def _row(
    found: dict[Column, str], said: dict[str, str], place: str, now: datetime, zone: ZoneInfo
) -> tuple[Row | None, list[Problem]]:
    """The row that some cells make, and what is wrong with them."""
    values: dict[str, Any] = {}
    problems = []
    for column, text in found.items():
        try:
            values[column.name] = _value(column, text, zone)
        except BadCell as error:
            problems.append(Problem(column.name, error.what, error.mend))
    if KEY not in found:
        problems.append(Problem(KEY.name, "the reference is missing", "Give this declaration a reference of its own"))
        return None, problems
    record = json.dumps(said, ensure_ascii=False, sort_keys=True)
    # Two minutes of grace: clocks differ.
    row, more = row_of(values, now + timedelta(minutes=2), zone)
    problems += more
    key = values[KEY.name]
    return {
        **row,
        "declaration": f"{SOURCE}:{key}",
        "incident": f"{SOURCE}:{key}",
        "source": SOURCE,
        "source_key": key,
        "source_place": place,
        "source_digest": sha256(record.encode()).hexdigest(),
        "record": record,
        "known_from": naive(now),
        "recorded_at": naive(now),
    }, problems


def _value(column: Column, text: str, zone: ZoneInfo) -> Any:
    match column.holds:
        case "moment":
            return cells.moment_of(text, zone)
        case "word":
            return cells.word_of(text, column.words)
        case "words":
            return cells.words_of(text, column.words)
        case "finess":
            return cells.finess_of(text)
        case "sites":
            return cells.sites_of(text)
        case "codes":
            return cells.codes_of(text)
        case "number":
            return cells.number_of(text)
        case "hours":
            return cells.hours_of(text)
        case _:
            return " ".join(text.split())
