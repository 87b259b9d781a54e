"""The quick entry: what each form of line says, and that no line whatever is refused, lost or guessed."""

from __future__ import annotations

import re
import unicodedata
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tools.quick_page import PAGE, page
from vigie.journal.facts import parse, read, to_bytes
from vigie.web.incidents.names import Names
from vigie.web.incidents.quick import AVAILABILITY, MODES, TRUST, understand

TUTORIAL = Path(__file__).parents[3] / "docs" / "tutorial" / "first-hour.md"
PARIS = ZoneInfo("Europe/Paris")
NOW = datetime(2026, 11, 22, 3, 30, tzinfo=PARIS)
NAMES = Names(
    applications={"ad": "Annuaire", "lab-results": "Résultats de laboratoire", "dpi": "Dossier patient"},
    services={"urgences": "Urgences", "rea": "Réanimation"},
)


def told(line, now=NOW):
    return understand(line, NAMES, "Alice Lefort", now)


def said(line):
    fact = told(line).fact
    return {name: value for name, value in fact.model_dump().items() if value not in (None, "", ())}


@pytest.mark.parametrize(
    ("line", "fact"),
    [
        ("La salle serveur est à 31 °C", {"kind": "note", "text": "La salle serveur est à 31 °C"}),
        (
            "? Les imprimantes parlent",
            {"kind": "observation", "text": "Les imprimantes parlent", "checked": "unchecked"},
        ),
        ("! On coupe Internet", {"kind": "decision", "text": "On coupe Internet", "decider": "Alice Lefort"}),
        (
            "! On coupe Internet, décidé par Mme Arnaud",
            {"kind": "decision", "text": "On coupe Internet", "decider": "Mme Arnaud"},
        ),
        ("@ad down", {"kind": "availability", "application": "ad", "state": "down"}),
        (
            "@ad en panne plus de session",
            {"kind": "availability", "application": "ad", "state": "down", "seen": "plus de session"},
        ),
        ("@Annuaire isolé", {"kind": "availability", "application": "ad", "state": "isolated"}),
        (
            "@dpi dégradé, très lent",
            {"kind": "availability", "application": "dpi", "state": "degraded", "seen": "très lent"},
        ),
        ("@dpi ok", {"kind": "availability", "application": "dpi", "state": "normal"}),
        (
            "@ad compromis ticket d'or",
            {
                "kind": "trust",
                "subject_kind": "application",
                "subject": "ad",
                "state": "compromised",
                "why": "ticket d'or",
            },
        ),
        (
            "#urgences dégradé 60% dossiers papier",
            {
                "kind": "service_mode",
                "service": "urgences",
                "mode": "degraded",
                "capacity_percent": 60,
                "fallback": "dossiers papier",
            },
        ),
        ("#réanimation arrêté", {"kind": "service_mode", "service": "rea", "mode": "stopped"}),
        # What is not quite a state is a note: no state is guessed.
        ("@ad pas ok", {"kind": "note", "text": "@ad pas ok", "applications": ("ad",)}),
        ("@ad down?", {"kind": "note", "text": "@ad down?", "applications": ("ad",)}),
        ("@labo down", {"kind": "note", "text": "@labo down"}),
        ("#urgences 60%", {"kind": "note", "text": "#urgences 60%", "services": ("urgences",)}),
        (
            "#urgences normal 300%",
            {"kind": "service_mode", "service": "urgences", "mode": "normal", "fallback": "300%"},
        ),
        ("3h de panne", {"kind": "note", "text": "3h de panne"}),
        ("!", {"kind": "note", "text": "!"}),
        ("03:10", {"kind": "note", "text": "03:10"}),
        ("! décidé par", {"kind": "decision", "text": "décidé par", "decider": "Alice Lefort"}),
    ],
)
def test_a_line_says(line, fact):
    assert said(line) == fact


@pytest.mark.parametrize(
    ("line", "when", "precision"),
    [
        ("03:10 appel", datetime(2026, 11, 22, 3, 10, tzinfo=PARIS), "exact"),
        ("3h10 appel", datetime(2026, 11, 22, 3, 10, tzinfo=PARIS), "exact"),
        ("vers 3h appel", datetime(2026, 11, 22, 3, 0, tzinfo=PARIS), "hour"),
        ("hier 23:40 appel", datetime(2026, 11, 21, 23, 40, tzinfo=PARIS), "exact"),
        ("avant-hier à 9:05 appel", datetime(2026, 11, 20, 9, 5, tzinfo=PARIS), "exact"),
        ("23:50 appel", datetime(2026, 11, 21, 23, 50, tzinfo=PARIS), "exact"),
        ("03:35 appel", datetime(2026, 11, 22, 3, 35, tzinfo=PARIS), "exact"),
        ("12/11 08:00 appel", datetime(2026, 11, 12, 8, 0, tzinfo=PARIS), "exact"),
        ("25/12 08:00 appel", datetime(2025, 12, 25, 8, 0, tzinfo=PARIS), "exact"),
        ("2026-11-12 08:00 appel", datetime(2026, 11, 12, 8, 0, tzinfo=PARIS), "exact"),
        ("appel à 03:10", None, "exact"),
        ("31/02 08:00 appel", None, "exact"),
        ("25:00 appel", None, "exact"),
    ],
)
def test_a_line_says_when(line, when, precision):
    understood = told(line)
    assert (understood.happened_at, understood.precision) == (when, precision)


