"""A cartography as a workbook, and the empty template: drop-down lists, notes, and an example.

Every text is stored as a text cell, which no spreadsheet runs: a name that starts with `=` stays a name.
"""

from __future__ import annotations

from datetime import date, datetime
from io import BytesIO
from typing import Any

from vigie.cartography import sheets
from vigie.cartography.model import Application, Cartography
from vigie.cartography.sheets import Column, Sheet
from vigie.cartography.vocabulary import vocabulary

BLANK_ROWS = 2_000  # rows with drop-down lists
INTRODUCTION = (
    "Décrivez ici votre hôpital : ce qu'il y a, et ce qui dépend de quoi.",
    "Chaque feuille a une ligne de titres, puis une ligne d'identifiants de colonnes (grise) qu'il ne faut pas modifier.",
    "Les données commencent à la ligne 3. Une case vide veut dire « inconnu » : n'écrivez pas 0 quand vous ne savez pas.",
    "Ordre conseillé : Carte, Établissements, Fournisseurs, Applications, Dépendances, Services, Besoins, Charges, Équipes.",
    "L'annuaire, le réseau, la virtualisation et le stockage sont des applications comme les autres : tout le reste en dépend.",
    "Commencez petit : vingt applications et dix services suffisent pour un premier tableau de bord.",
    "La part conservée va de 0 (rien n'est possible) à 1 (aucune gêne), pour un service privé de cette seule application.",
    "La tenue est le nombre d'heures pendant lesquelles le mode dégradé peut être tenu avant de céder (personnel, papier, stocks).",
    "Vérification : vigie cartography check FICHIER.xlsx, qui donne toutes les erreurs d'un coup.",
    "La feuille Exemple montre des lignes remplies ; elle n'est pas lue, ni celle-ci, ni Vocabulaire.",
)
EXAMPLE: tuple[tuple[Sheet, dict[str, object]], ...] = (
    (
        sheets.ESTABLISHMENTS,
        {"id": "valmont", "name": "CH de Valmont-sur-Orne", "kind": "ch", "finess_et": "990000010", "beds": 408},
    ),
    (
        sheets.SUPPLIERS,
        {"id": "mediane", "name": "Médiane Logiciels Santé", "kind": "editor", "contact": "02 00 00 01 22"},
    ),
    (
        sheets.APPLICATIONS,
        {"id": "ad", "name": "Annuaire", "kind": "directory", "rto_minutes": 105, "backup_state": "immutable"},
    ),
    (
        sheets.APPLICATIONS,
        {"id": "eai", "name": "Moteur d'échanges", "kind": "integration", "rto_minutes": 175, "rpo_minutes": 20},
    ),
    (
        sheets.APPLICATIONS,
        {"id": "dpi", "name": "Dossier patient", "kind": "clinical", "supplier": "mediane", "health_data": "oui"},
    ),
    (sheets.DEPENDENCIES, {"application": "dpi", "needs": "ad", "effect": sheets.STOPS}),
    (sheets.DEPENDENCIES, {"application": "dpi", "needs": "eai", "effect": sheets.DEGRADES, "share_kept": 0.7}),
    (sheets.EFFORT, {"application": "dpi", "skill": "database", "low_hours": 6, "likely_hours": 14, "high_hours": 30}),
    (
        sheets.SERVICES,
        {"id": "emergency", "establishment": "valmont", "name": "Urgences", "kind": "emergency", "beds": 12},
    ),
    (
        sheets.NEEDS,
        {
            "service": "emergency",
            "application": "dpi",
            "share_kept": 0.8,
            "endurance_hours": 36,
            "fallback": "Fiche papier",
        },
    ),
    (sheets.TEAMS, {"id": "bases", "name": "Bases de données", "skill": "database", "people": 2, "shift": "extended"}),
    (
        sheets.TEAMS,
        {
            "id": "mediane-support",
            "name": "Médiane, support",
            "skill": "supplier",
            "people": 1,
            "shift": "office",
            "supplier": "mediane",
            "arrives_after_hours": 8,
        },
    ),
)


def template() -> bytes:
    """An empty workbook to fill in: drop-down lists, notes, an example, and how to begin."""
    return _Writer().write(None)


def dump_workbook(cartography: Cartography) -> bytes:
    """The cartography as an .xlsx file that `read` reads back equal."""
    return _Writer().write(cartography)


