"""The workbook: the same map as the YAML file, and nothing that a stranger's spreadsheet can do to us."""

from __future__ import annotations

import zipfile
from io import BytesIO

import openpyxl
import pytest
from hypothesis import given, settings

from tests.cartography.maps import calm, cartographies
from vigie.cartography import Cartography, dump, dump_workbook, read, reference_hospital, revision_of, template
from vigie.cartography.sheets import SHEETS, join, split
from vigie.errors import FileError

REFERENCE = dump_workbook(reference_hospital())


def corner(hospital: Cartography) -> Cartography:
    """A few applications and two services of a map, with what joins them."""
    kept = {"power", "network", "dns-dhcp", "wan", "telephony"}
    applications = [
        one.model_copy(update={"depends_on": tuple(kept & {*one.depends_on}), "degraded_by": (), "supplier": None})
        for one in hospital.applications
        if one.id in kept
    ]
    services = [
        one.model_copy(update={"needs": tuple(need for need in one.needs if need.application in kept)})
        for one in hospital.services[:2]
    ]
    return hospital.model_copy(
        update={
            "applications": tuple(applications),
            "services": tuple(services),
            "suppliers": (),
            "teams": tuple(team for team in hospital.teams if team.supplier is None),
        }
    )


SMALL = corner(reference_hospital())


def changed(change) -> bytes:
    """A small workbook after somebody worked on it in a spreadsheet."""
    book = openpyxl.load_workbook(BytesIO(dump_workbook(SMALL)))
    change(book)
    out = BytesIO()
    book.save(out)
    return out.getvalue()


def faults(content: bytes) -> list[str]:
    return [str(fault) for fault in read(content, "map.xlsx").errors]


def repacked(change) -> bytes:
    """The reference workbook with its parts rewritten: `change(name, bytes)` gives the new bytes, or None to drop it."""
    out = BytesIO()
    with zipfile.ZipFile(BytesIO(REFERENCE)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for part in old.namelist():
            if (content := change(part, old.read(part))) is not None:
                new.writestr(part, content)
    return out.getvalue()


def test_yaml_to_workbook_to_yaml_is_the_same_hospital():
    hospital = reference_hospital()
    reading = read(REFERENCE, "map.xlsx")
    assert reading.errors == ()
    assert reading.cartography == hospital
    assert dump(reading.cartography) == dump(hospital)
    assert revision_of(reading.cartography) == revision_of(hospital)


@settings(calm, max_examples=30)
@given(cartographies())
def test_any_map_comes_back_from_its_workbook(cartography):
    reading = read(dump_workbook(cartography), "map.xlsx")
    assert reading.errors == ()
    assert reading.cartography == cartography


def test_a_person_may_save_it_again():
    assert read(changed(lambda book: None), "map.xlsx").cartography == SMALL


def test_the_template_has_every_sheet_lists_and_an_example():
    book = openpyxl.load_workbook(BytesIO(template()))
    assert {sheet.title for sheet in SHEETS} | {"Lisez-moi", "Carte", "Exemple", "Vocabulaire"} == set(book.sheetnames)
    kinds = [
        rule for rule in book["Applications"].data_validations.dataValidation if "Vocabulaire" in str(rule.formula1)
    ]
    assert kinds
    assert book["Besoins"]["C1"].comment.text
    assert "RTO" in book["Applications"]["K1"].value and book["Applications"]["K2"].value == "rto_minutes"


def test_an_empty_template_asks_for_a_name_only():
    assert faults(template()) == ["map.xlsx, sheet Carte, row 3: name is missing. Add it"]


def test_a_filled_template_is_a_map():
    book = openpyxl.load_workbook(BytesIO(template()))
    book["Carte"]["A3"] = "Notre hôpital"
    for sheet, row in {
        "Établissements": ["site", "Site"],
        "Applications": ["dpi", "Dossier", "clinical"],
        "Services": ["ward", "site", "Médecine", "medicine"],
        "Besoins": ["ward", "dpi", "0,5", 12, "=papier"],
    }.items():
        for column, value in enumerate(row, start=1):
            cell = book[sheet].cell(3, column)
            cell.value = value
            cell.data_type = "s" if isinstance(value, str) else cell.data_type
    out = BytesIO()
    book.save(out)
    reading = read(out.getvalue(), "map.xlsx")
    assert reading.errors == ()
    need = reading.cartography.service["ward"].needs[0]
    assert (need.share_kept, need.endurance_hours, need.fallback) == (0.5, 12, "=papier")


def test_a_text_that_looks_like_a_formula_is_never_one():
    hospital = reference_hospital()
    bad = hospital.model_copy(update={"name": '=HYPERLINK("http://x.example","ici")'})
    with zipfile.ZipFile(BytesIO(dump_workbook(bad))) as archive:
        assert not any(b"<f>" in archive.read(part) for part in archive.namelist() if "worksheets/sheet" in part)
    assert read(dump_workbook(bad), "map.xlsx").cartography == bad


def put(sheet: str, cell: str, value: object):
    def change(book):
        book[sheet][cell] = value

    return change


def drop(sheet: str):
    return lambda book: book.remove(book[sheet])


def rename(sheet: str, title: str):
    def change(book):
        book[sheet].title = title

    return change


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (drop("Besoins"), "map.xlsx, sheet Besoins: the sheet is missing. Keep every sheet"),
        (rename("Besoins", "besoin"), "sheet Besoins: the sheet is missing. Did you mean besoin?"),
        (put("Applications", "K2", "rto"), 'sheet Applications, row 2: the column "rto_minutes" is missing'),
        (
            put("Applications", "K2", "rto_minuts"),
            'sheet Applications, row 2: "rto_minuts" is not a column here. Did you mean rto_minutes',
        ),
        (put("Applications", "L2", "rto_minutes"), 'two columns are called "rto_minutes"'),
        (
            put("Applications", "K3", "4 heures"),
            'sheet Applications, row 3, column "rto_minutes": rto_minutes is "4 heures", not a whole',
        ),
        (put("Applications", "K3", -4), 'row 3, column "rto_minutes": rto_minutes is -4, below 0'),
        (put("Applications", "C3", "directry"), "Did you mean directory?"),
        (
            put("Applications", "A4", "power"),
            'sheet Applications, row 4, column "id": the application id "power" is used twice',
        ),
        (put("Applications", "D3", "x" * 32_000), "description is longer than 4000 characters"),
        (put("Applications", "O3", "hier"), 'is "hier", not a date'),
        (
            put("Besoins", "A3", "emergncy"),
            'sheet Besoins, row 3, column "service": no row of the other sheet has the id "emergncy". Did you mean emergency',
        ),
        (put("Besoins", "C3", 82), 'sheet Besoins, row 3, column "share_kept": share_kept is 82, outside 0 to 1'),
        (put("Dépendances", "B3", "nothing-at-all"), "sheet Dépendances, row 3: no application has the id"),
        (put("Dépendances", "C3", "parfois"), 'the effect is "parfois". Write arrêt or dégradation'),
        (put("Dépendances", "D3", 0.5), "a share is kept, and yet the effect is a stop"),
        (put("Dépendances", "B3", None), "the application it needs is missing"),
        (put("Charges", "B3", None), "skill is missing"),
        (put("Services", "F3", None), "sheet Services, row 3"),
        (lambda book: book["Services"].merge_cells("A4:A6"), "some cells are merged. Unmerge them"),
    ],
)
def test_a_wrong_cell_is_named_with_its_remedy(change, said):
    found = faults(changed(change))
    assert any(said in fault for fault in found), found[:5]


