"""What a map is reproached: errors make it unusable, warnings make it doubtful, and all come at once."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from vigie.cartography import Cartography, check, read, reference_bytes
from vigie.cartography.check import key_holds

TODAY = date(2026, 11, 22)
SITE = {"id": "site", "name": "Site"}


def app(name: str, *depends_on: str, **more: Any) -> dict[str, Any]:
    return {"id": name, "name": name, "kind": "other", "depends_on": depends_on, **more}


def service(*needs: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {"id": "ward", "name": "Ward", "kind": "medicine", "establishment": "site", "needs": needs, **more}


def said(**sections: Any) -> tuple[list[str], list[str]]:
    """Errors and warnings of a map made of these sections."""
    reading = check(Cartography.model_validate({"name": "map", "establishments": [SITE], **sections}), TODAY)
    assert (reading.cartography is None) == bool(reading.errors)
    return [str(fault) for fault in reading.errors], [str(fault) for fault in reading.warnings]


def errors(**sections: Any) -> list[str]:
    return said(**sections)[0]


def warnings(**sections: Any) -> list[str]:
    found, doubts = said(**sections)
    assert not found
    return doubts


def test_a_cycle_is_printed():
    (fault,) = errors(applications=[app("a", "b"), app("b", "c"), app("c", "a"), app("d", "a")])
    assert "dependency cycle: " in fault
    assert sorted(fault.partition("cycle: ")[2].partition(".")[0].split(" -> ")[:-1]) == ["a", "b", "c"]
    arrows = fault.partition("cycle: ")[2].partition(".")[0].split(" -> ")
    assert all(
        below in {"a": ("b",), "b": ("c",), "c": ("a",)}[above]
        for above, below in zip(arrows, arrows[1:], strict=False)
    )


def test_every_cycle_is_found():
    found = errors(applications=[app("a", "b"), app("b", "a"), app("c", "d"), app("d", "c"), app("e", "e")])
    assert len([fault for fault in found if "dependency cycle" in fault]) == 3


def test_a_degradation_counts_in_a_cycle():
    assert "dependency cycle" in errors(applications=[app("a", "b"), app("b", degraded_by=[{"application": "a"}])])[0]


def test_an_unknown_id_suggests_the_nearest():
    (fault,) = errors(applications=[app("network"), app("dpi", "netwrok")])
    assert (
        fault
        == 'map, applications, item 2, depends_on, item 1: no application has the id "netwrok". Did you mean network?'
    )


@pytest.mark.parametrize(
    ("sections", "what"),
    [
        ({"applications": [app("a", supplier="x")]}, 'no supplier has the id "x"'),
        ({"applications": [app("a", degraded_by=[{"application": "x"}])]}, 'no application has the id "x"'),
        ({"services": [service({"application": "x", "share_kept": 0})]}, 'no application has the id "x"'),
        ({"services": [service(establishment="elsewhere")]}, 'no establishment has the id "elsewhere"'),
        ({"applications": [app("a"), app("a")]}, 'the application id "a" is used twice'),
        ({"applications": [app("a"), app("b", "a", "a")]}, 'names its dependency "a" 2 times'),
        ({"services": [service({"application": "a"}, {"application": "a"})]}, 'names its need "a" 2 times'),
        (
            {
                "applications": [
                    app("a", restore_effort=[{"skill": "system", "low_hours": 4, "likely_hours": 2, "high_hours": 9}])
                ]
            },
            "the hours of system are not in order (4, 2, 9)",
        ),
        ({"applications": [app("a", backup={"state": "none", "last_tested_restore": TODAY})]}, "no backup, and yet"),
        (
            {
                "suppliers": [
                    {
                        "id": "s",
                        "name": "S",
                        "hds": {"number": "1", "valid_from": "2026-02-01", "valid_until": "2026-01-01"},
                    }
                ]
            },
            "ends before",
        ),
        (
            {
                "establishments": [
                    SITE,
                    {**SITE, "id": "b", "finess_et": "990000010"},
                    {**SITE, "id": "c", "finess_et": "990000010"},
                ]
            },
            "is also that of b",
        ),
    ],
)
def test_an_error_is_found(sections, what):
    assert any(what in fault for fault in errors(**sections))


@pytest.mark.parametrize(
    ("sections", "what"),
    [
        ({}, "names no application and no care service"),
        ({"applications": [app("a", rto_minutes=60), app("b", "a", rto_minutes=30)]}, "due back in 30 min, before"),
        ({"applications": [app("a", rto_minutes=0)]}, "RTO of 0 minutes"),
        ({"services": [service()]}, "needs no application"),
        (
            {"applications": [app("a")], "services": [service({"application": "a"})]},
            "the share kept without it is unknown",
        ),
        (
            {"applications": [app("a")], "services": [service({"application": "a", "share_kept": 0.5})]},
            "nobody says how long",
        ),
        (
            {
                "suppliers": [{"id": "host", "name": "H"}],
                "applications": [app("a", hosted_by="host", health_data=True)],
            },
            "which has no HDS certificate",
        ),
        (
            {
                "suppliers": [{"id": "host", "name": "H", "hds": {"number": "1", "valid_until": "2026-11-21"}}],
                "applications": [app("a", hosted_by="host", health_data=True)],
            },
            "whose HDS certificate ended on 2026-11-21",
        ),
        (
            {"suppliers": [{"id": "s", "name": "S", "last_audit": "2027-01-01"}], "applications": [app("a")]},
            "in the future",
        ),
        ({"establishments": [{**SITE, "finess_ej": "990000003"}], "applications": [app("a")]}, "right key"),
        (
            {
                "establishments": [{**SITE, "finess_ej": "990000010", "finess_et": "990000010"}],
                "applications": [app("a")],
            },
            "the same",
        ),
    ],
)
def test_a_doubt_is_a_warning(sections, what):
    assert any(what in fault for fault in warnings(**sections)), warnings(**sections)


def test_rpo_equal_to_rto_everywhere_is_doubted_once():
    rows = [app(f"a-{n}", rto_minutes=60 * n, rpo_minutes=60 * n) for n in range(1, 6)]
    assert [fault for fault in warnings(applications=rows) if "RPO equals RTO for all 5 applications" in fault]
    rows[0]["rpo_minutes"] = 15
    assert not warnings(applications=rows)


def test_a_malformed_field_hides_no_other_fault():
    text = """name: x
