"""The situation kept in memory is the one that a fold from nothing gives, now and at any moment."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.web.desk.conftest import NIGHT
from vigie.journal.facts import AvailabilityChanged, Correction, Decision, Erasure, Note
from vigie.respond import Fold
from vigie.web import desk, scope
from vigie.web.accounts.services import acting_as
from vigie.web.desk import situations


def anew(incident, at=None):
    own = desk.identity()
    fold = Fold(incident, f"{own.node}/{own.incarnation}")
    fold.add_all(desk.store().received())
    return fold.snapshot(at, desk.store().revisions())


def test_it_follows_each_entry(crisis):
    for state in ("down", "degraded", "restored"):
        crisis.write(AvailabilityChanged(application="lab", state=state))
        assert desk.situation(crisis.incident).applications["lab"].state == state
        assert desk.situation(crisis.incident) == anew(crisis.incident)


def test_one_new_entry_is_one_entry_folded(crisis, monkeypatch):
    for number in range(10):
        crisis.write(Note(text=f"ligne {number}"))
    desk.situation(crisis.incident)
    crisis.write(Note(text="une de plus"))
    folded = []
    monkeypatch.setattr(Fold, "add_all", lambda self, entries: folded.extend(entries))
    desk.situation(crisis.incident)
    assert len(folded) == 1


def test_the_past_is_what_had_been_received_and_is_remembered(crisis, monkeypatch):
    down = crisis.write(AvailabilityChanged(application="lab", state="down"))
    then = crisis.at
    crisis.write(AvailabilityChanged(application="lab", state="restored"))
    past = desk.situation(crisis.incident, then)
    assert past.applications["lab"].state == "down"
    assert past == anew(crisis.incident, then)
    monkeypatch.setattr(Fold, "snapshot", lambda *arguments: pytest.fail("folded again"))
    crisis.write(Note(text="plus tard"))
    assert desk.situation(crisis.incident, then) is past
    monkeypatch.undo()
    crisis.write(Erasure(of=down.digest, reason="identité", authority="DPO"))
    assert desk.situation(crisis.incident, then) is not past


def test_an_entry_received_late_does_not_rewrite_the_past(crisis):
    then = crisis.at + timedelta(minutes=5)
    before = desk.situation(crisis.incident, then)
    crisis.at += timedelta(hours=1)
    crisis.write(AvailabilityChanged(application="lab", state="down"), happened_at=NIGHT)
    assert desk.situation(crisis.incident, then).applications == before.applications == {}


def test_what_a_caller_must_not_see_is_not_folded_for_them(crisis, site):
    class Request:
        acting = acting_as(site.bob)

    hidden = scope.hidden_lines(Request)
    open_one = crisis.write(Decision(text="Couper", decider="A. Lefort"))
    desk.situation(crisis.incident, hidden=hidden)
    crisis.write(Decision(text="Payer ou non", decider="A. Lefort"), privileged=True)
    crisis.write(Correction(of=open_one.digest, why="relu"), privileged=True)
    texts = [known.fact.text for known in desk.situation(crisis.incident, hidden=hidden).decisions]
    assert texts == ["Couper"]
    assert [known.fact.text for known in desk.situation(crisis.incident).decisions] == ["Payer ou non"]


def test_few_folds_are_kept(crisis, site):
    from vigie.journal.facts import Opened

    for number in range(situations.KEPT_FOLDS + 3):
        name = f"autre-{number}"
        desk.open_incident(crisis.acting, Opened(title=name), realm="exercise", now=crisis.at, name=name)
        desk.situation(f"valmont/{name}")
    assert len(situations._presents) == situations.KEPT_FOLDS
