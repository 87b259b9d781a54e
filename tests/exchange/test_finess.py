"""The FINESS register: the real extract, other layouts, and what it completes."""

from __future__ import annotations

import csv
import gzip
from datetime import date, datetime

import pytest

from tests.house.tree import ROOT
from vigie.errors import FileError
from vigie.exchange.establishments import (
    Establishment,
    Register,
    completed,
    completing,
    kind_of,
    region_of,
    status_of,
)
from vigie.exchange.finess import read_finess
from vigie.exchange.importing import Mapped, Reader
from vigie.exchange.sae import read_sae
from vigie.observe.denominators import Denominators
from vigie.observe.rows import row
from vigie.observe.vocabulary import vocabulary

REAL = ROOT.parent / "shared" / "data" / "finess-hospitals" / "etablissements_hospitaliers.csv.gz"
TODAY = date(2026, 11, 25)


def stock(*rows: dict[int, str]) -> str:
    """Lines of the official stock: 32 cells, those that matter filled in."""
    lines = [";".join(each.get(place, "") for place in range(32)) for each in rows]
    return "\n".join(["finess;etalab;93;2024-03-12", *lines, ""])


EHPAD = {
    0: "structureet", 1: "690000001", 2: "690000009", 3: "EHPAD DES LILAS", 13: "69", 18: "500",
    19: "Etablissement d'hébergement pour personnes âgées dépendantes",
}  # fmt: skip


