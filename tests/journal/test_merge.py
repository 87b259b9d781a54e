"""Merging is set union: commutative, associative, idempotent; nothing is lost, nothing foreign is misread."""

from __future__ import annotations

import itertools
import json
from datetime import timedelta
from io import BytesIO

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.journal.conftest import NOW
from vigie.errors import BundleError, InputError, RefusedError
from vigie.journal import Bundle, Draft, export, merge, verify
from vigie.journal.facts import Erased, Erasure, Fact, NodeEnrolled, Note, Opaque


def test_two_laptops_apart_for_a_night_agree_in_the_morning(node):
    left, right = node("left"), node("right")
    left.write("le laboratoire est revenu", "left/crisis")
    right.write("six patients transférés", "left/crisis")
    left.merge(right.bundle())
    right.merge(left.bundle())
    assert left.digests() == right.digests()
    assert verify(left.store).ok and verify(right.store).ok


# Each step: a node writes, or hands its whole journal or one incident to another.
STEPS = st.lists(
    st.tuples(st.integers(0, 2), st.sampled_from(["write", "write", "give", "give part"]), st.integers(0, 2)),
    max_size=12,
)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=STEPS, order=st.permutations(range(6)), number=st.uuids())
def test_any_exchange_in_any_order_converges(node, steps, order, number):
    nodes = [node(name, seed=f"{name}{number}", file=f"{name}{number}") for name in ("a", "b", "c")]
    for i, (source, verb, target) in enumerate(steps):
        if verb == "write":
            nodes[source].write(f"ligne {i}", "a/crisis" if i % 2 else "a/other")
        elif source != target:
            part = "a/crisis" if verb == "give part" and "a/crisis" in nodes[source].store.incidents() else None
            nodes[target].merge(nodes[source].bundle(part))
    everything = set.union(*(each.digests() for each in nodes))
    pairs = list(itertools.permutations(nodes, 2))
    for _ in range(2):
        for i in order:
            giver, taker = pairs[i]
            taker.merge(giver.bundle())
    for each in nodes:
        assert each.digests() == everything
        assert verify(each.store).ok
        assert all(verify(each.store, against=other.store).ok for other in nodes)
        assert each.merge(nodes[0].bundle()) == 0


def test_a_part_is_never_mistaken_for_a_removal(node):
    alpha, beta = node("alpha"), node("beta")
    for i in range(7):
        alpha.write(f"ligne {i}", "alpha/crisis" if i in (1, 4, 5) else "alpha/other")
    bundle = Bundle(alpha.bundle("alpha/crisis"))
    report = verify(bundle)
    assert report.ok and (report.logs[0].held, report.logs[0].size) == (4, 8)  # three entries and the introduction
    assert bundle.scope["incident"] == "alpha/crisis" and bundle.scope["entries"] == 4
    beta.merge(alpha.bundle("alpha/crisis"))
    assert beta.store.incidents() == ["alpha/crisis", "alpha/register", "beta/register"]
    assert verify(beta.store).ok and verify(beta.store, against=alpha.store).ok
    relayed = beta.bundle("alpha/crisis")
    assert verify(Bundle(relayed)).ok
    beta.merge(alpha.bundle())
    assert verify(beta.store).ok and alpha.digests() <= beta.digests()


def test_a_relay_can_pass_on_less_than_it_received(node):
    alpha, beta, gamma = node("alpha"), node("beta"), node("gamma")
    for i in range(9):
        alpha.write(f"ligne {i}", f"alpha/{'abc'[i % 3]}")
    beta.merge(alpha.bundle("alpha/a"))
    beta.merge(alpha.bundle("alpha/b"))
    gamma.merge(beta.bundle("alpha/b"))
    assert gamma.store.incidents() == ["alpha/b", "alpha/register", "beta/register", "gamma/register"]
    assert verify(gamma.store, against=alpha.store).ok


def test_privileged_entries_stay_unless_asked(node):
    alpha = node("alpha")
    alpha.write("avis de l'avocat", privileged=True)
    alpha.write("tout le monde le sait")
    left_out, included = Bundle(alpha.bundle()), Bundle(alpha.bundle(privileged=True))
    assert (left_out.count, left_out.scope["privileged"]) == (2, "left out")
    assert (included.count, included.scope["privileged"]) == (3, "included")
    assert verify(left_out).ok


