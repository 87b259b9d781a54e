"""The pages: every number is in a table, what is not real says so, extremes break nothing."""

from __future__ import annotations

import re
from dataclasses import replace
from html.parser import HTMLParser

import pypdfium2
import pytest

from tests.observe.report.editions import asked, content, versions
from vigie.observe.report.content import Content
from vigie.observe.report.document import Document, Drawing, Grid, Paragraph
from vigie.observe.report.front import document
from vigie.observe.report.making import make
from vigie.observe.report.page import page
from vigie.observe.report.typesetting import pdf
from vigie.observe.rows import empty
from vigie.observe.table import Figures


class Outline(HTMLParser):
    """Headings, identifiers and links of a page."""

    def __init__(self) -> None:
        super().__init__()
        self.levels: list[int] = []
        self.ids: list[str] = []
        self.links: list[str] = []
        self.tags: set[str] = set()

    def handle_starttag(self, tag, attrs):
        said = dict(attrs)
        self.tags.add(tag)
        self.levels += [int(tag[1])] if re.fullmatch(r"h\d", tag) else []
        self.ids += [said["id"]] if "id" in said else []
        self.links += [said["href"][1:]] if said.get("href", "").startswith("#") else []


def blocks(made: Document, kind: type) -> list:
    return [block for section in made.sections for block in section.blocks if isinstance(block, kind)]


@pytest.mark.parametrize("language", ["fr", "en"])
def test_a_page_stands_alone_and_its_outline_holds(language):
    html = page(document(content(), language)).decode()
    outline = Outline()
    outline.feed(html)
    assert f'<html lang="{language}">' in html
    assert not outline.tags & {"script", "link", "iframe", "img"} and "http://" not in html.replace(
        "http://www.w3.org", ""
    )
    assert len(outline.ids) == len(set(outline.ids)) and set(outline.links) <= set(outline.ids)
    assert outline.levels[0] == 1 and all(
        after <= before + 1 for before, after in zip(outline.levels, outline.levels[1:], strict=False)
    )
    assert {"main", "nav", "header", "caption"} <= outline.tags


def test_every_chart_has_its_table_and_its_words():
    made = document(content(), "fr")
    for section in made.sections:
        kinds = [type(block) for block in section.blocks]
        assert Drawing not in kinds or Grid in kinds, section.title
    for drawing in blocks(made, Drawing):
        assert len(drawing.picture.alt) > 60 and drawing.picture.svg.count("<desc") == 1
    numbers = [block.number for block in blocks(made, Grid)]
    assert numbers == list(range(1, len(numbers) + 1))
    figures = [block.number for block in blocks(made, Drawing)]
    assert figures == list(range(1, len(figures) + 1)) and len(figures) > 25


def test_the_pdf_is_tagged_and_says_what_it_is():
    made = pdf(document(content(), "fr"), content().edition.date)
    assert b"/StructTreeRoot" in made and b"pdfuaid" in made and b"/Lang" in made
    text = "".join(each.get_textpage().get_text_bounded() for each in pypdfium2.PdfDocument(made))
    assert "Rapport annuel" in text and content().edition.id in text and "SIMULÉ" in text
    assert "Liberation" not in made.decode("latin-1")  # letters inside charts are drawn, never asked of the machine


@pytest.mark.parametrize(("realm", "word"), [("simulated", "SIMULÉ"), ("exercise", "EXERCICE"), ("real", "")])
def test_what_is_not_real_says_so_above_everything(realm, word):
    made = document(replace(content(), edition=replace(content().edition, realm=realm)), "fr")
    assert made.band.startswith(word) and bool(made.band) == bool(word)
    assert ('class="band"' in page(made).decode()) == bool(word)


def test_without_denominators_no_rate_is_given_and_that_is_said():
    made = document(replace(content(), numbers={}), "fr")
    assert any("Aucun dénominateur" in block.text for block in blocks(made, Paragraph))
    assert "funnel" not in {section.key for section in made.sections}
    assert "funnel" in {section.key for section in document(content(), "fr").sections}


@pytest.mark.parametrize(
    ("table", "audience"),
    [(empty(), "public"), (versions().slice(0, 1), "internal")],
    ids=["nothing", "one declaration"],
)
def test_an_empty_year_and_a_single_declaration_are_reports_too(table, audience):
    made = make(asked(audience=audience), table)
    for language in ("fr", "en"):
        assert pdf(document(made, language), made.edition.date).startswith(b"%PDF")


