"""One's own past declarations: the template is read back, people's ways of writing are understood, faults come all at once."""

from __future__ import annotations

from datetime import UTC, datetime
from io import BytesIO

import openpyxl
import pytest
import xlsxwriter

from tests.house.tree import ROOT
from vigie.errors import FileError, TemplateErrors
from vigie.exchange.declarations_template import COLUMNS, EXAMPLE
from vigie.exchange.declarations_template_cells import (
    BadCell,
    finess_of,
    hours_of,
    moment_of,
    number_of,
    text_of,
    word_of,
    words_of,
)
from vigie.exchange.declarations_template_reading import LEGAL_TIME, READER, read_template
from vigie.exchange.declarations_template_writing import template_csv, template_xlsx
from vigie.exchange.importing import import_into
from vigie.observe import shelf
from vigie.observe.columns import BY_NAME
from vigie.observe.rows import table_of
from vigie.observe.vocabulary import label, vocabulary

NOW = datetime(2026, 11, 25, 12, 0, tzinfo=UTC)


def filled(*rows: dict[str, object], language: str = "fr") -> bytes:
    """A workbook as the template makes it, with these rows in it."""
    book = openpyxl.load_workbook(BytesIO(template_xlsx(language)))
    page = book[{"fr": "Déclarations", "en": "Declarations"}[language]]
    places = {column.name: place for place, column in enumerate(COLUMNS, start=1)}
    for number, row in enumerate(rows, start=3):
        for name, value in row.items():
            page.cell(number, places[name], value)
    out = BytesIO()
    book.save(out)
    return out.getvalue()


def sheet(*rows: tuple[object, ...], title: str = "Déclarations") -> bytes:
    """A workbook of one's own making."""
    out = BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True}) as book:
        page = book.add_worksheet(title)
        for number, row in enumerate(rows):
            page.write_row(number, 0, row)
    return out.getvalue()


def one(text: str):
    """The only row of a CSV text."""
    found = read_template(text.encode(), "past.csv", NOW)
    assert not found.faults, found.faults
    (row,) = found.rows
    return row


@pytest.mark.parametrize("language", ["fr", "en"])
def test_the_template_is_empty_and_its_example_would_be_read(language):
    for content, name in ((template_xlsx(language), "t.xlsx"), (template_csv(language), "t.csv")):
        assert read_template(content, name, NOW) == ((), (), ())
    real = template_csv(language).replace(EXAMPLE[language].encode(), b"2024-017")
    (row,) = read_template(real, "t.csv", NOW).rows
    assert table_of([row]).num_rows == 1
    assert (row["declaration"], row["source"], row["source_key"]) == ("template:2024-017", "template", "2024-017")
    assert row["detected_at"] == datetime(2024, 3, 5, 5, 15)
    assert row["services"] == ["emergency", "laboratory"]
    assert (row["origin"], row["malicious"], row["ransomware_extent"]) == ("ransomware", "yes", "one_server")
    assert (row["region"], row["country"], row["sector"], row["declarant"]) == ("28", "FR", "health", "990000002")


def test_the_two_languages_give_the_same_rows():
    rows = [
        read_template(template_csv(one).replace(EXAMPLE[one].encode(), b"K"), "t.csv", NOW).rows[0]
        for one in ("fr", "en")
    ]
    told = [{name: value for name, value in row.items() if name not in ("record", "source_digest")} for row in rows]
    assert told[0] == told[1]


def test_the_template_has_drop_down_lists_of_the_words():
    book = openpyxl.load_workbook(BytesIO(template_xlsx("fr")))
    rules = book["Déclarations"].data_validations.dataValidation
    assert len(rules) == sum(column.holds == "word" for column in COLUMNS)
    words = book["Vocabulaire"]
    for rule in rules:
        place = str(rule.sqref).split(":")[0].rstrip("0123456789")
        column = next(c for c in COLUMNS if c.fr == book["Déclarations"][f"{place}1"].value)
        first, last = (int(part.rsplit("$", 1)[1]) for part in rule.formula1.split("!")[1].split(":"))
        listed = [words.cell(row, 2).value for row in range(first, last + 1)]
        assert listed == [label(column.words, term) for term in vocabulary()[column.words]]


