"""The foot of every page: how far the journal was verified, and what is wrong with it."""

from __future__ import annotations

import sqlite3

from vigie.journal.facts import Note
from vigie.web import desk


def test_all_is_verified_then_only_what_is_new(crisis):
    for number in range(5):
        crisis.write(Note(text=f"ligne {number}"))
    found = desk.verify_now()
    assert (found.upto_seq, found.fault, found.complete) == (7, None, True)
    assert found.checkpoint == desk.checkpoint()
    crisis.write(Note(text="encore"))
    assert desk.verify_now().upto_seq == 8


def alter(site, sql, *values):
    desk.reset()
    with sqlite3.connect(site.data / "journal.db") as base:
        for (name,) in base.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
            base.execute(f"DROP TRIGGER {name}")
        base.execute(sql, values)


def test_an_altered_payload_is_found(crisis, site):
    crisis.write(Note(text="la vérité"))
    crisis.write(Note(text="suite"))
    body = next(desk.store().rows(after=2)).body
    alter(
        site,
        "UPDATE journal_payloads SET body = ? WHERE seq = 3",
        body.replace("vérité".encode(), "faussé".encode() + b"e"),
    )
    found = desk.verify_now()
    assert found.fault.startswith("entry 3:")
    assert found.upto_seq < 3


def test_a_removed_entry_is_found(crisis, site):
    for number in range(3):
        crisis.write(Note(text=f"ligne {number}"))
    alter(site, "DELETE FROM journal_entries WHERE seq = 4")
    assert "an entry was removed" in desk.verify_now().fault
