"""VERIS: the community database counted by hand beside the import, every record given back, and files nobody should send."""

from __future__ import annotations

import gzip
import json
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests.house.tree import ROOT
from vigie.errors import FileError, StorageError
from vigie.exchange import veris
from vigie.exchange.importing import KeptAside, Mapped, import_into, preview
from vigie.exchange.veris_mapping import cves, hours, kind_of, mapping, values
from vigie.observe import shelf
from vigie.observe.vocabulary import vocabulary

VCDB = ROOT.parent / "shared" / "data" / "vcdb" / "vcdb_even.jsonl.gz"
NOW = datetime(2026, 11, 25, 9, tzinfo=UTC)
LATER = datetime(2026, 11, 26, 9, tzinfo=UTC)
INCIDENT = {
    "incident_id": "A1",
    "schema_version": "1.4.1",
    "security_incident": "Confirmed",
    "action": {"malware": {"variety": ["Ransomware", "Exploit vuln"], "vector": ["Unknown"], "cve": "CVE 2021-44228"}},
    "actor": {"external": {"variety": ["Organized crime"], "motive": ["Financial"]}, "partner": {"motive": ["NA"]}},
    "asset": {"assets": [{"variety": "S - File"}]},
    "attribute": {
        "confidentiality": {
            "data_disclosure": "Potentially",
            "data_total": 1200,
            "data_victim": ["Patient", "Employee"],
        },
        "availability": {"variety": ["Obscuration"], "duration": {"unit": "Days", "value": 3}},
    },
    "timeline": {"incident": {"year": 2024, "month": 2, "day": 29}},
    "victim": {"victim_id": "St. Élan Hospital", "industry": "622110", "country": ["US"], "state": "TN"},
}


@pytest.fixture(scope="module")
def raw() -> list[dict]:
    """The community database, one dict an incident, read by nothing of ours."""
    assert VCDB.exists(), f"{VCDB} is not there: see docs/howto/import-incidents.md for where VERIS incidents come from"
    with gzip.open(VCDB, "rt", encoding="utf-8") as file:
        return [json.loads(line) for line in file]


@pytest.fixture(scope="module")
def unique(raw) -> list[dict]:
    """The first record of each incident_id."""
    first: dict[str, dict] = {}
    for incident in raw:
        first.setdefault(incident["incident_id"], incident)
    return list(first.values())


@pytest.fixture(scope="module")
def imported() -> list[Mapped | KeptAside]:
    return list(veris.read([VCDB], NOW))


@pytest.fixture(scope="module")
def rows(imported) -> list[dict]:
    return [each.row for each in imported if isinstance(each, Mapped)]


def test_every_record_is_mapped_or_kept_aside_with_its_reason(raw, unique, imported, rows):
    aside = [each for each in imported if isinstance(each, KeptAside)]
    assert (len(raw), len(imported), len(rows)) == (4079, 4079, len(unique))
    assert [each.detail for each in aside] == [
        "same incident_id as vcdb_even.jsonl.gz:3, and the same content",
        "same incident_id as vcdb_even.jsonl.gz:66, but other content",
        "same incident_id as vcdb_even.jsonl.gz:66, but other content",
    ]
    assert [json.loads(each.record) for each in aside] == [raw[3], raw[587], raw[1145]]


def test_counts_equal_those_made_by_hand(unique, rows):
    for wanted in (lambda incident: True, lambda incident: incident["victim"]["industry"].startswith("62")):
        theirs = [incident for incident in unique if wanted(incident)]
        ours = [row for row in rows if wanted(json.loads(row["record"]))]
        assert len(ours) == len(theirs)
        assert Counter(row["year"] for row in ours) == Counter(i["timeline"]["incident"]["year"] for i in theirs)
        for column, part in (("actions", "action"), ("actors", "actor")):
            assert Counter(word for row in ours for word in row[column]) == Counter(k for i in theirs for k in i[part])
    health = sum(incident["victim"]["industry"].startswith("62") for incident in unique)
    assert sum(row["sector"] == "health" for row in rows) == health == 1153


