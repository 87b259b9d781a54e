"""Pages: a table of the report as a page shows it. The words, the charts and the printed numbers are those of the report.

A chart is an image that travels inside the page, as a `data:` address: the content security policy lets it be looked at and
nothing in it run. What was drawn is remembered: a page that is asked again draws nothing.
"""

from __future__ import annotations

import threading
from base64 import b64encode
from collections import OrderedDict
from collections.abc import Callable, Hashable
from typing import Any, NamedTuple

from altair.utils.schemapi import debug_mode

from vigie.observe.edition import code_digest
from vigie.observe.report import chapters
from vigie.observe.report.chapters import Numbering
from vigie.observe.report.content import Content
from vigie.observe.report.document import Drawing, Grid, KeyFigure, KeyFigures, Paragraph
from vigie.observe.report.front import key_figures
from vigie.observe.report.sentences import sentences
from vigie.observe.report.texts import DEFINED, definition
from vigie.observe.report.views import View, view
from vigie.observe.tables import CHAPTERS, TABLES

REMEMBERED = 300
CODE = code_digest()  # another Vigie says the same edition otherwise: caches must ask again


class Chart(NamedTuple):
    """A chart as an image: its address, its size in pixels, what it shows, what its marks mean."""

    src: str
    width: int
    height: int
    alt: str
    caption: str
    note: str


class Sheet(NamedTuple):
    """One table: what it says first, its charts, its numbers (None: no number that year), its definition part by part."""

    name: str
    title: str
    lead: str
    charts: tuple[Chart, ...]
    grid: Grid | None
    definition: tuple[tuple[str, str], ...]


class Entry(NamedTuple):
    """A table in the list of a chapter."""

    name: str
    title: str
    lead: str


class Chapter(NamedTuple):
    """A chapter of the report with its tables."""

    name: str
    title: str
    entries: tuple[Entry, ...]


def sheet(content: Content, name: str, language: str, *, whole: bool = True) -> Sheet:
    """A table of a content.

    A table of which rows were chosen is no `whole`: it has no first place, no total, and no chart that would pass for one.
    """
    shown = view(content, name)
    with debug_mode(False):  # Altair checks a chart against its schema at the price of all the rest; tests do that
        section = chapters.section(shown, language, Numbering())
    grid = next((each for each in section.blocks if isinstance(each, Grid)), None)
    said = definition(shown.table, language)
    defined = tuple((part, said[part]) for part in DEFINED)
    if not whole:
        bare = grid and (grid._replace(rows=grid.rows[:-1], totals=False) if grid.totals else grid)
        return Sheet(name, section.title, "", (), bare, defined)
    lead = " ".join(each.text for each in section.blocks if isinstance(each, Paragraph) and each.kind == "lead")
    charts = tuple(_chart(each) for each in section.blocks if isinstance(each, Drawing))
    return Sheet(name, section.title, lead, charts, grid, defined)


def keys(content: Content, language: str) -> tuple[tuple[KeyFigure, ...], tuple[Paragraph, ...]]:
    """The key figures of a content, and what must be said beside them."""
    items: tuple[KeyFigure, ...] = ()
    said: list[Paragraph] = []
    for block in key_figures(content, language):
        if isinstance(block, KeyFigures):
            items = block.items
        else:
            said.append(block)
    return items, tuple(said)


def listed(content: Content, language: str, *, lead: bool = True) -> list[Chapter]:
    """The chapters and their tables, each with its first sentence."""
    found = []
    for name, title in CHAPTERS.items():
        views = [view(content, table) for table, defined in content.tables.items() if defined.chapter == name]
        entries = tuple(
            Entry(each.table.name, each.table.title[language], _first(each, language) if lead else "") for each in views
        )
        if entries:
            found.append(Chapter(name, title[language], entries))
    return found


def titles(language: str) -> list[Chapter]:
    """The chapters and their tables, without a number."""
    return [
        Chapter(
            name,
            title[language],
            tuple(Entry(each.name, each.title[language], "") for each in TABLES.values() if each.chapter == name),
        )
        for name, title in CHAPTERS.items()
    ]


_lock = threading.RLock()
_made: OrderedDict[Hashable, Any] = OrderedDict()


def remembered(key: Hashable, make: Callable[[], Any]) -> Any:
    """What `make` gave for this key, made once. One at a time: charts are drawn by a library that is not asked to share."""
    with _lock:
        if key not in _made:
            _made[key] = make()
            while len(_made) > REMEMBERED:
                _made.popitem(last=False)
        _made.move_to_end(key)
        return _made[key]


def _first(shown: View, language: str) -> str:
    said = sentences(shown, language)
    return said[0] if said else ""


def _chart(drawing: Drawing) -> Chart:
    picture = drawing.picture
    address = f"data:image/svg+xml;base64,{b64encode(picture.svg.encode()).decode()}"
    return Chart(address, picture.width, picture.height, picture.alt, drawing.caption, drawing.note)
