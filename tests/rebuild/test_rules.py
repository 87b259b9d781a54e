"""Rules put predecessors first, and do what their names say on restarts small enough to reckon by hand."""

from __future__ import annotations

from itertools import permutations
from pathlib import Path

import numpy as np
import pytest

from tests.rebuild.drawn import drawn_problem
from vigie.rebuild.bound import bound
from vigie.rebuild.problem import Care, Problem, Tasks, compressed
from vigie.rebuild.rules import by_key, descendants, task_weights, topological, weight_over_work
from vigie.rebuild.sidney import sidney
from vigie.rebuild.solve import RULES, solve


def one_engineer(hours, weights, before):
    """One team of one person; every task weighs something for each hour until it is done."""
    count = len(hours)
    slots = sum(hours) + 1
    one_each = compressed([[0]] * count)
    tasks = Tasks(
        np.array(hours, np.int32)[:, None],
        np.zeros(count, np.int32),
        np.arange(count, dtype=np.int32),
        *compressed(before),
        *one_each,
        np.ones(count, np.int32),
    )
    cumulated = np.array(weights, float)[:, None] * np.arange(slots + 1)
    nothing = np.zeros(count)
    care = Care(*compressed([[at] for at in range(count)]), nothing, nothing, np.zeros(count, np.int32), cumulated)
    return Problem(tasks, np.ones((1, slots), np.int32), care)


@pytest.mark.parametrize("seed", range(10))
@pytest.mark.parametrize("name", RULES)
def test_predecessors_come_first(name, seed):
    problem = drawn_problem(np.random.default_rng(seed), tasks=40)
    order = RULES[name](problem)
    position = np.argsort(order)
    after = np.repeat(np.arange(problem.size), np.diff(problem.tasks.before_index))
    assert sorted(order) == list(range(problem.size))
    assert (position[problem.tasks.before] < position[after]).all()


def test_the_smallest_key_of_those_ready_comes_first():
    problem = one_engineer([1, 1, 1], [1, 1, 1], [[], [0], []])
    assert by_key(problem, np.array([5, 0, 9])).tolist() == [0, 1, 2]
    assert by_key(problem, np.array([9, 0, 5])).tolist() == [2, 0, 1]


def test_topological_goes_layer_by_layer():
    assert topological(one_engineer([1] * 4, [1] * 4, [[], [0], [1], []])).tolist() == [0, 3, 1, 2]


def test_weight_over_work_takes_short_and_heavy_tasks_first():
    assert weight_over_work(one_engineer([4, 2, 6], [2, 2, 9], [[], [], []])).tolist() == [2, 1, 0]


def test_descendants_follow_chains():
    assert descendants(one_engineer([1] * 3, [1] * 3, [[], [0], [1]])).sum() == 6


def test_sidney_sees_through_a_light_task_to_the_heavy_one_behind_it():
    # Alone, task 0 is worth nothing; with task 2 behind it, 12 / 4 beats the 5 / 2 of task 1.
    assert sidney(one_engineer([3, 2, 1], [0, 5, 12], [[], [], [0]])).tolist() == [0, 2, 1]
    assert sidney(one_engineer([3, 2, 1], [0, 7, 12], [[], [], [0]])).tolist() == [1, 0, 2]


@pytest.mark.parametrize("seed", range(10))
def test_with_one_engineer_the_best_order_follows_the_sets(seed):
    rng = np.random.default_rng(seed)
    hours, weights = rng.integers(1, 9, 6).tolist(), rng.integers(0, 9, 6).tolist()
    before = [sorted(rng.choice(n, rng.integers(0, min(n, 2) + 1), replace=False).tolist()) for n in range(6)]
    best = min(lost(order, hours, weights) for order in permutations(range(6)) if follows(order, before))
    # Inside a set Sidney leaves the order open, and any order of sets loses at most twice the least.
    found = lost(sidney(one_engineer(hours, weights, before)), hours, weights)
    assert best <= found <= 2 * best


def lost(order, hours, weights):
    ends = np.cumsum([hours[task] for task in order])
    return sum(weights[task] * end for task, end in zip(order, ends, strict=True))


def follows(order, before):
    return all(order.index(other) < order.index(task) for task, others in enumerate(before) for other in others)


@pytest.mark.parametrize("seed", range(10))
def test_weights_are_those_of_the_services(seed):
    problem = drawn_problem(np.random.default_rng(seed))
    care = problem.care
    hourly = care.cumulated[:, -1] / (care.cumulated.shape[1] - 1)
    kept = (care.kept + care.kept_after) / 2
    lost_at_first = [
        hourly[s] * (1 - kept[care.need_index[s] : care.need_index[s + 1]].prod()) for s in range(len(hourly))
    ]
    assert task_weights(problem).sum() == pytest.approx(sum(lost_at_first))


def test_the_page_of_the_restart_order_says_what_is_computed():
    page = (Path(__file__).parents[2] / "docs" / "background" / "restart-order.md").read_text(encoding="utf-8")
    rows = [line.strip("|").split("|") for line in page.splitlines() if line.startswith("|")]
    told = {row[0].strip(): (row[1].strip(), row[2].strip()) for row in rows[2:]}
    names = np.array(["directory", "laboratory", "imaging"])
    problem = one_engineer([3, 2, 1], [0, 5, 12], [[], [], [0]])
    found = solve(problem, seed=1, rounds=1)
    orders = {name: rule(problem) for name, rule in RULES.items()} | {"solved": found.order}
    shown = {
        name: (", ".join(names[order]), f"{lost(order.tolist(), [3, 2, 1], [0, 5, 12]):g}")
        for name, order in orders.items()
    }
    assert told == shown | {"bound": ("", f"{bound(problem, found.schedule, tolerance=1e-6):g}")}
