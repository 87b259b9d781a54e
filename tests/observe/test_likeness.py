"""Likeness proposes duplicates for reasons that a person can read; it is symmetric and the same each time."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from vigie.observe.likeness import CANDIDATE, Told, likeness, shared, stems

AT = datetime(2026, 11, 20, 3, 0)
WORDS = stems("Chiffrement des serveurs de fichiers et du laboratoire")


def told(**changes: object) -> Told:
    return Told("990000001", "84", AT, "ransomware", "", WORDS)._replace(**changes)  # type: ignore[arg-type]


def test_the_same_event_told_twice_is_a_candidate_and_says_why():
    again = told(at=AT + timedelta(days=1), stems=stems("Serveurs de fichiers chiffrés, laboratoire à l'arrêt"))
    found = likeness(told(), again)
    assert found.score >= CANDIDATE
    assert found.reasons[0] == ("same_establishment", 40)
    assert {reason for reason, _ in found.reasons} == {"same_establishment", "near_dates", "same_origin", "alike_text"}
    assert found.score == sum(points for _, points in found.reasons)


def test_another_hospital_of_the_region_in_another_month_is_none():
    assert likeness(told(), told(declarant="990000002", at=AT + timedelta(days=40))).score < CANDIDATE


def test_two_hospitals_struck_the_same_night_are_two():
    found = likeness(told(), told(declarant="990000002"))
    assert found.score < CANDIDATE
    assert ("other_establishment", -30) in found.reasons


def test_a_name_may_be_the_hospital_that_another_gave_by_its_number():
    assert likeness(told(), told(declarant="ch de valmont|FR|84")).score >= CANDIDATE


def test_two_names_with_no_word_of_their_own_in_common_tell_against_it():
    one, other = (
        told(declarant="centre hospitalier de valmont|FR|84"),
        told(declarant="centre hospitalier de rivage|FR|84"),
    )
    assert ("other_establishment", -10) in likeness(one, other).reasons
    assert likeness(one, told(declarant="hopital valmont|FR|84")).score >= CANDIDATE


def test_two_events_at_one_hospital_are_two_where_their_origins_are_known_and_differ():
    other = told(origin="power_or_disaster", stems=stems("Coupure de courant"), at=AT + timedelta(days=2))
    found = likeness(told(), other)
    assert found.score < CANDIDATE
    assert ("other_origin", -20) in found.reasons


def test_what_nobody_said_brings_nothing_together():
    blank = Told("", "unknown", None, "unknown", "", frozenset())
    assert likeness(blank, blank) == (0, ())


@pytest.mark.parametrize(
    "change", [{"region": "93"}, {"at": None}, {"origin": "phishing"}, {"stems": frozenset({"panne"})}]
)
def test_it_is_symmetric(change):
    assert likeness(told(), told(**change)) == likeness(told(**change), told())


def test_the_score_stays_under_one_hundred():
    assert likeness(told(supplier="Héberg"), told(supplier="HEBERG")).score == 100  # 110 points


def test_words_are_compared_without_accents_endings_or_small_ones():
    assert stems("Les SERVEURS chiffrés du site") == stems("serveur, chiffrement : site") - {"chiffr"} | {
        "chiffr",
        "serveu",
    }
    assert shared({"a", "b"}, {"b", "c"}) == 0.5
    assert shared(set(), {"a"}) == 0.0