def test_there_is_no_bundle_of_an_unknown_incident(node):
    with pytest.raises(InputError, match="alpha/crisis"):
        alpha = node("alpha")
        alpha.write("x")
        alpha.bundle("alpha/nothing")


class FromTheFuture(Fact):
    kind: str = "telepathy"
    waves: int = 3


def test_an_older_version_relays_a_fact_it_does_not_know_unharmed(node):
    alpha, beta, gamma = node("alpha"), node("beta"), node("gamma")
    alpha.write(FromTheFuture(waves=7))
    beta.merge(alpha.bundle())
    gamma.merge(beta.bundle())
    held = next(received for received in gamma.store.received() if received.entry.kind == "telepathy")
    assert isinstance(held.fact, Opaque) and json.loads(held.fact.raw)["waves"] == 7
    assert verify(gamma.store, against=alpha.store).ok


def test_revisions_of_the_cartography_travel_with_the_facts_that_name_them(node):
    from vigie.journal.facts import MapAdopted

    alpha, beta = node("alpha"), node("beta")
    digest = alpha.store.put_revision(b"the map")
    alpha.store.put_revision(b"a map nobody adopted")
    alpha.write(MapAdopted(revision=digest, name="carte"))
    beta.merge(alpha.bundle())
    assert beta.store.revision(digest) == b"the map"
    assert beta.store.revisions() == [digest]


def test_an_entry_received_late_keeps_its_own_time_and_says_when_it_came(node):
    alpha, beta = node("alpha"), node("beta")
    alpha.write("écrit à 3 h 11")
    beta.now = NOW + timedelta(hours=15)
    beta.merge(alpha.bundle())
    late = next(received for received in beta.store.received(incident="alpha/crisis"))
    assert late.entry.recorded_at == NOW + timedelta(minutes=1)
    assert late.received_at == NOW + timedelta(hours=15, minutes=1)


def test_an_entry_says_what_its_author_had_seen(node):
    alpha, beta = node("alpha"), node("beta")
    for i in range(3):
        alpha.write(f"ligne {i}")
    before = beta.write("avant d'avoir rien lu")
    beta.merge(alpha.bundle())
    after, next_one = beta.write("après avoir lu"), beta.write("encore")
    assert before.entry.saw == {} and next_one.entry.saw == {}
    assert after.entry.saw == {alpha.log: 4}
    assert after.entry.recorded_at >= max(received.entry.recorded_at for received in alpha.store.received())


def test_a_peer_with_a_mad_clock_does_not_drag_ours(node):
    alpha, beta = node("alpha"), node("beta")
    alpha.now = NOW + timedelta(days=2000)
    alpha.write("en 2032")
    beta.merge(alpha.bundle())
    assert beta.write("aujourd'hui").entry.recorded_at < NOW + timedelta(hours=1)


def trust(listener, speaker, organisation):
    own = speaker.journal.identity
    fact = NodeEnrolled(
        node=own.node,
        incarnation=own.incarnation,
        public_key=own.public_key,
        role="hospital",
        speaks_for=(organisation,),
    )
    listener.write(fact, f"{listener.name}/register", role="administrator")


@pytest.mark.parametrize("order", ["erasure first", "target first"])
def test_an_authorised_erasure_is_obeyed_by_peers_in_any_order(node, order):
    alpha, beta = node("alpha"), node("beta")
    trust(beta, alpha, "alpha")
    first = alpha.write("identité d'un patient")
    before = alpha.bundle()
    alpha.write(Erasure(of=first.digest, reason="identité", authority="DPO"), role="director")
    after = alpha.bundle()
    for content in (after, before) if order == "erasure first" else (before, after):
        beta.merge(content)
    assert isinstance(beta.store.by_digest(first.digest).fact, Erased)
    assert verify(beta.store).ok and verify(Bundle(beta.bundle())).ok
    beta.merge(before)
    assert isinstance(beta.store.by_digest(first.digest).fact, Erased)


def test_a_stranger_erases_nothing_here(node):
    alpha, beta, mallory = node("alpha"), node("beta"), node("mallory")
    trust(beta, alpha, "alpha")
    first = alpha.write("la preuve")
    beta.merge(alpha.bundle())
    mallory.merge(alpha.bundle())
    mallory.write(Erasure(of=first.digest, reason="x", authority="moi"), "alpha/crisis", role="director")
    beta.merge(mallory.bundle())
    assert beta.store.by_digest(first.digest).fact == Note(text="la preuve")


