"""The breach portal of HHS: its published yearly counts, and its exports as they really are."""

from __future__ import annotations

import csv
import gzip
import io
import json
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests.house.tree import ROOT
from vigie.errors import FileError
from vigie.exchange import hhs
from vigie.exchange.csv_records import decoded, repaired
from vigie.exchange.importing import KeptAside, Mapped, import_into, preview
from vigie.observe import shelf
from vigie.observe.vocabulary import vocabulary

ARCHIVE = ROOT.parent / "shared" / "data" / "hhs-ocr" / "breach_report_archive_2009-2019.csv.gz"
NOW = datetime(2026, 11, 25, 9, tzinfo=UTC)
LATER = datetime(2026, 11, 26, 9, tzinfo=UTC)
PUBLISHED = [18, 199, 200, 218, 277, 314, 270, 328, 358, 369, 511]  # 2009 to 2019, as the press printed them
HEADINGS = ("Name of Covered Entity,State,Covered Entity Type,Individuals Affected,Breach Submission Date,Type of Breach,"
            "Location of Breached Information,Business Associate Present,Web Description")  # fmt: skip
LINE = 'Mercy Clinic,TN,Healthcare Provider,1234,02/29/2016,"Theft, Unauthorized Access/Disclosure",Laptop,No,A laptop.'


@pytest.fixture(scope="module")
def raw() -> list[dict[str, str]]:
    """The archive, read by nothing of ours."""
    assert ARCHIVE.exists(), f"{ARCHIVE} is not there: see docs/howto/import-incidents.md for where to download it"
    return list(csv.DictReader(io.StringIO(gzip.decompress(ARCHIVE.read_bytes()).decode(), newline="")))


@pytest.fixture(scope="module")
def rows() -> list[dict]:
    records = list(hhs.read([ARCHIVE], NOW))
    assert all(isinstance(each, Mapped) for each in records)
    return [each.row for each in records]


def written(tmp_path: Path, content: str | bytes, name: str = "breach_report.csv") -> Path:
    path = tmp_path / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


def read(path: Path) -> list[Mapped | KeptAside]:
    return list(hhs.read([path], NOW))


def test_yearly_counts_are_those_published(rows):
    assert [Counter(row["year"] for row in rows)[year] for year in range(2009, 2020)] == PUBLISHED
    assert len(rows) == sum(PUBLISHED) == 3062


def test_counts_equal_those_made_by_hand(raw, rows):
    people = [int(line["Individuals Affected"]) if line["Individuals Affected"] else None for line in raw]
    assert [row["people_affected"] for row in rows] == people
    states = Counter(f"US-{line['State']}" if line["State"] else "unknown" for line in raw)
    assert Counter(row["region"] for row in rows) == states
    suppliers = sum(line["Business Associate Present"] == "Yes" for line in raw)
    assert sum(row["supplier_involved"] == "yes" for row in rows) == suppliers
    thefts = sum("Theft" in line["Type of Breach"] and "Hacking" not in line["Type of Breach"] for line in raw)
    assert sum(row["origin"] == "equipment_theft" for row in rows) == thefts
    assert [json.loads(row["record"]) for row in rows] == raw


def test_reports_alike_in_everything_stay_two(rows):
    assert len({row["declaration"] for row in rows}) == len(rows)
    names = Counter((row["establishment"], row["year"], row["day"], row["people_affected"]) for row in rows)
    assert names["Area Agency of Aging 1-B", 2017, 17269, 1741] == 2


def test_importing_twice_is_importing_once(tmp_path):
    target = tmp_path / "t.parquet"
    first = import_into(hhs.READER, [ARCHIVE], target, NOW)
    content = target.read_bytes()
    again = import_into(hhs.READER, [ARCHIVE], target, LATER)
    assert ((first.read, first.new), (again.new, again.changed, again.same)) == ((3062, 3062), (0, 0, 3062))
    assert target.read_bytes() == content
    assert not (tmp_path / "t.kept-aside.jsonl").exists()


