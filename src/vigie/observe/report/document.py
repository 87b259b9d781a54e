"""Document: a report as sections and blocks, before it is a page, a print or anything else."""

from __future__ import annotations

from typing import Literal, NamedTuple

from vigie.observe.charts.render import Picture


class Paragraph(NamedTuple):
    """Words. `lead`: the sentence that says what the figure shows; `note`: small print; `warning`: must not be missed."""

    text: str
    kind: Literal["plain", "lead", "note", "warning"] = "plain"


class KeyFigure(NamedTuple):
    """A number said large, what it counts, and how sure it is."""

    value: str
    label: str
    note: str = ""


class KeyFigures(NamedTuple):
    """Key figures side by side."""

    items: tuple[KeyFigure, ...]


class Drawing(NamedTuple):
    """A chart with its number, its caption, and what the marks mean."""

    number: int
    picture: Picture
    caption: str
    note: str = ""


class Cell(NamedTuple):
    """A cell of a printed table. `hidden`: withheld; `none`: there is no such number."""

    text: str
    state: Literal["", "hidden", "none"] = ""


class Grid(NamedTuple):
    """A printed table. The first `names` columns head their rows; the others hold aligned figures. `name`: the table it shows."""

    name: str
    number: int
    caption: str
    columns: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]
    names: int = 1
    totals: bool = False
    note: str = ""


class Terms(NamedTuple):
    """Pairs of a name and what is said of it. `mono`: digests and other strings that are compared letter by letter."""

    items: tuple[tuple[str, str], ...]
    mono: bool = False


Block = Paragraph | KeyFigures | Drawing | Grid | Terms


class Section(NamedTuple):
    """A section. `level` 1: a chapter; 2: a section of it. `key`: its address on the page."""

    key: str
    title: str
    level: int
    blocks: tuple[Block, ...] = ()


class Document(NamedTuple):
    """A report in one language. `facts`: what the cover says; `running`: what each page repeats; `band`: not real."""

    language: str
    title: str
    subtitle: str
    publisher: str
    facts: tuple[tuple[str, str], ...]
    running: str
    edition: str
    day: str
    band: str
    sections: tuple[Section, ...]