def test_an_hour_that_daylight_saving_skips_is_still_an_instant():
    assert told("02:30 appel", datetime(2026, 3, 29, 9, 0, tzinfo=PARIS)).happened_at is not None


def test_an_unknown_subject_is_a_doubt_with_the_nearest_known():
    assert [tuple(doubt) for doubt in told("@lab down").doubts] == [("unknown", "@lab", "@lab-results")]
    assert [doubt.suggestion for doubt in told("#zzzz normal").doubts] == [None]


def test_a_time_ahead_of_the_clock_is_a_doubt():
    assert [doubt.kind for doubt in told("23/11/2026 08:00 appel").doubts] == ["future"]


def test_an_empty_line_says_nothing():
    assert told(" \t\n ") is None


SIGNS = st.sampled_from(
    ["", "! ", "? ", "@ad ", "@lab-results ", "#urgences ", "@", "#", "!!", "03:10 ", "hier 23:40 ", "vers 3h "]
)
STATES = st.sampled_from(
    sorted({word for table in (AVAILABILITY, TRUST, MODES) for said in table.values() for word in said})
)
LINES = st.one_of(
    st.text(max_size=300),
    st.tuples(SIGNS, SIGNS, STATES | st.text(max_size=40), st.text(max_size=80)).map("".join),
    st.tuples(SIGNS, STATES, st.integers(0, 999).map(" {}% ".format), st.text(max_size=80)).map("".join),
)


@given(LINES)
def test_any_line_is_a_fact_that_the_journal_takes_and_no_word_is_lost(line):
    understood = told(line)
    if understood is None:
        assert not "".join(letter for letter in line if unicodedata.category(letter)[0] not in "CZ").strip()
        return
    assert "".join(text for _, text in understood.pieces) == " ".join(
        "".join(" " if unicodedata.category(letter) in ("Cc", "Cs", "Zl", "Zp") else letter for letter in line).split()
    )
    # What is shown is what is written: the fact is the same after its way through the journal's bytes.
    fact = understood.fact
    assert read(fact.kind, to_bytes(fact)) == fact
    assert parse(fact.model_dump(mode="json")) == fact
    kept = " ".join(str(value) for value in fact.model_dump().values())
    for role, text in understood.pieces:
        if role == "words":
            assert text.strip() in kept


@given(LINES)
def test_no_line_states_what_it_does_not_name(line):
    understood = told(line)
    if understood is not None and understood.fact.kind in ("availability", "trust", "service_mode"):
        assert {role for role, _ in understood.pieces} >= {"subject", "state"}


def test_the_tutorial_is_right():
    """Each line of its table becomes the kind that the table says."""
    rows = re.findall(r"^\| `(.+?)` \| [^*|]*\*(\w+)\*", TUTORIAL.read_text(encoding="utf-8"), re.MULTILINE)
    assert len(rows) >= 9
    names = Names(applications={"ad": "Annuaire"}, services={"emergency": "Urgences"})
    for line, kind in rows:
        assert understand(line, names, "Alice Lefort", NOW).fact.kind == kind, line


def test_the_reference_is_up_to_date():
    assert PAGE.read_text(encoding="utf-8") == page(), "run `python -m tools.quick_page`"


@pytest.mark.parametrize("line", [
    " ".join(f"@inconnu{n}" for n in range(400)), " ".join(["@a#b"] * 900), "@" + "x" * 3999, "," * 3999 + "x",
    "! " + "," * 3990, " ".join(["décidé par"] * 350), "@x décidé par " + "." * 3900 + "x",
])  # fmt: skip
def test_no_line_keeps_the_reader_busy(line):
    import time

    names = Names(
        applications={f"app-{n}": f"Application numéro {n} du plateau technique" for n in range(300)},
        services={f"srv-{n}": f"Service numéro {n} de médecine" for n in range(100)},
    )
    began = time.process_time()  # what the machine does besides is not counted
    understood = understand(line[:4000], names, "Alice", datetime(2026, 11, 22, 3, 10, tzinfo=UTC))
    assert time.process_time() - began < 5
    assert understood is not None and len(understood.doubts) <= 5
    assert all(len(doubt.said) <= 61 for doubt in understood.doubts)
