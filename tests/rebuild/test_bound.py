"""A bound is below every plan, whatever the grid, the calendar, the ways and the shares kept, and however ill solved."""

from __future__ import annotations

import numpy as np
import pytest

from tests.rebuild.drawn import drawn_problem
from tests.rebuild.test_rules import one_engineer
from tests.rebuild.test_solve import least_of_all
from vigie.rebuild.bound import bound, quick_bound, safe
from vigie.rebuild.relaxation import Relaxed
from vigie.rebuild.solve import solve


@pytest.mark.parametrize("seed", range(10))
@pytest.mark.parametrize("period", [1, 3])
def test_the_bound_is_below_the_best_of_all_orders_and_ways(seed, period):
    problem = drawn_problem(np.random.default_rng(seed), tasks=5, teams=2, services=3)
    known = solve(problem, seed=seed, rounds=1)
    assert bound(problem, known.schedule, period=period) <= least_of_all(problem) * (1 + 1e-9)


@pytest.mark.parametrize("seed", range(8))
def test_the_bound_is_below_every_plan_found(seed):
    problem = drawn_problem(np.random.default_rng(seed), tasks=20)
    known = solve(problem, seed=seed, rounds=3)
    assert 0 < quick_bound(problem, known.schedule) <= known.care_lost
    # Any plan will do to say how far to look: another one gives another bound that holds as well.
    other = solve(problem, seed=seed, rounds=0)
    assert bound(problem, other.schedule, period=2, rounds=1) <= known.care_lost


@pytest.mark.parametrize("seed", range(5))
def test_any_prices_give_a_bound(seed):
    rng = np.random.default_rng(seed)
    problem = drawn_problem(rng, tasks=12)
    known = solve(problem, seed=seed, rounds=2)
    programme = Relaxed(problem, 1, known.makespan).programme()
    for scale in (0.0, 0.1, 1.0):
        assert safe(programme, rng.normal(0, scale, len(programme.limit))) <= known.care_lost


def test_with_one_engineer_and_equal_hours_the_bound_is_the_best_plan():
    # 3 tasks of 2 hours: heaviest first loses 5 * 2 + 2 * 4 + 1 * 6.
    problem = one_engineer([2, 2, 2], [1, 5, 2], [[], [], []])
    known = solve(problem, seed=1, rounds=1)
    assert known.care_lost == 24
    assert bound(problem, known.schedule) == pytest.approx(24, rel=1e-3)


def test_a_finer_grid_and_more_cuts_are_closer():
    problem = drawn_problem(np.random.default_rng(2), tasks=15, services=8)
    known = solve(problem, seed=1, rounds=2)
    rough, fine = (bound(problem, known.schedule, period=period, rounds=0) for period in (6, 1))
    assert rough < fine
    assert fine <= bound(problem, known.schedule, rounds=2) + 1e-9


def test_where_nothing_is_priced_nothing_is_lost():
    problem = drawn_problem(np.random.default_rng(1), services=1)
    care = problem.care._replace(cumulated=np.zeros_like(problem.care.cumulated))
    free = type(problem)(problem.tasks, problem.capacity, care)
    assert bound(free, solve(free, seed=1, rounds=1).schedule) == pytest.approx(0, abs=1e-6)