def test_one_report_column_by_column(tmp_path):
    ((row,),) = (read(written(tmp_path, f"{HEADINGS}\n{LINE}\n")),)
    row = row.row
    assert (row["establishment"], row["declarant"]) == ("Mercy Clinic", "mercy clinic|US|US-TN")
    assert (row["region"], row["country"], row["sector"], row["establishment_kind"]) == (
        "US-TN",
        "US",
        "health",
        "unknown",
    )
    assert (row["year"], row["month"], row["day"], row["declared_at"]) == (2016, 2, 16860, datetime(2016, 2, 29))
    assert (row["origin"], row["malicious"], row["supplier_involved"]) == ("equipment_theft", "yes", "no")
    assert (row["data_impact"], row["data_subjects"], row["people_affected"]) == (
        ["loss", "disclosure"],
        ["patients"],
        1234,
    )
    assert (row["source_place"], row["occurred_at"], row["authorities"]) == ("breach_report.csv:2", None, ["other"])


@pytest.mark.parametrize(
    ("kind", "expected"),
    [("Health Plan", "insurer"), ("Business Associate", "supplier"), ("Healthcare Clearing House", "other"),
     ("Healthcare Provider", "unknown"), ("", "unknown"), ("Wizard", "unknown")],
)  # fmt: skip
def test_kinds(tmp_path, kind, expected):
    (each,) = read(written(tmp_path, f"{HEADINGS}\n{LINE.replace('Healthcare Provider', kind)}\n"))
    assert each.row["establishment_kind"] == expected


@pytest.mark.parametrize(
    "headings",
    [
        "\ufeff" + HEADINGS,
        HEADINGS.replace(" ", "."),  # as R writes them
        HEADINGS.upper().replace(" ", "_"),
        ",".join(f'" {heading}\t"' for heading in HEADINGS.split(",")),
        HEADINGS.replace("Breach Submission Date", '"Breach\nSubmission Date"'),
        HEADINGS.replace("Business Associate Present", "Business Associate Involved"),
    ],
)
def test_mangled_headings_are_recognised_and_the_report_is_the_same(tmp_path, headings):
    plain, mangled = (read(written(tmp_path, f"{head}\n{LINE}\n"))[0].row for head in (HEADINGS, headings))
    assert (mangled["source_key"], mangled["source_digest"]) == (plain["source_key"], plain["source_digest"])


def test_columns_in_another_order_and_more_of_them(tmp_path):
    head = "State,Extra,Name of Covered Entity,Individuals Affected,Type of Breach,Breach Submission Date"
    (each,) = read(written(tmp_path, f'{head}\nTN,x,Mercy," 1,234 ",Loss,2016-02-29 00:00:00\n'))
    assert (each.row["year"], each.row["people_affected"], each.row["supplier_involved"]) == (2016, 1234, "unknown")
    assert json.loads(each.row["record"])["Extra"] == "x"


def test_encodings_that_change_line_by_line(tmp_path):
    lines = [LINE.replace("Mercy", name).encode(code) for name, code in
             (("José", "utf-8"), ("José", "cp1252"), ("JosÃ©", "utf-8"), ("Doctorsâ€™", "utf-8"), ("Doctorsâ€™", "cp1252"),
              ("Childrenƒ??s", "utf-8"), ("Hawaiƒ??i", "utf-8"))]  # fmt: skip
    content = b"\n".join([b"\xef\xbb\xbf" + HEADINGS.encode(), *lines])
    names = [each.row["establishment"] for each in read(written(tmp_path, content))]
    assert names == ["José Clinic"] * 3 + ["Doctors’ Clinic"] * 2 + ["Children’s Clinic", "Hawaiƒ??i Clinic"]


def test_no_byte_is_lost_and_what_is_no_mojibake_is_left_alone():
    assert [len(decoded(bytes([byte]))) for byte in range(256)] == [1] * 256
    assert decoded(b"\x93\x81") == "“\x81"
    for text in ("Ãlan", "Â§", "naïve", "â", "ƒ??", "日本"):
        assert repaired(text) == ("§" if text == "Â§" else text)


