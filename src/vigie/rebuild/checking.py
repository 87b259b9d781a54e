"""Checking: whether a schedule can be carried out, worked out in another way than the one that makes schedules."""

from __future__ import annotations

import numpy as np

from vigie.rebuild.problem import Problem, Schedule, demand


def breaches(problem: Problem, schedule: Schedule) -> list[str]:
    """Every breach, in words; see `problem.check`.

    Who works in which slot is recomputed: in a slot when no team of a task is reduced it must be at work; in the
    others, the people present are shared out in the order in which tasks started, then by task number, and the check
    asks only that some sharing out lets each task do its work: the work done in full slots plus the slots in which it
    could have a seat must reach its duration, and the people asked in full slots must be there.
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
    """Hour by hour: who must work works; in reduced slots, those most in need of the slot are served first."""
    full = problem.capacity.max(axis=1, initial=0)
    ways = [int(schedule.way[group]) for group in problem.tasks.group]
    needs = [demand(problem, task, ways[task]) for task in range(problem.size)]
    owed = np.array([problem.tasks.duration[task, ways[task]] for task in range(problem.size)])
    found = []
    busy = [task for task in range(problem.size) if owed[task] and needs[task]]
    for slot in range(int(schedule.end.max(initial=0))):
        present = problem.capacity[:, slot].astype(int)
        at_work = [task for task in busy if schedule.start[task] <= slot < schedule.end[task] and owed[task] > 0]
        must = [t for t in at_work if all(present[team] == full[team] for team, _ in needs[t])]
        left = present.copy()
        for task in must:
            for team, people in needs[task]:
                left[team] -= people
            owed[task] -= 1
        if (left < 0).any():
            found.append(f"slot {slot}: team {int(np.argmin(left))} has {int(-left.min())} people too few")
        spare = sorted((t for t in at_work if t not in must), key=lambda t: (schedule.end[t] - slot) - owed[t])
        for task in spare:
            if all(left[team] >= people for team, people in needs[task]):
                for team, people in needs[task]:
                    left[team] -= people
                owed[task] -= 1
    found += [f"task {task} still owes {owed[task]} slots of work" for task in busy if owed[task] > 0]
    return found
