"""Problem: a restart as plain arrays, what every solver of this room works on. One slot is one hour unless said.

Symbols used in all shapes: n tasks, g groups (tasks that must be done the same way), m ways at most, r teams, h slots
of the horizon, s services. Compressed lists come as (index, values): those of row i are `values[index[i]:index[i + 1]]`.

A task started goes on without a pause, except in slots when its team is reduced (night, rest, absence): there those
placed first keep their seat. With teams of constant size this is the plain resource-constrained scheduling problem.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from vigie.errors import InputError

Integers = NDArray[np.int32]
Floats = NDArray[np.float64]


class Tasks(NamedTuple):
    """What is to be done.

    `duration` (n, m): slots of work when done that way, -1 where the way is not open. `release` (n,): first slot in
    which it may begin. `group` (n,): index of its group. `before` lists the tasks that must have ended first. `use`
    lists, for row `task * m + way`, the teams held all along and how many people of each.
    """

    duration: Integers
    release: Integers
    group: Integers
    before_index: Integers
    before: Integers
    use_index: Integers
    use_team: Integers
    use_people: Integers


class Care(NamedTuple):
    """What each hour costs. A service keeps the product of what each need that is not back leaves of it.

    `need` lists, for each service, the tasks whose end brings a need back. `kept` and `kept_after` (as long as `need`)
    are the share (0 to 1) kept without it before and from slot `endures` on. `cumulated` (s, h + 1): weighted visits
    from slot 0 to each slot, were the service as usual: care lost in slots [a, b) while it keeps a share k is
    `(cumulated[b] - cumulated[a]) * (1 - k)`.
    """

    need_index: Integers
    need: Integers
    kept: Floats
    kept_after: Floats
    endures: Integers
    cumulated: Floats


@dataclass(frozen=True, slots=True, eq=False)
class Problem:
    """Tasks, the people at work in each slot (`capacity`, (r, h)), and what each hour of waiting costs in care."""

    tasks: Tasks
    capacity: Integers
    care: Care

    @property
    def size(self) -> int:
        """Number of tasks."""
        return len(self.tasks.release)

    @property
    def groups(self) -> int:
        """Number of groups."""
        return int(self.tasks.group.max()) + 1 if self.size else 0

    @property
    def horizon(self) -> int:
        """Number of slots."""
        return int(self.capacity.shape[1])


class Schedule(NamedTuple):
    """When each task starts and ends (slots, end excluded), and the way chosen for each group."""

    start: Integers
    end: Integers
    way: Integers

    @property
    def makespan(self) -> int:
        """The slot at which everything is done."""
        return int(self.end.max(initial=0))


NO_CARE = Care(
    np.zeros(1, np.int32), np.zeros(0, np.int32), np.zeros(0), np.zeros(0), np.zeros(0, np.int32), np.zeros((0, 1))
)


def compressed(rows: list[list[int]]) -> tuple[Integers, Integers]:
    """Rows of integers as (index, values)."""
    index = np.zeros(len(rows) + 1, np.int32)
    index[1:] = np.cumsum([len(row) for row in rows])
    return index, np.array([value for row in rows for value in row], np.int32)


def check(problem: Problem, schedule: Schedule) -> list[str]:
    """Every breach of a schedule, in words; empty when it can be carried out. Shares no code with what makes schedules.

    A task works in the slots of [start, end) in which its teams had people for it; it must have worked exactly its
    duration, and may have paused only in slots in which one of its teams was reduced.
    """
    from vigie.rebuild.checking import breaches

    return breaches(problem, schedule)


def demand(problem: Problem, task: int, way: int) -> list[tuple[int, int]]:
    """(team, people) that a task holds when done that way."""
    tasks = problem.tasks
    row = task * tasks.duration.shape[1] + way
    span = range(tasks.use_index[row], tasks.use_index[row + 1])
    return [(int(tasks.use_team[u]), int(tasks.use_people[u])) for u in span]


def refuse_impossible(problem: Problem) -> None:
    """Raises InputError where some task has no way that its teams could ever carry out."""
    largest = problem.capacity.max(axis=1, initial=0)
    for task in range(problem.size):
        ways = np.flatnonzero(problem.tasks.duration[task] >= 0)
        if not any(all(people <= largest[team] for team, people in demand(problem, task, int(way))) for way in ways):
            raise InputError(
                f"task {task} needs more people than its teams ever have: give it a team, or another way to be done"
            )
