"""A table keeps every row and every character, and no cell of it is ever run."""

from __future__ import annotations

import csv
from datetime import UTC, datetime
from io import BytesIO, StringIO
from zoneinfo import ZoneInfo

import pytest

from vigie.errors import StorageError
from vigie.exchange.tables import CELL_CHARACTERS, Column, csv_chunks, harmless, write_xlsx

PARIS = ZoneInfo("Europe/Paris")
COLUMNS = (Column("Nº"), Column("Texte", 60), Column("Quand"), Column("Privilégié"))
NIGHT = datetime(2026, 11, 22, 2, 10, 0, 250_000, tzinfo=UTC)


def read_csv(rows, columns=COLUMNS):
    raw = b"".join(csv_chunks(columns, rows, PARIS))
    return raw, list(csv.reader(StringIO(raw.decode("utf-8-sig"), newline=""), delimiter=";"))


def read_xlsx(path):
    from openpyxl import load_workbook

    book = load_workbook(path)
    return {sheet.title: [[cell.value for cell in row] for row in sheet.iter_rows()] for sheet in book}, book


def test_csv_is_what_a_french_spreadsheet_opens():
    raw, rows = read_csv([(1, 'é; "mot"\nligne', NIGHT, True), (2, None, None, False)])
    assert raw.startswith(b"\xef\xbb\xbfN\xc2\xba;Texte;Quand;Privil")
    assert rows == [
        ["Nº", "Texte", "Quand", "Privilégié"],
        ["1", 'é; "mot"\nligne', "2026-11-22T03:10:00.250000+01:00", "1"],
        ["2", "", "", "0"],
    ]


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r", "\n"])
def test_no_csv_cell_is_taken_for_a_formula(start):
    assert harmless(f'{start}HYPERLINK("http://x")').startswith("'")
    _, rows = read_csv([(-5, f"{start}1+1", None, None)])
    assert rows[1][:2] == ["-5", f"'{start}1+1"]


def test_a_workbook_keeps_a_formula_as_the_text_it_was(tmp_path):
    rows = [(1, "=1+1", NIGHT, True), (2, "http://x", None, False)]
    write_xlsx(tmp_path / "a.xlsx", "Main courante", COLUMNS, rows, PARIS)
    sheets, book = read_xlsx(tmp_path / "a.xlsx")
    assert sheets["Main courante"] == [
        ["Nº", "Texte", "Quand", "Privilégié"],
        [1, "=1+1", datetime(2026, 11, 22, 3, 10, 0, 250_000), 1],
        [2, "http://x", None, 0],
    ]
    assert book["Main courante"]["B2"].data_type in ("s", "inlineStr")
    assert book["Main courante"]["B3"].hyperlink is None


@pytest.mark.parametrize("count", [0, 1, 2, 3, 4, 5])
def test_rows_that_do_not_fit_go_on_in_another_sheet(tmp_path, count):
    rows = [(number, f"ligne {number}", None, None) for number in range(count)]
    assert write_xlsx(tmp_path / "a.xlsx", "a/b" * 20, COLUMNS, rows, PARIS, rows_per_sheet=3) == count
    sheets, _ = read_xlsx(tmp_path / "a.xlsx")
    assert [row[1] for rows in sheets.values() for row in rows[1:]] == [f"ligne {number}" for number in range(count)]


def test_a_cell_too_long_for_a_workbook_says_so(tmp_path):
    write_xlsx(tmp_path / "a.xlsx", "x", COLUMNS, [(1, "a" * 40_000, None, None), (2, "b\x0b\x00c", None, None)], PARIS)
    sheets, _ = read_xlsx(tmp_path / "a.xlsx")
    assert len(sheets["x"][1][1]) == CELL_CHARACTERS
    assert "the CSV export holds the whole text" in sheets["x"][1][1]
    assert sheets["x"][2][1] == "b\N{REPLACEMENT CHARACTER}\N{REPLACEMENT CHARACTER}c"


def test_a_workbook_that_cannot_be_written_is_a_clear_error(tmp_path):
    with pytest.raises(StorageError, match="a.xlsx could not be written"):
        write_xlsx(tmp_path / "missing" / "a.xlsx", "x", COLUMNS, [], PARIS)


@pytest.mark.parametrize(("text", "cell"), [
    ("Lits : 12, =1+1", "Lits : 12, =1+1"),  # behind a space a spreadsheet reads text
    ("vu,=HYPERLINK(\"x\")", "vu,'=HYPERLINK(\"x\")"),
    ("vu;+cmd|' /C calc'!A0", "vu;'+cmd|' /C calc'!A0"),
    ("vu\n=1+1", "vu\n'=1+1"), ("vu\r\n@SUM(A1)", "vu\r\n'@SUM(A1)"), ("a\t-2+3", "a\t'-2+3"), ("a|=b", "a|'=b"),
    ('{"a":[1,-5,-2.5]}', '{"a":[1,-5,-2.5]}'), ("1,-5;-7", "1,-5;-7"), ("a,-5+cmd", "a,'-5+cmd"), ("a,-x", "a,'-x"),
    ("=a,=b", "'=a,'=b"), ("a,,==b", "a,,'==b"), ("", ""), ("aucun risque", "aucun risque"),
])  # fmt: skip
def test_a_formula_is_harmless_wherever_a_cell_may_begin(text, cell):
    assert harmless(text) == cell


def test_negative_numbers_stay_numbers():
    rows = b"".join(csv_chunks([Column("n")], [[-5]], UTC)).decode("utf-8-sig").splitlines()
    assert rows[1] == "-5"


@pytest.mark.parametrize("instant", [datetime(9999, 12, 31, 23, 30, tzinfo=UTC), datetime(1, 1, 1, tzinfo=UTC)])
@pytest.mark.parametrize("zone", ["Europe/Paris", "America/Lima", "Pacific/Kiritimati"])
def test_an_instant_at_the_edge_of_the_calendar_is_written(instant, zone):
    zone = ZoneInfo(zone)
    assert str(instant.year) in b"".join(csv_chunks([Column("t")], [[instant]], zone)).decode("utf-8-sig")
    assert write_xlsx(BytesIO(), "t", [Column("t"), Column("n")], [[instant, 10**400], [instant, 10**15]], zone) == 2


def test_decimal_numbers_stay_numbers(tmp_path):
    values = [0.1, -2.5, 1e-9, 3.0, float("nan")]
    columns = [Column(f"c{rank}") for rank in range(len(values))]
    assert read_csv([values], columns)[1][1] == ["0.1", "-2.5", "1e-09", "3.0", "nan"]
    write_xlsx(tmp_path / "a.xlsx", "T", columns, [values], PARIS)
    assert read_xlsx(tmp_path / "a.xlsx")[0]["T"][1] == [0.1, -2.5, 1e-9, 3, "nan"]