def test_months_days_people_and_durations_equal_those_made_by_hand(unique, rows):
    months = Counter((i["timeline"]["incident"]["year"], i["timeline"]["incident"].get("month")) for i in unique)
    assert Counter((row["year"], row["month"]) for row in rows) == months
    people = [i["attribute"].get("confidentiality", {}).get("data_total") for i in unique]
    assert [row["people_affected"] for row in rows] == people
    lasting = [i["attribute"].get("availability", {}).get("duration", {}) for i in unique]
    timed = sum("value" in each and each["unit"] not in ("Never", "Unknown", "NA") for each in lasting)
    assert sum(row["hours_degraded"] is not None for row in rows) == timed > 40
    assert min(row["year"] for row in rows) == 1971
    assert all(row["declared_at"] is None for row in rows)


def test_veris_in_veris_out_is_the_same_record(unique, rows):
    assert [json.loads(row["record"]) for row in rows] == unique


def test_every_word_is_one_of_the_vocabulary(rows):
    lists = {"origin": "origins", "malicious": "yes_no", "establishment_kind": "establishment_kinds", "nature": "natures",
             "state": "states", "sector": "sectors", "functioning": "functionings"}  # fmt: skip
    for column, words in lists.items():
        assert {row[column] for row in rows} <= set(vocabulary()[words])
    assert {word for row in rows for word in row["data_impact"]} <= set(vocabulary()["data_impacts"])
    assert {word for row in rows for word in row["data_subjects"]} <= set(vocabulary()["data_subjects"])
    assert all(row["malicious"] == vocabulary()["origins"][row["origin"]]["malicious"] for row in rows)


def test_the_mapping_names_only_words_that_exist():
    known = vocabulary()
    assert {line["origin"] for line in mapping()["origins"]} <= set(known["origins"])
    assert set(mapping()["naics"].values()) <= set(known["establishment_kinds"])
    assert {word for table in mapping()["data_impacts"].values() for word in table.values()} <= set(
        known["data_impacts"]
    )


def test_one_incident_column_by_column():
    said = values(INCIDENT)
    assert (said["origin"], said["malicious"]) == ("ransomware", "yes")
    assert said["ransomware_extent"] == "unknown"
    assert said["data_impact"] == ["unavailability"]  # data that may have been seen are not data that were
    assert said["data_subjects"] == ["patients", "staff"]
    assert (said["functioning"], said["hours_degraded"], said["people_affected"]) == ("degraded", 72.0, 1200)
    assert (said["country"], said["region"], said["establishment_kind"], said["sector"]) == (
        "US",
        "US-TN",
        "ch",
        "health",
    )
    assert said["declarant"] == "st elan hospital|US|US-TN"
    assert (said["year"], said["month"], said["day"]) == (2024, 2, 19782)
    assert said["occurred_at"] == datetime(2024, 2, 29)
    assert (said["cves"], said["supplier_involved"]) == (["CVE-2021-44228"], "yes")
    assert (said["actions"], said["actors"]) == (["malware"], ["external", "partner"])


@pytest.mark.parametrize(
    ("action", "attribute", "origin"),
    [
        ({"error": {"variety": ["Misconfiguration"]}, "hacking": {"variety": ["SQLi"]}}, {}, "system_compromise"),
        ({"hacking": {"variety": ["SQLi"]}}, {"integrity": {"variety": ["Defacement"]}}, "defacement"),
        ({"hacking": {"variety": ["DoS"]}}, {"integrity": {"variety": ["Defacement"]}}, "denial_of_service"),
        ({"error": {"variety": ["Loss"]}}, {}, "equipment_loss"),
        ({"environmental": {"variety": ["Power failure"]}}, {}, "power_or_disaster"),
        ({"malware": {"variety": []}}, {}, "malware"),
        ({"malware": "yes"}, {}, "malware"),
        ({"unknown": {}}, {}, "unknown"),
        ({"sorcery": {"variety": ["Spell"]}}, {}, "unknown"),
        ({}, {}, "unknown"),
    ],
)
def test_the_origin_is_the_most_telling_action(action, attribute, origin):
    assert values({"action": action, "attribute": attribute})["origin"] == origin


