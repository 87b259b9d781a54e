"""The empty template for one's own past declarations: a workbook with drop-down lists, or a CSV file of the same columns."""

from __future__ import annotations

from datetime import UTC, datetime
from io import BytesIO
from typing import Any

from vigie.exchange import tables
from vigie.exchange.declarations_template import COLUMNS, EXAMPLE, KEY, READ_ME, SHEETS, TERMS, Column
from vigie.observe.vocabulary import label, vocabulary

BLANK_ROWS = 5_000  # rows with drop-down lists
INTRODUCTION = {
    "fr": (
        "Reprenez ici vos déclarations passées : une ligne par déclaration, dans la feuille Déclarations.",
        "La ligne d'exemple est ignorée ; vous pouvez la laisser ou l'effacer.",
        "Seule votre référence est obligatoire. Une case vide veut dire « inconnu » : n'écrivez ni 0 ni « non » par défaut.",
        "Dates : 2024-12-31, 2024-12-31 14:30, 31/12/2024 ou 31/12/2024 14:30 (le jour d'abord), en heure légale.",
        "Les mots possibles sont dans la feuille Vocabulaire ; l'identifiant d'un mot est accepté aussi.",
        "Plusieurs valeurs dans une case : séparées par des points-virgules.",
        "L'ordre des colonnes est libre, et une colonne peut manquer. Une colonne de votre cru est gardée avec la ligne, sans"
        " être interprétée.",
        "N'écrivez aucune identité de patient.",
        "Pour corriger : changez la ligne, gardez sa référence, et importez de nouveau. Rien n'est perdu de l'ancienne version.",
    ),
    "en": (
        "Write your past declarations here: one row each, in the sheet Declarations.",
        "The example row is ignored; leave it or delete it.",
        "Only your reference is required. An empty cell means “unknown”: never write 0 or “no” by default.",
        "Dates: 2024-12-31, 2024-12-31 14:30, 31/12/2024 or 31/12/2024 14:30 (the day first), in legal time.",
        "The words that may be written are in the sheet Vocabulary; the identifier of a word is accepted too.",
        "Several values in a cell: separated by semicolons.",
        "Columns may stand in any order, and may be missing. A column of your own is kept with the row, and not interpreted.",
        "Write no patient identity.",
        "To correct: change the row, keep its reference, and import again. Nothing of the former version is lost.",
    ),
}


def template_csv(language: str = "fr") -> bytes:
    """The template as CSV for French spreadsheets: headings and the example row."""
    headings = [tables.Column(column.heading(language)) for column in COLUMNS]
    return b"".join(tables.csv_chunks(headings, [[_example(column, language) for column in COLUMNS]], UTC))


def template_xlsx(language: str = "fr") -> bytes:
    """The template as a workbook: how to, headings with notes, an example row, drop-down lists, and the words."""
    import xlsxwriter  # here and not above: it costs memory that a server which writes no workbook should not pay

    out = BytesIO()
    with xlsxwriter.Workbook(out, {**tables.WORKBOOK, "constant_memory": False, "in_memory": True}) as book:
        # Without a fixed date, two writings would differ.
        book.set_properties({"title": "Vigie", "created": datetime(2026, 1, 1)})
        page = book.add_worksheet(READ_ME[language])
        page.set_column(0, 0, 120)
        wrapped = book.add_format({"text_wrap": True, "valign": "top"})
        for row, line in enumerate(INTRODUCTION[language]):
            page.write_string(row, 0, line, wrapped)
        _declarations(book, language)
        _terms(book, language)
    return out.getvalue()


def _declarations(book: Any, language: str) -> None:
    page = book.add_worksheet(SHEETS[language])
    page.activate()
    page.freeze_panes(1, 1)
    title = book.add_format({"bold": True, "bg_color": "#D9E2F3", "text_wrap": True, "valign": "top", "border": 1})
    shown = book.add_format({"italic": True, "font_color": "#666666", "bg_color": "#EEEEEE"})
    text = book.add_format({"num_format": "@"})  # a spreadsheet must not eat the zeros of a number, nor reverse a date
    for number, column in enumerate(COLUMNS):
        page.set_column(number, number, 26 if column is KEY else max(16, len(column.heading(language)) * 0.7), text)
        page.write_string(0, number, column.heading(language), title)
        if column.help(language):
            page.write_comment(0, number, column.help(language), {"x_scale": 2})
        page.write_string(1, number, _example(column, language), shown)
        if column.holds == "word":
            page.data_validation(2, number, BLANK_ROWS, number, _drop_down(column, language))


def _drop_down(column: Column, language: str) -> dict[str, Any]:
    first = 2  # row 1 is the heading of the vocabulary
    for name in _lists():
        size = len(vocabulary()[name])
        if name == column.words:
            break
        first += size
    # A warning, not a refusal: an identifier is read as well as a word.
    source = f"='{TERMS[language]}'!$B${first}:$B${first + size - 1}"
    return {"validate": "list", "source": source, "error_type": "warning"}


def _terms(book: Any, language: str) -> None:
    page = book.add_worksheet(TERMS[language])
    page.set_column(0, 2, 44)
    title = book.add_format({"bold": True, "bottom": 1})
    headings = (
        ("Colonne", "Mot à écrire", "Identifiant") if language == "fr" else ("Column", "Word to write", "Identifier")
    )
    for number, heading in enumerate(headings):
        page.write_string(0, number, heading, title)
    lines = [
        (
            ", ".join(column.heading(language) for column in COLUMNS if column.words == name),
            label(name, term, language),
            term,
        )
        for name in _lists()
        for term in vocabulary()[name]
    ]
    for row, line in enumerate(lines, start=1):
        for number, cell in enumerate(line):
            page.write_string(row, number, cell)


def _lists() -> list[str]:
    """The lists of words that columns use, each once, in the order of columns."""
    return list(dict.fromkeys(column.words for column in COLUMNS if column.words))


def _example(column: Column, language: str) -> str:
    if column is KEY:
        return EXAMPLE[language]
    if column.words:
        return "; ".join(label(column.words, term.strip(), language) for term in column.example.split(";"))
    return column.example
