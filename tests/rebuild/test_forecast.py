"""The dates of a plan: with their chances, the same for the same seed, and none where a gate says no."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import numpy as np
import pytest

from benchmarks.crises_drawn import crisis, moment, planned
from tests.rebuild.maps import AT, PARIS, small_hospital, work_of
from vigie.journal.facts import AvailabilityChanged, read, to_bytes
from vigie.journal.facts import Gate as GateFact
from vigie.rebuild.actuals import Observation
from vigie.rebuild.assumptions import Hours
from vigie.rebuild.forecast import forecast, to_fact
from vigie.rebuild.gates import Gate
from vigie.rebuild.learning import learn
from vigie.rebuild.living import carried, clean_room_ready, living, observed, planning_ratio, work_left
from vigie.rebuild.outlook import CENTILES

SLOW = tuple(Observation(f"app-{n}", "restore", (Hours(4, 8, 20),), 25.0, True) for n in range(10))


@pytest.fixture(scope="module")
def plan():
    return planned(work_of(), {})


@pytest.fixture(scope="module")
def outlook(plan):
    return forecast(plan, (), seed=1, samples=300)


def refused(kind: str, subject: str = ""):
    gate = Gate(kind, subject, "refused")
    return planned(work_of(gates={gate.id: gate}), {})


def test_the_same_arguments_give_the_same_dates(plan, outlook):
    assert forecast(plan, (), seed=1, samples=300) == outlook
    assert forecast(plan, (), seed=2, samples=300).services != outlook.services


@pytest.mark.parametrize("seed", range(4))
def test_dates_are_in_order_and_after_the_instant_of_the_forecast(seed):
    made = crisis(seed).plan
    found = forecast(made, (), seed=seed, samples=100)
    everything = [*found.applications.values(), *(one.dates for one in found.services.values()), found.done]
    for dates in everything:
        assert made.work.at <= dates.p50_at <= dates.p90_at
    for one in found.services.values():
        assert list(one.back_at) == sorted(one.back_at)
        assert len(one.back_at) == (len(CENTILES) if one.lost else 0)
    assert found.done.p50_at >= max(dates.p50_at for dates in found.applications.values())


def test_a_service_waits_for_one_of_its_applications(plan, outlook):
    for service in plan.work.cartography.services:
        one = outlook.services[service.id]
        needs = [need.application for need in service.needs]
        assert one.waits_for in needs
        assert 1 / len(needs) <= one.waits_share <= 1
        assert one.dates.p50_at >= outlook.applications[one.waits_for].p50_at


def test_behind_a_refused_gate_there_is_no_date():
    found = forecast(refused("external_reconnection"), (), seed=1, samples=100)
    clinic = found.services["clinic"]
    assert (clinic.dates.p50_at, clinic.dates.p90_at) == (None, None)
    assert clinic.dates.gate == found.applications["portal"].gate == "external_reconnection"
    assert clinic.waits_for == "portal"
    assert found.services["emergency"].dates.p90_at is not None


def test_what_nobody_lost_is_back_now():
    found = forecast(planned(work_of(small_hospital(services=())), {}), (), seed=1, samples=20)
    assert found.services == {}
    work = work_of()
    rest = replace(work, steps=(), back={}, gates=())
    nothing = forecast(planned(rest, {}), (), seed=1, samples=20)
    assert all(one.dates.p90_at == work.at and not one.lost for one in nothing.services.values())
    assert nothing.done.p90_at <= work.at


def test_tasks_that_take_three_times_longer_put_every_date_off(plan, outlook):
    found = forecast(plan, SLOW, seed=1, samples=300)
    assert found.ratio.median > 1.8
    for name, dates in found.applications.items():
        assert dates.p50_at > outlook.applications[name].p50_at


def test_a_copy_proved_clean_brings_dates_nearer():
    online = tuple(
        app.model_copy(update={"backup": app.backup.model_copy(update={"state": "online"})})
        for app in small_hospital().applications
    )
    work = work_of(small_hospital(applications=online))
    told = {f"restore_point_clean:{app.id}": Gate("restore_point_clean", app.id, "passed") for app in online}
    feared = forecast(planned(work, {}), (), seed=1, samples=300)
    proved = forecast(planned(work_of(work.cartography, gates=told), {}), (), seed=1, samples=300, gates=told)
    assert feared.copies_lost > 0.5 and proved.copies_lost == 0
    assert proved.done.p90_at < feared.done.p90_at


def test_the_fan_of_a_service_goes_from_its_fallback_to_the_whole(plan, outlook):
    for one in outlook.services.values():
        shares = np.array(one.fan.shares)
        assert shares.shape == (len(CENTILES), len(one.fan.instants))
        assert (np.diff(shares, axis=0) >= 0).all()
        assert (shares[:, 0] < 1).all()
        assert shares[CENTILES.index(50), -1] == 1
        assert one.fan.instants == tuple(sorted(one.fan.instants))


def test_the_fan_of_a_blocked_service_never_reaches_the_whole():
    found = forecast(refused("external_reconnection"), (), seed=1, samples=60)
    assert max(found.services["clinic"].fan.shares[-1]) < 1


def test_nothing_is_all_back_while_something_is_blocked():
    done = forecast(refused("external_reconnection"), (), seed=1, samples=20).done
    assert (done.p50_at, done.p90_at, done.gate) == (None, None, "external_reconnection")


def test_the_chain_that_decides_ends_with_what_brings_a_service_back(plan, outlook):
    assert set(outlook.critical) == {step.id for step in plan.work.steps}
    assert all(0 <= share <= 1 for share in outlook.critical.values())
    last = {plan.work.back[need.application] for s in plan.work.cartography.services for need in s.needs}
    assert max(outlook.critical[step] for step in last) > 0.3
    assert outlook.critical["clean-room"] > 0.3


def test_a_later_date_is_given_to_what_is_known_to_run_late():
    told = crisis(3)
    known = moment(told, 10)
    found = forecast(known.plan, known.observations, seed=1, samples=100, gates=known.gates)
    assert found.ratio.finished == 10
    restoring = [one for one in known.observations if one.phase == "restore"]
    assert found.ratio.running == sum(not one.finished for one in restoring)
    assert all(dates.p50_at >= known.plan.work.at for dates in found.applications.values())


def test_the_fact_says_what_the_outlook_says(plan, outlook):
    fact = to_fact(outlook, plan, "vigie test")
    assert read("forecast", to_bytes(fact)) == fact
    assert (fact.finished_tasks, fact.effort_ratio_percent) == (0, None)
    assert fact.total_tasks == 5  # what is hosted outside is examined, not restored
    emergency = next(one for one in fact.services if one.service == "emergency")
    assert emergency.p90_at == outlook.services["emergency"].dates.p90_at
    assert emergency.waits_for == outlook.services["emergency"].waits_for
    slow = to_fact(forecast(plan, SLOW, seed=1, samples=50), plan, "vigie test")
    assert (slow.finished_tasks, slow.total_tasks) == (10, 15)
    assert slow.effort_ratio_percent > 180
    assert slow.plan == fact.plan


def test_the_fact_names_the_gate_that_blocks():
    blocked = refused("external_reconnection")
    fact = to_fact(forecast(blocked, (), seed=1, samples=20), blocked, "vigie test")
    clinic = next(one for one in fact.services if one.service == "clinic")
    assert (clinic.p50_at, clinic.gate) == (None, "external_reconnection")


# -- living ------------------------------------------------------------------------------------------------------------------


@pytest.fixture
def node(crisis):
    crisis.now = AT
    node = crisis.hospital()
    for app in small_hospital().applications:
        node.write(AvailabilityChanged(application=app.id, state="down"))
    return node


def test_a_plan_is_made_again_from_where_things_stand(node):
    cartography = small_hospital()
    first, before = living(node.situation(), cartography, AT, PARIS, 1, samples=100, rounds=1, threads=1)
    assert not before.ratio.learned
    node.write(AvailabilityChanged(application="network", state="restoring"))
    node.crisis.now = now = AT + timedelta(hours=40)
    again, after = living(node.situation(), cartography, now, PARIS, 1, samples=100, rounds=1, threads=1, before=first)
    assert (after.ratio.finished, after.ratio.running) == (0, 1)
    assert after.ratio.median > 1.2
    assert again.work.effort_ratio == pytest.approx(after.ratio.median, abs=0.01)
    assert "clean-room" in again.work.step
    assert after.done.p90_at > before.done.p90_at


def test_the_clean_room_is_there_when_what_needs_one_has_been_begun():
    cartography = small_hospital()
    assert not clean_room_ready(cartography, ["network"])
    assert clean_room_ready(cartography, ["network", "ad"])


def test_the_order_of_before_is_kept_for_what_is_left(node):
    cartography = small_hospital()
    first, _ = living(node.situation(), cartography, AT, PARIS, 1, samples=20, rounds=1, threads=1)
    node.write(AvailabilityChanged(application="network", state="restored"))
    rest = work_left(node.situation(), cartography, AT, PARIS)
    carried_order, ways = carried(first, rest)
    order = [rest.steps[number].id for number in carried_order]
    before = [first.work.steps[number].id for number in first.order]
    assert order == [name for name in before if name in rest.step]
    way = {step.application or step.id: int(w) for step, w in zip(
        first.work.steps, first.schedule.way[first.problem.tasks.group], strict=True)}  # fmt: skip
    names = list(dict.fromkeys(step.application or step.id for step in rest.steps))
    assert [way[name] for name in names] == ways.tolist()


def test_a_gate_refused_in_the_journal_blocks(node):
    node.write(GateFact(gate="external_reconnection", subject="", outcome="refused", signer="Dr Roux", evidence="IOC"))
    _, found = living(node.situation(), small_hospital(), AT, PARIS, 1, samples=20, rounds=1, threads=1)
    assert found.services["clinic"].dates.gate == "external_reconnection"


def test_a_plan_multiplies_its_hours_only_by_what_was_seen(node):
    assert planning_ratio(learn(())) == 1
    assert planning_ratio(learn(SLOW)) > 1.8
    assert observed(node.situation(), small_hospital(), AT, PARIS) == ()