def test_the_same_template_has_the_same_bytes():
    assert template_xlsx() == template_xlsx()


def test_every_column_is_one_of_the_table():
    assert {column.name for column in COLUMNS} - BY_NAME.keys() == {"key"}


def test_every_word_is_understood_by_its_id_and_in_both_languages():
    for column in COLUMNS:
        for term, said in vocabulary().get(column.words, {}).items():
            for text in (term, said["fr"], said.get("en", said["fr"]), said["fr"].upper()):
                assert word_of(text, column.words) == term, (column.name, text)
                if column.holds == "words" and term != "unknown":
                    assert words_of(text, column.words) == [term]


def test_what_is_not_said_stays_unknown():
    row = one("Votre référence\nA1\n")
    assert row["malicious"] == row["origin"] == row["functioning"] == row["support_asked"] == "unknown"
    assert row["country"] == row["sector"] == "unknown"
    assert row["data_impact"] == []
    assert (row["hours_degraded"], row["year"], row["declared_at"], row["ransomware_extent"]) == (None,) * 4


@pytest.mark.parametrize(
    ("text", "utc", "precision"),
    [
        ("2024-12-31", "2024-12-30T23:00", "day"),
        ("2024-12-31 14:30", "2024-12-31T13:30", "exact"),
        ("2024-12-31 14:30:59", "2024-12-31T13:30", "exact"),
        ("2024-12-31T14:30", "2024-12-31T13:30", "exact"),
        ("2024-12-31T13:30:00Z", "2024-12-31T13:30", "exact"),
        ("2024-12-31 14:30:00+01:00", "2024-12-31T13:30", "exact"),
        ("31/12/2024", "2024-12-30T23:00", "day"),
        ("31/12/2024 14:30", "2024-12-31T13:30", "exact"),
        ("31/12/2024 à 14h30", "2024-12-31T13:30", "exact"),
        ("1/7/2024 9h", "2024-07-01T07:00", "exact"),
        ("05.03.2024", "2024-03-04T23:00", "day"),
        ("5-3-2024", "2024-03-04T23:00", "day"),
        ("2024/3/5", "2024-03-04T23:00", "day"),
        ("2024-03", "2024-02-29T23:00", "month"),
    ],
)
def test_dates_are_read_as_people_write_them(text, utc, precision):
    found = moment_of(text, LEGAL_TIME)
    assert (found.start.strftime("%Y-%m-%dT%H:%M"), found.precision) == (utc, precision)


@pytest.mark.parametrize(
    ("text", "mend"),
    [
        ("12/31/2024", "day before the month"),
        ("31/02/2024", "2022-08-21"),
        ("31/12/24", "the day first"),
        ("hier", "the day first"),
        ("45291", "the day first"),
        ("31/12/2024 25:10", "2022-08-21"),
        ("31/12/2024 soir", "14h30"),
        ("31/03/2024 02:30", "after the change"),
        ("2024-13-45T00:00Z", "the day first"),
    ],
)
def test_a_date_that_is_none_says_what_would_mend_it(text, mend):
    with pytest.raises(BadCell) as caught:
        moment_of(text, LEGAL_TIME)
    assert mend in caught.value.mend


def test_spreadsheet_cells_are_read_whatever_their_type():
    row = {
        "key": 17,
        "detected_at": datetime(2024, 3, 5),
        "declared_at": datetime(2024, 3, 5, 14, 30),
        "legal_entity": 10780054,
        "hours_degraded": 1.5,
        "people_affected": 1200.0,
        "supplier_involved": True,
    }
    (found,) = read_template(filled(row), "past.xlsx", NOW).rows
    assert found["source_key"] == "17"
    assert found["declared_at"] == datetime(2024, 3, 5, 13, 30)
    assert found["legal_entity"] == "010780054"
    assert (found["hours_degraded"], found["people_affected"], found["supplier_involved"]) == (1.5, 1200, "yes")
    assert found["source_place"] == "past.xlsx, sheet Déclarations, row 3"


