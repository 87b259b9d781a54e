"""Checking: whether a schedule can be carried out, worked out in another way than the one that makes schedules."""

from __future__ import annotations

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import csr_matrix
from scipy.sparse.csgraph import maximum_flow

from vigie.rebuild.problem import Problem, Schedule, demand


def breaches(problem: Problem, schedule: Schedule) -> list[str]:
    """Every breach, in words; see `problem.check`.

    In a slot when no team of a task is reduced it must be at work, and the people for it must be there. What it still
    owes it must find in its reduced slots: a maximum flow from tasks to seats, or an integer program where some task
    holds several teams.
    """
    found = [*_wrong_ways(problem, schedule), *_too_early(problem, schedule)]
    return found or _too_many(problem, schedule)


def _wrong_ways(problem: Problem, schedule: Schedule) -> list[str]:
    duration = problem.tasks.duration
    return [
        f"task {task} is done in a way that is not open to it"
        for task in range(problem.size)
        if duration[task, schedule.way[problem.tasks.group[task]]] < 0
    ]


def _too_early(problem: Problem, schedule: Schedule) -> list[str]:
    tasks, found = problem.tasks, []
    for task in range(problem.size):
        start, end = int(schedule.start[task]), int(schedule.end[task])
        if start < tasks.release[task]:
            found.append(f"task {task} starts at {start}, before it may (slot {tasks.release[task]})")
        for other in tasks.before[tasks.before_index[task] : tasks.before_index[task + 1]]:
            if start < schedule.end[other]:
                found.append(f"task {task} starts at {start}, before task {other} ends ({schedule.end[other]})")
        if end - start < tasks.duration[task, schedule.way[tasks.group[task]]]:
            found.append(f"task {task} has too little time: {start} to {end}")
    return found


def _too_many(problem: Problem, schedule: Schedule) -> list[str]:
    full = problem.capacity.max(axis=1, initial=0)
    horizon = int(schedule.end.max(initial=0))
    left = problem.capacity[:, :horizon].astype(np.int64)
    reduced = problem.capacity[:, :horizon] < full[:, None]
    owed: dict[int, int] = {}
    optional: dict[int, np.ndarray] = {}
    needs: dict[int, list[tuple[int, int]]] = {}
    for task in range(problem.size):
        way = int(schedule.way[problem.tasks.group[task]])
        work = int(problem.tasks.duration[task, way])
        needs[task] = demand(problem, task, way)
        if not work or not needs[task]:
            continue
        slots = np.arange(schedule.start[task], schedule.end[task])
        may_pause = np.any([reduced[team, slots] for team, _ in needs[task]], axis=0)
        for team, people in needs[task]:
            left[team, slots[~may_pause]] -= people
        owed[task], optional[task] = work - int((~may_pause).sum()), slots[may_pause]
    found = [f"team {team}, slot {slot}: {-left[team, slot]} people too few" for team, slot in np.argwhere(left < 0)]
    found += [f"task {task} pauses while its team is whole" for task, work in owed.items() if work < 0]
    return found or _unseated(needs, owed, optional, left)


def _unseated(needs, owed, optional, left) -> list[str]:
    """The tasks that cannot find in reduced slots the work they still owe."""
    if any(owed[task] and len(needs[task]) > 1 for task in owed):
        return (
            []
            if _seatable(needs, owed, optional, left)
            else ["no sharing out of people in reduced slots can do this work"]
        )
    found = []
    for team in range(len(left)):
        mine = [task for task in owed if needs[task][0][0] == team]
        if mine and (missing := _flow_missing(mine, needs, owed, optional, left[team])):
            found.append(f"team {team}: {missing} slots of work owed that no sharing out of its people can give")
    return found


def _seatable(needs, owed, optional, left) -> bool:
    """Whether tasks of several teams can all be seated: an integer program, one variable a task and reduced slot."""
    pairs = [(task, int(slot)) for task in owed for slot in optional[task]]
    place = {pair: number for number, pair in enumerate(pairs)}
    rows, limits_low, limits_high = [], [], []
    for task in owed:
        rows.append({place[task, int(slot)]: 1 for slot in optional[task]})
        limits_low.append(owed[task])
        limits_high.append(owed[task])
    seats: dict[tuple[int, int], dict[int, int]] = {}
    for (task, slot), number in place.items():
        for team, people in needs[task]:
            seats.setdefault((team, slot), {})[number] = people
    for (team, slot), row in seats.items():
        rows.append(row)
        limits_low.append(0)
        limits_high.append(int(left[team, slot]))
    entries = [(r, c, v) for r, row in enumerate(rows) for c, v in row.items()]
    if not entries:
        return all(work == 0 for work in owed.values())
    r, c, v = zip(*entries, strict=True)
    matrix = csr_matrix((v, (r, c)), shape=(len(rows), len(pairs)))
    answer = milp(
        np.zeros(len(pairs)),
        constraints=LinearConstraint(matrix, limits_low, limits_high),
        integrality=1,
        bounds=Bounds(0, 1),
    )
    return bool(answer.success)


def _flow_missing(tasks, needs, owed, optional, seats) -> int:
    """Slots of work that cannot be seated: maximum flow source -> task -> slot -> sink."""
    slots = {int(slot): number for number, slot in enumerate(np.unique(np.concatenate([optional[t] for t in tasks])))}
    source, sink = len(tasks) + len(slots), len(tasks) + len(slots) + 1
    rows, columns, limits = [], [], []
    for number, task in enumerate(tasks):
        people = needs[task][0][1]
        rows += [source, *([number] * len(optional[task]))]
        columns += [number, *(len(tasks) + slots[int(slot)] for slot in optional[task])]
        limits += [owed[task] * people, *([people] * len(optional[task]))]
    rows += [len(tasks) + number for number in slots.values()]
    columns += [sink] * len(slots)
    limits += [int(seats[slot]) for slot in slots]
    graph = csr_matrix((np.array(limits, np.int32), (rows, columns)), shape=(sink + 1, sink + 1))
    return sum(owed[t] * needs[t][0][1] for t in tasks) - int(maximum_flow(graph, source, sink).flow_value)
