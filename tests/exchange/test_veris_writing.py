"""What goes out as VERIS validates against the published schemas, and what came from VERIS is what it was."""

from __future__ import annotations

import gzip
import json
from datetime import UTC, datetime

import pytest
from jsonschema import Draft4Validator

from tests.house.tree import ROOT
from vigie.exchange import eurepoc, hhs, veris
from vigie.exchange.importing import Mapped
from vigie.exchange.veris_mapping import values
from vigie.exchange.veris_writing import incident_of, write_lines
from vigie.observe.rows import row
from vigie.observe.vocabulary import vocabulary

DATA = ROOT.parent / "shared" / "data"
VCDB = DATA / "vcdb" / "vcdb_even.jsonl.gz"
NOW = datetime(2026, 11, 25, 9, tzinfo=UTC)
SAID = {"declaration": "valmont/crise#d1", "source": "journal", "year": 2020, "month": 3, "state": "qualified"}


@pytest.fixture(scope="module")
def schemas() -> dict[str, Draft4Validator]:
    """The schemas as published by the VERIS project."""
    new = json.loads(gzip.decompress((DATA / "veris-schema" / "verisc-merged.json.gz").read_bytes()))
    old = json.loads((DATA / "vcdb" / "vcdb-schema-1.3.3.json").read_text(encoding="utf-8"))
    return {"1.4.1": Draft4Validator(new), "1.3.3": Draft4Validator(old)}


def faults(schemas, incident, version) -> list[str]:
    return [
        f"{'.'.join(map(str, fault.path))}: {fault.message[:200]}" for fault in schemas[version].iter_errors(incident)
    ]


@pytest.mark.parametrize("version", ["1.4.1", "1.3.3"])
@pytest.mark.parametrize("origin", vocabulary()["origins"])
def test_every_origin_and_impact_has_a_valid_coding(schemas, version, origin):
    malicious = vocabulary()["origins"][origin]["malicious"]
    poor = row(**SAID, origin=origin, malicious=malicious)
    rich = {**poor, "occurred_at": datetime(2021, 5, 14, 3), "country": "US", "region": "US-TN", "sector": "health",
            "establishment_kind": "ch", "people_affected": 12, "hours_degraded": 36.5, "functioning": "degraded",
            "data_impact": list(vocabulary()["data_impacts"])[1:], "data_subjects": list(vocabulary()["data_subjects"]),
            "cves": ["CVE-2021-44228", "CVE-2020-1472"]}  # fmt: skip
    french = {
        **rich,
        "country": "FR",
        "region": "84",
        "data_impact": ["none"],
        "nature": "near_miss",
        "state": "out_of_scope",
    }
    for each in (poor, rich, french):
        assert faults(schemas, incident_of(each, version), version) == []


@pytest.mark.parametrize("kind", vocabulary()["establishment_kinds"])
def test_every_kind_of_structure_has_a_valid_industry(schemas, kind):
    coded = incident_of(row(**SAID, establishment_kind=kind, sector="health"))
    assert faults(schemas, coded, "1.4.1") == []


@pytest.mark.parametrize("origin", [origin for origin in vocabulary()["origins"] if not origin.startswith("other_")])
def test_the_coding_read_back_keeps_what_is_malicious(origin):
    malicious = vocabulary()["origins"][origin]["malicious"]
    back = values(incident_of(row(**SAID, origin=origin, malicious=malicious)))
    assert back["malicious"] == malicious
    assert (back["year"], back["month"]) == (2020, 3)


def test_names_are_left_out_and_what_is_not_known_is_not_a_no():
    coded = incident_of(
        row(**SAID, establishment="CH de Valmont", supplier="Éditeur SA", origin="ransomware", malicious="yes")
    )
    assert "Valmont" not in json.dumps({**coded, "incident_id": "", "plus": ""}) and "SA" not in json.dumps(
        coded["victim"]
    )
    assert "confidentiality" not in coded["attribute"]
    assert coded["victim"]["country"] == coded["action"]["malware"]["vector"] == ["Unknown"]
    certain = {
        state: incident_of(row(**{**SAID, "state": state}))["security_incident"] for state in vocabulary()["states"]
    }
    assert certain == {"new": "Suspected", "to_qualify": "Suspected", "waiting": "Suspected", "qualified": "Confirmed",
                       "closed": "Confirmed", "out_of_scope": "False positive"}  # fmt: skip


def test_other_sources_validate_and_those_without_a_year_are_counted(schemas):
    archive = next((DATA / "hhs-ocr").glob("*.csv.gz"))
    database = next((DATA / "eurepoc").glob("*.csv.gz"))
    rows = [each.row for reader, path in ((hhs, archive), (eurepoc, database)) for each in reader.read([path], NOW)]
    lines: list[bytes] = []
    done = write_lines(rows, lines.append)
    undated = sum(each["year"] is None for each in rows)
    assert (done.written, dict(done.left_out)) == (len(rows) - undated, {"no year": undated})
    for line in lines[::40]:
        assert faults(schemas, json.loads(line), "1.4.1") == []
    late = write_lines([row(**{**SAID, "year": 2024})], lines.append, "1.3.3")
    assert dict(late.left_out) == {"a year that VERIS 1.3.3 does not take": 1}


def test_what_came_from_veris_goes_out_as_it_was(schemas):
    with gzip.open(VCDB, "rt", encoding="utf-8") as file:
        raw = [json.loads(line) for line in file]
    rows = [each.row for each in veris.read([VCDB], NOW) if isinstance(each, Mapped)]
    lines: list[bytes] = []
    assert write_lines(rows, lines.append).written == len(rows)
    first = {incident["incident_id"]: incident for incident in reversed(raw)}
    assert [json.loads(line) for line in lines] == [first[each["source_key"]] for each in rows]
    for line in lines[::80]:
        assert faults(schemas, json.loads(line), "1.3.3") == []
