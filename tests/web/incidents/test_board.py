"""The situation board: what was stated apart from what follows, the unknown never good news, the past as it was known."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from vigie.journal.facts import AvailabilityChanged, ServiceModeChanged
from vigie.web.incidents.names import Names

NIGHT = datetime(2024, 11, 22, 1, 0, tzinfo=UTC)


def test_without_a_map_only_what_was_said_is_shown(crisis):
    crisis.write(AvailabilityChanged(application="dpi", state="down", seen="Écran noir"))
    text = crisis.text("situation")
    assert "Aucune cartographie n\u2019est adoptée" in text
    assert "Écran noir" in text and "en panne" in text


def test_a_loss_shows_what_it_pulls_down_and_how_long_fallbacks_hold(crisis):
    crisis.adopt_reference_hospital()
    crisis.write(AvailabilityChanged(application="ad", state="down"), now=NIGHT)
    crisis.write(ServiceModeChanged(service="emergency", mode="degraded", capacity_percent=60), now=NIGHT)
    text = crisis.text("situation?at=2024-11-22T04:00")
    assert "Entraîne" in text and "Entraînées dans la chute" in text
    assert "Capacité gardée\u00a0: 60\u00a0%" in text
    assert "tient encore" in text and "Sans nouvelles" in text


def test_the_board_of_the_past_does_not_know_what_came_later(crisis):
    crisis.write(AvailabilityChanged(application="dpi", state="down"), now=NIGHT)
    crisis.write(AvailabilityChanged(application="dpi", state="restored"), now=NIGHT + timedelta(hours=6))
    assert "en panne" in crisis.text("situation?at=2024-11-22T03:00")
    assert "en panne" not in crisis.text("situation")


def test_what_was_said_long_ago_is_told_as_silence(crisis):
    crisis.write(ServiceModeChanged(service="emergency", mode="degraded"), now=NIGHT)
    assert "sans nouvelles depuis 9\u00a0h" in crisis.text("situation?at=2024-11-22T11:00")
    assert "sans nouvelles depuis" not in crisis.text("situation?at=2024-11-22T03:00")


def test_a_contradiction_shows_both_sides():
    from vigie.respond import Conflict
    from vigie.respond.conflict import Claim
    from vigie.respond.statement import Stamp
    from vigie.web.incidents.boards import _dispute

    sides = tuple(
        Claim(value, Stamp("ab" * 32, node, author, NIGHT, NIGHT))
        for value, node, author in (("stopped ?", "valmont", "a.lefort"), ("degraded 60", "portable", "b.roux"))
    )
    told = _dispute(Conflict("service_mode", "rea", sides, "ab" * 32), Names(services={"rea": "Réanimation"}), NIGHT)
    assert told.subject == "Service de soins, Réanimation"
    assert told.sides == ("valmont, a.lefort, 02:00\u00a0: arrêté", "portable, b.roux, 02:00\u00a0: dégradé 60")


def test_states_are_told_by_word_letter_and_shape(crisis):
    crisis.write(AvailabilityChanged(application="dpi", state="down"))
    text = crisis.text("situation")
    assert "shapes.svg#down" in text and ">P</text>" in text and "en panne</span>" in text


def test_an_instant_that_cannot_be_read_is_refused(crisis):
    assert crisis.get("situation?at=jamais").status_code == 400


def test_the_print_of_a_shift_carries_the_fingerprint_and_only_that_shift(crisis):
    crisis.write(AvailabilityChanged(application="dpi", state="down", seen="Avant"), now=NIGHT)
    crisis.write(AvailabilityChanged(application="dpi", state="down", seen="Pendant"), now=NIGHT + timedelta(hours=4))
    text = crisis.text("print/log?start=2024-11-22T04:00&end=2024-11-22T08:00")
    assert "Pendant" in text and "Avant" not in text
    from vigie.web import desk

    assert desk.checkpoint().fingerprint in text
    assert crisis.get("print/log?start=2024-11-22T08:00&end=2024-11-22T04:00").status_code == 400
