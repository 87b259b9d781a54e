"""Why this one now, what it unlocks, what it costs to swap two; what if."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from tests.rebuild.maps import AT, application, service, small_hospital, work_of
from vigie.cartography import Degradation
from vigie.errors import InputError
from vigie.rebuild.chain import chain, critical_chain, deciding_application, hold
from vigie.rebuild.explain import explain, moved_services, swap, swap_with_next
from vigie.rebuild.gates import Gate
from vigie.rebuild.plan import plan
from vigie.rebuild.problem import check
from vigie.rebuild.ranking import feasible_order, swapped
from vigie.rebuild.whatif import what_if, with_backup_unusable, with_people, with_vendor_late


@pytest.fixture(scope="module")
def made():
    return plan(work_of(), rounds=4, threads=1)


def test_the_plan_can_be_carried_out(made):
    assert check(made.problem, made.schedule) == []
    assert [line.starts_at for line in made.lines] == sorted(line.starts_at for line in made.lines)


def test_the_same_work_and_seed_give_the_same_plan(made):
    again = plan(work_of(), rounds=4, threads=2)
    assert again.order == made.order and (again.schedule.end == made.schedule.end).all()


def test_every_line_says_what_holds_it(made):
    for line in made.lines:
        held = hold(made, line)
        if held.kind == "at_once":
            assert line.starts_at == made.instant(0) or line.team is None
        if held.kind in ("after", "gate"):
            assert made.line[held.by].ends_at >= line.starts_at
            assert held.by in line.step.after
        if held.kind == "team":
            assert made.line[held.by].team == line.team
            assert made.line[held.by].starts_at < line.starts_at


def test_a_gate_holds_what_stands_behind_it(made):
    assert hold(made, made.line["internet:reconnect"]).kind == "gate"
    assert hold(made, made.line["internet:reconnect"]).by == "gate:external_reconnection"


def test_the_office_opens_at_eight(made):
    portal = made.line["portal:validate"]
    assert portal.starts_at.hour in range(8, 18)


def test_the_critical_chain_ends_with_the_last_step_and_each_link_holds_the_next(made):
    links = critical_chain(made)
    assert links[-1][0].ends_at == made.done_at
    for (before, _), (after, held) in zip(links, links[1:], strict=False):
        assert held.by == before.step.id or held.kind in ("shift", "arrival")
        assert before.starts_at <= after.starts_at


def test_a_chain_leads_to_the_return_of_one_service(made):
    application = deciding_application(made, "emergency")
    links = chain(made, made.work.back[application])
    assert links[-1][0].ends_at == made.service_back_at("emergency")


def test_what_a_step_unlocks(made):
    reason = explain(made, "ad:restore:directory")
    assert set(reason.unlocks_applications) == {"lis", "dpi", "internet", "portal"}
    assert set(reason.unlocks_services) == {"emergency", "clinic"}
    alone = explain(made, "lis:restore:application")
    assert alone.unlocks_applications == () and alone.unlocks_services == ("emergency",)
    assert reason.care_per_day > alone.care_per_day > 0


def test_an_unknown_step_is_refused(made):
    with pytest.raises(InputError, match="application:phase"):
        explain(made, "lis:polish")
    with pytest.raises(InputError, match="not in this plan"):
        swap(made, "lis", "coffee")


def test_swapping_twice_comes_back(made):
    order = swapped(made, "lis", "dpi")
    assert sorted(order) == list(range(made.problem.size))
    other = replace(made, order=tuple(order))
    assert [int(n) for n in swapped(other, "lis", "dpi")] == list(made.order)


def test_a_swap_of_two_applications_of_one_team_costs_care(made):
    done = swap(made, "lis", "dpi")
    assert done.care_lost > 0, "a plan this small is the best: no swap spares care"
    assert {one.service for one in done.moved} <= {"emergency", "clinic"}


def test_the_swap_with_the_next_one_of_the_team(made):
    first = min((line for line in made.lines if line.team == "application"), key=lambda line: line.starts_at)
    assert {swap_with_next(made, first).first, swap_with_next(made, first).second} == {"lis", "dpi"}


def test_orders_keep_what_comes_before(made):
    rank = list(range(made.problem.size, 0, -1))
    seen = set()
    for task in feasible_order(made.problem, rank):
        step = made.work.steps[task]
        assert {made.work.place[other] for other in step.after} <= seen
        seen.add(int(task))


def test_one_more_person_never_costs_care(made):
    more = what_if(made, with_people(made.work, "application", 1), rounds=4)
    assert more.care_lost < 0 and more.moved


def test_a_backup_that_cannot_be_used_costs_care(made):
    worse = what_if(made, with_backup_unusable(made.work, "dpi"), rounds=4)
    assert worse.care_lost > 0
    assert worse.after.line["dpi:restore:application"].way == "reinstall"
    assert worse.after.service_back_at("clinic") >= made.service_back_at("clinic")


def test_a_vendor_late_makes_his_work_late():
    staff = work_of().staff.with_people("supplier:labsoft", 2)
    before = plan(work_of(people=staff), rounds=4)
    after = what_if(before, with_vendor_late(before.work, "labsoft", 2), rounds=4)
    there = after.after.problem.capacity[after.after.work.teams.index("supplier:labsoft")]
    assert not there[:48].any() and there.any()
    assert after.care_lost >= -1e-6


@pytest.mark.parametrize(
    ("change", "word"),
    [
        (lambda work: with_people(work, "astrology", 1), "astrology"),
        (lambda work: with_vendor_late(work, "nobody", 2), "nobody"),
        (lambda work: with_backup_unusable(work, "coffee"), "coffee"),
    ],
)
def test_a_what_if_about_nothing_is_refused(made, change, word):
    with pytest.raises(InputError, match=word):
        change(made.work)


def test_no_date_for_a_service_behind_a_refused_gate():
    refused = Gate("external_reconnection", "", "refused", "Director")
    blocked = plan(work_of(gates={refused.id: refused}), rounds=2)
    assert blocked.service_back_at("clinic") is None
    assert blocked.service_back_at("emergency") is not None
    free = plan(work_of(), rounds=2)
    assert any(one.service == "clinic" and one.after is None for one in moved_services(free, blocked))


def test_nothing_lost_is_nothing_to_do():
    empty = plan(work_of(small_hospital(applications=(), services=())), rounds=1)
    assert empty.lines == () and empty.care_lost == 0 and empty.done_at <= AT + timedelta(hours=1)


def test_a_service_is_not_back_while_what_weakens_its_need_is_lost():
    weak = application("lis", "laboratory", degraded_by=(Degradation(application="eai", share_kept=0.5),))
    slow = application("eai", "integration", skill="integration", likely=200.0)
    found = plan(
        work_of(small_hospital(applications=(weak, slow), services=(service("lab", "laboratory", ("lis", 0.5)),)))
    )
    assert found.service_back_at("lab") == found.application_back_at("eai") > found.application_back_at("lis")
    assert deciding_application(found, "lab") == "eai"
