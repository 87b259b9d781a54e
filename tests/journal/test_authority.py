"""Who may say what, and whom this installation trusts."""

from __future__ import annotations

from itertools import permutations

import pytest

from tests.support.crisis import Crisis, Node
from vigie.errors import InputError
from vigie.journal.authority import MATRIX, NODE_KINDS, REASONS, Registry, registry
from vigie.journal.entry import ROLES
from vigie.journal.facts import KINDS, AvailabilityChanged, KeyCompromised, KeyRotated, Note, Qualification

DOWN = AvailabilityChanged(application="lab", state="down")


@pytest.fixture
def crisis() -> Crisis:
    return Crisis()


def verdict(crisis: Crisis, node, *others) -> str:
    """The standing of the last entry of a node, as the hospital sees it."""
    everything = [received for each in (node, *others) for received in each.received]
    return registry(everything, crisis.local).standing(node.received[-1].entry).reason


def test_every_kind_has_somebody_who_may_write_it():
    writable = set().union(*(kinds for roles in MATRIX.values() for kinds in roles.values()))
    assert writable == set(KINDS) - {"correction"}
    assert all(role in ROLES for roles in MATRIX.values() for role in roles)


def test_the_hospital_speaks_for_itself(crisis):
    node = crisis.hospital()
    node.write(DOWN)
    assert verdict(crisis, node) == "counts"


def test_a_node_that_introduces_itself_is_not_trusted_for_that(crisis):
    hospital, stranger = crisis.hospital(), crisis.stranger("valmont-bis", speaks_for=("valmont",))
    assert verdict(crisis, stranger, hospital) == "introduction"
    stranger.write(DOWN)
    assert verdict(crisis, stranger, hospital) == "stranger"


def test_a_node_of_the_same_name_with_another_key_is_a_stranger(crisis):
    hospital, forger = crisis.hospital(), Node(crisis, "valmont", 9)
    forger.introduce(speaks_for=("valmont",))
    forger.write(DOWN)
    assert forger.name == hospital.name and verdict(crisis, forger, hospital) == "stranger"


def test_a_stranger_enrols_nobody_and_cannot_speak_of_us(crisis):
    hospital, stranger, friend = crisis.hospital(), crisis.stranger("evil"), crisis.stranger("friend")
    stranger.trust(friend, "hospital", ("valmont",))
    assert verdict(crisis, stranger, hospital) == "not_local_administrator"
    stranger.trust(hospital, "hospital", ("elsewhere",))
    hospital.write(DOWN)
    assert verdict(crisis, hospital, stranger, friend) == "counts"


def test_only_an_administrator_enrols(crisis):
    hospital, peer = crisis.hospital(), crisis.stranger("chu")
    hospital.write(peer.enrolment(), role="director", incident="valmont/register")
    assert verdict(crisis, hospital, peer) == "not_local_administrator"


def test_an_enrolled_peer_enrols_nobody(crisis):
    hospital, peer, third = crisis.hospital(), crisis.stranger("chu"), crisis.stranger("third")
    hospital.trust(peer, speaks_for=("valmont",))
    peer.trust(third, speaks_for=("valmont",))
    assert verdict(crisis, peer, hospital, third) == "not_local_administrator"
    third.write(DOWN)
    assert verdict(crisis, third, hospital, peer) == "stranger"


def test_a_peer_may_note_and_not_state(crisis):
    hospital, peer = crisis.hospital(), crisis.stranger("chu")
    hospital.trust(peer, speaks_for=("chu",))
    peer.write(DOWN)
    assert verdict(crisis, peer, hospital) == "relation"
    peer.write(Note(text="we can take six patients"))
    assert verdict(crisis, peer, hospital) == "counts"
    peer.write(DOWN, incident="chu/2026-11-crypto")
    assert verdict(crisis, peer, hospital) == "counts"


def test_the_observatory_qualifies_and_the_hospital_does_not(crisis):
    hospital, observatory = crisis.hospital(), crisis.stranger("cert", role="observatory")
    hospital.trust(observatory, "observatory", ("cert",))
    fact = Qualification(category="ransomware", origin="malicious", why="two reports")
    observatory.write(fact, role="analyst")
    assert verdict(crisis, observatory, hospital) == "counts"
    observatory.write(fact, role="member")
    assert verdict(crisis, observatory, hospital) == "role"
    observatory.write(DOWN, role="analyst")
    assert verdict(crisis, observatory, hospital) == "relation"
    hospital.write(fact, role="director")
    assert verdict(crisis, hospital, observatory) == "role"


