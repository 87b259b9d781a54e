"""The exact solver: the optimum of small problems, bounds that hold, and what it refuses."""

from __future__ import annotations

import numpy as np
import pytest

from tests.rebuild.drawn import drawn_problem
from tests.rebuild.steady import by_every_order, one_way, steady_problem
from vigie.errors import InputError
from vigie.rebuild import exact
from vigie.rebuild.makespan_bounds import windows
from vigie.rebuild.makespan_island import improve
from vigie.rebuild.problem import check

LONG = 60.0  # seconds allowed; these end by themselves, in far less


@pytest.mark.parametrize("seed", range(6))
def test_the_optimum_of_a_tiny_problem(seed):
    problem = steady_problem(np.random.default_rng(seed), tasks=5, teams=2)
    answer = exact.shortest(problem, LONG, workers=1)
    assert answer.closed and check(problem, answer.schedule) == []
    assert answer.schedule.makespan == answer.bound == by_every_order(problem)


@pytest.mark.parametrize("seed", range(4))
def test_several_ways_and_a_schedule_to_start_from(seed):
    problem = steady_problem(np.random.default_rng(seed), tasks=15)
    known = improve(problem, np.random.default_rng(seed), 10, 20)
    answer = exact.shortest(problem, LONG, workers=1, known=known)
    assert answer.closed and check(problem, answer.schedule) == []
    assert answer.bound == answer.schedule.makespan <= known.makespan


def test_nothing_is_shorter_than_the_shortest():
    problem = one_way(steady_problem(np.random.default_rng(2), tasks=12))
    best = exact.shortest(problem, LONG, workers=1).schedule.makespan
    built = exact.build(problem, *windows(problem, best - 1), best - 1)
    answer = exact.solve(built, problem, exact.solver(LONG, 1, 1))
    assert answer.closed and answer.schedule is None


def test_shifts_are_refused():
    problem = drawn_problem(np.random.default_rng(1))
    with pytest.raises(InputError, match="constant size"):
        exact.shortest(problem, LONG)
