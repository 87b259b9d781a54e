"""Ranking: orders of priority made from others. An order always keeps what comes before what it needs."""

from __future__ import annotations

import heapq
from collections.abc import Iterable, Sequence

import numpy as np

from vigie.rebuild.plan import Plan
from vigie.rebuild.problem import Problem


def feasible_order(problem: Problem, rank: Sequence[float] | np.ndarray) -> np.ndarray:
    """The order of tasks by `rank` (lower first; ties by number) in which no task comes before what it needs."""
    tasks = problem.tasks
    missing = np.diff(tasks.before_index).copy()
    after: list[list[int]] = [[] for _ in range(problem.size)]
    for task in range(problem.size):
        for other in tasks.before[tasks.before_index[task] : tasks.before_index[task + 1]]:
            after[other].append(task)
    ready = [(float(rank[task]), task) for task in np.flatnonzero(missing == 0)]
    heapq.heapify(ready)
    order = []
    while ready:
        _, task = heapq.heappop(ready)
        order.append(int(task))
        for other in after[task]:
            missing[other] -= 1
            if not missing[other]:
                heapq.heappush(ready, (float(rank[other]), other))
    return np.array(order, np.int32)


def positions_of(plan: Plan, applications: Iterable[str]) -> list[int]:
    """The tasks whose end brings these applications back."""
    return [plan.work.place[plan.work.back[name]] for name in applications if name in plan.work.back]


def swapped(plan: Plan, first: str, second: str) -> np.ndarray:
    """The order of a plan with the steps of two applications exchanged: each takes the places of the other."""
    rank = np.empty(plan.problem.size)
    rank[list(plan.order)] = np.arange(plan.problem.size)
    steps = plan.work.steps
    places = {
        name: sorted(
            (n for n, step in enumerate(steps) if step.application == name and not step.since), key=lambda n: rank[n]
        )
        for name in (first, second)
    }
    other = rank.copy()
    for mine, theirs in ((first, second), (second, first)):
        spots = [rank[n] for n in places[theirs]]
        for number, task in enumerate(places[mine]):
            if spots:
                # Where one has more steps than the other, the last ones follow each other at its last place.
                other[task] = spots[min(number, len(spots) - 1)] + 0.001 * max(0, number - len(spots) + 1)
    return feasible_order(plan.problem, other)
