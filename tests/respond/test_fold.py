"""What must hold for any crisis: order does not matter, time does not run backwards, strangers change nothing."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.support.crisis import START, Crisis, Node
from vigie.errors import InputError
from vigie.journal.facts import (
    AvailabilityChanged,
    Backlog,
    Capacity,
    Closed,
    Correction,
    Cost,
    Decision,
    Erasure,
    Estimate,
    Fact,
    Forecast,
    Handover,
    Leak,
    MapAdopted,
    Note,
    Opened,
    Postponement,
    Roster,
    ServiceModeChanged,
    Task,
    Transfer,
    TrustChanged,
    Workforce,
)
from vigie.respond import Fold, Situation, situation

# Nothing is timed in a test: a loaded machine must not make one fail.
calm = settings(deadline=None, max_examples=80, suppress_health_check=[HealthCheck.too_slow])
NAMES = st.sampled_from(["lab", "icu"])
INSTANTS = [START, START + timedelta(hours=8)]
COUNT = st.one_of(st.none(), st.integers(0, 9))


def facts() -> st.SearchStrategy[Fact]:
    word = st.sampled_from
    return st.one_of(
        st.builds(AvailabilityChanged, application=NAMES, state=word(["normal", "degraded", "down", "restored"])),
        st.builds(
            TrustChanged, subject_kind=st.just("host"), subject=NAMES, state=word(["unknown", "clean", "suspect"])
        ),
        st.builds(
            ServiceModeChanged, service=NAMES, mode=word(["normal", "degraded", "stopped"]), capacity_percent=COUNT
        ),
        st.builds(Task, task=NAMES, text=NAMES, state=word(["assigned", "done", "dropped"])),
        st.builds(Transfer, service=NAMES, patients=COUNT, to=NAMES),
        st.builds(Postponement, service=NAMES, what=st.just("surgery"), count=COUNT, cumulative=st.booleans()),
        st.builds(Capacity, service=st.one_of(st.none(), NAMES), beds_open=COUNT, visits_per_day=COUNT),
        st.builds(Backlog, what=NAMES, sheets=COUNT, people=COUNT),
        st.builds(Leak, what=NAMES, claimed_people=COUNT, confirmed_people=COUNT),
        st.builds(Handover, action=word(["given", "acknowledged"]), person=NAMES),
        st.builds(Roster, role=st.just("director"), person=NAMES, action=word(["takes", "leaves"])),
        st.builds(Decision, text=NAMES, decider=NAMES),
        st.builds(Cost, what=NAMES, amount_minor=st.integers(-5, 5), currency=word(["EUR", "USD"])),
        st.builds(MapAdopted, revision=word(["a" * 64, "b" * 64]), name=NAMES),
        st.builds(
            Workforce,
            team=NAMES,
            skill=word(["network", "system"]),
            people=st.integers(0, 2),
            from_at=word(INSTANTS),
            until_at=word([None, INSTANTS[-1] + timedelta(days=1)]),
        ),
        st.builds(Forecast, method=NAMES, finished_tasks=st.just(1), total_tasks=st.integers(1, 3)),
        st.builds(Opened, title=NAMES),
        st.builds(Closed, outcome=NAMES),
        st.builds(Note, text=NAMES),
    )


@st.composite
def crises(draw: st.DrawFn) -> tuple[Crisis, list[Node]]:
    """Two laptops of the hospital and one node nobody enrolled; they write, correct each other, and meet now and then."""
    crisis = Crisis()
    left, right = crisis.split()
    stranger = crisis.stranger("evil", speaks_for=("valmont",))
    nodes = [left, right, stranger]
    written: list[tuple[str, Fact]] = []
    for _ in range(draw(st.integers(1, 14))):
        node = draw(st.sampled_from(nodes))
        action = draw(st.sampled_from(["write"] * 5 + ["merge", "correct", "withdraw", "erase"]))
        role = draw(st.sampled_from(["member", "director", "administrator"]))
        if action == "merge" or action != "write" and not written:
            node.merge(draw(st.sampled_from([left, right])))
            continue
        digest, original = draw(st.sampled_from(written)) if written else ("", None)
        fact: Fact = draw(facts())
        if action == "correct":
            same = fact.model_dump(mode="json") if fact.kind == original.kind else original.model_dump(mode="json")
            fact = Correction(of=digest, why="again", replacement=same)
        elif action == "withdraw":
            fact = Correction(of=digest, why="wrong")
        elif action == "erase":
            fact = Erasure(of=digest, reason="law", authority="DPO")
        happened = crisis.now - timedelta(minutes=draw(st.integers(0, 9)))
        realm = draw(st.sampled_from(["real", "real", "real", "exercise"]))
        written.append((node.write(fact, happened=happened, role=role, realm=realm), fact))
    return crisis, nodes


def fold_of(crisis: Crisis) -> Fold:
    return Fold(crisis.incident, crisis.local)


def state_of(known: Situation) -> Situation:
    """The situation without what it says of the entries themselves."""
    return replace(known, at=None, counts=None, claimed=(), skewed=())


@calm
@given(crises(), st.randoms(use_true_random=False))
def test_the_order_of_the_entries_does_not_matter(made, random):
    crisis, (left, right, stranger) = made
    entries = left.merge(right).merge(stranger).received
    expected = left.situation()
    shuffled = random.sample(entries, len(entries))
    assert situation(shuffled, (), crisis.now, incident=crisis.incident, local=crisis.local) == expected
    fold = fold_of(crisis)
    for received in random.sample(entries, len(entries)):
        fold.add(received)
        fold.snapshot()
        fold.add(received)
    assert fold.snapshot(crisis.now) == expected


@calm
@given(crises())
def test_merging_is_commutative_associative_and_idempotent(made):
    crisis, (left, right, stranger) = made
    a, b, c = (list(node.received) for node in (left, right, stranger))
    nodes = [Node(crisis, "reader", number) for number in range(4)]
    nodes[0].merge(a).merge(b).merge(c)
    nodes[1].merge(c).merge(a).merge(b)
    nodes[2].merge(b).merge(nodes[1])
    nodes[3].merge(nodes[0]).merge(nodes[0]).merge(a).merge(c)
    situations = [node.situation() for node in nodes]
    assert all(one == situations[0] for one in situations)


@calm
@given(crises())
def test_a_node_that_nobody_enrolled_changes_no_state(made):
    crisis, (left, right, stranger) = made
    before = left.merge(right).situation()
    after = left.merge(stranger).situation()
    assert state_of(after) == state_of(before)


@calm
@given(crises(), st.data())
def test_what_comes_later_never_changes_what_was_known(made, data):
    crisis, (left, right, stranger) = made
    entries = left.merge(right).merge(stranger).received
    at = data.draw(st.sampled_from([received.received_at for received in entries]))
    early = [received for received in entries if received.received_at <= at]
    then = fold_of(crisis)
    then.add_all(early)
    expected = then.snapshot(at)
    now = fold_of(crisis)
    now.add_all(entries)
    now.snapshot()
    assert now.snapshot(at) == expected
    assert situation(entries, (), at, incident=crisis.incident, local=crisis.local) == expected
    assert now.snapshot(crisis.now) == left.situation()


def test_an_entry_merged_at_six_does_not_rewrite_what_was_known_at_two(crisis):
    left, right = crisis.split()
    crisis.go("13:00")
    right.write(AvailabilityChanged(application="lab", state="down"))
    at_two = crisis.go("14:00")
    crisis.go("18:00")
    fold = left.merge(right).fold()
    assert fold.snapshot(at_two).applications == {}
    assert fold.snapshot(crisis.now).applications["lab"].since.hour == 13


def test_a_clock_that_runs_ahead_is_shown_and_not_adopted(crisis):
    node = crisis.hospital()
    node.write(AvailabilityChanged(application="lab", state="down"), clock=crisis.at("09:00", day=29))
    node.write(AvailabilityChanged(application="lab", state="restored"))
    known = node.situation()
    assert known.applications["lab"].state == "restored"
    assert [one.happened_at.day for one in known.skewed] == [29] and known.counts.skewed == 1
    assert known.applications["lab"].history[1].since.day == 22


def test_what_an_enrolment_lets_in_counts_from_then_on(crisis):
    hospital, peer = crisis.hospital(), crisis.stranger("chu")
    peer.write(AvailabilityChanged(application="lab", state="down"))
    fold = hospital.merge(peer).fold()
    before = crisis.now
    assert fold.snapshot().applications == {} and fold.snapshot().counts.claimed == 1
    hospital.trust(peer, speaks_for=("valmont",))
    fold.add_all(hospital.received)
    assert fold.snapshot().applications["lab"].state == "down" and not fold.snapshot().claimed
    assert fold.snapshot(before).applications == {}


def test_an_exercise_entry_says_nothing_of_a_real_incident(crisis):
    node = crisis.hospital()
    node.write(AvailabilityChanged(application="lab", state="down"), realm="exercise")
    known = node.situation()
    assert (known.realm, known.applications["lab"].state) == ("exercise", "down")
    node.write(AvailabilityChanged(application="icu", state="degraded"))
    known = node.situation()
    assert (known.realm, list(known.applications), known.counts.other_realm) == ("real", ["icu"], 1)


def test_a_realm_of_a_later_version_changes_nothing_here(crisis):
    node = crisis.hospital()
    node.write(AvailabilityChanged(application="lab", state="down"), realm="rehearsal-of-2031")
    assert node.situation().applications == {}
    node.write(Opened(title="real"))
    assert node.situation().realm == "real" and node.situation().counts.other_realm == 1


def test_entries_of_two_incidents_are_refused_unless_one_is_named(crisis):
    node = crisis.hospital()
    node.write(Note(text="one"))
    node.write(Note(text="two"), incident="valmont/another")
    with pytest.raises(InputError, match="say which one"):
        situation(node.received, (), crisis.now)
    assert node.situation().counts.by_kind == {"note": 1}


def test_a_handover_waits_for_somebody_else_who_has_read_it(crisis):
    left, right = crisis.split()
    left.write(Handover(action="given", person="Anne", text="the backup key is in the safe"))
    left.write(Handover(action="acknowledged", person="Anne"))
    right.write(Handover(action="acknowledged", person="Paul"))
    assert [known.fact.person for known in left.merge(right).situation().handovers] == ["Anne"]
    right.merge(left)
    right.write(Handover(action="acknowledged", person="Paul"))
    assert left.merge(right).situation().handovers == ()


def test_numbers_that_nobody_gave_are_absent(crisis):
    node = crisis.hospital()
    node.write(Leak(what="mailboxes", claimed_people=700_000))
    node.write(Leak(what="mailboxes", confirmed_people=12))
    node.write(Capacity(service="icu", beds_open=8, beds_usual=12))
    node.write(Capacity(service="icu", beds_open=6))
    known = node.situation()
    assert {name: figure.value for name, figure in known.leaks[0].figures.items()} == {
        "claimed_people": 700_000,
        "confirmed_people": 12,
    }
    assert (known.capacity["icu"].fact.beds_open, known.capacity["icu"].fact.beds_usual) == (6, 12)


def test_a_cumulative_count_holds_what_came_before(crisis):
    node = crisis.hospital()
    for count, cumulative in ((5, False), (30, True), (4, False)):
        node.write(Postponement(what="surgery", count=count, cumulative=cumulative))
    assert node.situation().postponements[0].count == 34


def test_promises_are_kept_beside_the_ones_they_replaced(crisis):
    node = crisis.hospital()
    for day in (24, 26, 30):
        date = crisis.at("12:00", day=day)
        node.write(Estimate(application="lab", promised_by="editor", earliest_at=date, latest_at=date))
    (promise,) = node.situation().estimates
    assert promise.in_force.fact.latest_at.day == 30 and len(promise.past) == 2 and promise.slipped_hours == 144


def test_decisions_to_look_at_again_and_late_tasks(crisis):
    node = crisis.hospital()
    node.write(Decision(text="divert", decider="Dr Roux", review_at=crisis.at("03:20")))
    node.write(Decision(text="close", decider="Dr Roux", review_at=crisis.at("15:00")))
    node.write(Task(task="ars", text="call", state="assigned", due_at=crisis.at("03:12")))
    crisis.go("04:00")
    known = node.situation()
    assert [one.fact.text for one in known.reviews_due] == ["divert"] and len(known.late_tasks) == 1


def test_who_is_there_is_told_by_team_and_from_when(crisis):
    node = crisis.hospital()
    start, later = crisis.at("08:00"), crisis.at("08:00", day=25)
    for people, begins in ((2, start), (1, later), (0, start)):
        node.write(Workforce(team="editor-support", skill="supplier", people=people, from_at=begins))
    staffed = node.situation().workforce
    assert [(known.fact.people, known.fact.from_at) for known in staffed] == [(0, start), (1, later)]


def test_two_nodes_that_count_differently_are_told_and_the_fewer_is_believed(crisis):
    left, right = crisis.split()
    begins = crisis.at("08:00")
    left.write(Workforce(team="networks", skill="network", people=1, from_at=begins))
    right.write(
        Workforce(team="networks", skill="network", people=3, from_at=begins, until_at=crisis.at("08:00", day=30))
    )
    known = left.merge(right).situation()
    assert known.workforce[0].fact.people == 1
    (dispute,) = known.conflicts
    assert dispute.kind == "workforce" and {side.value for side in dispute.sides} == {
        "1 network",
        "3 network 2026-11-30 08:00",
    }


def test_every_forecast_is_kept_and_the_last_one_is_in_force(crisis):
    node = crisis.hospital()
    assert node.situation().forecast is None
    for seed in range(3):
        node.write(Forecast(method=f"seed {seed}", finished_tasks=seed, total_tasks=9))
    late = Forecast(method="written down late", finished_tasks=0, total_tasks=9)
    node.write(late, happened=crisis.now - timedelta(hours=1))
    known = node.situation()
    assert [one.fact.method for one in known.forecasts] == ["written down late", "seed 0", "seed 1", "seed 2"]
    assert known.forecast.fact.method == "seed 2"