applications:
  - {id: a, name: A, kind: directory, depends_on: [b]}
  - {id: b, name: B, kind: netwrk, rto_minutes: soon, depends_on: [a, c]}
services:
  - {id: s, establishment: e, kind: other, needs: [{application: a, share_kept: 3}, {application: z, share_kept: 0}]}
"""
    found = [str(fault) for fault in read(text.encode(), "map.yaml").errors]
    assert [fault.partition(". ")[0].removeprefix("map.yaml, line ") for fault in found] == [
        "3: dependency cycle: a -> b -> a",
        '4: kind is "netwrk", which is not in the vocabulary',
        '4: rto_minutes is "soon", not a whole number',
        '4: no application has the id "c"',
        "6: name is missing",
        '6: no establishment has the id "e"',
        "6: share_kept is 3, outside 0 to 1",
        '6: no application has the id "z"',
    ]


def test_a_malformed_item_still_counts_as_named():
    text = "name: x\napplications:\n  - {id: a, name: A, kind: wrong}\n  - {id: b, name: B, kind: other, depends_on: [a]}\n"
    assert len(read(text.encode(), "map.yaml").errors) == 1


@pytest.mark.parametrize(
    ("finess", "holds"), [("010000024", True), ("990000010", True), ("990000011", False), ("2A0000014", True)]
)
def test_the_key_of_a_finess_number(finess, holds):
    assert key_holds(finess) is holds


def test_the_reference_hospital_is_sound_and_a_hospital():
    reading = read(reference_bytes(), "reference_hospital.yaml", TODAY)
    assert reading.errors == ()
    assert len(reading.warnings) <= 3
    hospital = reading.cartography
    assert hospital.fictional
    assert len(hospital.services) >= 30 and len(hospital.applications) >= 120
    assert 450 <= sum(one.beds for one in hospital.establishments) <= 560
    kinds = {one.kind for one in hospital.services}
    assert kinds >= {
        *(
            "emergency",
            "mobile_emergency",
            "intensive_care",
            "theatre",
            "maternity",
            "neonatology",
            "medicine",
            "surgery",
        ),
        *("dialysis", "oncology", "radiotherapy", "laboratory", "blood_bank", "imaging", "pharmacy", "sterilisation"),
        *("outpatients", "admissions", "psychiatry", "geriatrics", "nursing_home", "catering", "human_resources"),
    }
    layers = {one.kind for one in hospital.applications}
    assert layers >= {"directory", "network", "virtualisation", "storage", "backup", "telephony", "identity"}
    assert all(one.rto_minutes != one.rpo_minutes for one in hospital.applications)
    assert all(one.restore_effort or one.backup.state == "none" for one in hospital.applications)
    assert all(need.fallback for service in hospital.services for need in service.needs)
    assert all(number.startswith("99") for one in hospital.establishments for number in (one.finess_ej, one.finess_et))
