"""Makespan kernel: serial schedule generation and double justification, for teams of constant size. Compiled by Numba.

The people free in a slot are kept in the bits of a few words, one lane for each team with a guard bit above it (`full`):
one subtraction and one comparison tell whether a task fits (`pack` builds the lanes). Serial generation is Kolisch's
(1996); justification pushes every task as late as it can, then as early as it can, and never makes a schedule longer
(Valls, Ballestin and Quintanilla 2005).
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numba import njit
from numpy.typing import NDArray

from vigie.rebuild.problem import Problem, compressed, demand

LANE_BITS = 63  # the highest bit stays free: words are signed

# What only compiled code calls needs no door for Python, which would take longer to compile than the function.
inner = njit(cache=True, nogil=True, no_cpython_wrapper=True, no_cfunc_wrapper=True)


class Packed(NamedTuple):
    """A problem with constant teams, in lanes. n tasks, m ways, w words.

    `duration` (n, m); `demand` (n * m, w), row `task * m + way`; `full` (w,): everybody free, guard bits set; `guard`
    (w,): the guard bits. `before` and `after`: predecessors and successors, compressed. `release` (n,), `group` (n,).
    """

    duration: NDArray[np.int32]
    demand: NDArray[np.int64]
    full: NDArray[np.int64]
    guard: NDArray[np.int64]
    before_index: NDArray[np.int32]
    before: NDArray[np.int32]
    after_index: NDArray[np.int32]
    after: NDArray[np.int32]
    release: NDArray[np.int32]
    group: NDArray[np.int32]


def pack(problem: Problem) -> Packed:
    """Lanes of a problem. Teams of varying size are taken at their first slot: see `makespan.steady`."""
    tasks = problem.tasks
    ways = tasks.duration.shape[1]
    place, words = _lanes(problem.capacity[:, 0])
    lanes = np.zeros((problem.size * ways, words), np.int64)
    for task in range(problem.size):
        for way in range(ways):
            for team, people in demand(problem, task, way):
                word, shift = place[team]
                lanes[task * ways + way, word] += people << shift
    full, guard = np.zeros(words, np.int64), np.zeros(words, np.int64)
    for (word, shift), there in zip(place, problem.capacity[:, 0].tolist(), strict=True):
        bit = 1 << (shift + there.bit_length())
        guard[word] |= bit
        full[word] |= bit | there << shift
    after: list[list[int]] = [[] for _ in range(problem.size)]
    for task in range(problem.size):
        for other in tasks.before[tasks.before_index[task] : tasks.before_index[task + 1]]:
            after[other].append(task)
    return Packed(
        np.ascontiguousarray(tasks.duration),
        lanes,
        full,
        guard,
        tasks.before_index,
        tasks.before,
        *compressed(after),
        tasks.release,
        tasks.group,
    )


def _lanes(capacity: NDArray[np.int32]) -> tuple[list[tuple[int, int]], int]:
    """(word, shift) of each team's lane, and the number of words."""
    place, word, shift = [], 0, 0
    for there in capacity.tolist():
        width = there.bit_length() + 1
        if shift + width > LANE_BITS:
            word, shift = word + 1, 0
        place.append((word, shift))
        shift += width
    return place, word + 1


@inner
def place(order, way, packed, index, before, release, free, end):
    """Fill `end` (n,) with the earliest end of each task, taken in `order`; the makespan.

    `index`, `before`: what each task waits for (predecessors, or successors when time runs backwards). `release` (n,):
    earliest start. `free` (h * w,): work space, all full; it is left all full.
    """
    ways, words = packed.duration.shape[1], len(packed.full)
    last = 0
    for at in range(len(order)):
        task = order[at]
        earliest = release[task]
        for other in range(index[task], index[task + 1]):
            earliest = max(earliest, end[before[other]])
        chosen = way[packed.group[task]]
        work = packed.duration[task, chosen]
        if work:
            row = task * ways + chosen
            if words == 1:
                earliest = _seat(earliest, work, packed.demand[row, 0], packed.guard[0], free)
            else:
                earliest = _wide_seat(earliest, work, row, packed, free)
        end[task] = earliest + work
        last = max(last, end[task])
    for word in range(words):
        for slot in range(word, last * words, words):
            free[slot] = packed.full[word]
    return last


@inner
def _seat(start, work, asked, guard, free):
    """Take the first `work` slots in a row, from `start` on, with room for what is asked; where they begin."""
    known = start  # slots from `start` up to here, excluded, are known to have room
    while True:
        slot = start + work - 1
        while slot >= known and (free[slot] - asked) & guard == guard:
            slot -= 1
        if slot < known:
            break
        known = start + work
        start = slot + 1
    for slot in range(start, start + work):
        free[slot] -= asked
    return start


@inner
def _wide_seat(start, work, row, packed, free):
    """The same where the teams need several words."""
    words = len(packed.full)
    done, slot = 0, start
    while done < work:
        done += 1
        for word in range(words):
            left = free[slot * words + word] - packed.demand[row, word]
            if left & packed.guard[word] != packed.guard[word]:
                done = 0
        slot += 1
    for at in range(slot - work, slot):
        for word in range(words):
            free[at * words + word] -= packed.demand[row, word]
    return slot - work


@inner
def sort(order, key, most, count, sorted_order):
    """`order` by growing `key` (0 to `most`), ties as they were, into `sorted_order`. `count` (> most + 1): work space."""
    for at in range(most + 2):
        count[at] = 0
    for at in range(len(order)):
        count[key[order[at]] + 1] += 1
    for at in range(most):
        count[at + 1] += count[at]
    for at in range(len(order)):
        task = order[at]
        sorted_order[count[key[task]]] = task
        count[key[task]] += 1


@inner
def justify(order, way, packed, space):
    """Place the tasks in `order`, then as late, then as early as they can; `order` becomes that of their starts.

    `space`: see `work_space`; its `end` holds the ends of the schedule. The makespan.
    """
    n = len(order)
    end, key, other = space.end, space.key, space.other
    last = place(order, way, packed, packed.before_index, packed.before, packed.release, space.free, end)
    for task in range(n):
        key[task] = last - end[task]
    for at in range(n):
        space.turned[at] = order[n - 1 - at]
    sort(space.turned, key, last, space.count, other)
    late = place(other, way, packed, packed.after_index, packed.after, space.none, space.free, end)
    for task in range(n):
        key[task] = late - end[task]
    for at in range(n):
        space.turned[at] = other[n - 1 - at]
    sort(space.turned, key, late, space.count, other)
    last = place(other, way, packed, packed.before_index, packed.before, packed.release, space.free, end)
    for task in range(n):
        key[task] = end[task] - packed.duration[task, way[packed.group[task]]]
    sort(other, key, last, space.count, order)
    return last


class Space(NamedTuple):
    """Work space of one thread: `free` (h * w,), `end`, `key`, `other`, `turned`, `none` (n,), `count` (h + 2,)."""

    free: NDArray[np.int64]
    end: NDArray[np.int32]
    key: NDArray[np.int32]
    other: NDArray[np.int32]
    turned: NDArray[np.int32]
    none: NDArray[np.int32]
    count: NDArray[np.int32]


def work_space(packed: Packed, horizon: int) -> Space:
    """Work space for schedules of at most `horizon` slots."""
    n = len(packed.release)
    free = np.tile(packed.full, horizon + 1)
    return Space(free, *(np.zeros(n, np.int32) for _ in range(5)), np.zeros(horizon + 3, np.int32))
