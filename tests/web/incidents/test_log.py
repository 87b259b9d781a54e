"""The main courante: what a page shows, how it is filtered, and what an open screen is sent."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from vigie.journal.facts import AvailabilityChanged, Correction, Decision, Erasure, Note, Observation

HTMX = {"hx-request": "true"}
PAGE_BYTES = 50_000
QUERIES = 10


def rows(text: str) -> list[int]:
    return [int(seq) for seq in re.findall(r'<li id="e(\d+)"', text)]


def test_the_newest_entry_comes_first_under_its_day(crisis):
    first = crisis.write(Note(text="Première"), now=datetime(2024, 11, 21, 22, 0, tzinfo=UTC)).seq
    second = crisis.write(Note(text="Deuxième"), now=datetime(2024, 11, 22, 2, 0, tzinfo=UTC)).seq
    text = crisis.text()
    assert rows(text)[:2] == [second, first]
    assert re.search(r"vendredi 22 novembre 2024.*Deuxième.*jeudi 21 novembre 2024.*Première", text, re.DOTALL)


def test_times_that_differ_are_all_told(crisis):
    now = datetime(2024, 11, 22, 2, 0, tzinfo=UTC)
    crisis.write(Note(text="Appel"), now=now, happened_at=now - timedelta(hours=3, minutes=20))
    crisis.write(Note(text="Bruit"), now=now, happened_at=now - timedelta(hours=1), precision="hour")
    text = crisis.text()
    assert "23:40<small>écrit 22 novembre à 03:00</small>" in text
    assert "vers 2\u00a0h" in text


def test_a_correction_stands_beside_its_original_and_both_are_seen(crisis):
    wrong = crisis.write(Observation(text="Trois serveurs"))
    crisis.write(
        Correction(
            of=wrong.digest, why="Compté deux fois", replacement={"kind": "observation", "text": "Deux serveurs"}
        )
    )
    crisis.write(Correction(of=crisis.write(Note(text="Fausse rumeur")).digest, why="Démenti"))
    text = crisis.text()
    original = text[text.index(f'<li id="e{wrong.seq}"') :]
    assert "Trois serveurs" in original and "Deux serveurs" in original and "Compté deux fois" in original
    assert "Retirée par l\u2019entrée" in text and "Fausse rumeur" in text


def test_what_changes_nothing_says_so(crisis):
    """A member writes what only the director may: the journal keeps it, the page says that it has no effect."""
    from vigie.journal import Draft
    from vigie.journal.facts import Closed
    from vigie.web import clock, desk

    desk.journal().append(Draft(crisis.id, Closed(outcome="Fini"), "b.roux", "member"), clock.now())
    text = crisis.text()
    assert "annoncé, sans effet" in text, text
    assert "le rôle de son auteur ne permet pas d\u2019écrire ce genre d\u2019entrée" in text


def test_what_was_erased_is_told_in_words(crisis):
    said = crisis.write(Note(text="M. Untel, né le 3 mars"))
    crisis.write(Erasure(of=said.digest, reason="Identité d'un patient", authority="DPO"))
    text = crisis.text()
    assert "Untel" not in text
    assert "Contenu effacé" in text


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("kind=decision", "Couper"),
        ("author=b.roux", "Écrans noirs"),
        ("author=Bob Roux", "Écrans noirs"),
        ("application=dpi", "Lent"),
        ("application=Dossier patient informatisé (DPI)", "Lent"),
        ("service=emergency", "Écrans noirs"),
        ("text=ÉCRANS", "Écrans noirs"),
    ],
)
def test_filters_live_in_the_address(crisis, query, expected):
    crisis.adopt_reference_hospital()
    crisis.write(Decision(text="Couper", decider="Mme Arnaud"))
    crisis.write(Observation(text="Écrans noirs", services=("emergency",)), by="bob")
    crisis.write(AvailabilityChanged(application="dpi", state="degraded", seen="Lent"))
    text = crisis.text(f"?{query}")
    assert len(rows(text)) == 1 and expected in text


def test_what_did_we_know_at(crisis):
    crisis.write(Note(text="Su à temps"), now=datetime(2024, 11, 22, 1, 0, tzinfo=UTC))
    late = datetime(2024, 11, 22, 5, 0, tzinfo=UTC)
    crisis.write(Note(text="Su trop tard"), now=late, happened_at=late - timedelta(hours=5))
    text = crisis.text("?at=2024-11-22T03:00")
    assert "Su à temps" in text and "Su trop tard" not in text
    assert "tel qu\u2019il était connu le 22 novembre 2024, 03:00" in text
    assert 'id="line"' not in text, "one does not write into the past"


def test_a_filter_that_cannot_be_read_is_an_error_and_shows_nothing(crisis):
    answer = crisis.get("?at=jamais")
    assert answer.status_code == 400
    assert "Un filtre ne se lit pas" in answer.content.decode()


def test_pages_go_back_to_the_first_entry_and_stay_small(crisis):
    for number in range(90):
        crisis.write(Note(text=f"Appel numéro {number} du service de garde, rien de neuf depuis le précédent"))
    crisis.text()  # the read models follow the ninety entries
    seen, tail = [], ""
    while True:
        with CaptureQueriesContext(connection) as queries:
            text = crisis.text(tail)
        assert len(text.encode()) < PAGE_BYTES
        assert len(queries) <= QUERIES, [one["sql"] for one in queries]
        seen += rows(text)
        older = re.search(r'href="[^"]*(\?before=\d+)"', text)
        if not older:
            break
        tail = older[1]
    assert len(seen) == len(set(seen)) == 91
    assert seen == sorted(seen, reverse=True)


def test_a_long_entry_is_cut_in_the_log_and_whole_on_its_own_page(crisis):
    words = "mot " * 4000
    seq = crisis.write(Note(text=words)).seq
    text = crisis.text()
    assert "Lire la suite" in text and len(text.encode()) < PAGE_BYTES
    assert words.strip() in crisis.text(f"entries/{seq}")


def test_an_open_screen_is_sent_what_is_new_and_nothing_else(crisis):
    crisis.write(Note(text="Déjà là"))
    poll = re.search(r'hx-get="[^"]*(news\?after=\d+)"', crisis.text())
    assert poll
    assert crisis.get(poll[1], headers=HTMX).status_code == 204
    wrong = crisis.write(Note(text="Toute neuve"))
    sent = crisis.text(poll[1], headers=HTMX)
    assert "Toute neuve" in sent and "Déjà là" not in sent
    assert "1 nouvelle entrée. Note. Toute neuve" in sent
    after = re.search(r"news\?after=(\d+)", sent)
    assert after and int(after[1]) == wrong.seq
    crisis.write(Correction(of=wrong.digest, why="Non", replacement={"kind": "note", "text": "Mieux"}))
    again = crisis.text(f"news?after={after[1]}", headers=HTMX)
    assert f'<li id="e{wrong.seq}" class="e note fixed" hx-swap-oob="true">' in again


@pytest.mark.parametrize("after", ["", "x", "-1", "9" * 30])
def test_a_poll_that_makes_no_sense_is_refused(crisis, after):
    assert crisis.get(f"news?after={after}", headers=HTMX).status_code == 400


@pytest.mark.parametrize(
    "tail", ["", "situation", "write/kinds", "write/note", "print", "print/log", "?at=2020-01-01T00:00"]
)
def test_an_exercise_says_so_on_every_screen_and_print(exercise, crisis, tail):
    assert "EXERCICE" in exercise.text(tail)
    assert "EXERCICE" not in crisis.text(tail)


def test_the_list_marks_what_is_not_real_and_hides_what_is_another_s(crisis, exercise, site):
    text = crisis.browser.get("/incidents/").content.decode()
    assert "Serveurs chiffrés" in text and "EXERCICE" in text
    other = site.client(site.charlie)
    assert "Serveurs chiffrés" not in other.get("/incidents/").content.decode()
    assert other.get(crisis.path).status_code == 404
