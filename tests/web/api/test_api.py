"""What a program may read and write, and what it is told when it may not."""

from __future__ import annotations

import pytest

from tests.web.api.conftest import Program
from vigie.journal.facts import Note
from vigie.web import desk
from vigie.web.accounts.services import acting_as

CRISIS = "/incidents/valmont/crise"
NOTE = {"fact": {"kind": "note", "text": "Relève à 07:00", "applications": ["lab"]}}


def test_an_entry_goes_in_and_comes_out(crisis, site, program):
    bob = program(site.bob)
    written = bob.post(f"{CRISIS}/entries", {**NOTE, "happened_at": "2026-11-22T03:10:00+01:00", "tlp": "green"})
    assert written.status_code == 201, written.content
    receipt = written.json()
    entries = bob.get(f"{CRISIS}/entries", application="lab").json()
    [entry] = entries["entries"]
    assert (entry["seq"], entry["digest"]) == (receipt["seq"], receipt["digest"])
    assert (entry["author"], entry["role"], entry["tlp"]) == ("b.roux", "member", "green")
    assert entry["fact"]["text"] == "Relève à 07:00"
    assert entry["happened_at"] == "2026-11-22T02:10:00Z"
    assert (entry["standing"], entry["corrected_by"], entry["withdrawn"]) == ("counts", [], False)


def test_a_key_sent_twice_writes_once(crisis, site, program):
    bob, probe = program(site.bob), program(node="sonde")
    first = bob.post(f"{CRISIS}/entries", NOTE, key="42")
    again = bob.post(f"{CRISIS}/entries", NOTE, key="42")
    assert (first.status_code, again.status_code) == (201, 200)
    assert again.json() == {**first.json(), "repeated": True}
    other = bob.post(f"{CRISIS}/entries", {"fact": {"kind": "note", "text": "autre"}}, key="42")
    assert other.status_code == 409
    assert other.json()["where"] == "Idempotency-Key"
    assert probe.post(f"{CRISIS}/entries", NOTE, key="42").status_code == 201
    assert desk.store().last_seq() == 4


def test_pages_go_both_ways_and_leave_nothing_out(crisis, site, program):
    for number in range(5):
        crisis.write(Note(text=f"note {number}"))
    bob = program(site.bob)

    def walk(**start):
        seqs, query = [], dict(start)
        while True:
            page = bob.get(f"{CRISIS}/entries", limit=2, **query).json()
            seqs += [entry["seq"] for entry in page["entries"]]
            if page["next"] is None:
                return seqs
            query = {"after" if "after" in start else "before": page["next"]}

    assert walk(after=0) == [2, 3, 4, 5, 6, 7]
    assert walk() == [7, 6, 5, 4, 3, 2]


def test_the_situation_and_the_checkpoint(crisis, site, program):
    bob = program(site.bob)
    bob.post(f"{CRISIS}/entries", {"fact": {"kind": "availability", "application": "lab", "state": "down"}})
    situation = bob.get(f"{CRISIS}/situation").json()
    assert situation["applications"]["lab"]["state"] == "down"
    assert situation["realm"] == "real"
    past = bob.get(f"{CRISIS}/situation", at="2026-11-22T02:10:00Z").json()
    assert past["applications"] == {}
    checkpoint = bob.get("/checkpoint").json()
    assert checkpoint["size"] == desk.store().last_seq()
    assert checkpoint["fingerprint"].startswith(f"{checkpoint['size']} · ")


def test_incidents_are_those_of_the_caller(crisis, site, program):
    assert [one["id"] for one in program(site.bob).get("/incidents").json()] == ["valmont/crise"]
    assert program(site.charlie, organisation="rivage").get("/incidents").json() == []


@pytest.mark.parametrize("path", ["/incidents", f"{CRISIS}/entries", f"{CRISIS}/situation", "/checkpoint"])
def test_nobody_reads_without_a_token(crisis, path):
    for secret in (None, "vigie_wrong", ""):
        answer = Program(secret).get(path)
        assert answer.status_code == 401
        assert set(answer.json()) == {"error", "where", "mend"}


def test_a_stranger_learns_nothing(crisis, site, program):
    stranger = program(site.charlie, organisation="rivage")
    for answer in (
        stranger.get(f"{CRISIS}/entries"), stranger.get(f"{CRISIS}/situation"), stranger.post(f"{CRISIS}/entries", NOTE),
        stranger.get("/incidents/valmont/absent/entries"),
    ):  # fmt: skip
        assert answer.status_code == 404
        assert answer.json()["where"] == "path"
    assert desk.store().last_seq() == 2


def test_a_scope_that_is_missing_is_named(crisis, site, program):
    reader = program(site.bob, scopes=["incident:list", "log:read"])
    answer = reader.post(f"{CRISIS}/entries", NOTE)
    assert answer.status_code == 403
    assert "log:write" in answer.json()["error"]
    assert reader.get(f"{CRISIS}/entries").status_code == 200


def test_a_role_still_bounds_a_token(crisis, site, program):
    answer = program(site.bob).post(f"{CRISIS}/entries", {"fact": {"kind": "closed", "outcome": "fini"}})
    assert answer.status_code == 403


def test_a_revoked_token_ends(crisis, site, program):
    from vigie.web.accounts import tokens
    from vigie.web.accounts.models import Token

    bob = program(site.bob)
    assert bob.get("/incidents").status_code == 200
    tokens.revoke(acting_as(site.admin), Token.objects.get())
    assert bob.get("/incidents").status_code == 401


