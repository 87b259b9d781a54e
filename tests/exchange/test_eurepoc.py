"""EuRepoC: counted by hand beside the import; cells that are Python literals are read, never run."""

from __future__ import annotations

import ast
import csv
import gzip
import io
import json
from collections import Counter
from datetime import UTC, datetime

import pytest

from tests.house.tree import ROOT
from vigie.errors import FileError
from vigie.exchange import eurepoc
from vigie.exchange.importing import Mapped, import_into
from vigie.observe.vocabulary import vocabulary

DATABASE = ROOT.parent / "shared" / "data" / "eurepoc" / "eurepoc_1.1_even_ids.csv.gz"
NOW = datetime(2026, 11, 25, 9, tzinfo=UTC)
LATER = datetime(2026, 11, 26, 9, tzinfo=UTC)
SAID = {
    "ID": "8", "name": "x", "start_date": "2021-05-14", "incident_type": "Data theft; Disruption; Ransomware",
    "receiver_name": "[['HSE']]", "receiver_country": "['Ireland']", "receiver_category": "[['Critical infrastructure']]",
    "receiver_category_subcode": "[['Health']]", "disruption": "Long-term disruption (> 24h; incident scores 2 points)",
    "data_theft": "none", "MITRE_impact": "Data Encrypted for Impact",
}  # fmt: skip


@pytest.fixture(scope="module")
def raw() -> list[dict[str, str]]:
    """The database, read by nothing of ours."""
    assert DATABASE.exists(), f"{DATABASE} is not there: see docs/howto/import-incidents.md for where to download it"
    return list(csv.DictReader(io.StringIO(gzip.decompress(DATABASE.read_bytes()).decode(), newline="")))


@pytest.fixture(scope="module")
def rows() -> list[dict]:
    return [each.row for each in eurepoc.read([DATABASE], NOW) if isinstance(each, Mapped)]


def written(tmp_path, *incidents: dict[str, str], name: str = "e.csv"):
    with (tmp_path / name).open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, SAID)
        writer.writeheader()
        writer.writerows(incidents)
    return tmp_path / name


def one(tmp_path, **said: str) -> dict:
    (each,) = eurepoc.read([written(tmp_path, {**SAID, **said})], NOW)
    return each.row


def test_counts_equal_those_made_by_hand(raw, rows):
    assert len(rows) == len(raw) == 820
    assert [json.loads(row["record"]) for row in rows] == raw
    years = Counter(int(line["start_date"][:4]) if line["start_date"] else None for line in raw)
    assert Counter(row["year"] for row in rows) == years
    assert sum(row["sector"] == "health" for row in rows) == sum(
        "'Health'" in line["receiver_category_subcode"] for line in raw
    )
    alone = [ast.literal_eval(line["receiver_country"]) for line in raw if line["receiver_country"].startswith("[")]
    assert sum(row["country"] == "FR" for row in rows) == sum(set(countries) == {"France"} for countries in alone)
    assert sum(row["origin"] == "ransomware" for row in rows) == sum(
        "Ransomware" in line["incident_type"] for line in raw
    )


def test_one_incident_column_by_column(tmp_path):
    row = one(tmp_path)
    assert (row["declaration"], row["establishment"], row["declarant"]) == ("eurepoc:8", "HSE", "hse|IE|unknown")
    assert (row["country"], row["sector"], row["origin"], row["malicious"]) == ("IE", "health", "ransomware", "yes")
    assert (row["year"], row["month"], row["occurred_at"], row["declared_at"]) == (2021, 5, datetime(2021, 5, 14), None)
    assert (row["functioning"], row["hours_degraded"]) == ("degraded", None)
    assert row["data_impact"] == ["disclosure", "unavailability"]