def test_small_habits_are_understood():
    assert number_of("1 200") == number_of("1\N{NARROW NO-BREAK SPACE}200") == 1200
    assert hours_of("1,5") == hours_of("1.5 h") == 1.5
    assert finess_of("01 0780 054") == "010780054"
    assert finess_of("2a0000014") == "2A0000014"
    assert word_of("ne sait pas", "origins") == "unknown"
    assert words_of("Perte, divulgation ou acces non autorise\nperte", "data_impacts") == ["loss", "disclosure"]
    assert text_of("'=1+1") == "=1+1"


def test_a_day_without_an_hour_is_never_before_what_came_first():
    row = one("key;Survenu le;Constaté le;Déclaré le\nA1;04/03/2024;05/03/2024 14:30;05/03/2024\n")
    assert row["declared_at"] == row["detected_at"] == datetime(2024, 3, 5, 13, 30)
    assert row["occurred_at"] == datetime(2024, 3, 3, 23, 0)


def test_a_month_counts_and_places_no_instant():
    row = one("key;declared_at\nA1;2024-03\n")
    assert (row["year"], row["month"], row["day"], row["declared_at"]) == (2024, 3, None, None)


def test_it_counts_in_legal_time():
    row = one("key;declared_at\nA1;2024-12-31T23:30:00Z\n")
    assert (row["year"], row["month"]) == (2025, 1)


def test_headings_in_any_order_either_language_below_a_title():
    content = sheet(
        ("Incidents du CH",),
        (),
        ("Origin", "Commentaire interne", "votre REFERENCE"),
        ("Panne d'infrastructure", "RAS", "A1"),
    )
    found = read_template(content, "past.xlsx", NOW)
    assert found.rows[0]["origin"] == "infrastructure_failure"
    assert found.rows[0]["malicious"] == "no"
    assert '"Commentaire interne": "RAS"' in found.rows[0]["record"]
    assert [warning.what for warning in found.warnings] == ['"Commentaire interne" is not a column of the template']


def test_every_fault_at_once_with_its_place():
    found = read_template(
        filled(
            {"key": "A1", "origin": "rancongiciell", "detected_at": "31/12/2024", "declared_at": "30/12/2024"},
            {"origin": "Hameçonnage", "malicious": "Non"},
            {"key": "A1", "legal_entity": "12", "cves": "2023-46805", "people_affected": "beaucoup"},
            {"key": "A3", "declared_at": "2027-01-01", "occurred_at": "2024-03", "data_impact": "Aucun; Perte"},
            {"key": "A4", "ransomware_extent": "Un serveur", "supplier": "X", "supplier_involved": "non"},
        ),
        "past.xlsx",
        NOW,
    )
    assert not found.rows
    told = [(fault.where.removeprefix("past.xlsx, sheet Déclarations, "), fault.what) for fault in found.faults]
    assert told == [
        ('row 3, column "Origine"', "'rancongiciell' is not a word of this column"),
        ('row 3, column "Déclaré le"', "it was declared before it was detected"),
        ('row 4, column "Votre référence"', "the reference is missing"),
        ('row 5, column "FINESS entité juridique"', "'12' is not a FINESS number"),
        ('row 5, column "Personnes concernées (nombre)"', "'beaucoup' is not a whole number"),
        ('row 5, column "Vulnérabilités exploitées (CVE)"', "'2023-46805' is not the identifier of a vulnerability"),
        ('row 5, column "Votre référence"', "the reference 'A1' is already that of row 3"),
        ('row 6, column "Effet sur les données"', "'Aucun; Perte' says both none and something"),
        ('row 6, column "Survenu le"', "the day is missing"),
        ('row 6, column "Déclaré le"', "this date has not come yet"),
        ('row 7, column "Étendue du rançongiciel"', "the origin is not ransomware"),
        ('row 7, column "Nom du prestataire"', "a supplier is named, and none is involved"),
    ]
    assert "rancongiciel" in found.faults[0].mend
    assert all(fault.mend for fault in found.faults)


