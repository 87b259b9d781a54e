"""Every operation of the API, tried by every kind of caller with an incident that is, or is not, theirs: deny by default."""

from __future__ import annotations

import pytest

from tests.web.api.conftest import Program
from tests.web.api.test_schema import OPERATIONS
from vigie.web import desk

CRISIS = "/incidents/valmont/crise"
NOTE = {"fact": {"kind": "note", "text": "Relève"}}
QUALIFIED = {
    "qualification": {"kind": "qualification", "category": "fraud", "origin": "malicious", "why": "vu"},
    "seen": 1,
}
DECLARED = {"declaration": {"kind": "declaration", "declaration": "d1", "establishment": "CH de Valmont"}}
# The director and a member of the hospital, the director of another one, the observatory's analyst, the administrator, a
# node of the hospital, a node of the other one, a token without scopes, no token.
CALLERS = ("alice", "bob", "charlie", "agnes", "admin", "node", "foreign node", "no scope", "nobody")
EXPECTED = {
    ("GET", "/incidents"): (200, 200, 200, 200, 403, 200, 200, 403, 401),
    ("GET", f"{CRISIS}/entries"): (200, 200, 404, 200, 403, 200, 404, 403, 401),
    ("POST", f"{CRISIS}/entries"): (201, 201, 404, 201, 403, 201, 404, 403, 401),
    # In the incident of a hospital an analyst declares nothing. The crisis has no declaration d1 yet: 404 is all there is.
    ("POST", f"{CRISIS}/declarations"): (201, 201, 404, 403, 403, 201, 404, 403, 401),
    ("GET", f"{CRISIS}/declarations/d1"): (404, 404, 404, 404, 403, 404, 404, 403, 401),
    ("POST", f"{CRISIS}/declarations/d1/qualification"): (403, 403, 403, 404, 403, 403, 403, 403, 401),
    # A node's token reads what its hospital declared.
    ("GET", "/intake"): (403, 403, 403, 200, 403, 200, 200, 403, 401),
    ("GET", f"{CRISIS}/situation"): (200, 200, 404, 200, 403, 200, 404, 403, 401),
    # The crisis has no map, so there is no plan: who may read it is told so.
    ("GET", f"{CRISIS}/restart"): (409, 409, 404, 409, 403, 409, 404, 403, 401),
    ("GET", "/checkpoint"): (200, 200, 200, 200, 403, 200, 200, 403, 401),
    # The body is no bundle: who may merge is told so, who may not learns nothing of it.
    ("POST", "/bundle"): (422, 403, 422, 403, 403, 422, 422, 403, 401),
}


def test_every_operation_is_in_the_table():
    tried = {
        (verb, path.replace("valmont/crise", "{owner}/{name}").replace("/d1", "/{declaration}"))
        for verb, path in EXPECTED
    }
    assert tried == {(verb, path.removeprefix("/api")) for verb, path in OPERATIONS}


@pytest.mark.parametrize("caller", CALLERS)
@pytest.mark.parametrize(("verb", "path"), EXPECTED)
def test_who_may_do_what(crisis, site, program, verb, path, caller):
    asking = {
        "alice": lambda: program(site.alice),
        "bob": lambda: program(site.bob),
        "charlie": lambda: program(site.charlie, organisation="rivage"),
        "agnes": lambda: program(site.agnes, organisation="observatoire"),
        "admin": lambda: program(site.admin),
        "node": lambda: program(node="sonde"),
        "foreign node": lambda: program(node="sonde", organisation="rivage"),
        "no scope": lambda: program(site.alice, scopes=[]),
        "nobody": lambda: Program(None),
    }[caller]()
    before = desk.store().last_seq()
    body = (
        NOTE
        if "entries" in path
        else QUALIFIED
        if "qualification" in path
        else DECLARED
        if "declarations" in path
        else b"PK"
    )
    answer = asking.get(path) if verb == "GET" else asking.post(path, body)
    assert answer.status_code == EXPECTED[verb, path][CALLERS.index(caller)], answer.content
    written = desk.store().last_seq() - before
    assert written == (1 if answer.status_code == 201 else 0)


def test_an_analyst_writes_under_their_own_name_and_role(crisis, site, program):
    agnes = program(site.agnes, organisation="observatoire")
    receipt = agnes.post(f"{CRISIS}/entries", {"fact": {"kind": "technique", "technique": "T1486"}}).json()
    line = desk.one("valmont/crise", receipt["seq"])
    assert (line.received.entry.author, line.received.entry.role) == ("agnes", "analyst")
    state = {"kind": "availability", "application": "lab", "state": "down"}
    assert agnes.post(f"{CRISIS}/entries", {"fact": state}).status_code == 403


def test_a_token_reads_no_privileged_line_of_somebody_else(crisis, site, program):
    from vigie.journal.facts import Note

    crisis.write(Note(text="avis de l'avocat"), privileged=True)
    for asking, seen in ((program(site.alice), True), (program(site.bob), False), (program(node="sonde"), False)):
        assert (b"avocat" in asking.get(f"{CRISIS}/entries").content) is seen
        assert (b"avocat" in asking.get(f"{CRISIS}/situation").content) is False
