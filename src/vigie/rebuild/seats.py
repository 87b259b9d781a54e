"""Seats: who is free in which slot, 64 slots to a word, so that a search of hours is a search of a few words.

`free` (w, k) has a column for each person a team may have: its bit for a slot is set when at least that many are free
then. `reduced` (w, r): slots in which the team has fewer people than it ever has. The compiled functions take few and
plain arrays, because passing many costs more than placing a task. Same rules as `kernel.place_all`, which stays as the
plain version that tests compare with.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numba import njit
from numpy.typing import NDArray

from vigie.rebuild.bits import ALL, NONE, ONE, lowest, nth, set_bits
from vigie.rebuild.problem import Integers, Problem

Words = NDArray[np.uint64]
SIX = np.int64(6)
LAST = np.uint64(63)
WORK, USE_FIRST, USE_LAST = range(3)
COLUMN, BEYOND, PEOPLE, TEAM = range(4)


class Seats(NamedTuple):
    """The people of a problem before anything is placed, and who needs them.

    `row` (n * m, 3), for task * m + way: slots of work, first and last (excluded) line of `use`. `use` (u, 4): first
    and last (excluded) column of the team, people needed, team.
    """

    free: Words
    reduced: Words
    row: Integers
    use: Integers


def seats(problem: Problem, slots: int | None = None) -> Seats:
    """The seats of a problem, of its first `slots` slots only when said (fewer words to copy)."""
    tasks = problem.tasks
    full = problem.capacity.max(axis=1, initial=0)
    capacity = problem.capacity[:, :slots]
    teams, slots = capacity.shape
    column = np.concatenate([[0], np.cumsum(full)]).astype(np.int32)
    words = slots // 64 + 1
    # The last column stands for nobody: always free, and never taken.
    free = np.zeros((words, int(column[-1]) + 1), np.uint64)
    free[:, -1] = _packed(np.ones(slots, bool), words)
    reduced = np.zeros((words, max(1, teams)), np.uint64)
    for team in range(teams):
        reduced[:, team] = _packed(capacity[team] < full[team], words)
        for person in range(full[team]):
            free[:, column[team] + person] = _packed(capacity[team] > person, words)
    row = np.stack([tasks.duration.ravel(), tasks.use_index[:-1], tasks.use_index[1:]], axis=1).astype(np.int32)
    first = column[tasks.use_team]
    use = np.stack([first, column[tasks.use_team + 1], tasks.use_people, tasks.use_team], axis=1).astype(np.int32)
    use[tasks.use_people == 0] = (column[-1], column[-1], 1, 0)
    return Seats(free, reduced, np.ascontiguousarray(row), np.ascontiguousarray(use))


def _packed(flags: NDArray[np.bool_], words: int) -> Words:
    padded = np.zeros(words * 64, np.uint8)
    padded[: len(flags)] = flags
    return np.packbits(padded, bitorder="little").view("<u8").astype(np.uint64)


@njit(cache=True, nogil=True, forceinline=True)
def places(word, first, last, use, reduced, free):
    """(slots with a place for the task, slots without one in which it may not pause), of one word of slots."""
    seat, stop = ALL, NONE
    for at in range(first, last):
        here = free[word, use[at, COLUMN] + use[at, PEOPLE] - 1]
        seat &= here
        stop |= ~here & ~reduced[word, use[at, TEAM]]
    return seat, stop


@njit(cache=True, nogil=True, forceinline=True)
def find(earliest, work, first, last, use, reduced, free):
    """(start, end) of the first stretch with `work` slots of places that only reduced slots break; (-1, -1) if none."""
    begun, done = np.int64(-1), np.int64(0)
    wanted = ALL << (np.uint64(earliest) & LAST)
    for word in range(earliest >> SIX, free.shape[0]):
        seat, stop = places(word, first, last, use, reduced, free)
        seat &= wanted
        stop &= wanted
        wanted = ALL
        while True:
            if done == 0:
                if seat == NONE:
                    break
                low = lowest(seat)
                begun = (word << SIX) + np.int64(low)
                stop &= ALL << low
            cut = lowest(stop)
            run = seat if stop == NONE else seat & ((ONE << cut) - ONE)
            count = np.int64(set_bits(run))
            if done + count >= work:
                return begun, (word << SIX) + np.int64(nth(run, work - done)) + 1
            if stop == NONE:
                done += count
                break
            done = np.int64(0)
            after = (ALL << cut) << ONE
            seat &= after
            stop &= after
    return np.int64(-1), np.int64(-1)


@njit(cache=True, nogil=True, forceinline=True)
def take(start, end, first, last, use, reduced, free):
    """Take the places of a task found at [start, end)."""
    for word in range(start >> SIX, ((end - 1) >> SIX) + 1):
        seat, _ = places(word, first, last, use, reduced, free)
        if word == start >> SIX:
            seat &= ALL << (np.uint64(start) & LAST)
        if word == (end - 1) >> SIX:
            seat &= ALL >> (LAST - (np.uint64(end - 1) & LAST))
        for at in range(first, last):
            taken, beyond = use[at, PEOPLE], use[at, BEYOND]
            for column in range(use[at, COLUMN], beyond):
                above = free[word, column + taken] if column + taken < beyond else NONE
                free[word, column] = (free[word, column] & ~seat) | (above & seat)


@njit(cache=True, nogil=True, forceinline=True)
def place(earliest, row, rows, use, reduced, free, slots):
    """(start, end) of a task done as `row` says, placed from `earliest` on; (-1, -1) when the horizon is too short."""
    work = np.int64(rows[row, WORK])
    first, last = rows[row, USE_FIRST], rows[row, USE_LAST]
    if work == 0 or first == last:
        until = earliest + work
        return (earliest, until) if until <= slots else (np.int64(-1), np.int64(-1))
    begun, until = find(earliest, work, first, last, use, reduced, free)
    if begun >= 0:
        take(begun, until, first, last, use, reduced, free)
    return begun, until
