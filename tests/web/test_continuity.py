"""A restored backup or a copied disk goes on under a new key; an ordinary restart does not."""

from __future__ import annotations

import shutil

import pytest

from vigie.journal import Draft, verify
from vigie.journal.facts import Note
from vigie.web import clock, continuity, desk
from vigie.web.continuity import Mark, break_of

LOG = "valmont/0011223344556677"


@pytest.mark.parametrize(
    ("beside", "outside", "words"),
    [
        (None, None, None),
        (Mark(LOG, 40, "m"), Mark(LOG, 40, "m"), None),
        (Mark(LOG, 10, "m"), None, None),
        (Mark(LOG, 41, "m"), None, "40 entries are here, 41 had been written"),
        (Mark(LOG, 40, "m"), Mark(LOG, 90, "m"), "40 entries are here, 90 had been written"),
        (Mark(LOG, 40, "other"), None, "copied from another machine"),
        (Mark("valmont/old", 99, "other"), Mark("rivage/x", 99, "m"), None),
    ],
)
def test_a_break_is_told_in_words(beside, outside, words):
    said = break_of(LOG, 40, "m", beside, outside)
    assert said is None if words is None else words in said


@pytest.fixture
def state(tmp_path, monkeypatch):
    monkeypatch.setenv("VIGIE_STATE", str(tmp_path / "state"))


def write(count):
    for number in range(count):
        desk.journal().append(Draft("valmont/crise", Note(text=f"ligne {number}"), "a.lefort"), clock.now())


def test_a_restart_keeps_the_key(site, state):
    write(3)
    before = desk.identity()
    desk.reset()
    assert desk.identity() == before


def test_a_restored_backup_starts_a_new_incarnation(site, state):
    write(3)
    before = desk.identity()
    desk.reset()
    shutil.copytree(site.data, site.data.parent / "backup")
    write(40)
    desk.reset()
    shutil.rmtree(site.data)
    shutil.copytree(site.data.parent / "backup", site.data)
    write(1)
    assert desk.identity().incarnation != before.incarnation and desk.identity().node == before.node
    said = [r.fact.text for r in desk.store().received(incident="valmont/register", kinds=("note",))]
    assert "a backup was restored: 4 entries are here" in said[0]
    here = desk.situation("valmont/crise")
    assert here.counts.entries == 4 and not here.claimed, "its own past counts no more"
    assert verify(desk.store()).ok


def test_a_copied_disk_starts_a_new_incarnation(site, state, monkeypatch):
    write(1)
    before = desk.identity()
    desk.reset()
    monkeypatch.setattr(continuity, "machine", lambda: "another machine")
    assert desk.identity().incarnation != before.incarnation
