"""Two laptops that do not see each other. The worked examples of docs/background/situation.md, by letter."""

from __future__ import annotations

from vigie.journal.facts import AvailabilityChanged, ServiceModeChanged, Task, Transfer, TrustChanged


def lab(state: str) -> AvailabilityChanged:
    return AvailabilityChanged(application="lab", state=state)


def test_two_laptops_apart_for_a_night_agree_in_the_morning(crisis):
    left, right = crisis.split()
    left.write(lab("restored"))
    right.write(Transfer(service="icu", patients=6, to="CHU"))
    left.merge(right)
    right.merge(left)
    assert left.situation() == right.situation()
    assert left.situation().applications["lab"].state == "restored"


def test_a_different_statements_apart_are_a_conflict_and_the_worse_is_used(crisis):
    left, right = crisis.split()
    down = left.write(lab("down"))
    restored = right.write(lab("restored"))
    known = left.merge(right).situation()
    assert known.applications["lab"].state == "down"
    (conflict,) = known.conflicts
    assert (conflict.kind, conflict.subject, conflict.used) == ("availability", "lab", down)
    assert [(side.value, side.by.digest) for side in conflict.sides] == [("restored", restored), ("down", down)]


def test_b_the_same_statement_twice_is_no_conflict(crisis):
    left, right = crisis.split()
    left.write(lab("down"))
    right.write(lab("down"))
    known = left.merge(right).situation()
    assert known.applications["lab"].state == "down" and not known.conflicts


def test_c_a_later_statement_that_has_seen_both_settles(crisis):
    left, right = crisis.split()
    left.write(lab("down"))
    right.write(lab("restored"))
    left.merge(right)
    left.write(lab("validating"))
    known = right.merge(left).situation()
    assert known.applications["lab"].state == "validating" and not known.conflicts


def test_d_having_read_the_other_is_enough_even_to_disagree(crisis):
    left, right = crisis.split()
    left.write(lab("down"))
    right.merge(left)
    right.write(lab("restored"))
    known = left.merge(right).situation()
    assert known.applications["lab"].state == "restored" and not known.conflicts


def test_e_a_log_does_not_contradict_itself(crisis):
    left, right = crisis.split()
    crisis.go("05:00")
    left.write(lab("down"), happened=crisis.at("03:30"))
    left.write(lab("degraded"), happened=crisis.at("03:20"))  # told afterwards: it was slow before it stopped
    known = right.merge(left).situation()
    assert known.applications["lab"].state == "down" and not known.conflicts
    assert [step.value for step in known.applications["lab"].history] == ["down", "degraded"]


def test_f_what_a_log_took_back_does_not_conflict_any_more(crisis):
    left, right = crisis.split()
    left.write(lab("down"))
    left.write(lab("restored"))
    right.write(lab("restored"))
    known = left.merge(right).situation()
    assert known.applications["lab"].state == "restored" and not known.conflicts


def test_g_a_third_log_that_saw_only_one_side_leaves_the_other_standing(crisis):
    left, right = crisis.split()
    third = crisis.hospital(3).merge(left)
    left.write(lab("down"))
    right.write(lab("degraded"))
    third.merge(right)
    third.write(lab("restored"))
    known = third.merge(left).situation()
    assert [side.value for side in known.conflicts[0].sides] == ["restored", "down"]
    assert known.applications["lab"].state == "down"


def test_h_unknown_is_never_good_news(crisis):
    left, right = crisis.split()
    left.write(TrustChanged(subject_kind="directory", subject="ad", state="unknown"))
    right.write(TrustChanged(subject_kind="directory", subject="ad", state="clean"))
    left.write(ServiceModeChanged(service="icu", mode="degraded", capacity_percent=60))
    right.write(ServiceModeChanged(service="icu", mode="degraded"))
    known = left.merge(right).situation()
    assert known.trust["directory", "ad"].state == "unknown"
    assert known.services["icu"].capacity_percent is None
    assert [side.value for side in known.conflicts[1].sides] == ["degraded ?", "degraded 60"]


def test_a_task_done_here_and_dropped_there_is_a_conflict(crisis):
    left, right = crisis.split(Task(task="call-ars", text="Call the ARS", state="assigned"))
    left.write(Task(task="call-ars", text="Call the ARS", state="done"))
    right.write(Task(task="call-ars", text="Call the ARS again", state="assigned"))
    known = left.merge(right).situation()
    assert [task.fact.text for task in known.open_tasks] == ["Call the ARS again"]
    assert known.conflicts[0].subject == "call-ars"


def test_what_a_log_had_seen_may_arrive_last(crisis):
    """The entry that says what the right laptop had read comes after its statement: the conflict goes away."""
    left, right = crisis.split()
    left.write(lab("down"))
    right.merge(left)
    right.write(Task(task="t", text="carries what was seen", state="assigned"))
    right.write(lab("restored"))
    entries = left.merge(right).received
    carrier = next(received for received in entries if received.entry.kind == "task")
    fold = type(left.fold())(crisis.incident, crisis.local)
    fold.add_all(received for received in entries if received is not carrier)
    assert fold.snapshot().conflicts
    fold.add(carrier)
    assert not fold.snapshot().conflicts
    assert fold.snapshot(crisis.now) == left.situation()


def test_what_a_log_had_seen_may_be_told_in_another_incident(crisis):
    left, right = crisis.split()
    left.write(lab("down"))
    right.merge(left)
    before = crisis.now
    right.write(Task(task="t", text="of another crisis", state="assigned"), incident="valmont/another")
    right.write(lab("restored"))
    fold = left.merge(right).fold()
    assert not fold.snapshot().conflicts
    assert fold.snapshot(before).applications["lab"].state == "down"
