"""Makespan island: one population of orders, its work space and its letters to the other island. One thread each."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from vigie.errors import InputError
from vigie.rebuild import makespan_search as search
from vigie.rebuild.makespan_bounds import heads_and_tails, tasks_sorted
from vigie.rebuild.makespan_kernel import Packed, Space, pack, work_space
from vigie.rebuild.problem import Problem, Schedule, demand


def refuse_shifts(problem: Problem) -> None:
    """Raises InputError where a team's size varies."""
    if (problem.capacity != problem.capacity[:, :1]).any():
        raise InputError("the makespan search takes teams of constant size only: plan teams with shifts by care lost")


@dataclass(slots=True, eq=False)
class Island:
    """`size` rows of `people` are settled. Everything here belongs to one thread.

    `chunk`: children brought up at a time; `seconds_each`: time that one took of late.
    """

    packed: Packed
    people: search.People
    space: Space
    drawing: search.Drawing
    rng: np.random.Generator
    size: int = 0
    chunk: int = 1
    seconds_each: float = 0.001

    @property
    def best(self) -> int:
        """The shortest makespan so far."""
        return int(self.people.score[: self.size].min() // search.RANKS)

    @property
    def room(self) -> int:
        """How many orders there is room for."""
        return len(self.people.score)

    def settle(self, rows: int) -> None:
        """Draw that many more orders, as far as there is room."""
        last = min(self.size + rows, self.room)
        search.evolve(self.people, self.size, last, 0, 0, self.packed, self.space, self.drawing)
        self.size = last

    def evolve(self, children: int, enough: int) -> int:
        """Bring up children, or stop at makespan `enough`; the shortest makespan."""
        people, size = self.people, self.size
        return int(search.evolve(people, size, size, children, enough, self.packed, self.space, self.drawing))

    def pace(self, seconds: float, wanted: float) -> None:
        """The last chunk took `seconds`: make the next one take about `wanted`, and no more than eight times as many."""
        self.seconds_each = max(seconds / self.chunk, 1e-7)
        self.chunk = max(1, min(int(wanted / self.seconds_each), self.chunk * 8))

    def grow(self, room: int) -> None:
        """Make room for that many orders; those settled stay."""
        wider = search.no_people(self.packed, self.people.way.shape[1], max(room, self.size))
        for new, old in zip(wider, self.people, strict=True):
            new[: self.size] = old[: self.size]
        self.people = wider

    def shrink(self, size: int) -> None:
        """Keep the best `size` only."""
        best = np.argsort(self.people.score[: self.size], kind="stable")[:size]
        for array in self.people:
            array[: len(best)] = array[best]
        self.size = len(best)

    def letter(self, rows: int) -> search.People:
        """Copies of that many orders drawn at random, and of the best."""
        drawn = self.rng.integers(self.size, size=rows).tolist()
        chosen = [int(self.people.score[: self.size].argmin()), *drawn]
        return search.People(*(array[chosen] for array in self.people))

    def receive(self, letter: search.People) -> None:
        """Let the orders of a letter take the place of worse ones."""
        for row, at in enumerate(self.rng.integers(self.size, size=len(letter.score)).tolist()):
            if letter.score[row] < self.people.score[at] and letter.mark[row] not in self.people.mark[: self.size]:
                for mine, other in zip(self.people, letter, strict=True):
                    mine[at] = other[row]

    def schedule(self) -> Schedule:
        """The best schedule."""
        row = int(self.people.score[: self.size].argmin())
        end, way = self.people.end[row].copy(), self.people.way[row].copy()
        work = self.packed.duration[np.arange(len(end)), way[self.packed.group]]
        return Schedule(end - work, end, way)


def island(problem: Problem, packed: Packed, rng: np.random.Generator, room: int) -> Island:
    """An island with nobody on it yet. Raises InputError where a group has no way that its teams could carry out."""
    n = problem.size
    open_ways = [_open_ways(problem, group) for group in range(problem.groups)]
    horizon = int(np.maximum(problem.tasks.duration, 0).max(axis=1).sum() + problem.tasks.release.max(initial=0))
    drawing = search.Drawing(
        np.array([rng.integers(1, 2**63)], np.uint64),
        heads_and_tails(problem)[1].astype(np.int32),
        np.cumsum([0, *(len(ways) for ways in open_ways)]).astype(np.int32),
        np.array([way for ways in open_ways for way in ways], np.int32),
        *(np.zeros(n, np.int32) for _ in range(3)),
        np.zeros(problem.groups, np.int32),
    )
    return Island(packed, search.no_people(packed, problem.groups, room), work_space(packed, horizon), drawing, rng)


def guest(problem: Problem, schedule: Schedule) -> search.People:
    """A letter with one order: that of a schedule found elsewhere."""
    rank = np.empty(problem.size, np.int64)
    rank[tasks_sorted(problem)] = np.arange(problem.size)
    order = np.lexsort((rank, schedule.start)).astype(np.int32)
    score = schedule.makespan * int(search.RANKS) + int(schedule.end.sum()) * 64 // problem.size
    return search.People(order[None], schedule.end[None], schedule.way[None], np.array([score]), np.zeros(1, np.uint64))


def _open_ways(problem: Problem, group: int) -> list[int]:
    """The ways open to every task of a group, and within the means of its teams."""
    tasks, capacity = problem.tasks, problem.capacity
    members = np.flatnonzero(tasks.group == group).tolist()
    ways = [
        way
        for way in range(tasks.duration.shape[1])
        if all(tasks.duration[task, way] >= 0 for task in members)
        and all(
            people <= capacity[team, 0]
            for task in members
            if tasks.duration[task, way]
            for team, people in demand(problem, task, way)
        )
    ]
    if not ways:
        raise InputError(
            f"the tasks {members} have no way in common that their teams can carry out: open one, or add people"
        )
    return ways


def improve(problem: Problem, rng: np.random.Generator, size: int, children: int) -> Schedule:
    """The shortest schedule of a population of that size after that many children: same numbers, same schedule."""
    refuse_shifts(problem)
    made = island(problem, pack(problem), rng, size)
    made.settle(size)
    made.evolve(children, 0)
    return made.schedule()