def test_a_hidden_number_is_nowhere():
    """Hide a number that occurs once: no page, chart or sentence holds it."""
    marked = _with(content(), "by_legal_status", 987_654)
    assert "987\u202f654" in page(document(marked, "fr")).decode()
    hidden = _hide(marked, "by_legal_status", 987_654)
    html = page(document(hidden, "fr")).decode()
    assert not re.search(r"(?<![\d.])987\u202f?654", html)  # not a place inside a chart, 74.320987654
    assert 'class="hidden"' in html.replace("class=hidden", 'class="hidden"')


def test_a_chart_of_nothing_is_a_sentence_that_names_its_table():
    figures = content().figures["by_legal_status"]
    places = frozenset((row, place) for row in range(len(figures.rows)) for place in range(2, len(figures.columns)))
    rows = tuple((*row[:2], *(None for _ in row[2:])) for row in figures.rows)
    made = document(_replaced(content(), replace(figures, rows=rows, hidden=places)), "fr")
    section = next(each for each in made.sections if each.key == "by-legal-status")
    assert not any(isinstance(block, Drawing) for block in section.blocks)
    table = next(block for block in section.blocks if isinstance(block, Grid))
    assert any(
        f"dans le tableau {table.number}" in block.text for block in section.blocks if isinstance(block, Paragraph)
    )


def test_what_nobody_said_is_not_zero():
    figures = content().figures["by_people_affected"]
    rows = tuple(row for row in figures.rows if row[1] == "unknown")
    people = content().figures["people_affected"]
    empty = tuple((row[0], 0, row[1] + row[2], 0) for row in people.rows)
    made = _replaced(_replaced(content(), replace(figures, rows=rows)), replace(people, rows=empty))
    section = next(each for each in document(made, "fr").sections if each.key == "people-affected")
    assert section.blocks[0].text == "Aucune déclaration de 2022 ne le dit : zéro ne s'y distingue pas d'inconnu."
    table = next(block for block in section.blocks if isinstance(block, Grid))
    assert all(row[-1].text == "–" for row in table.rows)


def test_changes_say_what_shared_causes_do_to_them():
    clusters = {"years": [2021, 2022], "dispersion": {"all": 14.5}, "linked": True, "large": [
        {"year": 2021, "declarations": 293, "total": 733},
    ]}  # fmt: skip
    keys = [
        document(replace(content(), numbers={**content().numbers, "clusters": each}), "fr").sections[0]
        for each in (clusters, {**clusters, "dispersion": {"all": 1}, "linked": False}, {})
    ]
    said = [" ".join(block.text for block in each.blocks if isinstance(block, Paragraph)) for each in keys]
    assert "(293 sur 733 en 2021 partageaient" in said[0] and "14,5 fois plus" in said[0]
    assert "Aucune cause commune n'est connue" in said[1] and "supposent des incidents venus un par un" in said[2]
    assert keys[0].blocks[0].items[0].note != keys[1].blocks[0].items[0].note


def test_a_year_that_is_not_over_says_so():
    made = make(asked(year=2023), versions())
    said = " ".join(block.text for block in blocks(document(made, "fr"), Paragraph))
    assert "n'était pas achevée" in said
    assert "n'était pas achevée" not in " ".join(block.text for block in blocks(document(content(), "fr"), Paragraph))


def _with(made: Content, table: str, number: int) -> Content:
    """The content with this number as the count of the last row of the year."""
    figures = made.figures[table]
    place, year = figures.columns.index("declarations"), made.edition.year
    index = max(at for at, row in enumerate(figures.rows) if row[0] == year and row[place])
    row = (*figures.rows[index][:place], number, number, 1.0)
    return _replaced(made, replace(figures, rows=(*figures.rows[:index], row, *figures.rows[index + 1 :])))


def _hide(made: Content, table: str, number: int) -> Content:
    figures = made.figures[table]
    index = next(at for at, row in enumerate(figures.rows) if number in row)
    first = len(made.tables[table].dimensions)
    places = range(first, len(figures.columns))
    row = (*figures.rows[index][:first], *(None for _ in places))
    rows = (*figures.rows[:index], row, *figures.rows[index + 1 :])
    return _replaced(made, replace(figures, rows=rows, hidden=frozenset((index, place) for place in places)))


def _replaced(made: Content, figures: Figures) -> Content:
    return replace(made, figures={**made.figures, figures.name: figures})
