"""Checking: whether a file can be read as an edition, and holds nothing but numbers and words that this Vigie knows.

Nothing of the file is believed: columns, titles and definitions are those of `TABLES`, terms those of the vocabulary. What
passes is written anew without the rest (`plain`), so that no byte is shown that was not looked at.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any, NamedTuple

from vigie.errors import FileError
from vigie.observe.edition import Edition
from vigie.observe.report.content import Content, read, written
from vigie.observe.report.views import UNKNOWN
from vigie.observe.table import Dimension, Figures, Measure
from vigie.observe.tables import TABLES
from vigie.observe.vocabulary import vocabulary

MAX_BYTES, MAX_ROWS = 20_000_000, 100_000
YEARS = range(2000, 2101)
MOST = 10**9  # no count of declarations or declarants comes near
REALMS = ("real", "exercise", "simulated")
RANGES = {"year": YEARS, "month": range(1, 13)}
OPEN = {"cve": re.compile(r"CVE-[0-9]{4}-[0-9]{4,7}"), "country": re.compile(r"[A-Z]{2}")}
MAX_PINS = 1000  # a log of each node of a sector
BROKEN = (ArithmeticError, AttributeError, LookupError, RecursionError, TypeError, ValueError, FileError)
_DIGEST = "[0-9a-f]{64}"
PINS = {  # what the pins of an edition may be named, and may say
    "source": {
        re.compile("rows"): re.compile("[0-9]{1,12}"),
        re.compile("digest"): re.compile(_DIGEST),
        re.compile("log [A-Za-z0-9._-]{1,64}/[A-Za-z0-9._-]{1,64}"): re.compile(f"[0-9]{{1,12}} {_DIGEST}( part)?"),
    },
    "digests": {
        re.compile(
            "vocabulary|tables|rule_changes|exemptions|denominators|publicly_known|previous"
        ): re.compile(f"{_DIGEST}|none")
    },
    "software": {re.compile("[a-z][a-z0-9-]{0,31}"): re.compile(f"[0-9][0-9A-Za-z.+-]{{0,31}}|{_DIGEST}")},
}  # fmt: skip


class Fault(NamedTuple):
    """Why an edition may not be shown: a word for the reason, the table it is in, and how many times."""

    reason: str
    table: str = ""
    count: int = 1


def checked(raw: bytes, name: str) -> tuple[Content, list[Fault]]:
    """What a file says, and all in it that is no number or word of an edition. Raises FileError for what is no edition."""
    if len(raw) > MAX_BYTES:
        raise FileError(f"{name}: {len(raw)} bytes, more than {MAX_BYTES}. Give the figures.json of an edition")
    try:
        content = read(raw, name)
        if sum(len(each.rows) for each in content.figures.values()) > MAX_ROWS:
            raise FileError(f"{name}: more than {MAX_ROWS} rows. Give the figures.json of an edition")
        found = list(_of_edition(content.edition))
        if not content.figures:
            found.append(Fault("empty"))
        for table, figures in content.figures.items():
            found += _of_rows(table, figures)
        if not found and (json.loads(raw)["edition"].get("id") != content.edition.id or written(content) != raw):
            found.append(Fault("changed"))
    except FileError:
        raise
    except BROKEN as error:
        raise FileError(
            f"{name}: not the figures of a report ({type(error).__name__}). Give the figures.json of an edition"
        ) from error
    return content, found


def plain(content: Content) -> Content:
    """The edition, the rows and the marks; definitions of this Vigie; nothing else that the file brought along."""
    known = {
        name: each for name, each in content.figures.items() if name in TABLES and TABLES[name].columns == each.columns
    }
    tables = {name: TABLES[name] for name in known}
    return replace(content, tables=tables, figures=known, numbers={}, revisions=None)


def _of_edition(edition: Edition) -> Iterator[Fault]:
    if edition.audience != "public":
        yield Fault("internal")
    if edition.realm not in REALMS:
        yield Fault("realm")
    known = (
        edition.year in YEARS
        and edition.date.year in YEARS
        and edition.as_known_on.year in YEARS
        and edition.as_known_on.tzinfo is not None
        and set(edition.languages) <= {"fr", "en"}
        and edition.sector in ("", *vocabulary()["sectors"])
        and set(edition.without) <= set(TABLES)
        and all(_pinned(getattr(edition, name), allowed) for name, allowed in PINS.items())
    )
    if not known:
        yield Fault("pins")


def _pinned(said: Mapping[str, Any], allowed: Mapping[re.Pattern[str], re.Pattern[str]]) -> bool:
    return len(said) <= MAX_PINS and all(
        isinstance(value, str) and any(key.fullmatch(name) and form.fullmatch(value) for key, form in allowed.items())
        for name, value in said.items()
    )


def _of_rows(name: str, figures: Figures) -> Iterator[Fault]:
    table = TABLES.get(name)
    if table is None or table.columns != figures.columns:
        yield Fault("unknown", name)
        return
    width = len(table.dimensions)
    wrong = sum(
        len(row) != len(table.columns)
        or not all(_is_term(each, value) for each, value in zip(table.dimensions, row, strict=False))
        or not all(_is_number(each, value) for each, value in zip(table.measures, row[width:], strict=True))
        for row in figures.rows
    )
    if wrong:
        yield Fault("rows", name, wrong)
    elif len({row[:width] for row in figures.rows}) != len(figures.rows):
        yield Fault("twice", name)
    if not all(_is_place(place, len(figures.rows), range(width, len(table.columns))) for place in figures.hidden):
        yield Fault("marks", name)


def _is_place(place: tuple[Any, Any], rows: int, columns: range) -> bool:
    row, column = place
    return type(row) is int and 0 <= row < rows and type(column) is int and column in columns


def _is_term(dimension: Dimension, value: Any) -> bool:
    if dimension.name in RANGES:
        return type(value) is int and value in RANGES[dimension.name]
    if not isinstance(value, str):
        return False
    if dimension.words:
        return value == UNKNOWN or value in vocabulary()[dimension.words]
    form = OPEN.get(dimension.name)
    return value == UNKNOWN or bool(form and form.fullmatch(value))


def _is_number(measure: Measure, value: Any) -> bool:
    if value is None:
        return True
    if measure.kind == "count":
        return type(value) is int and 0 <= value <= MOST
    if type(value) not in (int, float) or not math.isfinite(value):
        return False
    return bool(0 <= value <= 1) if measure.kind == "share" else abs(value) <= MOST