@pytest.mark.parametrize(
    ("date", "expected"),
    [
        ({"year": 2012}, (2012, None, None)),
        ({"year": 2012, "day": 4}, (2012, None, None)),
        ({"year": 2012, "month": 13, "day": 4}, (2012, None, None)),
        ({"year": 2011, "month": 2, "day": 29}, (2011, 2, None)),
        ({"year": True}, (None, None, None)),
        ({"year": 10**40}, (None, None, None)),
        ({"year": "2012"}, (None, None, None)),
        ({}, (None, None, None)),
    ],
)
def test_a_date_is_known_as_far_as_it_was_said(date, expected):
    said = values({"timeline": {"incident": date}})
    assert (said["year"], said["month"], said["day"]) == expected
    assert said["occurred_at"] is None


def test_what_was_said_not_to_be_is_told_from_what_nobody_knows():
    no, unsaid = ({"confidentiality": {"data_disclosure": word}} for word in ("No", "Unknown"))
    assert values({"attribute": no})["data_impact"] == ["none"]
    assert values({"attribute": unsaid})["data_impact"] == []
    assert values({"attribute": {**no, "availability": {"variety": ["Loss"]}}})["data_impact"] == ["loss"]


@pytest.mark.parametrize("duration", [{"unit": "Never", "value": 1}, {"unit": "Days"}, {"unit": "Days", "value": "3"},
                                      {"unit": "Days", "value": -1}, {"unit": "Days", "value": True}, {}])  # fmt: skip
def test_what_is_no_duration_gives_no_hours(duration):
    assert hours(duration) is None


def test_codes_found_in_texts():
    assert cves(["CVE-2008-4250CVE-2009-3129, CVE 2012-4792", "cve-2012-4792;CVE-19-1"]) == [
        "CVE-2008-4250", "CVE-2009-3129", "CVE-2012-4792"]  # fmt: skip
    assert [kind_of(code) for code in ("621512", "62", "624190", "446110", "923140", "")] == [
        "imaging_centre", "unknown", "other_social", "pharmacy", "unknown", "unknown"]  # fmt: skip


def places(path: Path) -> list[str]:
    return [
        each.row["source_place"] if isinstance(each, Mapped) else f"! {each.place}" for each in veris.read([path], NOW)
    ]


def test_one_object_a_list_lines_and_folders_give_the_same_record(tmp_path):
    two = {**INCIDENT, "incident_id": "B2"}
    folder = tmp_path / "in"
    (folder / "deep").mkdir(parents=True)
    (folder / "deep" / "one.json").write_text("\ufeff" + json.dumps(INCIDENT, indent=1), encoding="utf-8")
    (folder / "list.json").write_text(json.dumps([INCIDENT, two], indent=1))
    (folder / "lines.jsonl.gz").write_bytes(
        gzip.compress(f"{json.dumps(INCIDENT)}\n\n{json.dumps([two, 7])}\n".encode())
    )
    (folder / "README.md").write_text("not data")
    assert places(folder / "list.json") == [
        "list.json:2",
        f"list.json:{len(json.dumps(INCIDENT, indent=1).splitlines()) + 2}",
    ]
    assert places(folder / "lines.jsonl.gz") == [
        "lines.jsonl.gz:1",
        "lines.jsonl.gz:3, item 1",
        "! lines.jsonl.gz:3, item 2",
    ]
    alone = [
        next(iter(veris.read([folder / name], NOW))).row for name in ("deep/one.json", "list.json", "lines.jsonl.gz")
    ]
    assert len({row["source_digest"] for row in alone}) == len({row["record"] for row in alone}) == 1
    counts = import_into(veris.READER, [folder], tmp_path / "t.parquet", NOW)
    assert (counts.read, counts.mapped, counts.new) == (6, 2, 2)
    assert counts.kept_aside == {"same incident_id": 3, "not an incident": 1}


