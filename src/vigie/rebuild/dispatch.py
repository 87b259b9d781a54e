"""Dispatch: steps handed out hour by hour, in one order of priority, to whoever is free. Compiled by Numba.

Time goes from one event to the next: a step ends, or the people present change. One person a step, one team a step, as
`breakdown` makes them. `benchmarks/crises_drawn.py` has the same rules in plain Python, written apart; tests compare.
"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import NamedTuple

import numpy as np
from numba import njit
from numpy.typing import NDArray

from vigie.rebuild.problem import Integers, Tasks, compressed

NEVER = np.int32(2**30)
WEEK = 168
LAST_WEEKS = 520  # after the horizon; what is not done in ten years is never done


class Ground(NamedTuple):
    """What a run looks up. `rank` (n,): place of each step in the order; `team` (n,): -1 where only time passes.

    `needs` (n,): how many steps come before each; `after` lists those that wait for it. `steady` (h,): slots from each
    one on in which nobody comes or goes, itself included. `begun` (n,): people are at it already. `present` (h, r).
    """

    rank: Integers
    team: Integers
    needs: Integers
    after_index: Integers
    after: Integers
    begun: NDArray[np.bool_]
    present: Integers
    steady: Integers


def ground(tasks: Tasks, order: Integers, team: Integers, begun: NDArray[np.bool_], capacity: Integers) -> Ground:
    """The ground of steps done each by one person of one team; `capacity` (r, h) says how many of each are there."""
    size = len(order)
    # Teams that no step asks for would only add events: vendors are many, and come and go.
    asked, own = np.unique(team[team >= 0], return_inverse=True)
    team = team.copy()
    team[team >= 0] = own
    capacity = capacity[asked]
    rank = np.empty(size, np.int32)
    rank[order] = np.arange(size, dtype=np.int32)
    after: list[list[int]] = [[] for _ in range(size)]
    for task in range(size):
        for other in tasks.before[tasks.before_index[task] : tasks.before_index[task + 1]]:
            after[other].append(task)
    needs = np.diff(tasks.before_index).astype(np.int32)
    return Ground(rank, team, needs, *compressed(after), begun, np.ascontiguousarray(capacity.T), _steady(capacity))


def _steady(capacity: Integers) -> Integers:
    slots = capacity.shape[1]
    changes = np.flatnonzero((np.diff(capacity, axis=1) != 0).any(axis=0)) + 1
    following = np.append(changes, slots)
    here = np.arange(slots)
    return (following[np.searchsorted(following, here, side="right")] - here).astype(np.int32)


def dispatch(ground: Ground, slots: Integers, threads: int = 1) -> tuple[Integers, Integers]:
    """(end, cause), each (draws, n), for steps that take `slots` (draws, n) hours of work; draws are shared by threads."""
    end, cause = np.empty_like(slots), np.empty_like(slots)
    parts = [np.array_split(whole, max(1, threads)) for whole in (slots, end, cause)]
    with ThreadPoolExecutor(max(1, threads)) as pool:
        list(pool.map(lambda part: run_all(ground, *part), zip(*parts, strict=True)))
    return end, cause


class Floor(NamedTuple):
    """Work space of a run: who waits for a person (by team, the most urgent last) and since when, who is at work, which
    steps only wait, which step freed somebody last and when, and steps that have just ended. `count` (3,): steps ended,
    steps that only wait, steps that have just ended."""

    needs: Integers
    left: Integers
    since: Integers
    queue: Integers
    queued: Integers
    seat: Integers
    seated: Integers
    timer: Integers
    freed: Integers
    freed_at: Integers
    gone: Integers
    count: Integers


ENDED, TIMERS, GONE = 0, 1, 2


@njit(cache=True, nogil=True)
def run_all(ground, slots, end, cause):
    """Each draw in turn."""
    size, teams = slots.shape[1], ground.present.shape[1]
    floor = Floor(
        np.empty(size, np.int32), np.empty(size, np.int32), np.empty(size, np.int32),
        np.empty((teams, size), np.int32), np.empty(teams, np.int32),
        np.empty((teams, size), np.int32), np.empty(teams, np.int32),
        np.empty(size, np.int32), np.empty(teams, np.int32), np.empty(teams, np.int32),
        np.empty(size, np.int32), np.zeros(3, np.int32),
    )  # fmt: skip
    for draw in range(slots.shape[0]):
        _run(ground, floor, slots[draw], end[draw], cause[draw])


@njit(cache=True, nogil=True)
def _run(ground, floor, slots, end, cause):
    horizon = ground.present.shape[0]
    floor.needs[:] = ground.needs
    floor.left[:] = slots
    floor.queued[:] = 0
    floor.seated[:] = 0
    floor.freed_at[:] = -1
    floor.count[:] = 0
    end[:] = NEVER
    cause[:] = -1
    for step in range(len(slots)):
        if ground.needs[step] == 0 or ground.begun[step]:
            _ready(ground, floor, step, 0)
    _let_go(ground, floor, 0, end, cause)
    now = 0
    while floor.count[ENDED] < len(slots) and now < horizon + LAST_WEEKS * WEEK:
        at = now if now < horizon else horizon - WEEK + (now - horizon) % WEEK
        jump = _take_seats(ground, floor, at, now, cause)
        _work(ground, floor, at, jump, now + jump)
        now += jump
        _let_go(ground, floor, now, end, cause)


@njit(cache=True, nogil=True)
def _ready(ground, floor, step, now):
    """A step whose turn has come takes no time at all, starts its clock, goes on, or waits for somebody."""
    team = ground.team[step]
    if floor.left[step] <= 0:
        floor.gone[floor.count[GONE]] = step
        floor.count[GONE] += 1
    elif team < 0:
        floor.timer[floor.count[TIMERS]] = step
        floor.count[TIMERS] += 1
    elif ground.begun[step]:
        floor.seat[team, floor.seated[team]] = step
        floor.seated[team] += 1
    else:
        floor.since[step] = now
        at = floor.queued[team]
        while at > 0 and ground.rank[floor.queue[team, at - 1]] < ground.rank[step]:
            floor.queue[team, at] = floor.queue[team, at - 1]
            at -= 1
        floor.queue[team, at] = step
        floor.queued[team] += 1


@njit(cache=True, nogil=True)
def _take_seats(ground, floor, at, now, cause):
    """Give the free seats of this slot, and say for how many slots nothing changes."""
    jump = ground.steady[at]
    for team in range(ground.present.shape[1]):
        present = ground.present[at, team]
        while floor.queued[team] > 0 and floor.seated[team] < present:
            floor.queued[team] -= 1
            step = floor.queue[team, floor.queued[team]]
            if floor.freed_at[team] > floor.since[step]:
                cause[step] = floor.freed[team]
            floor.seat[team, floor.seated[team]] = step
            floor.seated[team] += 1
        for place in range(min(present, floor.seated[team])):
            jump = min(jump, floor.left[floor.seat[team, place]])
    for place in range(floor.count[TIMERS]):
        jump = min(jump, floor.left[floor.timer[place]])
    return jump


@njit(cache=True, nogil=True)
def _work(ground, floor, at, jump, then):
    """Work for that many slots; what has ended `then` leaves its seat."""
    kept = 0
    for place in range(floor.count[TIMERS]):
        step = floor.timer[place]
        floor.left[step] -= jump
        if floor.left[step] > 0:
            floor.timer[kept] = step
            kept += 1
        else:
            floor.gone[floor.count[GONE]] = step
            floor.count[GONE] += 1
    floor.count[TIMERS] = kept
    for team in range(ground.present.shape[1]):
        at_work = min(ground.present[at, team], floor.seated[team])
        kept = 0
        for place in range(floor.seated[team]):
            step = floor.seat[team, place]
            if place < at_work:
                floor.left[step] -= jump
            if floor.left[step] > 0:
                floor.seat[team, kept] = step
                kept += 1
            else:
                floor.freed[team], floor.freed_at[team] = step, then
                floor.gone[floor.count[GONE]] = step
                floor.count[GONE] += 1
        floor.seated[team] = kept


@njit(cache=True, nogil=True)
def _let_go(ground, floor, now, end, cause):
    """What has just ended lets its followers come forward, and those that take no time end with it."""
    while floor.count[GONE] > 0:
        floor.count[GONE] -= 1
        step = floor.gone[floor.count[GONE]]
        end[step] = now
        floor.count[ENDED] += 1
        for place in range(ground.after_index[step], ground.after_index[step + 1]):
            other = ground.after[place]
            floor.needs[other] -= 1
            cause[other] = step
            if floor.needs[other] == 0 and not ground.begun[other]:
                _ready(ground, floor, other, now)
