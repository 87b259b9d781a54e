"""Return dates on the board: what was announced, why, when; nothing announced is said too, and no half chance is a date."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import translation

from vigie.journal.facts import (
    AvailabilityChanged,
    Forecast,
    ServiceDate,
    ServiceModeChanged,
    Workforce,
)
from vigie.web.incidents import returns
from vigie.web.incidents.names import Names
from vigie.web.incidents.sentences import sentence

NIGHT = datetime(2024, 11, 22, 1, 0, tzinfo=UTC)
MADE = NIGHT + timedelta(hours=12)
THURSDAY = datetime(2024, 12, 5, 13, 0, tzinfo=UTC)  # 14 h in Paris
MONDAY = datetime(2024, 12, 9, 9, 0, tzinfo=UTC)
NAMES = Names(
    services={"rea": "Réanimation"}, applications={"dpi": "Dossier patient"}, suppliers={"mediane": "Médiane"}
)
NARROW, WIDE = "\u202f", "\u00a0"


def plain(text: str) -> str:
    return text.replace(NARROW, " ").replace(WIDE, " ")


def forecast(*services: ServiceDate) -> Forecast:
    return Forecast(method="vigie, seed 7", finished_tasks=0, total_tasks=9, services=services)


def said(one: ServiceDate, language: str = "fr", at: datetime = MADE) -> str:
    with translation.override(language):
        return plain(returns.dates(one, NAMES, at))


def test_an_interval_is_told_with_its_reason():
    one = ServiceDate(service="rea", p50_at=THURSDAY, p90_at=MONDAY, waits_for="dpi")
    assert said(one) == "P50 jeudi 5 décembre 14 h, P90 lundi 9 décembre, attend Dossier patient"
    assert said(one, "en") == "P50 Thursday 5 December 14:00, P90 Monday 9 December, waits for Dossier patient"


def test_the_two_dates_of_one_day_have_their_hours_and_minutes_round_up():
    one = ServiceDate(service="rea", p50_at=THURSDAY, p90_at=THURSDAY + timedelta(hours=3, minutes=1))
    assert said(one) == "P50 jeudi 5 décembre 14 h, P90 jeudi 5 décembre 18 h"


def test_another_year_is_named():
    one = ServiceDate(service="rea", p50_at=THURSDAY, p90_at=datetime(2025, 1, 6, 9, 0, tzinfo=UTC))
    assert said(one) == "P50 jeudi 5 décembre 14 h, P90 lundi 6 janvier 2025"


@pytest.mark.parametrize(
    ("one", "words"),
    [
        (ServiceDate(service="rea", gate="directory_rebuilt"), "feu vert manquant : annuaire reconstruit"),
        (
            ServiceDate(service="rea", gate="restore_point_clean:dpi"),
            "feu vert manquant : sauvegarde saine (Dossier patient)",
        ),
        (
            ServiceDate(service="rea", gate="supplier_flow_authorised:mediane"),
            "feu vert manquant : flux fournisseur autorisé (Médiane)",
        ),
        (ServiceDate(service="rea", gate="ratio: 3"), "feu vert manquant : ratio: 3"),
        (ServiceDate(service="rea", waits_for="dpi", p50_at=THURSDAY), "attend Dossier patient"),
    ],
)
def test_without_a_p90_there_is_no_date(one, words):
    assert said(one) == f"aucune date ne peut être donnée : {words}"


def test_a_date_gone_by_is_told():
    one = ServiceDate(service="rea", p50_at=THURSDAY, p90_at=MONDAY)
    assert said(one, at=MONDAY + timedelta(days=1)).endswith(", date passée")


def test_nothing_announced_is_a_word(crisis):
    crisis.write(ServiceModeChanged(service="emergency", mode="degraded"), now=NIGHT)
    text = plain(crisis.text("situation?at=2024-11-22T04:00"))
    assert "Retour : aucune prévision" in text and "Dates de retour" not in text


def test_the_board_tells_each_service_when_it_is_back(crisis):
    crisis.adopt_reference_hospital()
    crisis.write(AvailabilityChanged(application="dpi", state="down"), now=NIGHT)
    for service in ("emergency", "laboratory"):
        crisis.write(ServiceModeChanged(service=service, mode="degraded"), now=NIGHT)
    crisis.write(
        forecast(
            ServiceDate(service="emergency", p50_at=THURSDAY, p90_at=MONDAY, waits_for="dpi"),
            ServiceDate(service="maternity", gate="external_reconnection"),
        ),
        now=MADE,
    )
    text = plain(crisis.text("situation?at=2024-11-22T15:00"))
    assert "prévision du 22/11 14:00" in text and "à refaire" not in text
    assert "Retour : P50 jeudi 5 décembre 14 h, P90 lundi 9 décembre, attend " in text
    assert "<td>aucune prévision de retour</td>" in text
    assert "Retour : aucune prévision" in text  # the laboratory, of which this forecast says nothing
    assert "<td>aucune date ne peut être donnée : feu vert manquant : reconnexion vers l’extérieur</td>" in text
    english = plain(crisis.text("situation?at=2024-11-22T15:00", headers={"accept-language": "en"}))
    assert (
        "forecast of 22 Nov 14:00" in english
        and "Back: P50 Thursday 5 December 14:00, P90 Monday 9 December" in english
    )


def test_the_board_of_the_past_shows_the_forecast_of_then_and_an_old_one_says_so(crisis):
    crisis.write(ServiceModeChanged(service="emergency", mode="degraded"), now=NIGHT)
    crisis.write(forecast(ServiceDate(service="emergency", p50_at=THURSDAY, p90_at=MONDAY)), now=MADE)
    later = MADE + timedelta(hours=30)
    crisis.write(
        forecast(ServiceDate(service="emergency", p50_at=MONDAY, p90_at=MONDAY + timedelta(days=2))), now=later
    )
    assert "P50 jeudi 5 décembre" in plain(crisis.text("situation?at=2024-11-22T15:00"))
    old = plain(crisis.text("situation?at=2024-11-23T16:00"))
    assert "prévision vieille de 1 j 2 h, à refaire" in old
    new = plain(crisis.text("situation?at=2024-11-23T21:00"))
    assert "P50 lundi 9 décembre 10 h" in new and "à refaire" not in new


def test_a_forecast_costs_the_board_no_query(crisis):
    crisis.write(ServiceModeChanged(service="emergency", mode="degraded"), now=NIGHT)

    def queries() -> int:
        crisis.text("situation")
        with CaptureQueriesContext(connection) as caught:
            crisis.text("situation")
        return len(caught)

    before = queries()
    crisis.write(forecast(ServiceDate(service="emergency", p50_at=THURSDAY, p90_at=MONDAY)), now=MADE)
    assert queries() == before


def test_a_forecast_is_written_by_no_form_and_mended_by_none(crisis):
    receipt = crisis.write(forecast(ServiceDate(service="emergency", p50_at=THURSDAY, p90_at=MONDAY)), now=MADE)
    assert crisis.get("write/forecast").status_code == 404
    assert crisis.get(f"entries/{receipt.seq}/correct").status_code == 404
    kinds = crisis.text("write/kinds")
    assert "write/forecast" not in kinds and "write/workforce" in kinds
    assert "P50 jeudi 5 décembre 2024 14 h" in plain(crisis.text(f"entries/{receipt.seq}"))


def test_reinforcements_may_be_a_team_that_the_map_does_not_have(crisis):
    crisis.adopt_reference_hospital()
    sent = {"skill": "database", "people": "2", "from_at": "2024-11-22T08:00", "key": "k"}
    known = {**sent, "team": "Bases de données", "people": "0", "key": "l"}
    assert crisis.post("write/workforce", {**sent, "team": "Renfort du GHT"}).status_code == 302
    assert crisis.post("write/workforce", known).status_code == 302
    assert crisis.post("write/workforce", {**sent, "team": "x", "skill": "magic", "key": "m"}).status_code == 400
    new, own = [fact for fact in crisis.facts() if isinstance(fact, Workforce)]
    assert (new.team, new.people, own.team, own.people) == ("renfort-du-ght", 2, "databases", 0)
    assert "plus personne" in sentence(own)