class _Writer:
    def __init__(self) -> None:
        import xlsxwriter  # here and not above: it costs memory that a server which writes no workbook should not pay

        self.out = BytesIO()
        options = {
            "in_memory": True,
            "strings_to_formulas": False,
            "strings_to_urls": False,
            "strings_to_numbers": False,
        }
        self.book = xlsxwriter.Workbook(self.out, options)
        # Without a fixed date, two writings of one map would differ.
        self.book.set_properties({"title": "Vigie: cartographie", "created": datetime(2026, 1, 1)})
        self.title = self.book.add_format(
            {"bold": True, "bg_color": "#D9E2F3", "text_wrap": True, "valign": "top", "border": 1}
        )
        self.ids = self.book.add_format({"italic": True, "font_color": "#666666", "bg_color": "#EEEEEE", "border": 1})
        self.wrap = self.book.add_format({"text_wrap": True, "valign": "top"})
        self.day = self.book.add_format({"num_format": "yyyy-mm-dd"})
        self.text = self.book.add_format({"num_format": "@"})

    def write(self, cartography: Cartography | None) -> bytes:
        page = self.book.add_worksheet(sheets.READ_ME)
        page.set_column(0, 0, 120)
        for row, line in enumerate(INTRODUCTION):
            page.write_string(row, 0, line, self.wrap)
        head = [[cartography.name, cartography.fictional]] if cartography else []
        self._sheet(sheets.MAP, head)
        for sheet in sheets.SHEETS:
            self._sheet(sheet, _rows(sheet, cartography) if cartography else [])
        self._example()
        self._terms()
        self.book.close()
        return self.out.getvalue()

    def _sheet(self, sheet: Sheet, rows: list[list[object]]) -> None:
        page = self.book.add_worksheet(sheet.title)
        page.freeze_panes(sheets.FIRST_ROW - 1, 2)
        for number, column in enumerate(sheet.columns):
            words = column.holds == "text" or column.holds == "list"
            page.set_column(
                number, number, column.width, self.day if column.holds == "day" else self.text if words else None
            )
            page.write_string(sheets.LABEL_ROW - 1, number, column.label, self.title)
            page.write_string(sheets.ID_ROW - 1, number, column.id, self.ids)
            if column.note:
                page.write_comment(sheets.LABEL_ROW - 1, number, column.note)
            if rule := _rule(column):
                last = max(BLANK_ROWS, len(rows) + sheets.FIRST_ROW)
                page.data_validation(sheets.FIRST_ROW - 1, number, last, number, rule)
        for place, row in enumerate(rows, start=sheets.FIRST_ROW - 1):
            for number, value in enumerate(row):
                self._cell(page, place, number, value)

    def _cell(self, page: Any, row: int, column: int, value: object) -> None:
        if value is None or value == "":
            return
        if isinstance(value, bool):
            page.write_string(row, column, "oui" if value else "non")
        elif isinstance(value, date):
            page.write_datetime(row, column, value, self.day)
        elif isinstance(value, (int, float)):
            page.write_number(row, column, value)
        else:
            page.write_string(row, column, str(value))

    def _example(self) -> None:
        page = self.book.add_worksheet(sheets.EXAMPLE)
        page.set_column(0, 16, 20)
        row, last = 0, None
        for sheet, values in EXAMPLE:
            columns = [column for column in sheet.columns if any(column.id in v for s, v in EXAMPLE if s is sheet)]
            if sheet is not last:
                page.write_string(row + 1, 0, f"Feuille {sheet.title}", self.wrap)
                for number, column in enumerate(columns):
                    page.write_string(row + 2, number, column.label, self.title)
                row, last = row + 3, sheet
            for number, column in enumerate(columns):
                self._cell(page, row, number, values.get(column.id))
            row += 1

    def _terms(self) -> None:
        page = self.book.add_worksheet(sheets.TERMS)
        page.set_column(0, 2, 34)
        for number, heading in enumerate(("Liste", "Mot à écrire", "Sens")):
            page.write_string(0, number, heading, self.title)
        terms = [(name, term, words["fr"]) for name, listed in vocabulary().items() for term, words in listed.items()]
        for row, line in enumerate(terms, start=1):
            for number, text in enumerate(line):
                page.write_string(row, number, text)


def _rule(column: Column) -> dict[str, Any] | None:
    """The drop-down list of a column, if it has one."""
    if column.terms:
        first = 2  # row 1 is the heading of the vocabulary
        for name, listed in vocabulary().items():
            if name == column.terms:
                source = f"={sheets.TERMS}!$B${first}:$B${first + len(listed) - 1}"
                return {"validate": "list", "source": source}
            first += len(listed)
    if column.refers_to:
        title = next(sheet.title for sheet in sheets.SHEETS if sheet.section == column.refers_to and not sheet.field)
        return {
            "validate": "list",
            "source": f"='{title}'!$A${sheets.FIRST_ROW}:$A${BLANK_ROWS}",
            "error_type": "warning",
        }
    if column.holds == "flag":
        return {"validate": "list", "source": ["oui", "non"]}
    if column.id == "effect":
        return {"validate": "list", "source": [sheets.STOPS, sheets.DEGRADES]}
    return None


def _rows(sheet: Sheet, cartography: Cartography) -> list[list[object]]:
    items = getattr(cartography, sheet.section)
    if sheet is sheets.DEPENDENCIES:
        return [row for item in items for row in _dependencies(item)]
    if sheet.field:
        columns = sheet.columns[1:]
        return [[item.id, *(_value(row, c) for c in columns)] for item in items for row in getattr(item, sheet.field)]
    return [[_value(item, column) for column in sheet.columns] for item in items]


def _dependencies(application: Application) -> list[list[object]]:
    stops: list[list[object]] = [[application.id, other, sheets.STOPS, None] for other in application.depends_on]
    return stops + [
        [application.id, soft.application, sheets.DEGRADES, soft.share_kept] for soft in application.degraded_by
    ]


def _value(item: object, column: Column) -> object:
    value: Any = item
    for step in column.goes_to:
        if value is None:
            return None
        value = value[step] if isinstance(step, int) else getattr(value, step)
    return sheets.join(value) if column.holds == "list" else value
