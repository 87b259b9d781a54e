"""A workbook of several tables, cell by cell."""

from __future__ import annotations

import io
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from openpyxl import load_workbook

from vigie.errors import StorageError
from vigie.exchange.tables import Column, Sheet, write_sheets

AT = datetime(2026, 11, 25, 14, 30, tzinfo=UTC)
SHEETS = (
    Sheet("Plan", (Column("Étape"), Column("Début"), Column("Heures")), [("=1+1", AT, 3.5), ("restaurer", None, 2)]),
    Sheet("Services [soins]", (Column("Service"),), [("Réanimation",)]),
    Sheet("Hypothèses", (Column("Quoi"),), []),
)


def test_every_cell_is_where_it_was_put():
    target = io.BytesIO()
    write_sheets(target, SHEETS, ZoneInfo("Europe/Paris"), [("Incident", "valmont/crise")])
    book = load_workbook(target)
    assert book.sheetnames == ["Plan", "Services  soins", "Hypothèses", "Vigie"]
    plan, services, assumed, notes = ([[cell.value for cell in row] for row in sheet.iter_rows()] for sheet in book)
    assert plan == [
        ["Étape", "Début", "Heures"],
        ["=1+1", datetime(2026, 11, 25, 15, 30), 3.5],
        ["restaurer", None, 2],
    ]
    assert book["Plan"]["A2"].data_type == "s"
    assert services == [["Service"], ["Réanimation"]] and assumed == [["Quoi"]]
    assert notes[1:] == [["Incident", "valmont/crise"]]


def test_a_folder_that_is_not_there_is_said(tmp_path):
    with pytest.raises(StorageError, match="could not be written"):
        write_sheets(tmp_path / "no" / "book.xlsx", SHEETS, UTC, [])
