"""Every kind of fact: typed, documented, written in one spelling, refused with words that help."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.journal.examples import EXAMPLES
from vigie.errors import FactError
from vigie.journal import facts

AT, LATER = "2026-11-22T03:10:00Z", "2026-11-23T03:10:00Z"


def forecast(**said: Any) -> dict[str, Any]:
    """A forecast on one service, with these fields of the forecast or of the date."""
    whole = {name: said.pop(name) for name in ("total_tasks",) if name in said}
    return {**EXAMPLES["forecast"], **whole, "services": [{"service": "icu", **said}]}


def test_every_kind_of_the_design_exists():
    design = [
        "opened",
        "closed",
        "declared",
        "observation",
        "decision",
        "task",
        "containment",
        "availability",
        "trust",
        "credential_reset",
        "service_mode",
        "capacity",
        "transfer",
        "safety_event",
        "backlog",
        "artefact",
        "indicator",
        "exploited_vulnerability",
        "technique",
        "roster",
        "handover",
        "communication",
        "restore_point",
        "gate",
        "estimate",
        "leak",
        "cost",
        "qualification",
        "map_adopted",
        "node_enrolled",
        "key_rotated",
        "key_compromised",
        "correction",
        "erasure",
        "note",
    ]
    assert set(design) <= set(facts.KINDS)
    assert len(design) == 35


@pytest.mark.parametrize("kind", sorted(facts.KINDS))
def test_a_fact_is_documented_and_survives_its_bytes(kind):
    model = facts.KINDS[kind]
    assert model.__doc__ and model.__doc__ != facts.Fact.__doc__
    fact = facts.parse(EXAMPLES[kind])
    written = facts.to_bytes(fact)
    assert facts.read(kind, written) == fact
    assert facts.to_bytes(facts.read(kind, written)) == written
    assert json.loads(written)["kind"] == kind


def test_bytes_are_canonical():
    fact = facts.parse({"text": "Écran noir", "kind": "note", "source": ""})
    assert facts.to_bytes(fact) == '{"kind":"note","text":"Écran noir"}'.encode()


def test_an_instant_has_one_spelling():
    spellings = ["2026-11-22T03:10:00+01:00", "2026-11-22T02:10:00Z", "2026-11-21T21:10:00.000-05:00"]
    written = {
        facts.to_bytes(facts.parse({"kind": "opened", "title": "x", "detected_at": spelling})) for spelling in spellings
    }
    assert len(written) == 1 and b"2026-11-22T02:10:00.000000Z" in written.pop()


@pytest.mark.parametrize(
    ("data", "words"),
    [
        ({}, "not a kind of fact"),
        ({"kind": "banana"}, "Kinds are: artefact, availability"),
        ({"kind": "availability", "application": "lab", "state": "BANANE"}, "'normal', 'degraded', 'down'"),
        ({"kind": "availability", "application": "Labo central", "state": "down"}, "application"),
        (
            {"kind": "opened", "title": "x", "detected_at": "9999-12-31T23:30:00Z"},
            "the year 9999 is not one of a crisis",
        ),
        ({"kind": "cost", "what": "x", "amount_minor": 10**400, "currency": "EUR"}, "less than or equal"),
        ({"kind": "note", "text": "  "}, "at least 1 character"),
        ({"kind": "note", "text": "x", "urgency": 99}, "fields of note: applications, services, source, text"),
        ({"kind": "opened", "title": "x", "detected_at": "2026-11-22T03:10:00"}, "timezone"),
        ({"kind": "exploited_vulnerability", "cve": "2024-1"}, "CVE-"),
        ({"kind": "leak", "what": "x", "claimed_people": -1}, "greater than or equal to 0"),
        ({"kind": "correction", "of": "0" * 64, "why": "x", "replacement": {"kind": "note"}}, "text"),
        ({"kind": ["note"]}, "is not a kind of fact"),
        (
            {"kind": "workforce", "team": "t", "skill": "network", "people": 1, "from_at": AT, "until_at": AT},
            "until_at (2026-11-22 03:10 UTC) is not after from_at",
        ),
        ({"kind": "workforce", "team": "t", "skill": "network", "people": 1.5, "from_at": AT}, "people"),
        (forecast(p50_at=LATER, p90_at=AT), "services.0: Value error, icu: p50_at (2026-11-23T03:10Z) is after p90_at"),
        (forecast(p90_at=AT), "icu: p90_at without p50_at"),
        (forecast(total_tasks=2), "finished_tasks (3) is more than total_tasks (2)"),
        (
            {**EXAMPLES["forecast"], "applications": [{"application": "lab"}, {"application": "lab"}]},
            "the application lab has 2 dates",
        ),
        ({"kind": "correction", "of": "0" * 64, "why": "x", "replacement": {"kind": []}}, "is not a kind of fact"),
        ([], "a fact is a JSON object"),
    ],
)
def test_a_bad_fact_is_refused_in_words_that_help(data, words):
    with pytest.raises(FactError, match=re.escape(words)):
        facts.parse(data)


def test_a_forecast_is_short_and_never_rounds_a_promise_down():
    exact = facts.parse(forecast(p50_at="2026-12-03T14:00:00Z", p90_at="2026-12-03T14:00:01Z"))
    assert (
        b'"services":[{"p50_at":"2026-12-03T14:00Z","p90_at":"2026-12-03T14:01Z","service":"icu"}]'
        in facts.to_bytes(exact)
    )
    many = [{"service": f"s{n}", "p50_at": AT, "p90_at": LATER, "waits_for": "dpi"} for n in range(200)]
    assert len(facts.to_bytes(facts.parse({**EXAMPLES["forecast"], "services": many}))) < 24_000


def test_a_forecast_is_found_under_its_services():
    assert facts.parse(EXAMPLES["forecast"]).subjects() == ((), ("icu", "ward"))


@given(st.binary(max_size=60) | st.text(max_size=60).map(str.encode))
def test_unreadable_bytes_are_opaque_and_never_an_error(raw):
    read = facts.read("from_the_future", raw)
    assert isinstance(read, facts.Opaque | facts.Fact)
    if isinstance(read, facts.Opaque):
        assert read.raw == raw


def test_a_known_kind_in_a_newer_shape_is_opaque():
    raw = b'{"kind":"note","text":"x","colour":"from version 9"}'
    assert facts.read("note", raw) == facts.Opaque("note", raw)