def test_bad_lines_are_kept_aside_and_the_others_are_read(tmp_path):
    lines = [
        LINE,
        "too,few,columns",
        LINE.replace("02/29/2016", "02/30/2016"),
        LINE.replace("02/29/2016", "soon"),
        "",
        ",,,,,,,,",
        LINE.replace("1234", "many").replace("02/29/2016", ""),
        LINE.replace("Mercy", 'Mer"cy').replace("A laptop.", '"A laptop that nobody closed'),
        LINE.replace("Mercy", "After"),
        LINE.replace("A laptop.", "x" * 200_000),
        LINE.replace("Mercy", "\0Nul\x01"),
        LINE.replace("Mercy Clinic", '"Line\nfeed, Inc."'),
        LINE.replace("TN", "Tennessee"),
    ]
    records = read(written(tmp_path, "\n".join([HEADINGS, *lines])))
    aside = {int(each.place.rsplit(":")[-1]): each.detail for each in records if isinstance(each, KeptAside)}
    names = {
        int(each.row["source_place"].rsplit(":")[-1]): each.row["establishment"]
        for each in records
        if isinstance(each, Mapped)
    }
    assert set(aside) == {3, 4, 5, 11}
    assert aside[3] == "3 columns instead of 9"
    assert names == {2: "Mercy Clinic", 8: "Mercy Clinic", 9: 'Mer"cy Clinic', 10: "After Clinic", 12: "Nul Clinic",
                     13: "Line feed, Inc.", 15: "Mercy Clinic"}  # fmt: skip
    unknown = next(each.row for each in records if isinstance(each, Mapped) and each.row["source_place"].endswith(":8"))
    assert (unknown["people_affected"], unknown["year"], unknown["declared_at"]) == (None, None, None)


def test_the_same_report_in_two_files_counts_once_and_a_later_word_is_a_version(tmp_path):
    folder = tmp_path / "in"
    folder.mkdir()
    written(folder, f"{HEADINGS}\n{LINE}\n{LINE}\n", "archive.csv")
    written(folder, f"{HEADINGS}\n{LINE}\n", "current.csv")
    target = tmp_path / "t.parquet"
    counts = import_into(hhs.READER, [folder], target, NOW)
    assert (counts.read, counts.new, counts.kept_aside) == (3, 2, {"same report": 1})
    later = written(tmp_path, f"{HEADINGS}\n{LINE.replace('A laptop.', 'Settled.')}\n")
    counts = import_into(hhs.READER, [later], target, LATER)
    assert (counts.new, counts.changed, counts.same) == (0, 1, 0)
    assert shelf.read(target).num_rows == 3


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ("a,b,c\n1,2,3\n", "Expected Name of Covered Entity.*found a, b, c"),
        ("", "empty"),
        (f"{HEADINGS}\n", "no record"),
        ("x" * 200_000, "no line of headings"),
        (f"{HEADINGS}\nnothing here\n", "1 columns instead of 9"),
        (gzip.compress(f"{HEADINGS}\n{LINE}\n".encode() * 99)[:-9], "cut short"),
    ],
)
def test_another_file_is_refused_in_one_line(tmp_path, content, words):
    path = written(tmp_path, content)
    for action in (lambda: preview(hhs.READER, [path], None, NOW),
                   lambda: import_into(hhs.READER, [path], tmp_path / "t.parquet", NOW)):  # fmt: skip
        with pytest.raises(FileError, match=words) as refused:
            action()
        assert "\n" not in str(refused.value)
    assert [each.name for each in tmp_path.iterdir()] == [path.name]


def test_the_mapping_names_only_words_that_exist():
    known, said = vocabulary(), hhs.mapping()
    assert {line["origin"] for line in said["origins"]} <= set(known["origins"])
    assert set(said["kinds"].values()) <= set(known["establishment_kinds"])
    assert {word for words in said["data_impacts"].values() for word in words} <= set(known["data_impacts"])
