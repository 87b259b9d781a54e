"""Makespan search: a population of orders that learn from one another. Compiled by Numba, for teams of constant size.

A genetic algorithm in the manner of Hartmann (1998) and Valls, Ballestin and Quintanilla (2008): orders of tasks, two-point
crossover, every child justified both ways. Steady state: a child takes the place of a worse one, unless somebody holds
the same schedule. Among schedules as long as one another the one whose tasks end earlier on the whole is the better one.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numba import njit
from numpy.typing import NDArray

from vigie.rebuild.makespan_kernel import Packed, Space, inner, justify

RANKS = np.int64(2**31)  # a score is makespan * RANKS + mean end of tasks, in 64ths of a slot
MOVES = 4  # tasks moved in a child, at most
SWAPS = 0.05  # chance that two neighbours change places (Hartmann 1998)
WIDEST = 0.5  # of the order, taken from the other parent


class People(NamedTuple):
    """p orders. `order` and `end` of their tasks (p, n); `way` (p, g); `score` (p,); `mark` (p,): a number that tells
    schedules apart."""

    order: NDArray[np.int32]
    end: NDArray[np.int32]
    way: NDArray[np.int32]
    score: NDArray[np.int64]
    mark: NDArray[np.uint64]


class Drawing(NamedTuple):
    """What drawing needs: `state` (1,) of the generator, `tail` (n,): longest way from a task to the end, `open_index`
    and `open_way`: the ways open to each group, and work space: `waiting`, `ready`, `child` (n,), `child_way` (g,)."""

    state: NDArray[np.uint64]
    tail: NDArray[np.int32]
    open_index: NDArray[np.int32]
    open_way: NDArray[np.int32]
    waiting: NDArray[np.int32]
    ready: NDArray[np.int32]
    child: NDArray[np.int32]
    child_way: NDArray[np.int32]


@inner
def below(state, most):
    """A whole number from 0 to `most` - 1 (xorshift, Marsaglia 2003)."""
    drawn = state[0]
    drawn ^= drawn << np.uint64(13)
    drawn ^= drawn >> np.uint64(7)
    drawn ^= drawn << np.uint64(17)
    state[0] = drawn
    return np.int64((drawn >> np.uint64(33)) % np.uint64(most))


@inner
def _draw(packed, drawing, rounds):
    """Draw an order and the ways."""
    _draw_order(packed, drawing, rounds)
    for group in range(len(drawing.child_way)):
        span = drawing.open_index[group + 1] - drawing.open_index[group]
        drawing.child_way[group] = drawing.open_way[drawing.open_index[group] + below(drawing.state, span)]


@inner
def _draw_order(packed, drawing, rounds):
    """Draw an order, predecessors first: each next task is the longest-tailed of `rounds` + 1 drawn ones."""
    waiting, ready = drawing.waiting, drawing.ready
    count = 0
    for task in range(len(waiting)):
        waiting[task] = packed.before_index[task + 1] - packed.before_index[task]
        if waiting[task] == 0:
            ready[count] = task
            count += 1
    for at in range(len(waiting)):
        chosen = below(drawing.state, count)
        for _ in range(rounds):
            other = below(drawing.state, count)
            if drawing.tail[ready[other]] > drawing.tail[ready[chosen]]:
                chosen = other
        task = ready[chosen]
        count -= 1
        ready[chosen] = ready[count]
        drawing.child[at] = task
        for edge in range(packed.after_index[task], packed.after_index[task + 1]):
            waiting[packed.after[edge]] -= 1
            if waiting[packed.after[edge]] == 0:
                ready[count] = packed.after[edge]
                count += 1


@inner
def _judge(packed, space, drawing):
    """Justify the child; its score and mark."""
    makespan = justify(drawing.child, drawing.child_way, packed, space)
    mark, ends = np.uint64(14695981039346656037), np.int64(0)
    for task in range(len(drawing.child)):
        mark = (mark ^ np.uint64(space.end[task])) * np.uint64(1099511628211)
        ends += space.end[task]
    return np.int64(makespan) * RANKS + ends * 64 // len(drawing.child), mark


@inner
def _keep(people, row, score, mark, space, drawing):
    for at in range(len(drawing.child)):
        people.order[row, at] = drawing.child[at]
        people.end[row, at] = space.end[at]
    for group in range(len(drawing.child_way)):
        people.way[row, group] = drawing.child_way[group]
    people.score[row] = score
    people.mark[row] = mark


@njit(cache=True, nogil=True)
def evolve(people, settled, size, children, enough, packed, space, drawing):
    """Draw the rows from `settled` to `size` (every fourth not led by the tails), then bring up that many children in all
    of them, or stop at makespan `enough`; the best makespan. One door, because each costs seconds to compile."""
    state = drawing.state
    best = np.int64(2**62)
    for at in range(size + children):
        if at < settled:
            best = min(best, people.score[at])
        elif at < size:
            _draw(packed, drawing, at % 4)
        elif best < (enough + 1) * RANKS:
            break
        else:
            _breed(people, size, packed, drawing)
        if at < settled:
            continue
        score, mark = _judge(packed, space, drawing)
        row = at if at < size else _loser(people, size, state)
        if at < size or (score <= people.score[row] and not _known(people, size, score, mark)):
            _keep(people, row, score, mark, space, drawing)
            best = min(best, score)
    return best // RANKS


@inner
def _breed(people, size, packed, drawing):
    """A child of two parents, changed a little."""
    state = drawing.state
    _cross(people, _parent(people, size, state), _parent(people, size, state), drawing)
    _swap(packed, drawing)
    if below(state, 2):
        for _ in range(below(state, MOVES) + 1):
            _move(packed, drawing)


@inner
def _known(people, size, score, mark):
    for row in range(size):  # noqa: SIM110 - Numba compiles no generators
        if people.score[row] == score and people.mark[row] == mark:
            return True
    return False


@inner
def _parent(people, size, state):
    """The better of two drawn ones."""
    one, two = below(state, size), below(state, size)
    return one if people.score[one] < people.score[two] else two


@inner
def _loser(people, size, state):
    """The worse of two drawn ones."""
    one, two = below(state, size), below(state, size)
    return one if people.score[one] > people.score[two] else two


@inner
def _cross(people, one, two, drawing):
    """A child with a stretch of the second parent's order in the first parent's; each group's way is from either."""
    child, taken, state = drawing.child, drawing.waiting, drawing.state
    n = len(child)
    width = min(n, 2 + below(state, np.int64(n * WIDEST) + 1))
    begin = below(state, n - width + 1)
    for task in range(n):
        taken[task] = 0
    for at in range(begin):
        child[at] = people.order[one, at]
        taken[child[at]] = 1
    at = begin
    for place in range(n):
        task = people.order[two, place]
        if at < begin + width and not taken[task]:
            child[at] = task
            taken[task] = 1
            at += 1
    for place in range(n):
        task = people.order[one, place]
        if not taken[task]:
            child[at] = task
            at += 1
    for group in range(len(drawing.child_way)):
        drawing.child_way[group] = people.way[one if below(state, 2) else two, group]
    if len(drawing.open_way) > len(drawing.child_way):
        group = below(state, len(drawing.child_way))
        span = drawing.open_index[group + 1] - drawing.open_index[group]
        drawing.child_way[group] = drawing.open_way[drawing.open_index[group] + below(state, span)]


