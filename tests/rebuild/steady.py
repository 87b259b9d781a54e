"""Drawn problems with teams of constant size, and the shortest schedule of a tiny one by trying every order."""

from __future__ import annotations

from itertools import permutations, product

import numpy as np

from tests.rebuild.drawn import drawn_problem
from vigie.rebuild.problem import Problem


def steady_problem(rng: np.random.Generator, tasks: int = 25, teams: int = 4) -> Problem:
    """A drawn problem whose teams work day and night."""
    drawn = drawn_problem(rng, tasks, teams)
    people = rng.integers(1, 4, (teams, 1)).astype(np.int32)
    return Problem(drawn.tasks, np.broadcast_to(people, drawn.capacity.shape), drawn.care)


def one_way(problem: Problem) -> Problem:
    """The same, each task done in its first way."""
    tasks = problem.tasks
    rows = [
        slice(tasks.use_index[row], tasks.use_index[row + 1])
        for row in range(0, problem.size * tasks.duration.shape[1], tasks.duration.shape[1])
    ]
    team = [tasks.use_team[row] for row in rows]
    index = np.cumsum([0, *(len(row) for row in team)]).astype(np.int32)
    single = tasks._replace(
        duration=np.ascontiguousarray(tasks.duration[:, :1]),
        use_index=index,
        use_team=np.concatenate(team),
        use_people=np.concatenate([tasks.use_people[row] for row in rows]),
    )
    return Problem(single, problem.capacity, problem.care)


def by_every_order(problem: Problem) -> int:
    """The shortest makespan, by plain Python: every order, every way, each task as early as it can."""
    tasks = problem.tasks
    open_ways = [np.flatnonzero(row >= 0).tolist() for row in tasks.duration]
    return min(
        _placed(problem, order, ways) for order in permutations(range(problem.size)) for ways in product(*open_ways)
    )


def _placed(problem: Problem, order: tuple[int, ...], ways: tuple[int, ...]) -> int:
    tasks, busy, end = problem.tasks, np.zeros(problem.capacity.shape, int), {}
    for task in order:
        before = tasks.before[tasks.before_index[task] : tasks.before_index[task + 1]].tolist()
        if not all(other in end for other in before):
            return 2**30
        work, row = int(tasks.duration[task, ways[task]]), task * tasks.duration.shape[1] + ways[task]
        use = slice(tasks.use_index[row], tasks.use_index[row + 1])
        team, people = tasks.use_team[use], tasks.use_people[use][:, None]
        start = max([int(tasks.release[task]), *(end[other] for other in before)])
        while work and (busy[team, start : start + work] + people > problem.capacity[team, start : start + work]).any():
            start += 1
        busy[team, start : start + work] += people
        end[task] = start + work
    return max(end.values())
