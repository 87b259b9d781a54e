"""Moves: one small change of a chain's order or of a way, never putting a task before what it needs.

A task goes earlier with all that it needs and is in the way, or later with all that waits for it. Where a service is
back only when all its needs are, moving one of them changes nothing, so its needs are also moved together.

Every move gives (since, until, group, way): the order changed from position `since` to `until`, or a group had another
`way` before and what it changes stands there; `since` is -1 where nothing changed.
"""

from __future__ import annotations

import numpy as np
from numba import njit

from vigie.rebuild.chance import below, far, share
from vigie.rebuild.ground import (
    AFTER_FIRST,
    AFTER_LAST,
    BEFORE_FIRST,
    BEFORE_LAST,
    MEMBER_FIRST,
    MEMBER_LAST,
    NEED_FIRST,
    NEED_LAST,
    NEED_TASK,
    OPTION_FIRST,
    OPTION_LAST,
)

ORDER, POSITION, BEST_ORDER, SAVED, MARK, SPARE = range(6)
NOTHING = (np.int64(-1), np.int64(-1), np.int64(-1), np.int64(-1))
LONGEST_BLOCK = 16


@njit(cache=True, nogil=True)
def change(ground, lists, way, dice):
    """Make one move in the order or in a way; what was there is in `lists[SAVED]`."""
    if lists.shape[1] < 2:
        return NOTHING
    if len(ground.choices) and share(dice) < 0.15:
        return _other_way(ground.choices, ground.group, ground.link, lists, way, dice)
    drawn = share(dice)
    if len(ground.hot) and drawn < 0.25:
        service = ground.hot[below(dice, len(ground.hot))]
        first, last = ground.service[service, NEED_FIRST], ground.service[service, NEED_LAST]
        if drawn < 0.08:
            return _service_later(ground.need, first, last, ground.task, ground.link, lists, dice)
        return _service_earlier(ground.need, first, last, ground.task, ground.link, lists, dice)
    if drawn < 0.4:
        return _block_earlier(ground.task, ground.link, lists, dice)
    if drawn < 0.75:
        return _earlier(ground.teams, ground.task, ground.link, lists, dice)
    return _later(ground.teams, ground.task, ground.link, lists, dice)


@njit(cache=True, nogil=True)
def undo(lists, way, since, until, group, before):
    """Back to what was there."""
    if group >= 0:
        way[0, group] = before
    else:
        for at in range(since, until + 1):
            lists[ORDER, at] = lists[SAVED, at]


@njit(cache=True, nogil=True)
def _other_way(choices, groups, link, lists, way, dice):
    group = choices[below(dice, len(choices))]
    first, last = groups[group, OPTION_FIRST], groups[group, OPTION_LAST]
    before = way[0, group]
    after = link[first + below(dice, last - first)]
    if after == before:
        return NOTHING
    since, until = np.int64(lists.shape[1]), np.int64(0)
    for at in range(groups[group, MEMBER_FIRST], groups[group, MEMBER_LAST]):
        since = min(since, np.int64(lists[POSITION, link[at]]))
        until = max(until, np.int64(lists[POSITION, link[at]]))
    way[0, group] = after
    return since, until, np.int64(group), np.int64(before)


@njit(cache=True, nogil=True)
def _earlier(teams, facts, link, lists, dice):
    at = 1 + below(dice, lists.shape[1] - 1)
    task = lists[ORDER, at]
    to = at - far(dice, at)
    # Past tasks that share no team with it nothing changes, so it goes right before one that does.
    while to < at and teams[lists[ORDER, to]] & teams[task] == 0:
        to += 1
    lists[MARK, task] = 1
    return _gather(facts, link, lists, to, at)


@njit(cache=True, nogil=True)
def _later(teams, facts, link, lists, dice):
    size = lists.shape[1]
    at = below(dice, size - 1)
    task = lists[ORDER, at]
    to = at + far(dice, size - 1 - at)
    while to > at and teams[lists[ORDER, to]] & teams[task] == 0:
        to -= 1
    lists[MARK, task] = 1
    return _postpone(facts, link, lists, at, to)


@njit(cache=True, nogil=True)
def _block_earlier(facts, link, lists, dice):
    size = lists.shape[1]
    at = 1 + below(dice, size - 1)
    last = min(size - 1, at + far(dice, LONGEST_BLOCK) - 1)
    to = at - far(dice, at)
    for each in range(at, last + 1):
        lists[MARK, lists[ORDER, each]] = 1
    return _gather(facts, link, lists, to, last)


@njit(cache=True, nogil=True)
def _service_earlier(need, first, last, facts, link, lists, dice):
    until = np.int64(0)
    for at in range(first, last):
        until = max(until, np.int64(lists[POSITION, need[at, NEED_TASK]]))
    if until == 0:
        return NOTHING
    to = until - far(dice, until)
    for at in range(first, last):
        task = need[at, NEED_TASK]
        if lists[POSITION, task] >= to:
            lists[MARK, task] = 1
    return _gather(facts, link, lists, to, until)


@njit(cache=True, nogil=True)
def _service_later(need, first, last, facts, link, lists, dice):
    size = lists.shape[1]
    since = np.int64(lists[POSITION, need[first + below(dice, last - first), NEED_TASK]])
    if since == size - 1:
        return NOTHING
    to = since + far(dice, size - 1 - since)
    for at in range(first, last):
        task = need[at, NEED_TASK]
        if since <= lists[POSITION, task] <= to:
            lists[MARK, task] = 1
    return _postpone(facts, link, lists, since, to)


@njit(cache=True, nogil=True)
def _gather(facts, link, lists, first, last):
    """Marked tasks of positions [first, last], and what they need there, go first."""
    front = 0
    for at in range(last, first - 1, -1):
        task = lists[ORDER, at]
        if lists[MARK, task]:
            front += 1
            for other in range(facts[task, BEFORE_FIRST], facts[task, BEFORE_LAST]):
                lists[MARK, link[other]] = 1
    return _parted(lists, first, last, front, 1)


@njit(cache=True, nogil=True)
def _postpone(facts, link, lists, first, last):
    """Marked tasks of positions [first, last], and what waits for them there, go last."""
    behind = 0
    for at in range(first, last + 1):
        task = lists[ORDER, at]
        if lists[MARK, task]:
            behind += 1
            for other in range(facts[task, AFTER_FIRST], facts[task, AFTER_LAST]):
                lists[MARK, link[other]] = 1
    return _parted(lists, first, last, last - first + 1 - behind, 0)


@njit(cache=True, nogil=True)
def _parted(lists, first, last, front, leading):
    """Part positions [first, last] in two, those whose mark is `leading` first; wipes the marks."""
    for at in range(first, last + 1):
        lists[SAVED, at] = lists[ORDER, at]
    ahead, behind = first, first + front
    for at in range(first, last + 1):
        task = lists[SAVED, at]
        if lists[MARK, task] == leading:
            lists[ORDER, ahead] = task
            ahead += 1
        else:
            lists[ORDER, behind] = task
            behind += 1
    for task in range(lists.shape[1]):
        lists[MARK, task] = 0
    for at in range(first, last + 1):
        if lists[ORDER, at] != lists[SAVED, at]:
            return np.int64(at), np.int64(last), np.int64(-1), np.int64(-1)
    return NOTHING
