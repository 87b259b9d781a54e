"""What is solved can be carried out, loses no more than any rule, is best where everything can be tried, and repeats."""

from __future__ import annotations

from itertools import permutations, product

import numpy as np
import pytest

from tests.rebuild.drawn import drawn_problem
from vigie.errors import InputError
from vigie.rebuild.ground import open_ways
from vigie.rebuild.kernel import care_lost, schedule
from vigie.rebuild.problem import NO_CARE, check
from vigie.rebuild.rules import easiest_ways
from vigie.rebuild.solve import RULES, solve


@pytest.mark.parametrize("seed", range(12))
def test_a_solution_can_be_carried_out_and_loses_no_more_than_a_rule(seed):
    problem = drawn_problem(np.random.default_rng(seed), tasks=30)
    found = solve(problem, seed=seed, rounds=2)
    assert check(problem, found.schedule) == []
    by_rule = [schedule(problem, rule(problem), easiest_ways(problem)) for rule in RULES.values()]
    assert found.care_lost <= min(care_lost(problem, each.end).sum() for each in by_rule) * (1 + 1e-9)
    assert found.care_lost == pytest.approx(care_lost(problem, found.schedule.end).sum())
    assert found.makespan == found.schedule.end.max()


@pytest.mark.parametrize("seed", range(12))
def test_small_problems_are_solved_to_the_best_of_all_orders_and_ways(seed):
    problem = drawn_problem(np.random.default_rng(seed), tasks=6, teams=2, services=3)
    found = solve(problem, seed=seed, rounds=3)
    assert found.care_lost == pytest.approx(least_of_all(problem))


def least_of_all(problem):
    ways = [np.array(each) for each in product(*open_ways(problem))]
    ends = (schedule(problem, np.array(order), way).end for order in orders(problem) for way in ways)
    return min(care_lost(problem, end).sum() for end in ends)


def orders(problem):
    tasks = problem.tasks
    for order in permutations(range(problem.size)):
        at = np.argsort(order)
        after = np.repeat(np.arange(problem.size), np.diff(tasks.before_index))
        if (at[tasks.before] < at[after]).all():
            yield order


def test_the_same_seed_and_rounds_give_the_same_plan():
    problem = drawn_problem(np.random.default_rng(3), tasks=40)
    one, other = (solve(problem, seed=5, rounds=4) for _ in range(2))
    assert (one.order == other.order).all()
    assert one.care_lost == other.care_lost


def test_stop_is_asked_between_rounds():
    answers = iter([False, False, True])
    found = solve(drawn_problem(np.random.default_rng(1)), seed=1, rounds=1000, stop=lambda: next(answers))
    assert found.rounds_done == 2


def test_the_time_spent_ends_the_search():
    shares = iter([0.0, 0.3, 0.7, 0.9, 1.0])
    problem = drawn_problem(np.random.default_rng(1))
    found = solve(problem, seed=1, rounds=1000, spent=lambda: next(shares))
    assert found.rounds_done == 4
    assert check(problem, found.schedule) == []


def test_a_start_that_is_given_is_never_lost():
    problem = drawn_problem(np.random.default_rng(4), tasks=40)
    good = solve(problem, seed=1, rounds=10)
    again = solve(problem, seed=2, rounds=0, start_orders=[(good.order, good.schedule.way)])
    assert again.from_rule == "given"
    assert again.care_lost <= good.care_lost


def test_a_start_in_an_impossible_order_is_repaired():
    problem = drawn_problem(np.random.default_rng(4), tasks=20)
    found = solve(problem, seed=1, rounds=0, start_orders=[np.arange(20)[::-1]])
    assert check(problem, found.schedule) == []


def test_without_care_the_plan_is_short():
    problem = drawn_problem(np.random.default_rng(6), tasks=6, teams=2)
    without = type(problem)(problem.tasks, problem.capacity, NO_CARE)
    shortest = min(
        schedule(problem, np.array(order), np.array(way)).makespan
        for order in orders(problem)
        for way in product(*open_ways(problem))
    )
    assert solve(without, seed=1, rounds=3).makespan == shortest
    assert solve(problem, seed=1, rounds=3, objective="makespan").makespan == shortest


def test_a_calendar_too_short_for_every_rule_is_refused():
    with pytest.raises(InputError, match="longer calendar"):
        solve(drawn_problem(np.random.default_rng(1), slots=20), seed=1, rounds=1)


def test_nothing_to_do_is_done_at_once():
    problem = drawn_problem(np.random.default_rng(1))
    tasks = problem.tasks._replace(
        duration=np.zeros((0, 1), np.int32), release=np.zeros(0, np.int32), group=np.zeros(0, np.int32)
    )
    empty = type(problem)(tasks._replace(before_index=np.zeros(1, np.int32)), problem.capacity, NO_CARE)
    assert solve(empty, seed=1, rounds=1).makespan == 0
