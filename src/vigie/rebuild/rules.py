"""Rules: orders of tasks that a person could write down, from the arrays alone. Every order puts predecessors first.

They are where a search starts, and what a plan is compared with. `sidney` has a file of its own.
"""

from __future__ import annotations

import heapq

import numpy as np

from vigie.rebuild.ground import open_ways
from vigie.rebuild.problem import Floats, Integers, Problem


def by_key(problem: Problem, key: np.ndarray) -> Integers:
    """Of the tasks whose predecessors are all placed, the smallest key first; equals by task number."""
    tasks = problem.tasks
    waits = np.diff(tasks.before_index).tolist()
    after: list[list[int]] = [[] for _ in range(problem.size)]
    before, index = tasks.before.tolist(), tasks.before_index.tolist()
    for task in range(problem.size):
        for other in before[index[task] : index[task + 1]]:
            after[other].append(task)
    keys = np.asarray(key, float).tolist()
    ready = [(keys[task], task) for task in range(problem.size) if not waits[task]]
    heapq.heapify(ready)
    order = []
    while ready:
        _, task = heapq.heappop(ready)
        order.append(task)
        for other in after[task]:
            waits[other] -= 1
            if not waits[other]:
                heapq.heappush(ready, (keys[other], other))
    return np.array(order, np.int32)


def topological(problem: Problem) -> Integers:
    """Layer by layer, in the order of the list: what a plan made in a hurry does."""
    layer = np.zeros(problem.size)
    for task in by_key(problem, np.arange(problem.size)):
        for other in problem.tasks.before[problem.tasks.before_index[task] : problem.tasks.before_index[task + 1]]:
            layer[task] = max(layer[task], layer[other] + 1)
    return by_key(problem, layer)


def weight_over_work(problem: Problem) -> Integers:
    """Weight over duration (Smith 1956), which looks at no dependency."""
    return by_key(problem, -task_weights(problem) / task_work(problem))


def descendants_over_work(problem: Problem) -> Integers:
    """Weight of the task and of all that waits for it, over its own work."""
    weights = task_weights(problem)
    return by_key(problem, -(descendants(problem) @ weights) / task_work(problem))


def descendants(problem: Problem) -> Floats:
    """(n, n): 1 where the second task waits for the first, directly or not, or is it."""
    found = np.eye(problem.size, dtype=np.float32)
    tasks = problem.tasks
    for task in by_key(problem, np.arange(problem.size))[::-1]:
        for other in tasks.before[tasks.before_index[task] : tasks.before_index[task + 1]]:
            np.maximum(found[other], found[task], out=found[other])
    return found


def easiest_ways(problem: Problem) -> Integers:
    """The way of each group that takes least work, teams counted by how many people they have."""
    load = _loads(problem)
    totals = np.zeros((problem.groups, load.shape[1]))
    np.add.at(totals, problem.tasks.group, load)
    return np.array(
        [min(ways, key=totals[group].__getitem__) for group, ways in enumerate(open_ways(problem))], np.int32
    )


def task_work(problem: Problem) -> Floats:
    """Work of each task (n,) done in its easiest way: slots times the share of each team that it holds, never zero."""
    ways = easiest_ways(problem)
    load = _loads(problem)[np.arange(problem.size), ways[problem.tasks.group]]
    return np.maximum(load, 1e-3)


def _loads(problem: Problem) -> Floats:
    tasks = problem.tasks
    mean = np.maximum(problem.capacity.mean(axis=1), 1e-9)
    share = np.append(0.0, np.cumsum(tasks.use_people / mean[tasks.use_team]))
    shares = share[tasks.use_index[1:]] - share[tasks.use_index[:-1]]
    return np.maximum(tasks.duration, 0) * shares.reshape(tasks.duration.shape)


def task_weights(problem: Problem) -> Floats:
    """Weight of each task (n,): each service's hourly weight shared out on its needs, by what each keeps it from."""
    care = problem.care
    weights = np.zeros(problem.size)
    hourly = care.cumulated[:, -1] / max(1, care.cumulated.shape[1] - 1)
    for service in range(len(care.need_index) - 1):
        span = slice(care.need_index[service], care.need_index[service + 1])
        missing = 1.0 - (care.kept[span] + care.kept_after[span]) / 2
        if missing.sum() > 0:
            share = hourly[service] * (1.0 - np.prod(1.0 - missing)) * missing / missing.sum()
            np.add.at(weights, care.need[span], share)
    return weights
