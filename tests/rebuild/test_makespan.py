"""The makespan search: only schedules that can be carried out, never below a bound, the optimum where it can be told."""

from __future__ import annotations

from itertools import count

import numpy as np
import pytest

from benchmarks import psplib
from tests.rebuild.drawn import drawn_problem
from tests.rebuild.steady import by_every_order, one_way, steady_problem
from vigie.errors import InputError
from vigie.rebuild import rcpsp
from vigie.rebuild.makespan import shortest
from vigie.rebuild.makespan_bounds import lower_bound
from vigie.rebuild.makespan_island import guest, improve, island
from vigie.rebuild.makespan_kernel import pack, work_space
from vigie.rebuild.problem import Problem, check

SHARED = pytest.mark.skipif(not psplib.FOLDER.exists(), reason="the shared data are not beside this checkout")


def ticking(step: float = 0.02):
    """A clock that moves on by itself each time it is read: a search ends after so many looks, on any machine."""
    ticks = count()
    return lambda: next(ticks) * step


@pytest.mark.parametrize("seed", range(12))
@pytest.mark.parametrize("prepared", [steady_problem, lambda rng: one_way(steady_problem(rng))])
def test_every_schedule_can_be_carried_out_and_none_is_below_the_bound(seed, prepared):
    problem = prepared(np.random.default_rng(seed))
    found = improve(problem, np.random.default_rng(seed), 20, 200)
    assert check(problem, found) == []
    assert lower_bound(problem) <= found.makespan


@pytest.mark.parametrize("seed", range(8))
def test_the_optimum_of_a_tiny_problem(seed):
    problem = steady_problem(np.random.default_rng(seed), tasks=5, teams=2)
    best = by_every_order(problem)
    assert lower_bound(problem) <= best
    assert improve(problem, np.random.default_rng(seed), 20, 400).makespan == best
    both = shortest(problem, np.random.default_rng(seed), 4.0, ticking())
    assert (both.schedule.makespan, both.bound, both.proved) == (best, best, True)


def test_teams_that_need_several_words_are_placed_as_those_that_need_one():
    """The same problem with teams that nobody asks for, so many that lanes spill over: the same schedules."""
    problem = one_way(steady_problem(np.random.default_rng(3), tasks=40))
    idle = np.full((30, problem.horizon), 2**20, np.int32)
    wide = Problem(problem.tasks, np.concatenate([idle, problem.capacity]), problem.care)
    shifted = wide.tasks._replace(use_team=wide.tasks.use_team + np.int32(len(idle)))
    wide = Problem(shifted, wide.capacity, wide.care)
    assert len(pack(problem).full) == 1 and len(pack(wide).full) > 5
    one, many = (improve(each, np.random.default_rng(1), 10, 100) for each in (problem, wide))
    assert (one.start == many.start).all()


def test_same_numbers_same_schedule():
    problem = steady_problem(np.random.default_rng(5), tasks=40)
    one, two = (improve(problem, np.random.default_rng(7), 30, 300) for _ in range(2))
    assert (one.start == two.start).all() and (one.way == two.way).all()


def test_a_guest_is_placed_as_it_came():
    problem = steady_problem(np.random.default_rng(6), tasks=40)
    best = improve(problem, np.random.default_rng(1), 30, 600)
    home = island(problem, pack(problem), np.random.default_rng(2), 5)
    home.settle(5)
    for _ in range(40):  # it takes the place of somebody drawn, if worse
        home.receive(guest(problem, best))
    assert home.schedule().makespan == home.best <= best.makespan


def test_a_population_keeps_its_best_when_it_grows_or_shrinks():
    problem = steady_problem(np.random.default_rng(8), tasks=40)
    home = island(problem, pack(problem), np.random.default_rng(2), 50)
    home.settle(50)
    best = home.best
    home.grow(80)
    home.settle(100)
    assert (home.size, home.room) == (80, 80) and home.best <= best
    best = home.best
    home.shrink(7)
    assert (home.size, home.best, home.schedule().makespan) == (7, best, best)
    home.evolve(200, 0)
    assert check(problem, home.schedule()) == [] and home.best <= best


def test_a_letter_carries_whole_schedules():
    problem = steady_problem(np.random.default_rng(9), tasks=30)
    home, other = (island(problem, pack(problem), np.random.default_rng(seed), 20) for seed in (1, 2))
    for each in (home, other):
        each.settle(20)
    other.evolve(400, 0)
    for _ in range(20):
        home.receive(other.letter(5))
    assert home.best == other.best and check(problem, home.schedule()) == []


def test_a_clock_that_leaps_ends_the_search_with_a_schedule():
    problem = steady_problem(np.random.default_rng(4), tasks=60)
    found = shortest(problem, np.random.default_rng(1), 0.01, ticking(10.0))
    assert check(problem, found.schedule) == [] and found.bound <= found.schedule.makespan


def test_work_space_holds_the_longest_schedule():
    problem = one_way(steady_problem(np.random.default_rng(1), tasks=10))
    assert len(work_space(pack(problem), 50).free) == 51


def test_shifts_are_refused():
    problem = drawn_problem(np.random.default_rng(1))
    with pytest.raises(InputError, match="constant size"):
        improve(problem, np.random.default_rng(1), 5, 5)
    with pytest.raises(InputError, match="constant size"):
        shortest(problem, np.random.default_rng(1), 1.0, ticking())


def test_nothing_to_do_takes_no_time():
    problem = rcpsp.parse("1 1\n3\n0 0 0\n", "one.rcp")
    found = shortest(problem, np.random.default_rng(1), 1.0, ticking())
    assert (found.schedule.makespan, found.bound) == (0, 0)


@SHARED
@pytest.mark.parametrize(
    ("family", "settings", "most_gap"),
    [("j30", {1, 5, 48}, 0.0), ("j30", {13, 29}, 4.0), ("j60", {1, 20}, 0.0), ("j120", {1, 16, 31}, 6.0)],
)
def test_shared_instances_by_other_eyes(family, settings, most_gap):
    """A fixed number of children: the same on any machine."""
    for instance in psplib.instances(family, settings=settings):
        problem = rcpsp.parse(instance.text, instance.name)
        found = improve(problem, np.random.default_rng(1996), 150, 6000)
        start = found.start.tolist()
        assert psplib.faults(instance.text, start) == []
        assert psplib.makespan(instance.text, start) == found.makespan
        assert lower_bound(problem) <= instance.best_known <= found.makespan
        assert found.makespan <= instance.best_known * (1 + most_gap / 100)


@SHARED
def test_both_searches_close_an_instance_whose_bound_is_not_at_hand():
    (instance,) = psplib.instances("j30", settings={5})
    problem = rcpsp.parse(instance.text, instance.name)
    assert lower_bound(problem) < instance.best_known
    found = shortest(problem, np.random.default_rng(1), 4000.0, ticking())
    assert found.proved and found.schedule.makespan == instance.best_known
