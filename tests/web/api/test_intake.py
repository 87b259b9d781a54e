"""The queue and the qualification, for programs: in the name of an analyst, and against what they were shown."""

from __future__ import annotations

import pytest

from vigie.journal.facts import Declaration
from vigie.web import desk

PATH = "/incidents/valmont/crise/declarations/d1/qualification"


@pytest.fixture
def agnes(crisis, site, program):
    crisis.write(Declaration(declaration="d1", region="93", patient_danger="confirmed", description="Écran noir"))
    return program(site.agnes, organisation="observatoire")


def body(seen, **said):
    fact = {"kind": "qualification", "category": "fraud", "origin": "malicious", "why": "vu"} | said
    return {"qualification": fact, "seen": seen}


def test_the_queue_is_filtered_and_leads_on(agnes):
    (one,) = agnes.get("/intake", region="93", text="ecran").json()["declarations"]
    assert (one["id"], one["state"], one["patient_danger"]) == ("valmont/crise#d1", "new", "confirmed")
    assert agnes.get("/intake", region="11").json() == {"declarations": [], "next": None}
    assert agnes.get("/intake", state="new", limit=1).json()["next"] is None
    assert agnes.get("/intake", state="odd").status_code == 422


def test_a_qualification_is_written_once_and_against_what_was_seen(agnes):
    seen = agnes.get("/intake").json()["declarations"][0]["seen"]
    first = agnes.post(PATH, body(seen))
    assert first.status_code == 201, first.content
    again = agnes.post(PATH, body(seen))
    assert (again.status_code, again.json()["digest"]) == (200, first.json()["digest"])
    late = agnes.post(PATH, body(seen, why="autre"))
    assert late.status_code == 409
    kinds = [one.entry.kind for one in desk.store().received(incident="valmont/crise")]
    assert kinds.count("qualification") == 1
    assert agnes.get("/intake").json()["declarations"][0]["origin"] == "fraud"


def test_a_text_that_seems_to_name_a_patient_is_refused(agnes):
    seen = agnes.get("/intake").json()["declarations"][0]["seen"]
    assert agnes.post(PATH, body(seen, why="né le 02/03/1950")).status_code == 422


def test_the_right_to_qualify_is_enough_and_the_right_to_write_is_not(crisis, site, program):
    crisis.write(Declaration(declaration="d1", region="93"))
    only = program(site.agnes, organisation="observatoire", scopes=["intake:read", "intake:qualify"])
    seen = only.get("/intake").json()["declarations"][0]["seen"]
    assert only.post(PATH, body(seen)).status_code == 201
    writer = program(site.bob, scopes=["log:write"])
    analyst = program(site.agnes, organisation="observatoire")
    before = desk.store().last_seq()
    for each in (writer, analyst):
        answer = each.post("/incidents/valmont/crise/entries", {"fact": body(0)["qualification"]})
        assert (answer.status_code, "/qualification" in answer.json()["mend"]) == (422, True)
    for fact in (
        {"kind": "routing", "addressee": "ars", "declaration": "d1"},
        {"kind": "declared", "stage": "first", "addressee": "cnil"},
        {"kind": "exchange", "declaration": "d1", "text": "Oui"},
        {"kind": "support", "support": "s1", "state": "done", "what": "z"},
    ):
        answer = writer.post("/incidents/valmont/crise/entries", {"fact": fact})
        assert answer.status_code == 403, (fact, answer.content)
    assert desk.store().last_seq() == before
    answers = program(site.bob, scopes=["log:write", "intake:answer"])
    said = {"kind": "exchange", "declaration": "d1", "text": "Oui"}
    assert answers.post("/incidents/valmont/crise/entries", {"fact": said}).status_code == 201