def test_a_contradiction_with_the_origin_is_a_fault():
    found = read_template("key;Origine;Malveillant\nA1;Hameçonnage;Non\n".encode(), "past.csv", NOW)
    assert [fault.where for fault in found.faults] == ['past.csv, line 2, column "Malveillant"']


@pytest.mark.parametrize(
    ("content", "mend"),
    [
        (sheet(("key",), title="Feuil1"), "Start from the template"),
        (sheet(("Nom", "Date")), "add that column"),
        (b"a;b\n1;2\n", "add that column"),
        (b"", "add that column"),
        (b"PK\x03\x04 not really", "Save it again"),
    ],
)
def test_another_file_says_so(content, mend):
    with pytest.raises(FileError, match=mend):
        read_template(content, "past", NOW)


def test_headings_that_are_nearly_ours_or_twice_there_are_faults():
    found = read_template(b"key;Origin;Originne;origine\nA1;;;\n", "past.csv", NOW)
    assert [(fault.where, fault.what) for fault in found.faults] == [
        ("past.csv, line 1", '"Originne" is not a column of the template'),
        ("past.csv, line 1", 'two columns mean "origine"'),
    ]


def test_importing_twice_is_importing_once_and_a_correction_opens_a_version(tmp_path):
    table, past = tmp_path / "DB.parquet", tmp_path / "past.xlsx"
    past.write_bytes(filled({"key": "A1", "origin": "Hameçonnage"}, {"key": "A2"}))
    first = import_into(READER, [past], table, NOW)
    assert (first.read, first.mapped, first.new) == (2, 2, 2)
    before = table.read_bytes()
    again = import_into(READER, [past], table, NOW)
    assert (again.new, again.same) == (0, 2)
    assert table.read_bytes() == before
    past.write_bytes(filled({"key": "A1", "origin": "Rançongiciel"}, {"key": "A2"}))
    assert import_into(READER, [past], table, NOW).changed == 1
    held = shelf.read(table).to_pylist()
    assert [(each["source_key"], each["version"], each["origin"]) for each in held] == [
        ("A1", 1, "phishing"),
        ("A1", 2, "ransomware"),
        ("A2", 1, "unknown"),
    ]


def test_a_faulty_file_changes_nothing_and_says_everything(tmp_path):
    past = tmp_path / "past.csv"
    past.write_text("key;Origine\nA1;Hameçonnage\nA2;rien\n;Hameçonnage\n", encoding="utf-8")
    with pytest.raises(TemplateErrors) as caught:
        import_into(READER, [past], tmp_path / "DB.parquet", NOW)
    assert len(caught.value.faults) == 2
    assert not (tmp_path / "DB.parquet").exists()


def test_the_template_runs_nothing():
    for language in ("fr", "en"):
        book = openpyxl.load_workbook(BytesIO(template_xlsx(language)))
        cells = (cell for page in book for row in page.iter_rows() for cell in row)
        assert not [cell.coordinate for cell in cells if cell.data_type == "f"]


def test_the_page_lists_every_column():
    page = (ROOT / "docs" / "howto" / "bring-your-past.md").read_text(encoding="utf-8")
    for column in COLUMNS:
        assert f"| `{column.name}` | {column.fr} | {column.en} | " in page
        assert not column.words or f"of `{column.words}` |" in page


def test_a_sheet_that_claims_a_billion_rows_ends_where_its_rows_do():
    from itertools import chain, repeat

    from vigie.exchange.declarations_template_reading import _filled

    endless = chain([("a",), (None,)], repeat((None,)))
    assert list(_filled(endless)) == [(1, ["a"])]