def test_every_establishment_of_the_real_extract_is_read():
    found = read_finess(REAL, TODAY, year=2025)
    assert (found.counts.read, found.counts.mapped) == (4657, 4657)
    with gzip.open(REAL, "rt", encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    held = Denominators((found.counted,))
    public = sum(each["statut_juridique_lib"] == "Etablissement public de santé" for each in rows)
    assert held.exposure(2025, legal_status="public", register="finess").value == public
    assert held.exposure(2025, kind="chu", register="finess").value == sum(
        each["categorie_libelle"] == "Centre Hospitalier Régional (C.H.R.)" for each in rows
    )
    # Overseas collectivities are in no region.
    assert held.exposure(2025, region="unknown", register="finess").value == 3
    assert held.exposure(2025, kind="unknown", register="finess").value == 0
    assert found.register.sites["010000024"] == Establishment(
        "010000024", "010780054", "CENTRE HOSPITALIER DE BOURG-EN-BRESSE FLEYRIAT", "ch", "public", "84"
    )
    assert len(found.register.entities["750712184"]) > 10


def test_the_register_and_the_statistics_agree_on_who_is_who():
    register = read_finess(REAL, TODAY).register
    (year,) = read_sae(REAL.parents[1] / "sae-2022", TODAY).years
    both = [(each, register.sites[each.site]) for each in year.establishments if each.site in register.sites]
    assert len(both) == 1519
    assert all(mine.region == other.region for mine, other in both)
    differ = [mine for mine, other in both if other.legal_status not in ("unknown", mine.legal_status)]
    assert len(differ) == 3  # three establishments changed hands between 2022 and 2025


def test_an_extract_without_a_year_is_no_denominator():
    assert read_finess(REAL, TODAY).counted is None


def test_the_official_stock_is_read(tmp_path):
    path = tmp_path / "stock.csv"
    path.write_text(stock(EHPAD, {0: "geolocalisation", 1: "690000001"}), encoding="utf-8")
    found = read_finess(path, TODAY)
    assert found.counted.year == 2024
    assert found.register.sites["690000001"] == Establishment(
        "690000001", "690000009", "EHPAD DES LILAS", "nursing_home", "unknown", "84"
    )
    assert found.counts.read == 1


def test_what_cannot_be_used_is_counted(tmp_path):
    path = tmp_path / "stock.csv"
    path.write_text(stock(EHPAD, EHPAD, {**EHPAD, 1: ""}) + "structureet;1;2\n", encoding="utf-8")
    assert read_finess(path, TODAY).counts.kept_aside == {
        "FINESS number given twice": 1,
        "no FINESS number": 1,
        "a line with more or fewer cells than the others": 1,
    }


@pytest.mark.parametrize(
    ("text", "mend"),
    [
        ("a;b\n1;2\n", r"no column for site \(known as nofinesset.*entity.*department"),
        ("nofinesset;nofinessej;departement\n", "no establishment"),
        ("", "no table"),
    ],
)
def test_another_file_says_so(tmp_path, text, mend):
    path = tmp_path / "finess.csv"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(FileError, match=mend):
        read_finess(path, TODAY)


@pytest.mark.parametrize(
    ("department", "region"),
    [("69", "84"), ("1", "84"), ("01", "84"), ("2A", "94"), ("2b", "94"), ("9D", "04"), ("974", "04"), ("976", "06")],
)
def test_a_department_lies_in_its_region(department, region):
    assert region_of(department) == region


def test_collectivities_and_nonsense_are_in_no_region():
    assert {region_of(code) for code in ("", "9E", "975", "9J", "988", "96", "?")} == {"unknown"}


def test_all_departments_are_there_once_and_all_regions_are_ours():
    codes = [f"{n:02}" for n in range(1, 96) if n != 20] + ["2A", "2B", "971", "972", "973", "974", "976"]
    assert "unknown" not in {region_of(code) for code in codes}
    assert {region_of(code) for code in codes} == vocabulary()["regions"].keys() - {"unknown"}


def test_kinds_depend_on_the_owner_where_the_category_does_not_say():
    assert [kind_of("365", "", status) for status in ("commercial", "non_profit", "public", "unknown")] == [
        "clinic",
        "espic",
        "ch",
        "unknown",
    ]
    assert kind_of("", "CENTRE HOSPITALIER SPECIALISE LUTTE MALADIES MENTALES", "public") == "chs"
    assert kind_of("999", "", "public") == "unknown"
    assert status_of(label="Non concerné") == "unknown"


def test_every_kind_is_a_word():
    from vigie.exchange.establishments import _categories

    said = _categories()
    kinds = {each["kind"] for each in said["categories"].values()} | set(said["labels"].values())
    assert (kinds - {"by_status"}) | set(said["by_status"].values()) <= vocabulary()["establishment_kinds"].keys()


SITES = (
    Establishment("1", "E", "CH, site nord", "ch", "public", "84"),
    Establishment("2", "E", "CH, site sud", "smr", "public", "84"),
    Establishment("3", "F", "Clinique", "clinic", "commercial", "11"),
)


def test_what_is_not_said_is_completed_and_what_is_said_stays():
    register = Register.of(SITES)
    found = completed(row(sites=["1"], region="93"), register)
    assert (found["legal_entity"], found["declarant"], found["establishment"]) == ("E", "E", "CH, site nord")
    assert (found["establishment_kind"], found["legal_status"], found["region"]) == ("ch", "public", "93")


def test_only_what_all_sites_agree_upon_is_filled_in():
    register = Register.of(SITES)
    found = completed(row(legal_entity="E", declarant="E"), register)
    assert (found["establishment_kind"], found["legal_status"], found["region"]) == ("unknown", "public", "84")
    assert found["establishment"] is None
    assert completed(row(sites=["1", "3"]), register) == row(sites=["1", "3"])
    assert completed(row(sites=["9"], legal_entity="E"), register) == row(sites=["9"], legal_entity="E")


def test_a_completed_record_is_the_same_until_the_register_changes():
    rows = [row(declaration="a", sites=["1"], source_digest="d"), row(declaration="b", source_digest="e")]
    reader = Reader("template", "", lambda paths, now: map(Mapped, rows))

    def digests(register: Register) -> list[str]:
        return [each.row["source_digest"] for each in completing(reader, register).read([], datetime(2026, 1, 1))]

    before = digests(Register.of(SITES))
    assert before == digests(Register.of(SITES))
    assert before[0] != "d"
    assert before[1] == "e"
    assert digests(Register.of([SITES[0]._replace(region="11")]))[0] != before[0]
    assert digests(Register.of(())) == ["d", "e"]


def test_of_two_registers_the_first_is_believed_and_the_second_fills_gaps():
    vague = Establishment("1", "E", "Site nord", "unknown", "unknown", "84")
    assert Register.of([vague, SITES[0]]).sites["1"] == Establishment("1", "E", "Site nord", "ch", "public", "84")