def test_importing_twice_is_importing_once(tmp_path, raw):
    target, aside = tmp_path / "t.parquet", tmp_path / "t.kept-aside.jsonl"
    first = import_into(veris.READER, [VCDB], target, NOW)
    bytes_, kept = target.read_bytes(), aside.read_bytes()
    again = import_into(veris.READER, [VCDB], target, LATER)
    assert (first.new, first.changed, first.same) == (4076, 0, 0)
    assert (again.new, again.changed, again.same) == (0, 0, 4076)
    assert first.kept_aside == again.kept_aside == {"same incident_id": 3}
    assert (target.read_bytes(), aside.read_bytes()) == (bytes_, kept)
    kept_records = [json.loads(json.loads(line)["record"]) for line in kept.decode().splitlines()]
    assert kept_records == [raw[3], raw[587], raw[1145]]


def test_a_record_that_changed_opens_a_version(tmp_path):
    source, target = tmp_path / "v.json", tmp_path / "t.parquet"
    source.write_text(json.dumps(INCIDENT))
    import_into(veris.READER, [source], target, NOW)
    source.write_text(json.dumps({**INCIDENT, "security_incident": "False positive"}))
    shown = preview(veris.READER, [source], target, LATER)
    counts = import_into(veris.READER, [source], target, LATER)
    assert (shown.counts.changed, counts.changed, counts.new) == (1, 1, 0)
    held = shelf.read(target).to_pylist()
    assert [(row["version"], row["state"], row["known_until"] is None) for row in held] == [
        (1, "qualified", False), (2, "out_of_scope", True)]  # fmt: skip


HOSTILE = {
    "not JSON": b"{'single': 1}",
    "a number that never ends": b'{"action": {}, "incident_id": "x", "n": 1' + b"0" * 1_000_000 + b"}",
    "infinite": b'{"action": {}, "incident_id": "x", "n": 1e999}',
    "not a number": b'{"action": {}, "incident_id": "x", "n": NaN}',
    "nested": b'{"action": {}, "incident_id": "x", "n": ' + b"[" * 100_000 + b"]" * 100_000 + b"}",
    "nested, but read": b'{"action": {}, "incident_id": "x", "n": ' + b"[" * 500 + b"]" * 500 + b"}",
    "half a character": b'{"action": {}, "incident_id": "\\ud800"}',
    "Windows-1252": '{"action": {}, "incident_id": "é"}'.encode("cp1252"),
    "NUL bytes": b"\0\0\0\0",
    "no key": b'{"action": {}}',
    "an empty key": b'{"action": {}, "incident_id": " "}',
    "a key that is a number": b'{"action": {}, "incident_id": 7}',
    "a text": b'"incident"',
    "another JSON": b'{"features": []}',
}


@pytest.mark.parametrize("line", HOSTILE.values(), ids=HOSTILE)
def test_a_bad_line_is_kept_aside_with_its_text_and_the_others_are_read(tmp_path, line):
    good = json.dumps(INCIDENT).encode()
    source, target = tmp_path / "v.jsonl", tmp_path / "t.parquet"
    source.write_bytes(b"\n".join([good, line, good.replace(b'"A1"', b'"B2"')]))
    counts = import_into(veris.READER, [source], target, NOW)
    assert (counts.read, counts.mapped, sum(counts.kept_aside.values())) == (3, 2, 1)
    (kept,) = (tmp_path / "t.kept-aside.jsonl").read_text().splitlines()
    assert json.loads(kept)["place"] == "v.jsonl:2"
    assert json.loads(kept)["detail"] and json.loads(kept)["record"]


def test_odd_values_inside_an_incident_do_not_stop_it(tmp_path):
    odd = {"incident_id": "odd\u0000", "action": [], "actor": 3, "victim": {"victim_id": "a\u0000\n b", "country": "US"},
           "timeline": {"incident": {"year": 1e9}}, "attribute": {"confidentiality": {"data_total": 10**30}}}  # fmt: skip
    (tmp_path / "v.json").write_text(json.dumps(odd))
    import_into(veris.READER, [tmp_path / "v.json"], tmp_path / "t.parquet", NOW)
    (row,) = shelf.read(tmp_path / "t.parquet").to_pylist()
    assert json.loads(row["record"]) == odd
    assert (row["establishment"], row["people_affected"], row["year"], row["country"]) == ("a b", None, None, "US")


