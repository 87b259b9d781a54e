"""The situation board: what was stated apart from what follows, the unknown never good news, the past as it was known."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from vigie.journal.facts import AvailabilityChanged, ServiceModeChanged

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
