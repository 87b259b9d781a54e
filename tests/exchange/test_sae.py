"""The SAE: the real year to the unit, and years whose files drift."""

from __future__ import annotations

import csv
import gzip
from datetime import date
from pathlib import Path

import pytest

from tests.house.tree import ROOT
from vigie.errors import FileError
from vigie.exchange.sae import read_sae, remarks, unplaced
from vigie.observe.denominators import dumped
from vigie.observe.vocabulary import vocabulary

REAL = ROOT.parent / "shared" / "data" / "sae-2022"
TODAY = date(2026, 11, 25)
TABLES = {
    "ID_{}r.csv": "an;fi;rs;fi_ej;stjr;cat;dep\n{0};010000024;CH d'Été;010780054;1;355;01\n"
    "{0};750000001;Clinique;750000002;2;365;75\n",
    "MCO_{}r.csv": "FI;LIT_MCO;PLA_MCO\n010000024;385;42\n750000001;60;\n",
    "PSY_{}r.csv": "FI;DIS;CAP_HTP;CAP_HDJ;CAP_HDN\n010000024;GEN;20;5;1\n010000024;TOT;30;7;1\n",
    "SSR_{}r.csv": "FI;GDE;LIT;PLA\n750000001;SSR_A;40;8\n750000001;SSR_TOT;40;8\n",
    "USLD_{}r.csv": "FI;LIT\n010000024;30\n",
    "URGENCES2_{}r.csv": "FI;URG;PASSU\n010000024;GEN;42384\n010000024;PED;8000\n",
}


def write(folder: Path, year: int, tables: dict[str, str] = TABLES, encoding: str = "cp1252") -> Path:
    folder.mkdir(exist_ok=True)
    for name, text in tables.items():
        (folder / name.format(year)).write_bytes(text.format(year).encode(encoding))
    return folder


def changed(**texts: tuple[str, str]) -> dict[str, str]:
    """The tables with one text of one table replaced."""
    return {
        name: text.replace(*texts[name.split("_")[0]]) if name.split("_")[0] in texts else text
        for name, text in TABLES.items()
    }


def test_the_year_2022_to_the_unit():
    found = read_sae(REAL, TODAY)
    held = found.denominators
    told = {
        measure: held.exposure(2022, measure).value
        for measure in (
            *("establishments", "beds", "places", "emergency_visits"),
            *("emergency_structures", "emergency_establishments"),
        )
    }
    assert told == {
        "establishments": 3995,
        "beds": 374_290,
        "places": 85_019,
        "emergency_visits": 21_634_037,
        "emergency_structures": 693,
        "emergency_establishments": 623,
    }
    totals = found.years[0].totals
    beds = [totals[f"beds of {table}"] for table in ("medicine", "psychiatry", "rehabilitation", "long-term")]
    assert beds == [190_291, 52_586, 101_757, 29_656]
    assert (totals["beds"], totals["places"], totals["visits"]) == (374_290, 85_019, 21_634_037)
    assert remarks(found) == ("2022: 6 establishments of unknown kind; they count in totals only",)
    assert found.counts.read == found.counts.mapped == 9_324
    assert not found.counts.kept_aside
    assert found.years[0].checked


def test_regions_statuses_and_kinds_are_those_of_an_independent_count():
    with gzip.open(REAL / "ID_2022r.csv.gz", "rt", encoding="cp1252", newline="") as file:
        rows = list(csv.DictReader(file, delimiter=";"))
    held = read_sae(REAL, TODAY).denominators
    # The file gives the region itself; we derive it from the department.
    for region in {row["reg"] for row in rows}:
        assert held.exposure(2022, region=region).value == sum(row["reg"] == region for row in rows)
    for code, status in {"1": "public", "2": "commercial", "3": "non_profit"}.items():
        assert held.exposure(2022, legal_status=status).value == sum(row["stjr"] == code for row in rows)
    assert unplaced(held.years[0]) == {"region": 0, "legal_status": 0, "kind": sum(row["cat"] == "999" for row in rows)}
    for dimension, words in (
        ("region", "regions"),
        ("legal_status", "legal_statuses"),
        ("kind", "establishment_kinds"),
    ):
        assert held.by(dimension, 2022).keys() <= vocabulary()[words].keys()


def test_reading_twice_gives_the_same_bytes(tmp_path):
    folder = write(tmp_path / "a", 2022)
    assert dumped(read_sae(folder, TODAY).denominators) == dumped(read_sae(folder, TODAY).denominators)


def test_several_years_and_sub_folders(tmp_path):
    write(tmp_path, 2021)
    write(tmp_path / "2022", 2022)
    found = read_sae(tmp_path, TODAY)
    assert [(year.year, year.checked) for year in found.years] == [(2021, False), (2022, True)]
    for year in (2021, 2022):
        assert found.denominators.exposure(year, "beds").value == 385 + 60 + 30 + 40 + 30
        assert found.denominators.exposure(year, "places").value == 42 + 7 + 1 + 8
        assert found.denominators.exposure(year, "emergency_structures").value == 2
        assert found.denominators.exposure(year, "emergency_establishments").value == 1
        assert found.denominators.exposure(year, kind="clinic").value == 1


