"""Corrections, withdrawals, erasures: both entries stay, the fold reads what stands. Examples of docs/background/situation.md."""

from __future__ import annotations

from itertools import permutations

import pytest

from vigie.journal.facts import (
    AvailabilityChanged,
    Correction,
    Decision,
    Erased,
    Erasure,
    Note,
    Opaque,
    Opened,
    Transfer,
)
from vigie.respond import situation


def lab(state: str) -> AvailabilityChanged:
    return AvailabilityChanged(application="lab", state=state)


def replaced(state: str) -> dict:
    return {"kind": "availability", "application": "lab", "state": state}


@pytest.fixture
def node(crisis):
    node = crisis.hospital()
    node.write(Opened(title="Rançongiciel"))
    return node


def test_a_correction_stands_in_the_place_of_the_original(node):
    node.write(lab("down"))
    wrong = node.write(lab("normal"))
    right = node.write(Correction(of=wrong, why="typed too fast", replacement=replaced("degraded")))
    known = node.situation()
    state = known.applications["lab"]
    assert (state.state, state.by.digest, state.by.corrects) == ("degraded", right, wrong)
    assert known.counts.corrections == 1


def test_a_withdrawn_entry_leaves_what_was_there_before(node):
    node.write(lab("down"))
    node.write(Correction(of=node.write(lab("normal")), why="wrong application"))
    assert node.situation().applications["lab"].state == "down"


def test_a_withdrawal_of_the_only_entry_leaves_nothing(node):
    node.write(Correction(of=node.write(lab("normal")), why="wrong application"))
    assert node.situation().applications == {}


def test_a_correction_may_move_an_entry_to_another_subject(node):
    wrong = node.write(lab("down"))
    node.write(
        Correction(of=wrong, why="it was the pharmacy", replacement=replaced("down") | {"application": "pharmacy"})
    )
    assert list(node.situation().applications) == ["pharmacy"]


def test_a_correction_may_move_an_entry_in_time(crisis, node):
    node.write(lab("down"))
    wrong = node.write(lab("restored"))
    earlier = crisis.at("01:00")
    node.write(Correction(of=wrong, why="that was before", replacement=replaced("restored"), happened_at=earlier))
    known = node.situation().applications["lab"]
    assert known.state == "down" and [step.value for step in known.history] == ["down", "restored"]


def test_a_correction_of_a_correction(node):
    wrong = node.write(lab("normal"))
    first = node.write(Correction(of=wrong, why="1", replacement=replaced("down")))
    node.write(Correction(of=first, why="2", replacement=replaced("degraded")))
    assert node.situation().applications["lab"].state == "degraded"


def test_a_withdrawn_correction_never_was(node):
    entry = node.write(lab("normal"))
    node.write(Correction(of=node.write(Correction(of=entry, why="1", replacement=replaced("down"))), why="2"))
    assert node.situation().applications["lab"].state == "normal"


def test_the_latest_recorded_correction_wins(node):
    wrong = node.write(lab("normal"))
    node.write(Correction(of=wrong, why="1", replacement=replaced("down")))
    node.write(Correction(of=wrong, why="2", replacement=replaced("isolated")))
    assert node.situation().applications["lab"].state == "isolated"


def test_a_correction_that_arrives_before_its_original_waits(crisis, node):
    wrong = node.write(lab("normal"))
    node.write(Correction(of=wrong, why="1", replacement=replaced("down")))
    original = next(received for received in node.received if received.digest == wrong)
    rest = [received for received in node.received if received is not original]
    early = situation(rest, (), crisis.now, incident=crisis.incident, local=crisis.local)
    assert early.applications == {} and early.counts.waiting == 1
    fold = type(node.fold())(crisis.incident, crisis.local)
    fold.add_all([*rest, original])
    assert fold.snapshot(crisis.now) == node.situation()


