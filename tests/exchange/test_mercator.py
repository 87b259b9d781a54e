"""Mercator's demonstration hospital, its RTO workbook, and exports that somebody damaged."""

from __future__ import annotations

import json
from collections import Counter
from io import BytesIO
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from vigie.cartography import check, outage
from vigie.errors import FileError
from vigie.exchange.mercator import Imported, import_mercator

DEMO = Path(__file__).parents[2].parent / "shared" / "data" / "mercator-hospital" / "mercator_demo_hospital_fr.json"


@pytest.fixture(scope="module")
def demo() -> Imported:
    assert DEMO.exists(), (
        f"{DEMO} is not there. It is Mercator's French demonstration database (github.com/dbarzin/mercator, "
        "database/data/mercator_data_fr.sql), one JSON list a table; put it beside the repository, in shared/data"
    )
    return import_mercator(DEMO.read_bytes(), DEMO.name)


def tables(**rows: list[dict[str, Any]]) -> Imported:
    return import_mercator(json.dumps(rows).encode(), "export.json")


def report(*rows: tuple[str, str, str]) -> bytes:
    """Mercator's RTO workbook with these applications."""
    book = openpyxl.Workbook()
    book.active.append(["Applications", "RTO", "RPO", "Activités", "DMIA", "DMR", "PDMA", "PDR"])
    for row in rows:
        book.active.append([*row, "Accueil", "", "", "", ""])
    out = BytesIO()
    book.save(out)
    return out.getvalue()


def test_every_application_of_the_demonstration_is_there_with_its_own_times(demo):
    times = {one.name: (one.rto_minutes, one.rpo_minutes) for one in demo.cartography.applications}
    assert times["Dossier Médical"] == (60, 240)
    assert times["Biblio+"] == (4320, 1440)
    assert times["SalaryPay"] == (2880, 240)
    assert times["MediLab"] == (None, None), "0 is what Mercator holds when nobody filled it in"
    assert any("medilab" in warning for warning in demo.warnings)


def test_the_counts_of_the_demonstration(demo):
    tallies = {one.table: one for one in demo.tables}
    assert {name: (one.read, one.mapped) for name, one in tallies.items() if one.mapped} == {
        "annuaires": (2, 2),
        "application_blocks": (6, 6),
        "cluster_logical_server": (8, 8),
        "cluster_physical_server": (3, 3),
        "clusters": (3, 3),
        "database_logical_server": (4, 4),
        "database_m_application": (6, 6),
        "databases": (4, 4),
        "domaine_ads": (1, 1),
        "entities": (17, 9),
        "fluxes": (9, 9),
        "forest_ads": (1, 1),
        "logical_server_m_application": (13, 13),
        "logical_server_physical_server": (3, 3),
        "logical_servers": (7, 7),
        "m_application_physical_server": (1, 1),
        "m_application_process": (27, 20),
        "m_applications": (15, 15),
        "networks": (1, 1),
        "physical_routers": (1, 1),
        "physical_servers": (5, 5),
        "physical_switches": (4, 4),
        "processes": (26, 14),
        "routers": (1, 1),
        "security_devices": (1, 1),
        "sites": (1, 1),
        "storage_devices": (1, 1),
    }
    assert set(tallies) == set(json.loads(DEMO.read_bytes())), "every table is accounted for"
    assert all(one.reasons for one in demo.tables if one.aside), "what is kept aside has a reason"


def test_the_demonstration_is_a_sound_map_that_says_what_it_does_not_know(demo):
    reading = check(demo.cartography)
    assert reading.errors == ()
    assert Counter(one.kind for one in demo.cartography.applications)["server"] == 12
    needs = [need for service in demo.cartography.services for need in service.needs]
    assert needs and all(need.share_kept is None and need.endurance_hours is None for need in needs)
    assert all(one.backup.state == "unknown" for one in demo.cartography.applications)


def test_losing_a_server_of_the_demonstration(demo):
    lost = outage(demo.cartography, {"srv02"})
    stopped = {fallen.application for fallen in lost.applications if fallen.stopped}
    assert stopped == {"srv02", "guard", "medilab", "rxmaker"}
    assert "urgences" in lost.service and lost.service["urgences"].capacity_left is None
    # Compta+ also stands on a mainframe: Mercator does not say whether one machine replaces the other.
    assert (lost.application["compta"].low, lost.application["compta"].high) == (0, 1)


def test_a_workbook_whose_rpo_copies_its_rto_says_nothing_of_the_rpo():
    imported = import_mercator(
        report(("DPI", "1 heure", "1 heure"), ("Paie", "2 jours 4 heures", "2 jours 4 heures")), "r.xlsx"
    )
    assert [(one.id, one.rto_minutes, one.rpo_minutes) for one in imported.cartography.applications] == [
        ("dpi", 60, None),
        ("paie", 3120, None),
    ]
    assert any("RPO EQUALS RTO ON EVERY ROW (2 applications)" in warning for warning in imported.warnings)