def test_identity_is_asked_about_before_writing(crisis, site, program):
    bob = program(site.bob)
    named = {"fact": {"kind": "note", "text": "patient né le 12/03/1956"}}
    refused = bob.post(f"{CRISIS}/entries", named)
    assert refused.status_code == 422
    assert "birth_date" in refused.json()["error"]
    assert bob.post(f"{CRISIS}/entries", {**named, "identity_checked": True}).status_code == 201


@pytest.mark.parametrize(
    "body",
    [
        b"", b"{", b"[]", b"null", b"\xff\xfe", b'"text"', {}, {"fact": None}, {"fact": {}}, {"fact": {"kind": "nothing"}},
        {"fact": {"kind": "note"}}, {"fact": {"kind": "note", "text": ""}}, {"fact": {"kind": "note", "text": 5}},
        {"fact": {"kind": "note", "text": "a", "colour": "red"}}, {**NOTE, "happened_at": "yesterday"},
        {**NOTE, "happened_at": "2026-11-22T03:10:00"}, {**NOTE, "tlp": "purple"}, {**NOTE, "author": "somebody else"},
        {"fact": {"kind": "correction", "of": "0" * 64, "why": "x"}},
        {"fact": {"kind": "correction", "of": "0" * 64, "why": "x", "replacement": {"kind": "note"}}},
        {"fact": {"kind": "note", "text": "a" * 20_001}},
        {"fact": {"kind": "artefact", "name": "a", "collector": "b", "sha256": "x"}},
    ],
)  # fmt: skip
def test_a_malformed_body_is_explained_and_changes_nothing(crisis, site, program, body):
    answer = program(site.bob).post(f"{CRISIS}/entries", body)
    assert answer.status_code in (400, 422), answer.content
    problem = answer.json()
    assert set(problem) == {"error", "where", "mend"}
    assert all(problem.values()), problem
    assert desk.store().last_seq() == 2


def test_a_body_too_large_is_refused(crisis, site, program):
    answer = program(site.bob).post(f"{CRISIS}/entries", b'{"fact": "' + b"a" * 6_000_000 + b'"}')
    assert answer.status_code in (400, 413)
    assert set(answer.json()) == {"error", "where", "mend"}


@pytest.mark.parametrize(
    "query",
    [{"limit": 0}, {"limit": 100_000}, {"before": -1}, {"after": "x"}, {"at": "noon"}, {"at": "2026-11-22T03:10:00"},
     {"kind": "nothing"}, {"text": "a" * 301}, {"author": "\0"}, {"before": 2**70}, {"at": "0001-01-01T00:00:00+14:00"}],
)  # fmt: skip
def test_a_malformed_question_is_explained(crisis, site, program, query):
    answer = program(site.bob).get(f"{CRISIS}/entries", **query)
    assert answer.status_code == 422, answer.content
    assert set(answer.json()) == {"error", "where", "mend"}


def test_a_bundle_is_merged_and_a_broken_one_changes_nothing(crisis, site, program, tmp_path):
    from vigie.journal.merge import export
    from vigie.web import clock

    crisis.write(Note(text="à emporter"))
    with (tmp_path / "one.vigie").open("w+b") as file:
        export(desk.store(), desk.identity(), file, clock.now())
    raw = (tmp_path / "one.vigie").read_bytes()
    director = program(site.alice)
    merged = director.post("/bundle", raw, content_type="application/octet-stream")
    assert (merged.status_code, merged.json()) == (200, {"entries": 3, "new": 0})
    for broken in (b"", b"PK", raw[:-1], raw[:100] + b"\0" + raw[101:]):
        answer = director.post("/bundle", broken, content_type="application/octet-stream")
        assert answer.status_code == 422, answer.content
        assert set(answer.json()) == {"error", "where", "mend"}
    assert program(site.bob).post("/bundle", raw, content_type="application/octet-stream").status_code == 403


def test_the_reference_page_needs_nothing_from_outside(client):
    page = client.get("/api/docs")
    assert page.status_code == 200
    text = page.content.decode()
    assert "http://" not in text and "https://" not in text
    assert text.count("<script") == text.count("<script src=")
    assert client.get("/static/ninja/swagger-ui-bundle.js").status_code == 200
    assert client.get("/static/api/docs.js").status_code == 200
    schema = client.get("/api/openapi.json").json()
    assert "/api/incidents/{owner}/{name}/entries" in schema["paths"]


def test_a_merge_by_a_program_leaves_a_note(crisis, site, program):
    from io import BytesIO

    from vigie.journal import export
    from vigie.web import clock, desk

    crisis.write(Note(text="x"))
    target = BytesIO()
    export(desk.store(), desk.identity(), target, clock.now())
    count = desk.store().last_seq()
    for _ in range(2):
        merged = program(site.alice).post("/bundle", target.getvalue(), content_type="application/octet-stream")
        assert merged.json() == {"entries": count, "new": 0}
        note = list(desk.store().received(incident="valmont/register"))[-1]
        assert note.entry.author == "a.lefort"
        assert f"{count} entrées" in note.fact.text and "0 nouvelles" in note.fact.text


def test_what_a_form_wrote_is_not_met_by_a_program_with_the_same_key(crisis, site, program):
    """A key is its author's and its door's: `42` of a form is not `42` of a program."""
    page = f"/incidents/{crisis.incident}"
    alice = site.client(site.alice)
    assert alice.post(f"{page}/write", {"line": "Les imprimantes sortent des pages", "key": "42"}).status_code == 302
    sent = program(site.alice).post(f"{CRISIS}/entries", NOTE, key="42")
    assert sent.status_code == 201
    bob = site.client(site.bob).post(f"{page}/write", {"line": "Autre chose", "key": "42"})
    assert bob.status_code == 302