def test_a_correction_of_another_kind_is_claimed(node):
    entry = node.write(lab("normal"))
    node.write(Correction(of=entry, why="1", replacement={"kind": "note", "text": "no"}))
    known = node.situation()
    assert known.applications["lab"].state == "normal"
    assert [claimed.reason for claimed in known.claimed] == ["other_kind"]


def test_a_long_chain_of_corrections_is_no_danger(node):
    digest = node.write(lab("normal"))
    for number in range(1500):
        digest = node.write(
            Correction(of=digest, why="again", replacement=replaced("down" if number % 2 else "degraded"))
        )
    assert node.situation().applications["lab"].state == "down"


def test_somebody_elses_node_corrects_nothing_here(crisis, node):
    peer = crisis.stranger("chu")
    node.trust(peer, speaks_for=("chu",))
    entry = node.write(lab("down"))
    peer.write(Correction(of=entry, why="it works", replacement=replaced("normal")))
    known = node.merge(peer).situation()
    assert known.applications["lab"].state == "down"
    assert [claimed.reason for claimed in known.claimed] == ["other_side"]


def test_a_member_does_not_mend_what_only_a_director_may_write(node):
    from vigie.journal.facts import Closed

    closing = node.write(Closed(outcome="over"), role="director")
    node.write(Correction(of=closing, why="not over"))
    assert node.situation().open is False
    node.write(Correction(of=closing, why="not over"), role="director")
    assert node.situation().open is True


def test_an_erased_entry_says_nothing_any_more(node):
    entry = node.write(lab("down"))
    node.write(Erasure(of=entry, reason="identity", authority="DPO"))
    assert node.situation().applications["lab"].state == "down"
    node.write(Erasure(of=entry, reason="identity", authority="DPO"), role="director")
    assert node.situation().applications == {}


def test_an_erased_payload_is_counted_and_its_correction_stands(node):
    entry = node.write(Erased("availability"))
    assert node.situation().counts.erased == 1
    node.write(Correction(of=entry, why="without the name", replacement=replaced("down")))
    assert node.situation().applications["lab"].state == "down"


def test_facts_of_a_later_version_are_counted(node):
    for number in range(3):
        node.write(Opaque("teleportation", b'{"kind":"teleportation","to":%d}' % number))
    node.write(Opaque("availability", b'{"kind":"availability","application":"lab","state":"superb"}'))
    known = node.situation()
    assert known.counts.unreadable == 4 and known.applications == {} and not known.claimed


def test_totals_follow_corrections(node):
    node.write(Transfer(service="icu", patients=4, to="CHU"))
    wrong = node.write(Transfer(service="icu", patients=60, to="CHU"))
    node.write(Transfer(service="icu", to="CHU"))
    node.write(
        Correction(of=wrong, why="6", replacement={"kind": "transfer", "service": "icu", "patients": 6, "to": "CHU"})
    )
    (total,) = node.situation().transfers
    assert (total.count, total.uncounted) == (10, 1)


def test_listed_facts_follow_corrections(node):
    first = node.write(Decision(text="close the emergency room", decider="Dr Roux"))
    node.write(Decision(text="open it", decider="Dr Roux"))
    node.write(Note(text="nothing"))
    node.write(
        Correction(of=first, why="wording", replacement={"kind": "decision", "text": "divert", "decider": "Dr Roux"})
    )
    assert [known.fact.text for known in node.situation().decisions] == ["divert", "open it"]


def test_the_order_of_arrival_of_a_family_does_not_matter(crisis, node):
    wrong = node.write(lab("normal"))
    first = node.write(Correction(of=wrong, why="1", replacement=replaced("down")))
    node.write(Correction(of=first, why="2"))
    node.write(Erasure(of=wrong, reason="identity", authority="DPO"), role="director")
    expected = node.situation()
    for order in permutations(node.received):
        fold = type(node.fold())(crisis.incident, crisis.local)
        fold.add_all(order)
        assert fold.snapshot(crisis.now) == expected
