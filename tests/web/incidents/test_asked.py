"""What is asked before writing, what is understood without a map, and what a correction and a shift may say of time."""

from __future__ import annotations

from datetime import timedelta

import pytest

from vigie.journal.facts import AvailabilityChanged, Note, ServiceModeChanged
from vigie.web import clock

ANYWAY = "Écrire quand même"


def _field(instant):
    return f"{instant:%Y-%m-%dT%H:%M}"


@pytest.mark.parametrize("days", [3, -365 * 30, -365 * 20])
def test_a_date_that_surprises_is_asked_about(crisis, days):
    said = {"text": "Appel", "key": "k", "entry-happened_at": _field(clock.now() + timedelta(days=days))}
    answer = crisis.post("write/note", said)
    assert answer.status_code == 400 and "Cette date surprend" in answer.content.decode()
    assert crisis.post("write/note", {**said, "anyway": "1"}).status_code == 302


def test_the_same_in_the_quick_entry_and_in_an_opening(crisis):
    answer = crisis.post("write", {"line": "1999-12-31 03:10 Appel", "key": "k"})
    text = answer.content.decode()
    assert "Cette date surprend" in text and ANYWAY in text and "1999-12-31 03:10 Appel" in text
    opening = {"title": "Panne", "realm": "real", "key": "o", "detected_at": "1999-12-31T03:10"}
    assert "Cette date surprend" in crisis.browser.post("/incidents/open", opening).content.decode()
    assert crisis.browser.post("/incidents/open", {**opening, "anyway": "1"}).status_code == 302


def test_what_is_planned_may_be_far_ahead(crisis):
    said = {"text": "Rouvrir", "decider": "A", "key": "k", "review_at": _field(clock.now() + timedelta(days=40))}
    assert crisis.post("write/decision", said).status_code == 302


def test_a_correction_may_say_when(crisis):
    wrong = crisis.write(Note(text="Appel"))
    tail = f"entries/{wrong.seq}/correct"
    said = {"text": "Appel", "why": "Mauvaise heure", "key": "k"}
    refused = crisis.post(tail, said)
    assert refused.status_code == 400 and "Rien n\u2019a changé" in refused.content.decode()
    assert crisis.post(tail, {**said, "entry-happened_at": "2024-11-20T05:00"}).status_code == 302
    fact = crisis.facts()[-1]
    assert f"{fact.happened_at:%Y-%m-%d %H:%M}" == "2024-11-20 04:00"


def test_the_same_words_twice_within_a_minute_are_asked_about(crisis):
    assert crisis.post("write", {"line": "Le standard tient", "key": "k1"}).status_code == 302
    again = crisis.post("write", {"line": "Le standard tient", "key": "k2"})
    assert again.status_code == 400 and "la même chose" in again.content.decode()
    assert crisis.post("write", {"line": "Le standard tient", "key": "k2", "anyway": "1"}).status_code == 302
    assert len(crisis.facts()) == 3


def test_without_a_map_a_name_names_itself(crisis):
    crisis.post("write", {"line": "@ad en panne plus rien", "key": "k1"})
    crisis.post("write", {"line": "#Urgences dégradé 60%", "key": "k2"})
    crisis.post("write/availability", {"application": "Annuaire AD", "state": "down", "key": "k3"})
    assert crisis.facts()[1:] == [
        AvailabilityChanged(application="ad", state="down", seen="plus rien"),
        ServiceModeChanged(service="urgences", mode="degraded", capacity_percent=60),
        AvailabilityChanged(application="annuaire-ad", state="down"),
    ]


def test_with_a_map_an_unknown_name_stays_a_note(crisis):
    crisis.adopt_reference_hospital()
    crisis.post("write", {"line": "@labresults down", "key": "k"})
    assert isinstance(crisis.facts()[-1], Note)


def test_the_print_of_a_shift_holds_its_last_minute(crisis):
    now = clock.now()
    crisis.write(Note(text="Dernière minute"), now=now)
    from django.utils import timezone

    end = timezone.localtime(now)
    text = crisis.text(f"print/log?start={_field(end - timedelta(hours=1))}&end={_field(end)}")
    assert "Dernière minute" in text


def test_invisible_characters_are_refused_or_taken_out(crisis):
    refused = crisis.post("write/note", {"text": "rouge \x1b[31m", "key": "k1"})
    assert refused.status_code == 400 and "caractère invisible" in refused.content.decode()
    assert crisis.post("write/note", {"text": "abc\u202edef\nsuite", "key": "k2"}).status_code == 302
    crisis.post("write", {"line": "abc\u2066def", "key": "k3"})
    assert [fact.text for fact in crisis.facts()[1:]] == ["abcdef\nsuite", "abcdef"]


def test_what_belongs_to_the_node_is_not_offered(crisis):
    text = crisis.text("write/kinds")
    assert "write/node_enrolled" not in text and "write/map_adopted" not in text and "/cartography" in text
    assert crisis.get("write/node_enrolled").status_code == 404
    assert crisis.get("write/map_adopted")["Location"] == "/cartography"


def test_the_header_counts_come_with_the_news(crisis):
    crisis.write(Note(text="Une note"))
    text = crisis.text("news?after=1", headers={"hx-request": "true"})
    assert 'id="count" hx-swap-oob="true"' in text and "2 entrées" in text


def test_days_that_come_again_are_told_once(crisis):
    assert "ordre d\u2019arrivée" not in crisis.text()
    crisis.write(Note(text="Ancien"), happened_at=clock.now() - timedelta(days=900))
    crisis.write(Note(text="Autre"), happened_at=clock.now() - timedelta(days=2))
    crisis.write(Note(text="Encore"), happened_at=clock.now() - timedelta(days=800))
    assert crisis.text().count("ordre d\u2019arrivée") == 1


def test_yesterday_is_said_before_writing(crisis):
    from datetime import UTC, datetime

    with clock.frozen(datetime(2026, 11, 22, 5, 6, tzinfo=UTC)):
        assert "hier" in crisis.post("understand", {"line": "23:50 Appel"}).content.decode()
