"""The board: stated and derived apart, no default that reads as good news."""

from __future__ import annotations

from datetime import timedelta

import pytest

from vigie.cartography import Application, CareService, Cartography, Establishment, Need
from vigie.journal.facts import AvailabilityChanged, Containment, Opened, ServiceModeChanged
from vigie.respond import board

MAP = Cartography(
    name="Valmont",
    establishments=(Establishment(id="valmont", name="Valmont"),),
    applications=(
        Application(id="ad", name="Annuaire", kind="directory"),
        Application(id="lab", name="Laboratoire", kind="clinical", depends_on=("ad",)),
        Application(id="mail", name="Messagerie", kind="messaging"),
    ),
    services=(
        CareService(
            id="er", establishment="valmont", name="Urgences", kind="emergency",
            needs=(Need(application="lab", share_kept=0.6, fallback="paper", endurance_hours=12),),
        ),
        CareService(
            id="hr", establishment="valmont", name="RH", kind="other",
            needs=(Need(application="mail", share_kept=0.9),),
        ),
        CareService(id="kitchen", establishment="valmont", name="Cuisine", kind="other"),
    ),
)  # fmt: skip


@pytest.fixture
def node(crisis):
    node = crisis.hospital()
    node.write(Opened(title="Rançongiciel"))
    return node


def test_what_falls_with_a_loss_is_derived_and_what_nobody_said_is_unknown(crisis, node):
    node.write(AvailabilityChanged(application="ad", state="down"), happened=crisis.at("03:00"))
    shown = board(node.situation(), MAP)
    rows = {row.id: row for row in shown.applications}
    assert [row.id for row in shown.applications] == ["ad", "lab", "mail"]
    assert rows["ad"].state == "down" and rows["ad"].pulls_down_applications == ("lab",)
    assert rows["ad"].pulls_down_services == ("er",)
    assert rows["lab"].state == "stopped" and rows["lab"].stated is None and rows["lab"].through == "ad"
    assert rows["mail"].state == "unknown"
    assert shown.silent_applications == ("lab", "mail")


def test_the_endurance_of_a_fallback_counts_from_the_first_loss(crisis, node):
    crisis.go("06:00")
    lost = crisis.at("03:00")
    node.write(AvailabilityChanged(application="ad", state="degraded"), happened=lost)
    node.write(AvailabilityChanged(application="ad", state="down"), happened=lost + timedelta(hours=1))
    shown = board(node.situation(), MAP)
    er = shown.services[0]
    assert (er.id, er.mode, er.touched.low) == ("er", "unknown", 0.6)
    assert er.ends_at == lost + timedelta(hours=12)
    assert er.fallbacks[0].hours_left(lost + timedelta(hours=13)) == -1


def test_services_that_nobody_spoke_of_are_never_normal(crisis, node):
    node.write(ServiceModeChanged(service="hr", mode="normal"))
    rows = {row.id: row for row in board(node.situation(), MAP).services}
    assert (rows["hr"].mode, rows["er"].mode, rows["kitchen"].mode) == ("normal", "unknown", "unknown")


def test_a_statement_that_the_map_contradicts_is_shown_as_such(crisis, node):
    node.write(AvailabilityChanged(application="ad", state="down"))
    node.write(AvailabilityChanged(application="lab", state="restored"))
    node.write(ServiceModeChanged(service="er", mode="normal"))
    shown = board(node.situation(), MAP)
    assert next(row for row in shown.applications if row.id == "lab").contradicted
    assert next(row for row in shown.services if row.id == "er").contradicted


def test_what_was_cut_on_purpose_is_isolated_until_told_otherwise(crisis, node):
    node.write(Containment(action="powered_off", what="messagerie", applications=("mail",)))
    row = next(row for row in board(node.situation(), MAP).applications if row.id == "mail")
    assert row.state == "isolated" and row.pulls_down_services == ("hr",)
    node.write(AvailabilityChanged(application="mail", state="restored"))
    row = next(row for row in board(node.situation(), MAP).applications if row.id == "mail")
    assert row.state == "restored" and row.fallen is None


def test_an_application_outside_the_map_is_still_shown(crisis, node):
    node.write(AvailabilityChanged(application="forgotten", state="down"))
    first = board(node.situation(), MAP).applications[0]
    assert (first.id, first.in_map, first.fallen) == ("forgotten", False, None)


def test_without_a_map_only_what_was_stated_is_shown(crisis, node):
    node.write(AvailabilityChanged(application="ad", state="down"))
    shown = board(node.situation(), None)
    assert [row.id for row in shown.applications] == ["ad"] and shown.services == () and shown.outage is None


def test_worst_comes_first(crisis, node):
    node.write(AvailabilityChanged(application="mail", state="degraded"))
    node.write(AvailabilityChanged(application="lab", state="down"))
    node.write(ServiceModeChanged(service="kitchen", mode="stopped"))
    shown = board(node.situation(), MAP)
    assert [row.id for row in shown.applications] == ["lab", "mail", "ad"]
    assert [row.id for row in shown.services] == ["kitchen", "er", "hr"]
