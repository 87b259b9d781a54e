"""Forecasts: fans of today, each published one beside what happened, and publishing, which writes one fact."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest

from tests.web.restart.conftest import NOW, restart_of, text_of
from vigie.journal.facts import AvailabilityChanged, Forecast, ServiceModeChanged, parse
from vigie.web import clock, desk
from vigie.web.restart import foretelling, words

DAY = timedelta(days=1)


def forecast(p50, p90, service="emergency") -> Forecast:
    date = {"service": service, "p50_at": p50.isoformat(), "p90_at": p90.isoformat()}
    return parse({"kind": "forecast", "method": "essai", "finished_tasks": 0, "total_tasks": 9, "services": [date]})


def rows(text: str) -> list[list[str]]:
    """The table of past forecasts, as words, without the headings that a narrow screen repeats in each cell."""
    table = text[text.index('<table class="stack past">') :]
    body = table[table.index("<tbody>") : table.index("</tbody>")]
    cells = [re.findall(r"<t[hd][^>]*>(.*?)</t[hd]>", row, re.DOTALL) for row in body.split("</tr>") if "<t" in row]
    bare = [[re.sub(r'<span class="key">.*?</span>', "", cell) for cell in row] for row in cells]
    return [[re.sub(r"<[^>]+>", "", cell).strip() for cell in row] for row in bare]


def test_the_fan_has_words_and_dates(crisis):
    text, found = text_of(crisis.get("restart/forecast?service=clinic")), restart_of(crisis)
    dates = found.outlook.services["clinic"].dates
    said = words.both(dates.p50_at, dates.p90_at, found.at).translate({0xA0: " "})
    assert f"<strong>{said}</strong>" in text
    assert re.search(r'alt="Clinic : part de l\'activité habituelle', text)
    assert "Aucune prévision n'a encore été publiée." in text


def test_a_service_that_the_plan_does_not_touch_cannot_be_asked_for(crisis):
    assert "Emergency" in text_of(crisis.get("restart/forecast?service=nothing"))


def test_precedents_stand_apart_with_their_source(crisis):
    text = text_of(crisis.get("restart/forecast"))
    outside = text[text.index("Vu du dehors") :]
    assert (
        "Dax" in outside
        and "au moins 113 jours" in outside
        and "au moins × 6,3" in outside
        and "domain research" in outside
    )


def test_what_was_said_stands_beside_what_happened(crisis):
    crisis.write(forecast(NOW + 2 * DAY, NOW + 3 * DAY), now=NOW)
    crisis.write(forecast(NOW + 5 * DAY, NOW + 9 * DAY), now=NOW + DAY)
    crisis.write(ServiceModeChanged(service="emergency", mode="normal"), now=NOW + 6 * DAY)
    crisis.write(AvailabilityChanged(application="dpi", state="down"), now=NOW + 6 * DAY)
    with clock.frozen(NOW + 7 * DAY):
        told = rows(text_of(crisis.get("restart/forecast?service=emergency")))
    newest, first = told
    assert newest[5] == "entre P50 et P90, 1 j après le P50" and newest[3] == "+ 3 j"
    assert first[5] == "après le P90, de 3 j" and first[3] == "—"
    assert all("mercredi 27 novembre" in row[4] for row in told)
    assert all("a.lefort" in row[0] for row in told)


@pytest.mark.parametrize(
    ("now", "verdict"),
    [(NOW + DAY, "à venir"), (NOW + 2.5 * DAY, "P50 dépassé de 12 h"), (NOW + 5 * DAY, "en retard de 2 j sur le P90")],
)
def test_what_has_not_happened_is_never_said_kindly(crisis, now, verdict):
    crisis.write(forecast(NOW + 2 * DAY, NOW + 3 * DAY), now=NOW)
    with clock.frozen(now):
        (row,) = rows(text_of(crisis.get("restart/forecast?service=emergency")))
    assert row[4] == "pas encore" and row[5] == verdict


def test_a_return_before_a_forecast_is_not_its_return(crisis):
    crisis.write(ServiceModeChanged(service="emergency", mode="normal"), now=NOW - DAY)
    crisis.write(forecast(NOW + 2 * DAY, NOW + 3 * DAY), now=NOW)
    (row,) = rows(text_of(crisis.get("restart/forecast?service=emergency")))
    assert row[4] == "pas encore"


def test_publishing_writes_one_fact_in_ones_own_name(crisis):
    expected = foretelling.fact(restart_of(crisis))
    before = desk.store().last_seq()
    browser = crisis.site.client(crisis.site.bob)
    for _ in range(2):  # a button pressed twice
        answer = browser.post(f"{crisis.path}restart/forecast/publish", {"key": "k-1"})
        assert answer.status_code == 302
    (written,) = desk.store().received(after=before)
    assert written.fact == expected and written.entry.author == "b.roux" and written.entry.incident == crisis.id
    assert "vigie" in written.fact.method and written.fact.plan
    assert {one.service for one in written.fact.services} == {"emergency", "clinic"}
    assert crisis.site.client(crisis.site.bob).get(answer["Location"]).status_code == 200


def test_who_may_not_write_publishes_nothing(crisis):
    before = desk.store().last_seq()
    for person, status in ((crisis.site.agnes, 403), (crisis.site.admin, 403), (crisis.site.charlie, 404), (None, 302)):
        answer = crisis.site.client(person).post(f"{crisis.path}restart/forecast/publish", {"key": "k"})
        assert answer.status_code == status
        assert "Publier cette prévision" not in text_of(
            crisis.site.client(person).get(f"{crisis.path}restart/forecast")
        )
    assert desk.store().last_seq() == before
    assert "Publier cette prévision" in text_of(crisis.get("restart/forecast"))


def test_the_analyst_reads_the_board_of_a_hospital(crisis):
    answer = crisis.site.client(crisis.site.agnes).get(f"{crisis.path}restart/")
    assert answer.status_code == 200 and "Écrire ce feu vert" not in text_of(answer)


def test_a_published_forecast_is_told_on_the_board(crisis):
    crisis.post("restart/forecast/publish", {"key": "k"})
    assert "Dernière prévision publiée" in text_of(crisis.get("restart/"))