def test_a_mended_workbook_is_believed():
    imported = import_mercator(
        report(("DPI", "1 hour", "15 minutes"), ("Paie", "2 days", "2 days"), ("X", "", "")), "r.xlsx"
    )
    times = [(one.id, one.rto_minutes, one.rpo_minutes) for one in imported.cartography.applications]
    assert times == [("dpi", 60, 15), ("paie", 2880, 2880), ("x", None, None)]
    assert not any("EQUALS" in warning for warning in imported.warnings)


def test_one_server_is_a_dependency_and_several_are_doubt():
    imported = tables(
        m_applications=[{"id": 1, "name": "One"}, {"id": 2, "name": "Two"}],
        logical_servers=[{"id": 7, "name": "A"}, {"id": 8, "name": "B"}],
        logical_server_m_application=[
            {"m_application_id": 1, "logical_server_id": 7},
            {"m_application_id": 2, "logical_server_id": 7},
            {"m_application_id": 2, "logical_server_id": 8},
        ],
    )
    one, two = (imported.cartography.application[name] for name in ("one", "two"))
    assert one.depends_on == ("a",) and one.hosts == ("A",)
    assert two.depends_on == () and [soft.share_kept for soft in two.degraded_by] == [None, None]


def test_flows_that_would_close_a_circle_are_kept_aside():
    flows = [
        {"application_source_id": 1, "application_dest_id": 2},
        {"application_source_id": 2, "application_dest_id": 1},
    ]
    imported = tables(m_applications=[{"id": 1, "name": "A"}, {"id": 2, "name": "B"}], fluxes=[*flows, {"id": 3}])
    (flows,) = [one for one in imported.tables if one.table == "fluxes"]
    assert (flows.read, flows.mapped) == (3, 1)
    assert flows.reasons == ("would close a circle of dependencies (1)", "not between two applications (1)")


def test_the_shape_of_the_api_is_read_too():
    content = {
        "applications": {
            "data": [{"id": 1, "name": "DPI", "rto": "30", "processes": [{"id": 5}], "logical_servers": [9]}]
        },
        "logical-servers": [{"id": 9, "name": "SRV"}],
        "processes": [{"id": 5, "name": "Urgences"}],
    }
    cartography = import_mercator(json.dumps(content).encode(), "api.json").cartography
    assert cartography.application["dpi"].rto_minutes == 30
    assert cartography.application["dpi"].depends_on == ("srv",)
    assert cartography.service["urgences"].needs[0].application == "dpi"


def test_names_that_collide_or_are_missing():
    imported = tables(
        m_applications=[{"id": 1, "name": "Å/B"}, {"id": 2, "name": "a b"}, {"id": 3}],
        databases=[{"id": 1, "name": "A-B"}],
    )
    assert set(imported.cartography.application) == {"a-b", "a-b-m-application", "a-b-database"}
    assert {one.table: one.reasons for one in imported.tables}["m_applications"] == ("no name (1)",)


@pytest.mark.parametrize("value", [-5, "x", None, 10**12, [], 1e400])
def test_a_time_that_makes_no_sense_is_unknown(value):
    content = {"m_applications": [{"id": 1, "name": "A", "rto": value, "rpo": 60}]}
    application = import_mercator(json.dumps(content).encode(), "x.json").cartography.application["a"]
    assert (application.rto_minutes, application.rpo_minutes) == (None, 60)


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "not JSON"),
        (b"{", "not JSON"),
        (b"\x89PNG\xff", "not JSON"),
        (b"[" * 100_000, "not JSON"),
        (b"[]", "not an export of Mercator"),
        (b"{}", "none of Mercator's tables"),
        (b'{"m_applications": 3}', 'table "m_applications": not a list of objects'),
        (b'{"m_applications": [3]}', "not a list of objects"),
        (b'{"m_applications": [{"id": [1], "name": "x"}]}', "item 1: an id is not a number"),
        (report()[:200], "damaged or encrypted workbook"),
        (report(("DPI", "soon", "")), 'row 2, column RTO: "soon" is not a duration'),
    ],
)
def test_a_damaged_export_is_refused(content, said):
    with pytest.raises(FileError) as raised:
        import_mercator(content, "export")
    assert str(raised.value).startswith("export")
    assert said in str(raised.value)


def test_another_workbook_is_not_a_report():
    out = BytesIO()
    openpyxl.Workbook().save(out)
    with pytest.raises(FileError, match="not Mercator's RTO report"):
        import_mercator(out.getvalue(), "other.xlsx")
