"""Entries as no honest program writes them, put into the journal past every check: reading must survive what is stored."""

from __future__ import annotations

from datetime import UTC, datetime
from importlib import import_module
from typing import Any, NamedTuple

from vigie.journal.facts import canonical


class Raw(NamedTuple):
    """A fact as bytes that nobody looked at."""

    kind: str
    body: bytes


def let_anything_in(monkeypatch: Any) -> None:
    """Take away what refuses malformed drafts and facts: an older or hostile program had none of it."""
    journal, base = import_module("vigie.journal.journal"), import_module("vigie.journal.facts.base")

    import_module("vigie.web.incidents.fields")  # what pages take keeps its own bounds
    honest = journal.to_bytes
    monkeypatch.setattr(base, "YEARS", range(1, 10_000))
    monkeypatch.setattr(journal, "check_draft", lambda draft: draft)
    monkeypatch.setattr(journal, "to_bytes", lambda fact: fact.body if isinstance(fact, Raw) else honest(fact))
    monkeypatch.setattr(journal._Group, "_check_realm", lambda group, draft: None)


def raw(kind: str, **fields: Any) -> Raw:
    """A fact from any fields at all."""
    return Raw(kind, canonical({"kind": kind, **fields}))


END = "9999-12-31T23:30:00.000000Z"
START = "0001-01-01T00:00:00.000000Z"
AT_THE_END = datetime(9999, 12, 31, 23, 30, tzinfo=UTC)
AT_THE_START = datetime(1, 1, 1, tzinfo=UTC)
DIGEST = "ab" * 32

# name: (fact, fields of the draft)
STRANGE: dict[str, tuple[Raw, dict[str, Any]]] = {
    "a task due at the end of time": (raw("task", task="t", text="x", state="assigned", due_at=END), {}),
    "a task due at the start of time": (raw("task", task="t", text="x", state="assigned", due_at=START), {}),
    "it happened at the end": (raw("note", text="x"), {"happened_at": AT_THE_END}),
    "it happened at the start": (raw("note", text="x"), {"happened_at": AT_THE_START}),
    "opened at the end": (raw("opened", title="x", detected_at=END), {"happened_at": AT_THE_END}),
    "closed at the end": (raw("closed", outcome="x"), {"happened_at": AT_THE_END, "role": "director"}),
    "opened at the start": (raw("opened", title="x", detected_at=START), {"happened_at": AT_THE_START}),
    "a state since the end": (raw("availability", application="lab", state="down"), {"happened_at": AT_THE_END}),
    "a state since the start": (raw("service_mode", service="icu", mode="stopped"), {"happened_at": AT_THE_START}),
    "an endless promise": (
        raw("estimate", promised_by="x", application="lab", earliest_at=START, latest_at=END), {}),
    "a chain of custody without end": (
        raw("artefact", name="x", collector="y", hand_overs=[{"at": END, "from_person": "a", "to_person": "b"}]), {}),
    "a decision to be looked at again": (raw("decision", text="x", decider="y", review_at=END), {}),
    "a restore point": (raw("restore_point", application="lab", taken_at=END, verdict="clean",
                            intrusion_estimated_at=START), {}),
    "a workforce of all time": (
        raw("workforce", team="t", skill="<b>", people=10**10, shift="dawn", from_at=START, until_at=END), {}),
    "a forecast from the start to the end": (
        raw("forecast", method="x", finished_tasks=0, total_tasks=1, services=[
            {"service": "icu", "p50_at": START, "p90_at": END, "waits_for": "lab", "gate": "<b>"},
            {"service": "er", "gate": "\x00\u202e"},
        ]), {}),
    "a forecast at the end": (
        raw("forecast", method="x", finished_tasks=0, total_tasks=1, services=[{"service": "icu", "p50_at": END}]),
        {"happened_at": AT_THE_END}),
    "an immense cost": (raw("cost", what="x", amount_minor=10**400, currency="EUR"), {}),
    "a kind of tomorrow": (raw("telepathy", text="x"), {}),
    "a known kind with words of tomorrow": (raw("availability", application="lab", state="haunted"), {}),
    "another realm": (raw("note", text="x"), {"realm": "dream"}),
    "words of tomorrow": (raw("note", text="x"), {"precision": "aeon", "tlp": "purple", "pap": "plaid", "role": "oracle"}),
    "every precision": (raw("note", text="x"), {"happened_at": AT_THE_START, "precision": "week"}),
    "a marking that says markup": (raw("note", text="x"), {"tlp": "<b>'\"", "role": "<i>", "pap": "\"><script>"}),
    "a correction by a list": (raw("correction", of=DIGEST, why="x", replacement={"kind": ["note"], "text": "y"}), {}),
    "a correction by nothing known": (raw("correction", of=DIGEST, why="x", replacement={"text": {"a": [1]}}), {}),
    "a correction by what is no number": (
        Raw("correction", b'{"kind":"correction","of":"' + DIGEST.encode()
            + b'","replacement":{"kind":"note","text":NaN,"x":1e999},"why":"x"}'), {}),
    "a correction that happened at the end": (
        raw("correction", of=DIGEST, why="x", happened_at=END, replacement={"kind": "note", "text": "y"}), {}),
    "a nested correction": (
        raw("correction", of=DIGEST, why="x",
            replacement={"kind": "correction", "of": DIGEST, "why": "y", "replacement": {"kind": {}}}), {}),
    "no JSON at all": (Raw("note", b"{\"kind\":"), {}),
    "controls": (raw("note", text="\x00\x0b\x1b[31m\u202e\ufffe"), {"author": "\x00\u202e"}),
    "an adopted map that is none": (raw("map_adopted", revision=DIGEST, name="x"), {}),
    "a node at the end": (raw("key_compromised", node="x", incarnation="0" * 16, since=END, why="x"), {}),
}  # fmt: skip
