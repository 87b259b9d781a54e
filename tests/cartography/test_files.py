"""The YAML file: read as it was typed, written back equal, and every malformed one refused in words that help."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from hypothesis import given

from tests.cartography.maps import calm, cartographies
from vigie.cartography import dump, from_bytes, load, read, reference_hospital, revision_of, to_bytes
from vigie.errors import CartographyErrors, FileError

GOOD = """name: Test
establishments:
  - {id: site, name: Site}
applications:
  - id: dpi
    name: Dossier
    kind: clinical
services:
  - id: ward
    establishment: site
    name: Ward
    kind: medicine
    needs:
      - {application: dpi, share_kept: 0.5, endurance_hours: 12, fallback: Papier}
"""


def faults(text: str) -> list[str]:
    return [str(fault) for fault in read(text.encode(), "map.yaml").errors]


def test_a_good_file_has_no_fault():
    reading = read(GOOD.encode(), "map.yaml")
    assert reading.cartography and not reading.errors and not reading.warnings


@calm
@given(cartographies())
def test_written_and_read_back_it_is_the_same(cartography):
    reading = read(dump(cartography).encode(), "map.yaml")
    assert reading.errors == ()
    assert reading.cartography == cartography
    assert revision_of(reading.cartography) == revision_of(cartography)


@calm
@given(cartographies())
def test_a_revision_comes_back_from_its_bytes(cartography):
    content = to_bytes(cartography)
    assert from_bytes(content, revision_of(cartography)) == cartography
    assert to_bytes(from_bytes(content)) == content


def test_a_revision_that_was_altered_is_refused():
    cartography = reference_hospital()
    with pytest.raises(FileError, match="altered on the way"):
        from_bytes(to_bytes(cartography).replace(b"Urgences", b"Urgence"), revision_of(cartography))
    with pytest.raises(FileError, match="newer version"):
        from_bytes(b'{"name":"x","moons":3}')


@pytest.mark.parametrize(
    ("typed", "kept"),
    [("no", "no"), ("010780054", "010780054"), ("12:30", "12:30"), ("1.10", "1.10"), ("2026-01-01", "2026-01-01")],
)
def test_a_text_stays_as_it_was_typed(typed, kept):
    cartography = read(GOOD.replace("name: Dossier", f"name: {typed}").encode(), "map.yaml").cartography
    assert cartography.application["dpi"].name == kept


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "the file is empty"),
        (b"   \n\n", "the file is empty"),
        (GOOD.encode()[:-40], "not readable as YAML"),
        (b"\x89PNG\r\n\x1a\n\x00\x00", "not UTF-8 text"),
        (b"name: a\x00b", "not readable as YAML"),
        ("name: Hôpital".encode("latin-1"), "byte 7: not UTF-8 text"),
        (b"name: [a, b", "not readable as YAML"),
        (b"\tname: x", "line 1: not readable as YAML"),
        (b"? [a]\n: b", "a key must be a plain word"),
        (b"a: " + b"[" * 5000, "nested deeper than 20 levels"),
        (b"name: " + b"x" * 9_000_000, "larger than 8,000,000 bytes"),
    ],
)
def test_a_file_that_is_no_map_is_refused(content, said):
    with pytest.raises(FileError) as raised:
        read(content, "map.yaml")
    assert str(raised.value).startswith("map.yaml")
    assert said in str(raised.value)


@pytest.mark.parametrize("content", [b"just words", b"- a\n- b", b"12", b"null"])
def test_a_file_without_sections_says_so(content):
    assert "not a cartography" in str(read(content, "map.yaml").errors[0])


def test_an_alias_is_refused_where_it_stands():
    bomb = "name: x\na: &a [z, z]\nb: &b [*a, *a, *a]\nc: [*b, *b, *b]\n"
    said = faults(bomb)
    assert "map.yaml, line 3: the alias *a is not accepted. Write the value out in full" in said


def test_a_key_written_twice_names_both_lines():
    assert faults(GOOD.replace("    kind: clinical", "    kind: clinical\n    kind: other")) == [
        'map.yaml, line 8: "kind" is written twice (also line 7). Keep one of the two'
    ]


@pytest.mark.parametrize(
    ("wrong", "right", "said"),
    [
        (
            "kind: clinical",
            "kind: clinicall",
            'line 7: kind is "clinicall", which is not in the vocabulary. Did you mean clinical?',
        ),
        ("id: dpi\n", "id: Dossier Patient\n", "for example dossier-patient"),
        ("    name: Dossier\n", "", "line 5: name is missing. Add it"),
        (
            "kind: clinical",
            "kind: clinical\n    rto_minute: 5",
            '"rto_minute" is not a field here. Did you mean rto_minutes',
        ),
        ("kind: clinical", "kind: clinical\n    rto_minutes: 4 h", 'line 8: rto_minutes is "4 h", not a whole number'),
        ("kind: clinical", "kind: clinical\n    rto_minutes: -5", "line 8: rto_minutes is -5, below 0"),
        ("kind: clinical", "kind: clinical\n    rpo_minutes: 99999999", "Check the unit"),
        ("kind: clinical", "kind: clinical\n    health_data: peut-être", "neither true nor false"),
        ("kind: clinical", "kind: clinical\n    depends_on: ad", "depends_on is not a list. Write it between brackets"),
        ("kind: clinical", "kind: clinical\n    backup: online", "backup is not a group of fields"),
        ("kind: clinical", "kind: clinical\n    backup: {last_tested_restore: 20260315}", "Write it as year-month-day"),
        ("share_kept: 0.5", "share_kept: 1.5", "share_kept is 1.5, outside 0 to 1. 0 keeps nothing, 1 keeps all"),
        ("share_kept: 0.5", "share_kept: '0,5'", 'share_kept is "0,5", not a number. Write digits with a point'),
        ("share_kept: 0.5", "share_kept: .nan", "share_kept is"),
        ("kind: medicine", "kind: medicine\n    visits_per_day: [1, 2]", "visits_per_day holds 2 values, not 7"),
        ("id: site, name: Site", "id: site, name: Site, finess_et: 12345", "nine characters"),
        ("name: Dossier", 'name: "a\\eb"', "name holds a control character"),
        ("establishments:\n  - {id: site, name: Site}", "establishments: {id: site}", "establishments is not a list"),
        ("name: Test\n", "", "name is missing"),
    ],
)
def test_a_wrong_field_is_named_with_its_remedy(wrong, right, said):
    assert wrong in GOOD
    found = faults(GOOD.replace(wrong, right, 1))
    assert any(said in fault for fault in found), found
    assert all(fault.startswith("map.yaml") for fault in found)


def test_all_faults_come_at_once():
    text = GOOD.replace("clinical", "clinicall").replace("medicine", "medecine").replace("0.5", "5")
    assert len(faults(text)) == 3


def test_load_raises_all_the_faults(tmp_path):
    path = tmp_path / "map.yaml"
    path.write_text(GOOD.replace("clinical", "clinicall").replace("0.5", "5"), encoding="utf-8")
    with pytest.raises(CartographyErrors) as raised:
        load(path)
    assert len(raised.value.faults) == 2
    with pytest.raises(FileError, match="No such file"):
        load(tmp_path / "nothing.yaml")
    with pytest.raises(FileError, match="directory"):
        load(tmp_path)


def test_the_map_of_the_how_to_is_sound():
    page = (Path(__file__).parents[2] / "docs" / "howto" / "describe-your-hospital.md").read_text(encoding="utf-8")
    reading = read(re.search(r"```yaml\n(.*?)```", page, re.DOTALL)[1].encode(), "describe-your-hospital.md")
    assert reading.cartography and not reading.errors and not reading.warnings
