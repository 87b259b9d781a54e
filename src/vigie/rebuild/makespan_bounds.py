"""Makespan bounds: how soon everything could end at best, whatever the order. Milliseconds, no search.

Two bounds, for teams of constant size: the longest chain of precedences, and for each team the work of the tasks that can
neither begin before some slot nor end within some time of the end (an energy argument, as in Baptiste, Le Pape and
Nuijten 1999, over pairs of heads and tails).
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from vigie.rebuild.problem import Problem, demand

MOST_HEADS = 400  # distinct heads tried for each team: quadratic beyond need otherwise


def shortest_work(problem: Problem) -> NDArray[np.int64]:
    """Slots of work of each task in its quickest open way, shape (n,)."""
    duration = problem.tasks.duration.astype(np.int64)
    return np.where(duration < 0, np.iinfo(np.int64).max, duration).min(axis=1)


def heads_and_tails(problem: Problem) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """(n,) twice: the soonest start of each task, and the least time from its start to the end of everything."""
    tasks, work = problem.tasks, shortest_work(problem)
    head, tail = tasks.release.astype(np.int64), work.copy()
    order = tasks_sorted(problem)
    for task in order:
        for other in tasks.before[tasks.before_index[task] : tasks.before_index[task + 1]]:
            head[task] = max(head[task], head[other] + work[other])
    for task in reversed(order):
        for other in tasks.before[tasks.before_index[task] : tasks.before_index[task + 1]]:
            tail[other] = max(tail[other], work[other] + tail[task])
    return head, tail


def lower_bound(problem: Problem) -> int:
    """No schedule with teams of constant size ends before this slot."""
    if not problem.size:
        return 0
    head, tail = heads_and_tails(problem)
    bound = int((head + tail).max())
    rest = tail - shortest_work(problem)
    energy = _least_energy(problem)
    for team, people in enumerate(problem.capacity[:, 0].tolist()):
        busy = np.flatnonzero(energy[team])
        if people and len(busy):
            bound = max(bound, _energy_bound(head[busy], rest[busy], energy[team, busy], people))
    return bound


def windows(problem: Problem, horizon: int) -> tuple[NDArray[np.int32], NDArray[np.int32]]:
    """(n,) twice: soonest and latest start of each task, if everything is to end by `horizon`."""
    head, tail = heads_and_tails(problem)
    return head.astype(np.int32), (horizon - tail).astype(np.int32)


def _energy_bound(head: NDArray[np.int64], rest: NDArray[np.int64], energy: NDArray[np.int64], people: int) -> int:
    """The largest of head + work / people + rest, over the tasks with at least that head and at least that rest."""
    order = np.argsort(-rest, kind="stable")
    head, rest, energy = head[order], rest[order], energy[order]
    thresholds = np.unique(head)
    best = 0
    for threshold in thresholds[:: max(1, len(thresholds) // MOST_HEADS)]:
        late = head >= threshold
        total = np.cumsum(energy[late])
        best = max(best, int((threshold - (-total // people) + rest[late]).max()))
    return best


def _least_energy(problem: Problem) -> NDArray[np.int64]:
    """(r, n): people times slots that each task takes of each team at least, whatever the way."""
    tasks = problem.tasks
    energy = np.zeros((len(problem.capacity), problem.size), np.int64)
    for task in range(problem.size):
        ways = np.flatnonzero(tasks.duration[task] >= 0).tolist()
        taken = np.zeros((len(ways), len(problem.capacity)), np.int64)
        for row, way in enumerate(ways):
            for team, people in demand(problem, task, way):
                taken[row, team] += people * int(tasks.duration[task, way])
        energy[:, task] = taken.min(axis=0)
    return energy


def tasks_sorted(problem: Problem) -> list[int]:
    """Tasks, predecessors first. Tasks in a circle are left out: readers refuse them."""
    tasks = problem.tasks
    waiting = np.diff(tasks.before_index).tolist()
    after: list[list[int]] = [[] for _ in waiting]
    for task in range(problem.size):
        for other in tasks.before[tasks.before_index[task] : tasks.before_index[task + 1]].tolist():
            after[other].append(task)
    order = [task for task, count in enumerate(waiting) if not count]
    for task in order:
        for other in after[task]:
            waiting[other] -= 1
            if not waiting[other]:
                order.append(other)
    return order