def test_columns_and_files_drift(tmp_path):
    drifted = {
        "id_{}A.CSV": TABLES["ID_{}r.csv"].replace("an;fi;rs;fi_ej;stjr;cat;dep", "AN;FI;RS;FI_EJ;STJR;CAT;DEP"),
        "mco_{}r.csv": TABLES["MCO_{}r.csv"].lower(),
        "PSY_{}r.csv": TABLES["PSY_{}r.csv"],
        "SMR_{}r.csv": TABLES["SSR_{}r.csv"].replace("SSR", "SMR"),
        "USLD_{}r.csv": TABLES["USLD_{}r.csv"].replace(";30", ";30,0"),
        "URGENCES2_{}r.csv": TABLES["URGENCES2_{}r.csv"],
    }
    found = read_sae(write(tmp_path, 2023, drifted, "utf-8-sig"), TODAY)
    assert found.denominators.exposure(2023, "beds").value == 545
    assert found.years[0].establishments[0].name == "CH d'Été"
    assert remarks(found) == (
        "2023: read by names of columns checked on 2022; compare its totals with those that DREES publishes",
    )


def test_compressed_or_not_the_digest_is_that_of_the_content(tmp_path):
    plain = read_sae(write(tmp_path / "a", 2022), TODAY)
    folder = write(tmp_path / "b", 2022)
    for path in list(folder.iterdir()):
        path.with_name(f"{path.name}.gz").write_bytes(gzip.compress(path.read_bytes()))
        path.unlink()
    assert read_sae(folder, TODAY).denominators == plain.denominators


def test_a_year_named_without_its_stage(tmp_path):
    """As the files of 2019 are; their tables have no names of establishments, but that of identities."""
    found = read_sae(
        write(tmp_path, 2019, {name.replace("r.csv", ".csv"): text for name, text in TABLES.items()}), TODAY
    )
    assert found.denominators.exposure(2019, "beds").value == 545


def test_an_establishment_without_its_totals_is_counted(tmp_path):
    tables = {**TABLES, "SSR_{}r.csv": TABLES["SSR_{}r.csv"] + "010000024;SSR_A;9;1\n"}
    found = read_sae(write(tmp_path, 2022, tables), TODAY)
    assert found.counts.kept_aside == {"rehabilitation: establishment without a row of totals": 1}
    assert found.denominators.exposure(2022, "beds").value == 545


def test_the_revised_table_is_taken(tmp_path):
    folder = write(tmp_path, 2022)
    (folder / "MCO_2022a.csv").write_text("FI;LIT_MCO;PLA_MCO\n010000024;1;1\n")
    (folder / "MCO_2022z.csv").write_text("FI;LIT_MCO;PLA_MCO\n010000024;1;1\n")
    assert read_sae(folder, TODAY).denominators.exposure(2022, "beds").value == 545


def test_a_row_that_cannot_be_placed_is_left_out_counted_and_said(tmp_path):
    tables = changed(MCO=("750000001", "130000009"), ID=("750000001;", "010000024;"))
    found = read_sae(write(tmp_path, 2022, tables), TODAY)
    assert found.counts.kept_aside == {
        "identity: given twice": 1,
        "medicine: establishment not in the table of identities": 1,
        "rehabilitation: establishment not in the table of identities": 1,
    }
    assert found.counts.read == found.counts.mapped + 3
    assert found.denominators.exposure(2022, "beds").value == 445


@pytest.mark.parametrize(
    ("tables", "mend"),
    [
        (
            changed(MCO=("LIT_MCO", "LITS")),
            r"MCO_2022r.csv: no column for beds \(known as LIT_MCO\).*LITS.*add its name",
        ),
        (changed(ID=("stjr;cat", "a;b")), r"status \(known as stjr\); category \(known as cat\)"),
        (changed(PSY=("TOT", "ALL")), r"PSY_2022r.csv: no row of totals \(DIS = TOT\).*add the word"),
        (changed(MCO=("385", "many")), "MCO_2022r.csv, line 2, column LIT_MCO: 'many' is not a number"),
        (changed(MCO=("385;42", "385;42;7")), "line 2: not as many cells"),
        (changed(ID=("{0};010", "2021;010")), "line 2: the year is '2021'"),
        (
            {name: text for name, text in TABLES.items() if name[0] != "U"},
            "USLD_2022r.csv, URGENCES2_2022r.csv.*too low",
        ),
        ({**TABLES, "ID_{}r.csv": "an;fi;rs;fi_ej;stjr;cat;dep\n"}, "no establishment"),
        ({**TABLES, "ID_{}r.csv": "nothing\n"}, "as it was published"),
        ({"other.csv": "a;b\n"}, "no table of the SAE"),
    ],
)
def test_what_cannot_be_read_says_what_would_mend_it(tmp_path, tables, mend):
    with pytest.raises(FileError, match=mend):
        read_sae(write(tmp_path, 2022, tables), TODAY)
