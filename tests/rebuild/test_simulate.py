"""A plan carried out many times: durations that keep the three points, people who do what the plain version does."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import numpy as np
import pytest

from benchmarks.crises_drawn import carry_out, crisis, hospital, planned
from tests.rebuild.maps import AT, PARIS, small_hospital, work_of
from vigie.rebuild.breakdown import breakdown
from vigie.rebuild.copies import Copies, copies
from vigie.rebuild.damage import all_lost
from vigie.rebuild.dispatch import NEVER, dispatch, ground
from vigie.rebuild.duration import drawn, drawn_beyond, durations, share_shorter
from vigie.rebuild.gates import Gate
from vigie.rebuild.learning import learn
from vigie.rebuild.problem import Tasks, compressed
from vigie.rebuild.simulate import Draws, draws, ground_of, simulate, whole_slots

NO_FEAR = Copies(0.0, (), ())


def plan_of(work):
    return planned(work, {})


# -- durations -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("points", [(4, 8, 40), (1, 2, 8), (8, 24, 60), (0.5, 1, 4), (5, 6, 7)])
def test_the_three_points_are_the_5th_centile_the_mode_and_the_95th(points):
    low, likely, high = points
    these = durations([low], [likely], [high], 0.0)
    assert share_shorter(these, np.array([[low, high]]))[0] == pytest.approx([0.05, 0.95], abs=1e-6)
    grid = np.linspace(low, high, 4000)
    between = np.diff(share_shorter(these, grid[None])[0])
    assert grid[between.argmax()] == pytest.approx(likely, rel=0.1)


def test_people_s_ranges_are_widened_both_ways():
    narrow, wide = (durations([4], [8], [20], extra) for extra in (0.0, 0.4))
    at = np.array([[4.0, 20.0]])
    assert share_shorter(wide, at)[0, 0] > share_shorter(narrow, at)[0, 0]
    assert share_shorter(wide, at)[0, 1] < share_shorter(narrow, at)[0, 1]


def test_what_takes_no_time_takes_none():
    assert drawn(durations([0], [0], [0], 0.2), np.array([[-3.0, 0.0, 3.0]])).max() < 1e-6


@pytest.mark.parametrize("worked", [0.0, 3.0, 10.0, 80.0, 2000.0])
def test_what_has_lasted_so_far_lasts_longer(worked):
    these = durations([4], [8], [40], 0.2)
    hours = drawn_beyond(these, np.random.default_rng(1).standard_normal((1, 500)), np.full((1, 500), worked))
    assert np.isfinite(hours).all()
    assert (hours >= worked).all()


def test_having_lasted_nothing_changes_nothing():
    these, normal = durations([4], [8], [20], 0.2), np.linspace(-2, 3, 9)[None]
    assert drawn_beyond(these, normal, np.zeros((1, 9))) == pytest.approx(drawn(these, normal), rel=2e-3)


def test_parts_of_an_hour_are_rounded_without_bias():
    part = np.random.default_rng(1).random((1, 20000))
    slots = whole_slots(Draws(np.full((1, 20000), 3.3), part, np.ones(20000)))
    assert set(slots.ravel()) == {3, 4}
    assert slots.mean() == pytest.approx(3.3, abs=0.02)


# -- people ----------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("seed", range(12))
def test_two_dispatchers_agree_when_nothing_is_left_to_chance(seed):
    """Whole hours, so that the plain version in parts of hours has nothing to add."""
    rng = np.random.default_rng(seed)
    work = breakdown(cartography := hospital(rng), all_lost(cartography), AT, PARIS)
    plan = plan_of(work)
    hours = rng.integers(0, 30, len(work.steps)).astype(np.int32)
    end, _ = dispatch(ground_of(plan), hours[None])
    way = {s.application: int(plan.schedule.way[plan.problem.tasks.group[n]]) for n, s in enumerate(work.steps)}
    told = {step.id: float(hours[number]) for number, step in enumerate(work.steps)}
    _, ended = carry_out(work, [work.steps[number].id for number in plan.order], told, way)
    assert {step.id: end[0, number] for number, step in enumerate(work.steps)} == pytest.approx(ended)


def one_team(people: np.ndarray, hours: list[int]):
    size = len(hours)
    nothing = compressed([[] for _ in range(size)])
    tasks = Tasks(np.ones((size, 1), np.int32), *np.zeros((2, size), np.int32), *nothing, *nothing, nothing[1])
    order, team = np.arange(size, dtype=np.int32), np.zeros(size, np.int32)
    made = ground(tasks, order, team, np.zeros(size, np.bool_), people[None].astype(np.int32))
    return dispatch(made, np.array([hours], np.int32))[0][0]


@pytest.mark.parametrize("seed", range(20))
def test_one_more_person_makes_no_step_later_where_none_waits_for_another(seed):
    """True only there: with dependencies, more people can make a list of priorities later (Graham 1966)."""
    rng = np.random.default_rng(seed)
    hours = rng.integers(1, 20, 15).tolist()
    ends = [one_team(np.full(400, people), hours) for people in (1, 2, 3, 4)]
    for fewer, more in zip(ends, ends[1:], strict=False):
        assert (more <= fewer).all()


def test_at_night_those_who_began_first_keep_their_seat():
    people = np.tile([2, 2, 1, 1], 50)
    assert one_team(people, [4, 4]).tolist() == [4, 6]


def test_people_of_the_last_week_stay_as_long_as_it_takes():
    people = np.zeros(336)
    people[168:192] = 1
    assert one_team(people, [100])[0] == 168 + 4 * 168 + 4


def test_what_nobody_is_ever_there_to_do_never_ends():
    assert one_team(np.append(np.ones(10), np.zeros(300)), [20])[0] == NEVER


# -- the whole ---------------------------------------------------------------------------------------------------------------


def test_the_same_seed_gives_the_same_runs_and_another_seed_others():
    plan, learned = plan_of(work_of()), learn([])
    runs = [simulate(plan, learned, copies(plan.work), seed=seed, samples=60).end for seed in (5, 5, 6)]
    assert (runs[0] == runs[1]).all()
    assert (runs[0] != runs[2]).any()


def test_a_step_keeps_its_luck_when_another_is_added():
    fewer = small_hospital()
    more = small_hospital(applications=(*fewer.applications, fewer.applications[3].model_copy(update={"id": "new"})))
    plans = [plan_of(work_of(one)) for one in (fewer, more)]
    luck = [draws(plan, learn([]), NO_FEAR, seed=3, samples=50) for plan in plans]
    for number, step in enumerate(plans[0].work.steps):
        assert (luck[0].hours[number] == luck[1].hours[plans[1].work.place[step.id]]).all()


def test_the_ratio_learned_is_that_of_effort_and_not_of_gates():
    plan = plan_of(work_of())
    honest, slow = learn([]), replace(learn([]), logarithm=learn([]).logarithm + np.log(3))
    before, after = (draws(plan, one, NO_FEAR, seed=3, samples=50).hours for one in (honest, slow))
    for number, step in enumerate(plan.work.steps):
        assert after[number] == pytest.approx(before[number] * (1 if step.phase == "gate" else 3))


def test_a_step_under_way_has_something_left_and_less_than_the_whole():
    work = work_of()
    since = work.at - timedelta(hours=4)
    steps = tuple(replace(s, since=since, after=()) if s.id == "network:restore:network" else s for s in work.steps)
    begun = plan_of(replace(work, steps=steps))
    number = begun.work.place["network:restore:network"]
    left = draws(begun, learn([]), NO_FEAR, seed=3, samples=400).hours[number]
    whole = draws(plan_of(work), learn([]), NO_FEAR, seed=3, samples=400).hours[number]
    assert (left > 0).all()
    assert left.mean() < whole.mean()


def test_an_application_said_to_be_validating_may_still_wait_for_its_referent():
    """It is neither believed to have been worked at all along, nor given a seat before what is more urgent."""
    work = work_of()
    steps = tuple(
        replace(s, since=work.at - timedelta(hours=90), after=()) if s.phase == "validate" else s for s in work.steps
    )
    plan = plan_of(replace(work, steps=steps))
    number = plan.work.place["dpi:validate"]
    assert not ground_of(plan).begun.any()
    waiting, fresh = (draws(one, learn([]), NO_FEAR, seed=3, samples=50).hours for one in (plan, plan_of(work)))
    assert (waiting[number] == fresh[work.place["dpi:validate"]]).all()


# -- copies ------------------------------------------------------------------------------------------------------------------


def test_a_copy_out_of_reach_is_feared_less_and_one_proved_clean_not_at_all():
    crisis_drawn = crisis(2)
    fates = copies(crisis_drawn.plan.work)
    assert fates.within and fates.beyond
    uniform = np.linspace(0, 1, 200, endpoint=False)
    each = {name: uniform for name in (*fates.within, *fates.beyond)}
    lost = fates.lost(uniform, each)
    assert lost[fates.within[0]].mean() > 5 * lost[fates.beyond[0]].mean()
    proved = work_of(gates={"restore_point_clean:dpi": Gate("restore_point_clean", "dpi", "passed")})
    assert "dpi" not in copies(proved).within + copies(proved).beyond


def test_copies_share_one_fate():
    work = crisis(2).plan.work
    within = copies(work).within
    for outcome, compare in (("passed", np.less), ("refused", np.greater)):
        told = {f"restore_point_clean:{within[0]}": Gate("restore_point_clean", within[0], outcome)}
        assert compare(copies(work, told).reached, copies(work).reached)


def test_a_lost_copy_makes_the_restoration_a_reinstallation():
    plan = plan_of(work_of())
    number = plan.work.place["dpi:restore:application"]
    good, bad = (
        draws(plan, learn([]), Copies(reached, ("dpi",), ()), seed=4, samples=400).hours[number].mean()
        for reached in (0.0, 1.0)
    )
    assert bad > 2 * good
