"""Ground: what a search looks up in a problem, worked out once and packed in few arrays.

Compiled functions are handed every array they see, one by one, at each call; a search that placed tasks through the
arrays of `problem.py` spent most of its time on that, and a minute compiling.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from vigie.rebuild.problem import Care, Floats, Integers, Problem
from vigie.rebuild.seats import Words, seats

RELEASE, GROUP, BEFORE_FIRST, BEFORE_LAST, AFTER_FIRST, AFTER_LAST = range(6)
MEMBER_FIRST, MEMBER_LAST, OPTION_FIRST, OPTION_LAST = range(4)
NEED_FIRST, NEED_LAST, HARD = range(3)
NEED_TASK, ENDURES = range(2)
CARE_PRICE, MAKESPAN_PRICE, END_PRICE = range(3)


class Ground(NamedTuple):
    """A problem as a search sees it. The columns of the arrays of integers have their names above.

    `link`: all lists of tasks and ways, one after the other. `task` (n, 6), `group` (g, 4): spans of `link`, and plain
    values. `service` (s, 3): span of `need`, and 1 when it keeps nothing until all its needs are back. `need` (k, 2),
    `kept` (k, 2): share kept before and after it endures. `hot`: services that weigh something and wait for something.
    `choices`: groups with more than one way. `teams` (n,): a bit for each team the task may need (shared when there are
    more than 64).
    `price` (3,): what a unit of care lost, of makespan and of the sum of ends counts in the energy. `ways`, `slots`
    (1,). The rest as in `seats.Seats`.
    """

    free: Words
    reduced: Words
    row: Integers
    use: Integers
    link: Integers
    task: Integers
    group: Integers
    service: Integers
    need: Integers
    kept: Floats
    cumulated: Floats
    hot: Integers
    choices: Integers
    teams: Words
    price: Floats
    sizes: Integers


def ground(problem: Problem, slots: int, price: tuple[float, float, float]) -> Ground:
    """The ground of a problem, of its first `slots` slots."""
    tasks, care = problem.tasks, problem.care
    slots = min(slots, problem.horizon)
    after: list[list[int]] = [[] for _ in range(problem.size)]
    members: list[list[int]] = [[] for _ in range(problem.groups)]
    for task in range(problem.size):
        members[tasks.group[task]].append(task)
        for other in tasks.before[tasks.before_index[task] : tasks.before_index[task + 1]]:
            after[other].append(task)
    options = open_ways(problem)
    before = (
        [tasks.before[a:b] for a, b in zip(tasks.before_index[:-1], tasks.before_index[1:], strict=True)]
        if problem.size
        else []
    )
    link, spans = _linked([*before, *after, *members, *options])
    size, groups = problem.size, problem.groups
    return Ground(
        *seats(problem, slots),
        link,
        np.hstack([tasks.release[:, None], tasks.group[:, None], spans[:size], spans[size : 2 * size]]).astype(
            np.int32
        ),
        np.hstack([spans[2 * size : 2 * size + groups], spans[2 * size + groups :]]).astype(np.int32),
        np.stack([care.need_index[:-1], care.need_index[1:], _hard(care)], axis=1).astype(np.int32),
        np.stack([care.need, care.endures], axis=1).astype(np.int32),
        np.stack([care.kept, care.kept_after], axis=1).astype(np.float64),
        np.ascontiguousarray(care.cumulated[:, : slots + 1], np.float64),
        np.flatnonzero((care.cumulated[:, -1] > 0) & (np.diff(care.need_index) > 0)).astype(np.int32),
        np.array([group for group, ways in enumerate(options) if len(ways) > 1], np.int32),
        _teams(problem),
        np.array(price, np.float64),
        np.array([tasks.duration.shape[1], slots], np.int32),
    )


def open_ways(problem: Problem) -> list[list[int]]:
    """The ways in which all tasks of each group can be done by teams that are large enough."""
    tasks = problem.tasks
    ways = tasks.duration.shape[1]
    full = problem.capacity.max(axis=1, initial=0)
    lacking = np.append(0, np.cumsum(tasks.use_people > full[tasks.use_team]))
    too_few = lacking[tasks.use_index[1:]] - lacking[tasks.use_index[:-1]]
    fits = (tasks.duration >= 0) & (too_few.reshape(-1, ways) == 0)
    together = np.ones((problem.groups, ways), bool)
    np.logical_and.at(together, tasks.group, fits)
    return [np.flatnonzero(row).tolist() for row in together]


def _linked(lists: list) -> tuple[Integers, Integers]:
    """All lists as one, and the span (k, 2) of each."""
    ends = np.cumsum([len(each) for each in lists], dtype=np.int32)
    spans = np.stack([np.append(0, ends[:-1]), ends], axis=1) if lists else np.zeros((0, 2), np.int32)
    # One value more, so that the list of an empty problem is not an array of nothing.
    return np.array([*(value for each in lists for value in each), 0], np.int32), spans


def _teams(problem: Problem) -> Words:
    tasks = problem.tasks
    rows = np.repeat(np.arange(len(tasks.use_index) - 1), np.diff(tasks.use_index))
    found = np.zeros(problem.size, np.uint64)
    bits = np.uint64(1) << (tasks.use_team % 64).astype(np.uint64)
    np.bitwise_or.at(found, rows // tasks.duration.shape[1], bits)
    return found


def _hard(care: Care) -> Integers:
    """1 for services that keep nothing as long as one need is not back."""
    keeping = np.append(0, np.cumsum((care.kept > 0) | (care.kept_after > 0)))
    return (keeping[care.need_index[1:]] == keeping[care.need_index[:-1]]).astype(np.int32)