def test_the_same_key_written_apart_with_other_bytes_is_a_visible_conflict(node):
    alpha, beta = node("alpha"), node("beta")
    one, other = alpha.write("un", key="k"), beta.write("autre", key="k")
    alpha.merge(beta.bundle())
    assert alpha.store.key_conflicts() == [("k", [one.digest, other.digest])]


def test_a_long_merge_lets_people_write_between_its_steps(node):
    alpha, beta = node("alpha"), node("beta")
    drafts = [Draft("alpha/crisis", Note(text=f"ligne {i}"), "import") for i in range(1200)]
    alpha.journal.append_all(drafts, NOW)
    written = []
    for step in merge(beta.journal, Bundle(alpha.bundle()), NOW):
        if step.done < step.total:
            written.append(beta.write(f"pendant la fusion {step.done}").seq)
    assert len(written) >= 4 and written == sorted(written)
    seqs = [received.seq for received in beta.store.received()]
    assert seqs == list(range(1, len(seqs) + 1))
    assert verify(beta.store).ok


def test_a_bundle_that_does_not_hold_changes_nothing(node):
    alpha, beta = node("alpha"), node("beta")
    alpha.write("x")
    content = bytearray(alpha.bundle())
    content[200] ^= 1
    before = beta.digests()
    with pytest.raises(BundleError):
        beta.merge(bytes(content))
    assert beta.digests() == before


def test_a_merge_cut_short_is_seen_and_mended_by_merging_again(node):
    alpha, beta = node("alpha"), node("beta")
    alpha.journal.append_all([Draft("alpha/crisis", Note(text=f"l {i}"), "import") for i in range(600)], NOW)
    steps = merge(beta.journal, Bundle(alpha.bundle()), NOW)
    next(steps)
    steps.close()
    report = verify(beta.store)
    assert not report.ok and any("merge the same bundle again" in log.faults[0] for log in report.logs if log.faults)
    beta.merge(alpha.bundle())
    assert verify(beta.store).ok


def test_two_exports_of_one_journal_are_the_same_bytes(node):
    alpha = node("alpha")
    alpha.write("x")
    assert alpha.bundle() == alpha.bundle()


def test_a_merge_works_the_same_in_both_databases(node, store):
    from tests.journal.conftest import Node

    alpha, beta = node("alpha"), Node("beta", store)
    for i in range(300):
        alpha.write(f"ligne {i}")
    assert beta.merge(alpha.bundle()) == 301
    assert beta.merge(alpha.bundle()) == 0
    target = BytesIO()
    export(store, beta.journal.identity, target, NOW)
    assert verify(Bundle(target.getvalue())).ok and verify(store).ok


def test_a_strangers_exercise_does_not_take_over_a_crisis(node):
    alpha, mallory = node("alpha"), node("mallory")
    mallory.write("ceci serait un exercice", "alpha/crisis", realm="exercise")
    alpha.merge(mallory.bundle())
    assert alpha.write("la crise est réelle", "alpha/crisis").entry.realm == "real"
    with pytest.raises(RefusedError):
        alpha.write("un exercice", "alpha/crisis", realm="exercise")


def test_an_enrolled_nodes_first_word_sets_the_realm(node):
    alpha, beta = node("alpha"), node("beta")
    trust(alpha, beta, "beta")
    beta.write("un exercice", "beta/drill", realm="exercise")
    alpha.merge(beta.bundle())
    with pytest.raises(RefusedError):
        alpha.write("pour de vrai", "beta/drill")


def test_a_strangers_erasure_does_not_push_aside_the_one_that_counts(node):
    alpha, beta, mallory = node("alpha"), node("beta"), node("mallory")
    trust(beta, alpha, "alpha")
    first = alpha.write("identité d'un patient")
    before = alpha.bundle()
    mallory.merge(before)
    order = Erasure(of=first.digest, reason="identité", authority="DPO")
    alpha.write(order, role="director")
    mallory.write(order, "alpha/crisis", role="director")
    beta.merge(alpha.bundle(without={first.seq}))
    beta.merge(mallory.bundle(without={mallory.store.by_digest(first.digest).seq}))
    assert beta.store.by_digest(first.digest) is None  # both orders wait for what they are about
    beta.merge(before)
    assert isinstance(beta.store.by_digest(first.digest).fact, Erased)