@inner
def _swap(packed, drawing):
    """Let neighbours change places, now and then, where nothing forbids it."""
    child, most = drawing.child, np.int64(1 / SWAPS)
    for at in range(len(child) - 1):
        if below(drawing.state, most) == 0 and not _precedes(packed, child[at], child[at + 1]):
            child[at], child[at + 1] = child[at + 1], child[at]


@inner
def _precedes(packed, one, two):
    for edge in range(packed.before_index[two], packed.before_index[two + 1]):  # noqa: SIM110 - as above
        if packed.before[edge] == one:
            return True
    return False


@inner
def _move(packed, drawing):
    """Move a task to any place between its last predecessor and its first successor."""
    child, n = drawing.child, len(drawing.child)
    at = below(drawing.state, n)
    task = child[at]
    low = high = at
    while low > 0 and not _precedes(packed, child[low - 1], task):
        low -= 1
    while high < n - 1 and not _precedes(packed, task, child[high + 1]):
        high += 1
    target = low + below(drawing.state, high - low + 1)
    step = 1 if target > at else -1
    while at != target:
        child[at] = child[at + step]
        at += step
    child[target] = task


def no_people(packed: Packed, groups: int, size: int) -> People:
    """Room for `size` orders."""
    order, end = (np.zeros((size, len(packed.release)), np.int32) for _ in range(2))
    return People(order, end, np.zeros((size, groups), np.int32), np.zeros(size, np.int64), np.zeros(size, np.uint64))


__all__ = ["Drawing", "People", "Space", "evolve", "no_people"]
