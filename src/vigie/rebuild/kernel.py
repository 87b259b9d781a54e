"""Kernel: from an order of tasks to a schedule, and from a schedule to the care lost. Compiled by Numba.

Serial schedule generation (Kolisch 1996): tasks are taken in the order given, and each is placed as early as what is
already placed allows. Arguments are the arrays of `problem.py`, flat, because that is what compiles well.
"""

from __future__ import annotations

import numpy as np
from numba import njit

from vigie.rebuild.problem import Problem, Schedule

NEVER = np.int32(2**30)


@njit(cache=True, nogil=True)
def place_all(order, way, tasks, capacity, full, left, start, end):
    """Fill `start` and `end` for the tasks in `order` (predecessors first); False when the horizon is too short.

    `way` (g,): the way of each group. `full` (r,): most people each team ever has. `left` (r, h) is work space.
    """
    left[:] = capacity
    ways = tasks.duration.shape[1]
    for task in order:
        earliest = tasks.release[task]
        for at in range(tasks.before_index[task], tasks.before_index[task + 1]):
            earliest = max(earliest, end[tasks.before[at]])
        chosen = way[tasks.group[task]]
        work = tasks.duration[task, chosen]
        row = task * ways + chosen
        if not _place(task, earliest, work, row, tasks, capacity, full, left, start, end):
            return False
    return True


@njit(cache=True, nogil=True)
def _place(task, earliest, work, row, tasks, capacity, full, left, start, end):
    first, last = tasks.use_index[row], tasks.use_index[row + 1]
    if work == 0 or first == last:
        start[task] = earliest
        end[task] = earliest + work
        return end[task] <= capacity.shape[1]
    begun, done, slot = -1, 0, earliest
    while done < work:
        if slot >= capacity.shape[1]:
            return False
        seat, may_pause = _seat(slot, first, last, tasks, capacity, full, left)
        if seat:
            if done == 0:
                begun = slot
            done += 1
        elif not may_pause:
            done = 0
        slot += 1
    start[task], end[task] = begun, slot
    for at in range(begun, slot):
        seat, may_pause = _seat(at, first, last, tasks, capacity, full, left)
        if seat:
            for use in range(first, last):
                left[tasks.use_team[use], at] -= tasks.use_people[use]
    return True


@njit(cache=True, nogil=True)
def _seat(slot, first, last, tasks, capacity, full, left):
    """(there is a place for the task in this slot, it may pause in it)."""
    seat, may_pause = True, True
    for use in range(first, last):
        team = tasks.use_team[use]
        if left[team, slot] < tasks.use_people[use]:
            seat = False
            if capacity[team, slot] == full[team]:
                may_pause = False
    return seat, may_pause


@njit(cache=True, nogil=True)
def care_lost_by_service(end, care, lost):
    """Fill `lost` (s,) with the weighted visits that each service loses from slot 0 until all its needs are back."""
    marks = np.empty(2 * (care.need_index[1:] - care.need_index[:-1]).max() + 1, np.int32)
    for service in range(len(care.need_index) - 1):
        lost[service] = lost_by(service, end, care, marks)
    return lost.sum()


@njit(cache=True, nogil=True)
def lost_by(service, end, care, marks):
    """Weighted visits that one service loses. `marks`: work space of twice its needs."""
    first, last = care.need_index[service], care.need_index[service + 1]
    horizon = care.cumulated.shape[1] - 1
    back = np.int32(0)
    for need in range(first, last):
        back = max(back, end[care.need[need]])
    count = 0
    for need in range(first, last):
        _insert(marks, count, end[care.need[need]])
        _insert(marks, count + 1, min(care.endures[need], back))
        count += 2
    lost = 0.0
    since = np.int32(0)
    for at in range(count):
        until = min(marks[at], horizon)
        if until <= since:
            continue
        kept = 1.0
        for need in range(first, last):
            if end[care.need[need]] > since:
                kept *= care.kept[need] if care.endures[need] > since else care.kept_after[need]
        lost += (care.cumulated[service, until] - care.cumulated[service, since]) * (1.0 - kept)
        since = until
    return lost


@njit(cache=True, nogil=True)
def _insert(marks, count, value):
    at = count
    while at > 0 and marks[at - 1] > value:
        marks[at] = marks[at - 1]
        at -= 1
    marks[at] = value


def schedule(problem: Problem, order: np.ndarray, way: np.ndarray) -> Schedule | None:
    """The schedule of an order (a permutation of the tasks, predecessors first); None when the horizon is too short."""
    full = problem.capacity.max(axis=1, initial=0)
    left = np.empty_like(problem.capacity)
    start = np.zeros(problem.size, np.int32)
    end = np.zeros(problem.size, np.int32)
    placed = place_all(
        order.astype(np.int32), way.astype(np.int32), problem.tasks, problem.capacity, full, left, start, end
    )
    return Schedule(start, end, way.astype(np.int32)) if placed else None


def care_lost(problem: Problem, end: np.ndarray) -> np.ndarray:
    """Weighted visits lost by each service, shape (s,), when tasks end at these slots."""
    lost = np.zeros(len(problem.care.need_index) - 1)
    if len(lost):
        care_lost_by_service(end.astype(np.int32), problem.care, lost)
    return lost