def test_a_line_without_end_is_not_held_in_memory(tmp_path, monkeypatch):
    monkeypatch.setattr("vigie.exchange.incoming.LINE_BYTES", 1000)
    (tmp_path / "v.jsonl").write_bytes(b'{"a": "' + b"x" * 5000 + b'"}\n{"action": {}, "incident_id": "x"}\n')
    aside, mapped = veris.read([tmp_path / "v.jsonl"], NOW)
    assert (aside.reason, len(aside.record) <= 4096, mapped.row["source_place"]) == ("too long", True, "v.jsonl:2")


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("v.json", b'{"incident_id": "A",\n "action": {]}', "v.json:2: not JSON"),
        ("v.json", b'[{"a": 1},\n {"b": 2}\n {"c": 3}]', "v.json:1: not a VERIS incident"),
        ("v.json", b'[{"action": {}, "incident_id": "a"}', ""),
        ("v.json", b'{\n"a": "\xff"}', "v.json:2: not UTF-8"),
        ("v.json", b"", "no record"),
        ("v.json", b"[]", "no record"),
        ("v.json.gz", gzip.compress(json.dumps(INCIDENT).encode() * 50)[:-20], "cut short or damaged"),
        ("v.json.gz", b"\x1f\x8bnot gzip at all", "cut short or damaged"),
        ("v.csv", b"a,b\n1,2\n", "v.csv:1: not JSON"),
    ],
)
def test_a_file_that_is_no_veris_is_refused_in_one_line(tmp_path, name, content, words):
    (tmp_path / name).write_bytes(content)
    if not words:
        assert import_into(veris.READER, [tmp_path / name], tmp_path / "t.parquet", NOW).kept_aside == {"not JSON": 1}
        return
    with pytest.raises(FileError, match=words) as refused:
        import_into(veris.READER, [tmp_path / name], tmp_path / "t.parquet", NOW)
    assert "\n" not in str(refused.value)
    assert sorted(path.name for path in tmp_path.iterdir()) == [name]


def test_a_missing_file_a_folder_without_json_and_a_target_that_is_no_table(tmp_path):
    for path, words in ((tmp_path / "none.json", "no such file"), (tmp_path, "no .json")):
        with pytest.raises(FileError, match=words):
            import_into(veris.READER, [path], tmp_path / "t.parquet", NOW)
    (tmp_path / "t.parquet").write_bytes(b"PAR1 not really")
    (tmp_path / "v.json").write_text(json.dumps(INCIDENT))
    with pytest.raises(FileError, match="Parquet"):
        import_into(veris.READER, [tmp_path / "v.json"], tmp_path / "t.parquet", NOW)


def test_a_full_disk_is_said_and_leaves_nothing(tmp_path, monkeypatch):
    (tmp_path / "v.jsonl").write_text(f"{json.dumps(INCIDENT)}\n[]\n7\n")

    def full(descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.fsync", full)
    with pytest.raises(StorageError, match="No space left"):
        import_into(veris.READER, [tmp_path / "v.jsonl"], tmp_path / "t.parquet", NOW)
    assert [path.name for path in tmp_path.iterdir()] == ["v.jsonl"]


def test_a_preview_writes_nothing_and_shows_what_an_import_would_do(tmp_path):
    (tmp_path / "v.jsonl").write_text(f"{json.dumps(INCIDENT)}\n7\n")
    shown = preview(veris.READER, [tmp_path / "v.jsonl"], tmp_path / "t.parquet", NOW)
    assert (shown.counts.read, shown.counts.new, shown.rows[0]["source_key"]) == (2, 1, "A1")
    assert [each.place for each in shown.aside] == ["v.jsonl:2"]
    assert [path.name for path in tmp_path.iterdir()] == ["v.jsonl"]