def test_the_observatory_opens_in_its_own_name_for_a_hospital_without_network(crisis):
    hospital, observatory = crisis.hospital(), crisis.stranger("cert", role="observatory")
    hospital.trust(observatory, "observatory", ("cert",))
    observatory.write(DOWN, role="analyst", incident="cert/2026-valmont")
    assert verdict(crisis, observatory, hospital) == "counts"


def rotated(crisis):
    hospital, peer, heir = crisis.hospital(), crisis.stranger("chu"), crisis.stranger("chu-2")
    hospital.trust(peer, speaks_for=("chu", "valmont"))
    heir.name = "chu"
    peer.write(
        KeyRotated(node="chu", old_incarnation=peer.incarnation, new_incarnation=heir.incarnation,
                   new_public_key="11" * 32, why="yearly"),
        role="administrator", incident="chu/register",
    )  # fmt: skip
    return hospital, peer, heir


def test_a_trusted_key_hands_over_to_the_next(crisis):
    hospital, peer, heir = rotated(crisis)
    heir.write(DOWN)
    assert verdict(crisis, heir, hospital, peer) == "counts"


def test_a_stranger_hands_over_nothing(crisis):
    hospital, peer, heir = rotated(crisis)
    thief = crisis.stranger("thief")
    fact = peer.received[-1].fact
    thief.write(fact.model_copy(update={"new_incarnation": thief.incarnation}), role="administrator")
    assert verdict(crisis, thief, hospital, peer) == "not_the_holder"


def test_what_a_stolen_key_signs_later_is_claimed(crisis):
    hospital, peer, heir = rotated(crisis)
    peer.write(DOWN)
    since = crisis.now
    peer.write(DOWN)
    hospital.write(
        KeyCompromised(node="chu", incarnation=peer.incarnation, since=since.replace(second=30), why="laptop stolen"),
        role="administrator", incident="valmont/register",
    )  # fmt: skip
    made = registry([*hospital.received, *peer.received, *heir.received], crisis.local)
    first, second = (received.entry for received in peer.received[-2:])
    assert made.standing(first).reason == "counts"
    assert made.standing(second).reason == "compromised"


def test_the_heir_may_denounce_the_key_it_replaced_and_not_the_other_way_round(crisis):
    hospital, peer, heir = rotated(crisis)
    heir.write(
        KeyCompromised(node="chu", incarnation=peer.incarnation, since=crisis.now, why="found on a forum"),
        role="administrator", incident="chu/register",
    )  # fmt: skip
    assert verdict(crisis, heir, hospital, peer) == "counts"
    peer.write(
        KeyCompromised(node="chu", incarnation=heir.incarnation, since=crisis.at("00:00"), why="revenge"),
        role="administrator", incident="chu/register",
    )  # fmt: skip
    assert verdict(crisis, peer, hospital, heir) == "compromised"
    heir.write(DOWN)
    assert verdict(crisis, heir, hospital, peer) == "counts"


def test_keys_that_denounce_each_other_end(crisis):
    one, two = crisis.hospital(1), crisis.hospital(2)
    for writer, target in ((one, two), (two, one)):
        writer.write(
            KeyCompromised(node="valmont", incarnation=target.incarnation, since=crisis.at("00:00"), why="it is not me"),
            role="administrator", incident="valmont/register",
        )  # fmt: skip
    facts = [*one.received, *two.received]
    made = {registry(order, crisis.local).compromised_since(one.log) for order in permutations(facts)}
    assert len(made) == 1


def test_the_registry_does_not_depend_on_the_order(crisis):
    hospital, peer, heir = rotated(crisis)
    facts = [*hospital.received, *peer.received]
    views = {registry(order, crisis.local).enrolments() for order in permutations(facts)}
    assert len(views) == 1 and any(enrolment.log == heir.log for enrolment in views.pop())


def test_without_a_local_node_everything_is_taken_at_its_word(crisis):
    stranger = crisis.stranger("chu", speaks_for=("valmont",))
    stranger.write(DOWN)
    assert registry(stranger.received, None).standing(stranger.received[-1].entry).counts


def test_a_bare_node_name_is_refused():
    with pytest.raises(InputError, match="anybody can call himself"):
        Registry("valmont")


def test_an_unknown_kind_is_neither_believed_nor_doubted(crisis):
    node = crisis.hospital()
    entry = node.received[-1].entry._replace(kind="teleportation")
    assert registry(node.received, crisis.local).standing(entry).reason == "unknown_kind"


def test_every_reason_has_a_sentence(crisis):
    assert {"counts", "stranger", "role", "relation", "waiting", "other_side"} <= set(REASONS)
    assert set(KINDS) >= NODE_KINDS
