"""Annealing: orders and ways tried by the hundred thousand, each placed again only from where it changed.

A chain holds one order of the tasks (predecessors first), one way for each group, the schedule that the serial
generator makes of them, and the seats left at every few positions of the order. A move changes part of the order, or a
way; what comes before the change is not placed again. A move to something worse is kept with probability
exp(-worse / temperature) (Kirkpatrick, Gelatt and Vecchi 1983).
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numba import njit

from vigie.rebuild.chance import share
from vigie.rebuild.ground import (
    BEFORE_FIRST,
    BEFORE_LAST,
    CARE_PRICE,
    END_PRICE,
    ENDURES,
    GROUP,
    HARD,
    MAKESPAN_PRICE,
    NEED_FIRST,
    NEED_LAST,
    NEED_TASK,
    RELEASE,
    Ground,
)
from vigie.rebuild.moves import BEST_ORDER, ORDER, POSITION, SAVED, change, undo
from vigie.rebuild.problem import Floats, Integers
from vigie.rebuild.seats import Words, place

ENERGY, BEST, TRIED, KEPT = range(4)
START, END, TRIAL_START, TRIAL_END = range(4)
NOW, TRIAL = range(2)
WHOLE, TOO_SHORT = -1, -2


class Chain(NamedTuple):
    """Where a chain stands.

    `lists` (6, n): order, position of each task, and work space, see `moves`. `way` (2, g): now's, the best's. `times`
    (4, n): starts and ends, and those of the move being tried; `lost` (2, s) likewise. `held` (2, c, w, k): seats left
    before each `step`-th position; `side` (c,) says which of the two is now's. `numbers`: energy, best energy, moves
    tried, moves kept. `dice` (1,): its own source of chance. `free`, `marks`: work space.
    """

    lists: Integers
    way: Integers
    times: Integers
    lost: Floats
    held: Words
    side: Integers
    free: Words
    marks: Integers
    numbers: Floats
    dice: Words


def chain(ground: Ground, order: Integers, way: Integers, seed: int) -> Chain:
    """A chain that stands at this order and these ways; its energy is infinite when the horizon is too short."""
    size = len(order)
    widest = int((ground.service[:, NEED_LAST] - ground.service[:, NEED_FIRST]).max(initial=0))
    words, columns = ground.free.shape
    held = size // _step(size) + 1
    made = Chain(
        np.zeros((6, size), np.int32),
        np.array([way, way], np.int32),
        np.zeros((4, size), np.int32),
        np.zeros((2, len(ground.service))),
        np.zeros((2, held, words, columns), np.uint64),
        np.zeros(held, np.int32),
        np.zeros((words, columns), np.uint64),
        np.zeros(2 * widest + 1, np.int32),
        np.array([np.inf, np.inf, 0.0, 0.0]),
        np.array([seed * 2 + 1], np.uint64),
    )
    made.lists[ORDER] = order
    restart(ground, made)
    return made


def resume(ground: Ground, chain: Chain, order: Integers, way: Integers) -> None:
    """Stand at another order and other ways; what the chain found best stays its best."""
    chain.lists[ORDER] = order.copy()
    chain.way[NOW] = way.copy()
    restart(ground, chain)


@njit(cache=True, nogil=True, forceinline=True)
def _step(size):
    """Positions between two kept states of the seats."""
    return 8 if size < 512 else (16 if size < 1500 else 32)


@njit(cache=True, nogil=True, forceinline=True)
def _copy(source, target):
    # Loops, because NumPy's assignment of a slice takes Numba seconds to compile, and longer than this to run.
    for word in range(source.shape[0]):
        for column in range(source.shape[1]):
            target[word, column] = source[word, column]


@njit(cache=True, nogil=True)
def restart(ground, chain):
    """Place everything of the order again and take it as where the chain stands."""
    _copy(ground.free, chain.held[0, 0])
    for at in range(len(chain.side)):
        chain.side[at] = 0
    energy = np.inf
    if replay(ground, chain, 0, len(chain.lists[ORDER])) == WHOLE:
        energy = count(ground, chain, True)
    _keep(chain, 0, energy)


@njit(cache=True, nogil=True)
def replay(ground, chain, since, until):
    """Place again what stands at position `since` and after; the order changed up to position `until`.

    WHOLE when all was placed, TOO_SHORT when the horizon is. Many moves change nothing: a later position when all up to
    there was placed where it was and the same seats are left, so that all after it stays.
    """
    lists, times, way, free = chain.lists, chain.times, chain.way, chain.free
    task_facts, link, rows, use, reduced = ground.task, ground.link, ground.row, ground.use, ground.reduced
    held, side = chain.held, chain.side
    ways, slots = np.int64(ground.sizes[0]), np.int64(ground.sizes[1])
    size = lists.shape[1]
    step = _step(size)
    begin = since // step * step
    _copy(held[side[since // step], since // step], free)
    changed = False
    for at in range(begin, size):
        if at % step == 0 and at > begin:
            if not changed and at > until and _equal(free, held[side[at // step], at // step]):
                return at
            _copy(free, held[1 - side[at // step], at // step])
        task = lists[ORDER, at]
        earliest = np.int64(task_facts[task, RELEASE])
        for other in range(task_facts[task, BEFORE_FIRST], task_facts[task, BEFORE_LAST]):
            earliest = max(earliest, np.int64(times[TRIAL_END, link[other]]))
        row = task * ways + way[NOW, task_facts[task, GROUP]]
        start, end = place(earliest, row, rows, use, reduced, free, slots)
        if start < 0:
            return TOO_SHORT
        changed |= start != times[START, task] or end != times[END, task]
        times[TRIAL_START, task] = start
        times[TRIAL_END, task] = end
    return WHOLE


@njit(cache=True, nogil=True, forceinline=True)
def _equal(one, other):
    for word in range(one.shape[0]):
        for column in range(one.shape[1]):
            if one[word, column] != other[word, column]:
                return False
    return True


@njit(cache=True, nogil=True)
def count(ground, chain, everything):
    """The energy of the schedule being tried; care is counted again for services whose needs moved."""
    service, need, times, lost, marks = ground.service, ground.need, chain.times, chain.lost, chain.marks
    cumulated, kept = ground.cumulated, ground.kept
    total = 0.0
    for each in range(len(service)):
        first, last = service[each, NEED_FIRST], service[each, NEED_LAST]
        moved = everything
        back = np.int32(0)
        for at in range(first, last):
            moved |= times[TRIAL_END, need[at, NEED_TASK]] != times[END, need[at, NEED_TASK]]
            back = max(back, times[TRIAL_END, need[at, NEED_TASK]])
        if service[each, HARD]:
            lost[TRIAL, each] = cumulated[each, back]
        elif moved:
            lost[TRIAL, each] = _lost(each, first, last, back, need, kept, cumulated, times, marks)
        else:
            lost[TRIAL, each] = lost[NOW, each]
        total += lost[TRIAL, each]
    makespan, ends = np.int32(0), 0.0
    for task in range(times.shape[1]):
        makespan = max(makespan, times[TRIAL_END, task])
        ends += times[TRIAL_END, task]
    return ground.price[CARE_PRICE] * total + ground.price[MAKESPAN_PRICE] * makespan + ground.price[END_PRICE] * ends


@njit(cache=True, nogil=True)
def _lost(each, first, last, back, need, kept, cumulated, times, marks):
    """What `kernel.lost_by` counts, for the schedule being tried."""
    found = 0
    for at in range(first, last):
        found = _insert(marks, found, times[TRIAL_END, need[at, NEED_TASK]])
        found = _insert(marks, found, min(need[at, ENDURES], back))
    lost = 0.0
    since = np.int32(0)
    for mark in range(found):
        until = marks[mark]
        share_kept = 1.0
        for at in range(first, last):
            if times[TRIAL_END, need[at, NEED_TASK]] > since:
                share_kept *= kept[at, 0] if need[at, ENDURES] > since else kept[at, 1]
        lost += (cumulated[each, until] - cumulated[each, since]) * (1.0 - share_kept)
        since = until
    return lost


@njit(cache=True, nogil=True, forceinline=True)
def _insert(marks, count, value):
    """Insert a slot among those sorted, unless it is there; how many there are then."""
    at = count
    while at > 0 and marks[at - 1] > value:
        at -= 1
    if value == 0 or at > 0 and marks[at - 1] == value:
        return count
    for later in range(count, at, -1):
        marks[later] = marks[later - 1]
    marks[at] = value
    return count + 1


@njit(cache=True, nogil=True)
def _keep(chain, since, energy):
    """The move tried becomes where the chain stands."""
    size = chain.lists.shape[1]
    for at in range(since // _step(size) + 1, len(chain.side)):
        chain.side[at] = 1 - chain.side[at]
    for task in range(size):
        chain.times[START, task] = chain.times[TRIAL_START, task]
        chain.times[END, task] = chain.times[TRIAL_END, task]
    for service in range(chain.lost.shape[1]):
        chain.lost[NOW, service] = chain.lost[TRIAL, service]
    for at in range(since, size):
        chain.lists[POSITION, chain.lists[ORDER, at]] = at
    chain.numbers[ENERGY] = energy
    if energy < chain.numbers[BEST]:
        chain.numbers[BEST] = energy
        for at in range(size):
            chain.lists[BEST_ORDER, at] = chain.lists[ORDER, at]
        for group in range(chain.way.shape[1]):
            chain.way[1, group] = chain.way[0, group]


@njit(cache=True, nogil=True)
def _keep_order(chain, since, until, same_from):
    """The move tried becomes where the chain stands, and nothing but the order changed."""
    step = _step(chain.lists.shape[1])
    for at in range(since // step + 1, same_from // step):
        chain.side[at] = 1 - chain.side[at]
    for at in range(since, until + 1):
        chain.lists[POSITION, chain.lists[ORDER, at]] = at


@njit(cache=True, nogil=True)
def _drop(times):
    for task in range(times.shape[1]):
        times[TRIAL_START, task] = times[START, task]
        times[TRIAL_END, task] = times[END, task]


@njit(cache=True, nogil=True)
def tidy(ground, chain):
    """Put the order in the order of starts, as long as that costs nothing: moves then mean more."""
    lists, start = chain.lists, chain.times[START]
    size = lists.shape[1]
    for at in range(size):
        lists[SAVED, at] = lists[ORDER, at]
    # Orders are nearly sorted already, and equals must stay in their order.
    for at in range(1, size):
        task, to = lists[ORDER, at], at
        while to > 0 and start[lists[ORDER, to - 1]] > start[task]:
            lists[ORDER, to] = lists[ORDER, to - 1]
            to -= 1
        lists[ORDER, to] = task
    if replay(ground, chain, 0, size) == WHOLE:
        energy = count(ground, chain, False)
        if energy <= chain.numbers[ENERGY]:
            _keep(chain, 0, energy)
            return
    for at in range(size):
        lists[ORDER, at] = lists[SAVED, at]
    _drop(chain.times)


@njit(cache=True, nogil=True)
def anneal(ground, chain, temperature, moves):
    """Try that many moves at that temperature (in units of energy)."""
    tidy(ground, chain)
    numbers = chain.numbers
    for _ in range(moves):
        since, until, group, way = change(ground, chain.lists, chain.way, chain.dice)
        if since < 0:
            continue
        numbers[TRIED] += 1
        told = replay(ground, chain, since, until)
        if told >= 0:
            _keep_order(chain, since, until, told)
            continue
        if told == WHOLE:
            energy = count(ground, chain, False)
            if energy <= numbers[ENERGY] - temperature * np.log(share(chain.dice)):
                _keep(chain, since, energy)
                numbers[KEPT] += 1
                continue
        undo(chain.lists, chain.way, since, until, group, way)
        _drop(chain.times)
