"""Chapters: the tables of each chapter as sections, each with what it says, its chart, its numbers and its definition."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from vigie.observe.report.content import Content
from vigie.observe.report.document import Block, Drawing, Paragraph, Section
from vigie.observe.report.drawing import Drawn, drawings, shape_of
from vigie.observe.report.grids import grid
from vigie.observe.report.sentences import alternative, sentences
from vigie.observe.report.texts import definition, layout, say
from vigie.observe.report.views import View, view
from vigie.observe.tables import CHAPTERS


@dataclass(slots=True)
class Numbering:
    """Figures and tables are numbered through the whole report."""

    figures: int = 0
    tables: int = 0

    def figure(self) -> int:
        """The number of the next figure."""
        self.figures += 1
        return self.figures

    def table(self) -> int:
        """The number of the next table."""
        self.tables += 1
        return self.tables


def chapters(
    content: Content, language: str, count: Numbering, extra: Callable[[str], Sequence[Section]]
) -> Iterator[Section]:
    """The chapters of tables, in their order. `extra`: the sections that stand at the end of a chapter, by its name."""
    for name, title in CHAPTERS.items():
        sections = [section(each, language, count) for each in _views(content, name) if on_page(each)]
        sections += extra(name)
        if sections:
            yield Section(name, title[language], 1, (Paragraph(say(language, f"chapter_{name}")),))
            yield from sections


def only_data(content: Content, language: str) -> list[str]:
    """The titles of the tables that no page shows."""
    views = (each for name in CHAPTERS for each in _views(content, name))
    return [each.table.title[language] for each in views if not on_page(each)]


def _views(content: Content, chapter: str) -> list[View]:
    return [view(content, table) for table, defined in content.tables.items() if defined.chapter == chapter]


def on_page(shown: View) -> bool:
    """Whether a table is printed: not when it is data only, nor when all it counts has one name, or none."""
    if layout().get(shown.table.name, {}).get("data"):
        return False
    if not shown.names:
        return True
    counted = {
        key
        for (measure, _, key), value in shown.values.items()
        if measure == shown.main.name and (value.number or value.hidden)
    }
    return len(counted) > 1


def section(shown: View, language: str, count: Numbering) -> Section:
    """One table: lead, chart, printed table, definition."""
    name = shown.table.name
    said = sentences(shown, language)
    defined = say(language, "definition_line", **definition(shown.table, language))
    blocks: list[Block] = [Paragraph(" ".join(said), "lead"), Paragraph(defined, "note")]
    shape = shape_of(shown)
    if shape and shown.year in shown.years and not layout().get(name, {}).get("plain"):
        alt = alternative(shown, shape, said, language)
        drawn = [_figure(each, shown, language, count) for each in drawings(shown, language, alt)]
        nothing = Paragraph(say(language, "nothing_drawn", number=count.tables + 1), "note")
        blocks += drawn or [nothing]
    if shown.order:
        blocks.append(grid(shown, language, count.table()))
    return Section(name.replace("_", "-"), shown.table.title[language], 2, tuple(blocks))


def _figure(drawn: Drawn, shown: View, language: str, count: Numbering) -> Drawing:
    number = count.figure()
    caption = say(language, f"caption_{'heat' if drawn.shape == 'heat' else 'year' if _of_year(drawn) else 'years'}",
                  title=shown.table.title[language], year=shown.year)  # fmt: skip
    return Drawing(number, drawn.picture, caption, drawn.note)


def _of_year(drawn: Drawn) -> bool:
    return drawn.shape in ("months", "tiles", "ranked", "crossed")