def test_several_receivers_share_what_they_share(tmp_path):
    row = one(tmp_path, receiver_country="['Ireland', 'France']", receiver_category="[['Media'], ['Critical infrastructure']]",
              receiver_category_subcode="[[''], ['Health']]", receiver_name="[['A'], ['B']]")  # fmt: skip
    assert (row["country"], row["sector"], row["establishment"], row["declarant"]) == ("unknown", "health", None, None)
    assert one(tmp_path, receiver_country="['France', 'France']")["country"] == "FR"
    assert one(tmp_path, receiver_country="['France', 'Atlantis']")["country"] == "unknown"
    assert one(tmp_path, receiver_country="['Norway']")["country"] == "NO"


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ({"incident_type": "Disruption", "MITRE_impact": "Network Denial of Service"}, "denial_of_service"),
        ({"incident_type": "Disruption", "MITRE_impact": "Not available; Defacement"}, "defacement"),
        ({"incident_type": "Data theft & Doxing; Hijacking with Misuse", "MITRE_impact": ""}, "information_theft"),
        ({"incident_type": "Hijacking without Misuse", "MITRE_impact": ""}, "system_compromise"),
        ({"incident_type": "Disruption", "MITRE_impact": ""}, "other_malicious"),
        ({"incident_type": "", "MITRE_impact": ""}, "other_malicious"),
    ],
)
def test_origins(tmp_path, said, expected):
    assert one(tmp_path, **said)["origin"] == expected


def test_what_was_said_not_to_be_is_told_from_what_nobody_knows(tmp_path):
    quiet = {"incident_type": "Disruption", "MITRE_impact": ""}
    assert one(tmp_path, **quiet)["data_impact"] == ["none"]
    assert one(tmp_path, **quiet, data_theft="Not available")["data_impact"] == []
    assert one(tmp_path, disruption="none")["functioning"] == "none"
    assert one(tmp_path, disruption="Not available")["functioning"] == "unknown"
    assert one(tmp_path, receiver_category="[['Unknown']]", receiver_category_subcode="")["sector"] == "unknown"
    assert one(tmp_path, start_date="2021")["year"] is None


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        ("['a', ['b', ('c',)], None, 3]", ["a", "b", "c", "3"]),
        ("__import__('os').system('true')", ["__import__('os').system('true')"]),
        ("[__import__('os').system('true')]", ["[__import__('os').system('true')]"]),
        ("[" * 5000, ["[" * 5000]),
        ("['a'", ["['a'"]),
        ("a; b", ["a", "b"]),
    ],
)
def test_cells_are_read_never_run(cell, expected):
    assert eurepoc.words(cell) == expected


def test_importing_twice_is_importing_once_and_what_has_no_key_is_kept_aside(tmp_path):
    path = written(tmp_path, SAID, {**SAID, "name": "y"}, {**SAID, "ID": " "})
    with path.open("a") as file:
        file.write("a,b\n")
    target = tmp_path / "t.parquet"
    first, again = (import_into(eurepoc.READER, [path], target, at) for at in (NOW, LATER))
    assert (first.read, first.new, again.new, again.changed, again.same) == (4, 1, 0, 0, 1)
    assert first.kept_aside == again.kept_aside == {"same ID": 1, "no ID": 1, "not a record": 1}


def test_another_file_is_refused(tmp_path):
    (tmp_path / "x.csv").write_text("ID,name\n1,2\n")
    with pytest.raises(FileError, match="Expected start_date.*found ID, name"):
        import_into(eurepoc.READER, [tmp_path / "x.csv"], tmp_path / "t.parquet", NOW)


def test_the_mapping_names_only_words_that_exist():
    known, said = vocabulary(), eurepoc.mapping()
    assert {line["origin"] for line in said["origins"]} <= set(known["origins"])
    assert all(isinstance(code, str) and len(code) == 2 and code.isupper() for code in said["countries"].values())
    assert set(said["functioning"].values()) <= set(known["functionings"])
    assert {word for table in said["data_impacts"].values() for word in table.values()} <= set(known["data_impacts"])
