"""The tables of a journal, in SQLite's words, and what may never change in them."""

from __future__ import annotations

VERSION = 1  # of these tables; a later Vigie that changes them says how to come from this one

TABLES = """
CREATE TABLE IF NOT EXISTS journal_schema (version INTEGER NOT NULL);
CREATE TABLE IF NOT EXISTS journal_logs (
    id INTEGER PRIMARY KEY, node TEXT NOT NULL, incarnation TEXT NOT NULL, public_key TEXT NOT NULL,
    size INTEGER NOT NULL, told INTEGER NOT NULL, tip TEXT NOT NULL, peaks BLOB NOT NULL,
    clock_us INTEGER, clock_tick INTEGER NOT NULL, root BLOB NOT NULL, made_at TEXT NOT NULL, signature BLOB NOT NULL,
    UNIQUE (node, incarnation)
);
CREATE TABLE IF NOT EXISTS journal_entries (
    seq INTEGER PRIMARY KEY, digest BLOB NOT NULL UNIQUE, log INTEGER NOT NULL, idx INTEGER NOT NULL,
    incident TEXT NOT NULL, kind TEXT NOT NULL, idem TEXT, received_us INTEGER NOT NULL, raw BLOB NOT NULL
);
CREATE INDEX IF NOT EXISTS journal_entries_idem ON journal_entries (idem) WHERE idem IS NOT NULL;
CREATE TABLE IF NOT EXISTS journal_incidents (incident TEXT PRIMARY KEY, first_seq INTEGER NOT NULL);
CREATE TABLE IF NOT EXISTS journal_payloads (seq INTEGER PRIMARY KEY REFERENCES journal_entries (seq), body BLOB NOT NULL);
CREATE TABLE IF NOT EXISTS journal_checkpoints (
    log INTEGER NOT NULL, size INTEGER NOT NULL, root BLOB NOT NULL, made_at TEXT NOT NULL, signature BLOB NOT NULL,
    PRIMARY KEY (log, size, root)
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS journal_erasures (target BLOB PRIMARY KEY, ordered_by BLOB NOT NULL);
CREATE TABLE IF NOT EXISTS journal_revisions (digest TEXT PRIMARY KEY, content BLOB NOT NULL);
CREATE TABLE IF NOT EXISTS journal_segments (
    id INTEGER PRIMARY KEY, log INTEGER NOT NULL, checkpoint TEXT NOT NULL, indexes TEXT NOT NULL,
    digests BLOB NOT NULL, proof BLOB NOT NULL, history TEXT NOT NULL
);
"""

# INSERT OR REPLACE deletes without firing a DELETE trigger, so the duplicate is refused before the insert.
GUARDS = {
    "journal_entries": ("NEW.seq = seq OR NEW.digest = digest", "an entry is never changed: write a correction"),
    "journal_checkpoints": (
        "NEW.log = log AND NEW.size = size AND NEW.root = root", "a checkpoint is a witness: it is never changed"),
    "journal_erasures": ("NEW.target = target", "an erasure is never changed"),
    "journal_revisions": ("NEW.digest = digest", "a revision of the cartography is never changed"),
}  # fmt: skip