BOMB = (
    b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>'
    b'<sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><si><t>&b;</t></si></sst>'
)


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (REFERENCE[: len(REFERENCE) // 2], "damaged or encrypted workbook"),
        (b"PK\x03\x04" + b"\x00" * 300, "damaged or encrypted workbook"),
        (repacked(lambda name, old: None if name == "xl/workbook.xml" else old), "not an .xlsx workbook"),
        (repacked(lambda name, old: BOMB if name == "xl/sharedStrings.xml" else old), "damaged, or not a workbook"),
        (
            repacked(lambda name, old: b"<broken" if name == "xl/worksheets/sheet5.xml" else old),
            "damaged, or not a workbook",
        ),
        (
            repacked(lambda name, old: b" " * 41_000_000 if name == "xl/sharedStrings.xml" else old),
            "unpacks to more than",
        ),
    ],
)
def test_a_hostile_workbook_is_refused(content, said):
    with pytest.raises(FileError) as raised:
        read(content, "map.xlsx")
    assert str(raised.value).startswith("map.xlsx")
    assert said in str(raised.value)


def test_a_sheet_whose_part_is_gone_is_missing():
    torn = repacked(lambda name, old: None if name == "xl/worksheets/sheet5.xml" else old)
    assert any("the sheet is missing" in fault for fault in faults(torn))


def test_a_workbook_with_macros_is_refused():
    out = BytesIO(REFERENCE)
    with zipfile.ZipFile(out, "a") as archive:
        archive.writestr("xl/vbaProject.bin", b"macro")
    with pytest.raises(FileError, match="holds macros"):
        read(out.getvalue(), "map.xlsx")


def test_a_cell_of_ten_megabytes_is_a_fault_or_a_refusal():
    huge = repacked(lambda name, old: old.replace(b"<t>Urgences adultes</t>", b"<t>" + b"x" * 10_000_000 + b"</t>"))
    assert any("name is longer than 200 characters" in fault for fault in faults(huge))


def test_a_cell_at_the_far_corner_takes_no_time():
    far = changed(put("Services", "XFD1048576", "x"))
    assert read(far, "map.xlsx").cartography == SMALL


@pytest.mark.parametrize("items", [(), ("a",), ("a; b", "c\\d"), ("\\;", "x")])
def test_a_list_in_a_cell(items):
    assert tuple(split(join(items))) == items
