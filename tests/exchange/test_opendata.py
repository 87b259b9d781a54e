"""The open-data bundle stands by itself, says what it holds, gives the same bytes, and lets no small count out."""

from __future__ import annotations

import csv
import io
import json
from dataclasses import replace
from datetime import UTC, date, datetime
from hashlib import sha256
from zipfile import ZipFile

import pytest

from vigie.errors import InputError, StorageError
from vigie.exchange.opendata import About, write_bundle
from vigie.observe.columns import COLUMNS
from vigie.observe.disclosure.exemptions import Exemption
from vigie.observe.table import Dimension, Figures, Measure, Table

NOW = datetime(2026, 11, 25, 9, tzinfo=UTC)
ABOUT = About(
    "observatory-2024", "Observatoire 2024", "Un éditeur", "etalab-2.0", "https://licence.example", "public", date(2025, 6, 1),
    datetime(2025, 5, 31, 22, tzinfo=UTC), "ab12cd34", {"vocabulary": "f00d"}, exempt=(),
)  # fmt: skip
MEASURES = (
    Measure("declarations", "count", counts="declarations"),
    Measure("total", "count", additive=False, counts="declarations"),
    Measure("share", "share", of="declarations", over="total"),
    Measure("median_hours", "value", of="declarations"),
)
TABLE = Table(
    "by_origin", "origins", {"fr": "Par origine", "en": "By origin"}, (Dimension("year"), Dimension("origin", "origins")),
    MEASURES, "declarations by origin.", "declarations of the year.", "duplicates.", lambda declarations: declarations,
)  # fmt: skip
FIGURES = Figures(
    "by_origin",
    TABLE.columns,
    (
        (2024, "ransomware", 40, 52, 40 / 52, 36.5),
        (2024, "=phishing", None, 52, None, None),
        (None, "unknown", 0, 0, None, None),
    ),
    frozenset({(1, 2), (1, 4), (1, 5)}),
)


def bundle(tmp_path, figures: Figures = FIGURES, about: About = ABOUT, table: Table = TABLE, name: str = "open.zip"):
    path = tmp_path / name
    assert write_bundle(path, {"by_origin": table}, {"by_origin": figures}, about, NOW) == 1
    with ZipFile(path) as archive:
        assert archive.testzip() is None
        return {name: archive.read(name) for name in archive.namelist()}


def rows(content: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline=""), delimiter=";"))


def test_a_table_is_there_as_csv_and_json_with_what_is_withheld_named(tmp_path):
    files = bundle(tmp_path)
    assert rows(files["data/by_origin.csv"]) == [
        ["year", "origin", "declarations", "total", "share", "median_hours", "withheld"],
        ["2024", "ransomware", "40", "52", "0.7692307692", "36.5", ""],
        ["2024", "'=phishing", "", "52", "", "", "declarations share median_hours"],
        ["", "unknown", "0", "0", "", "", ""],
    ]
    said = json.loads(files["data/by_origin.json"])
    assert said["rows"][1] == [2024, "=phishing", None, 52, None, None]
    assert said["withheld"] == [[1, "declarations"], [1, "median_hours"], [1, "share"]]


def test_every_column_and_table_is_defined(tmp_path):
    files = bundle(tmp_path)
    dictionary = {line[1]: line[2:] for line in rows(files["dictionary.csv"])[1:]}
    assert list(dictionary) == [*TABLE.columns, "withheld"]
    assert dictionary["origin"] == [
        "dimension",
        "string",
        "",
        "second level of the origin, in the observatory's terms",
        "origins",
    ]
    assert dictionary["share"][2:4] == ["proportion, 0 to 1", "declarations divided by total"]
    assert "do not add them up" in dictionary["total"][3]
    assert dictionary["median_hours"][2] == "hours"
    (line,) = rows(files["tables.csv"])[1:]
    assert line[2:] == [
        "Par origine",
        "By origin",
        "declarations by origin.",
        "declarations of the year.",
        "duplicates.",
        "3",
        "3",
    ]
    assert ["origins", "ransomware", "Rançongiciel", "Ransomware"] in rows(files["vocabulary.csv"])


def test_the_package_describes_the_files_as_they_are(tmp_path):
    files = bundle(tmp_path)
    package = json.loads(files["datapackage.json"])
    assert package["licenses"] == [{"name": "etalab-2.0", "path": "https://licence.example"}]
    assert package["vigie"] == {
        "edition": "ab12cd34",
        "as_known_on": "2025-05-31T22:00:00+00:00",
        "digests": {"vocabulary": "f00d"},
    }
    assert {resource["path"] for resource in package["resources"]} == {name for name in files if name.endswith(".csv")}
    for resource in package["resources"]:
        content = files[resource["path"]]
        assert resource["hash"] == f"sha256:{sha256(content).hexdigest()}" and resource["bytes"] == len(content)
        fields = [field["name"] for field in resource["schema"]["fields"]]
        assert fields == rows(content)[0]
        assert all(any(row) for row in rows(content))
    readme = files["README.md"].decode()
    for words in ("Un éditeur", "etalab-2.0", "2025-06-01", "ab12cd34", "f00d", "3 nombres sont masqués"):
        assert words in readme


def test_the_same_edition_gives_the_same_bytes(tmp_path):
    bundle(tmp_path, name="a.zip")
    bundle(tmp_path, name="b.zip")
    assert (tmp_path / "a.zip").read_bytes() == (tmp_path / "b.zip").read_bytes()


def test_no_column_that_names_somebody_is_described_in_it(tmp_path):
    text = b"".join(bundle(tmp_path).values()).decode()
    assert not [column.name for column in COLUMNS if not column.public and column.name in text.split(";")]


def test_an_internal_edition_and_a_small_count_are_refused(tmp_path):
    small = replace(FIGURES, rows=((2024, "ransomware", 4, 52, 4 / 52, None),), hidden=frozenset())
    for figures, about, words in (
        (FIGURES, replace(ABOUT, audience="internal"), "made from a public one"),
        (small, ABOUT, "row 1: declarations is a small count"),
    ):
        with pytest.raises(InputError, match=words):
            bundle(tmp_path, figures, about)
    with pytest.raises(InputError, match="no table"):
        write_bundle(tmp_path / "open.zip", {}, {"by_origin": FIGURES}, ABOUT, NOW)
    assert list(tmp_path.iterdir()) == []
    reason = {"fr": "publié par la loi", "en": "published by law"}
    granted = Exemption("by_origin", "declarations", ("year", "origin"), reason, "a law", date(2026, 1, 1))
    assert "data/by_origin.csv" in bundle(tmp_path, small, replace(ABOUT, exempt=(granted,)))


def test_a_full_disk_is_said_and_leaves_nothing(tmp_path, monkeypatch):
    def full(descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.fsync", full)
    with pytest.raises(StorageError, match="No space left"):
        bundle(tmp_path)
    assert list(tmp_path.iterdir()) == []
