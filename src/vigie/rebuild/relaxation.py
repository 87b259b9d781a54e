"""Relaxation: a restart as a linear programme that no plan can beat, over periods of some slots.

`Y[task, way, k]` is the share of the task that is done, in that way, by grid point k (slot k * period). A plan gives
zeros and ones; the programme allows anything between that keeps, in sum, precedence, the people of each team in each
period, and that a task not yet at its end was at work all along its duration. Rows are all of the form A x <= b, and
every variable is between 0 and 1, so any multipliers of the rows give a bound that holds (see `bound.safe`).
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from scipy.sparse import coo_array, csr_array

from vigie.rebuild.ground import open_ways
from vigie.rebuild.problem import Floats, Integers, Problem


class Price(NamedTuple):
    """What waiting costs on the grid: `charge` (s, K + 1), weighted visits that hang on each point; `share` (s, K + 1),
    the column of the share lost, -1 where the service has one need; `kept` (needs, K + 1), largest share kept."""

    charge: Floats
    share: Integers
    kept: Floats


class Programme(NamedTuple):
    """Minimise `constant + cost @ x` with `matrix @ x <= limit`, 0 <= x <= `most`."""

    cost: Floats
    constant: float
    matrix: csr_array
    limit: Floats
    most: Floats


class Parts:
    """Rows and columns as they are collected."""

    def __init__(self) -> None:
        self.columns = 0
        self.rows = 0
        self.most: list[Floats] = []
        self._cells: list[tuple[Integers, Integers, Floats]] = []
        self._limits: list[Floats] = []

    def add_columns(self, count: int, most: float | Floats = 1.0) -> Integers:
        first = self.columns
        self.columns += count
        self.most.append(np.broadcast_to(np.asarray(most, float), (count,)))
        return np.arange(first, first + count)

    def add_rows(self, limit: float | Floats, *terms: tuple[Integers, float | Floats], count: int) -> Integers:
        """As many rows sum(value * column) <= limit; terms with column -1 are zero and are left out."""
        rows = np.arange(self.rows, self.rows + count)
        self.rows += count
        self._limits.append(np.broadcast_to(np.asarray(limit, float), (count,)))
        for columns, values in terms:
            self.add_cells(rows, columns, values)
        return rows

    def add_cells(self, rows: Integers, columns: Integers, values: float | Floats) -> None:
        values = np.broadcast_to(np.asarray(values, float), columns.shape)
        kept = columns >= 0
        self._cells.append((np.broadcast_to(rows, columns.shape)[kept], columns[kept], values[kept]))

    def matrix(self) -> tuple[csr_array, Floats]:
        rows, columns, values = (np.concatenate(each) for each in zip(*self._cells, strict=True))
        made = coo_array((values, (rows, columns)), shape=(self.rows, self.columns))
        return csr_array(made), np.concatenate(self._limits)


class Grid(NamedTuple):
    """`period` slots between grid points, `points` of them after point 0.

    `begin` (n,): first slot in which a task may start. `first` (n, m): the slot by which it can be done in that way.
    `lag` (n, m, K + 1): the slot by which what it needs must be done so that it is done by k (-1: impossible).
    """

    period: int
    points: int
    ways: list[list[int]]
    begin: Integers
    first: Integers
    lag: Integers


def grid(problem: Problem, period: int, until: int) -> Grid:
    """The grid of a problem up to slot `until`."""
    points = -(-until // period)
    ways = [open_ways(problem)[group] for group in problem.tasks.group]
    slots = np.arange(points + 1) * period
    tasks = problem.tasks
    first = np.full(tasks.duration.shape, 2**30)
    lag = np.full((*tasks.duration.shape, points + 1), -1)
    begins, earliest = np.zeros(problem.size, int), np.zeros(problem.size, int)
    for task in _predecessors_first(problem):
        begin = int(tasks.release[task])
        for other in tasks.before[tasks.before_index[task] : tasks.before_index[task + 1]]:
            begin = max(begin, earliest[other])
        begins[task] = begin
        for way in ways[task]:
            work = int(tasks.duration[task, way])
            worked = worked_slots(problem, task, way, points * period)
            first[task, way] = _first_end(worked, begin, work)
            # Latest start: the last slot after which enough slots can be worked before each grid point.
            latest = np.searchsorted(worked, worked[slots] - work, side="right") - 1
            lag[task, way] = np.where(worked[slots] >= work, np.minimum(latest, slots - work), -1)
        earliest[task] = first[task].min()
    return Grid(period, points, ways, begins, first, lag)


def worked_slots(problem: Problem, task: int, way: int, until: int) -> Integers:
    """(until + 1,): slots before each one in which the teams of the task have enough people for it."""
    row = task * problem.tasks.duration.shape[1] + way
    able = np.ones(until, bool)
    known = min(until, problem.horizon)
    for use in range(problem.tasks.use_index[row], problem.tasks.use_index[row + 1]):
        able[:known] &= problem.capacity[problem.tasks.use_team[use], :known] >= problem.tasks.use_people[use]
    return np.append(0, np.cumsum(able))


def _first_end(worked: Integers, begin: int, work: int) -> int:
    if begin >= len(worked):
        return 2**30
    if work == 0:
        return begin
    end = int(np.searchsorted(worked, worked[begin] + work))
    return end if end < len(worked) else 2**30


def _predecessors_first(problem: Problem) -> Integers:
    from vigie.rebuild.rules import by_key

    return by_key(problem, np.arange(problem.size))


class Relaxed:
    """The relaxation of a problem up to slot `until`; cuts are added to it, then `programme()` is what to solve.

    `done` (n, m, K + 1): the column of each Y, -1 where it is zero for sure.
    """

    def __init__(self, problem: Problem, period: int, until: int) -> None:
        self.problem = problem
        self.grid = grid(problem, period, until)
        self.parts = Parts()
        self.done = np.full((*problem.tasks.duration.shape, self.grid.points + 1), -1)
        slots = np.arange(self.grid.points + 1) * period
        for task in range(problem.size):
            for way in self.grid.ways[task]:
                able = slots >= self.grid.first[task, way]
                self.done[task, way, able] = self.parts.add_columns(int(able.sum()))
        _add_growth(problem, self.grid, self.parts, self.done)
        _add_precedence(problem, self.grid, self.parts, self.done)
        _add_people(problem, self.grid, self.parts, self.done)
        self.price = _add_price(problem, self.grid, self.parts)
        for service in range(len(self.price.charge)):
            self._add_hard_cuts(service)

    def needs(self, service: int) -> Integers:
        """Numbers of the needs of a service."""
        index = self.problem.care.need_index
        return np.arange(index[service], index[service + 1])

    def _add_hard_cuts(self, service: int) -> None:
        """A share lost is at least what any one need that is not back loses."""
        share = self.price.share[service]
        if share[0] < 0:
            return
        for need in self.needs(service):
            self._add_cut(share, [(np.full(len(share), need), 1.0 - self.price.kept[need])])

    def add_orders(self, service: int, orders: Integers) -> None:
        """A share lost is at least what is lost as needs are lacking one after the other, in any order.

        The share lost by a set of lacking needs is submodular, so this holds for every set, and the best of all orders
        is the convex closure (Lovász 1983). `orders` (needs, K + 1): an order of the needs for each grid point.
        """
        left = np.ones(self.grid.points + 1)
        points = np.arange(self.grid.points + 1)
        terms = []
        for needs in orders:
            kept = self.price.kept[needs, points]
            terms.append((needs, left * (1.0 - kept)))
            left = left * kept
        self._add_cut(self.price.share[service], terms)

    def lacking(self, values: Floats) -> Floats:
        """(needs, K + 1): how far each need is from being back, in a solution."""
        task = self.problem.care.need
        columns = self.done[task]
        return 1.0 - np.where(columns >= 0, values[columns], 0.0).sum(axis=1)

    def add_violated(self, values: Floats) -> int:
        """Add the order that a solution breaks most, for each service that keeps something; how many services."""
        lacking, added = self.lacking(values), 0
        for service, share in enumerate(self.price.share):
            needs = self.needs(service)
            if share[0] < 0 or not self.price.kept[needs].any():
                continue
            self.add_orders(service, needs[np.argsort(-lacking[needs], axis=0, kind="stable")])
            added += 1
        return added

    def _add_cut(self, share: Integers, terms: list[tuple[Integers, Floats]]) -> None:
        """share >= sum of weight * (1 - done), a row for each point; terms: (need of each point, weight)."""
        task, points = self.problem.care.need, np.arange(self.grid.points + 1)
        limit = -np.sum([weight for _, weight in terms], axis=0)
        cells = [
            (self.done[task[needs], way, points], -weight)
            for needs, weight in terms
            for way in range(self.done.shape[1])
        ]
        self.parts.add_rows(limit, (share, -1.0), *cells, count=self.grid.points + 1)

    def programme(self) -> Programme:
        """The programme with all cuts so far."""
        cost, constant = np.zeros(self.parts.columns), 0.0
        for service, share in enumerate(self.price.share):
            if share[0] >= 0:
                cost[share] = self.price.charge[service]
                continue
            for need in self.needs(service):
                price = self.price.charge[service] * (1.0 - self.price.kept[need])
                constant += price.sum()
                for way in self.grid.ways[self.problem.care.need[need]]:
                    columns = self.done[self.problem.care.need[need], way]
                    np.subtract.at(cost, columns[columns >= 0], price[columns >= 0])
        matrix, limit = self.parts.matrix()
        return Programme(cost, constant, matrix, limit, np.concatenate(self.parts.most))


def _add_growth(problem: Problem, made: Grid, parts: Parts, done: Integers) -> None:
    """What is done stays done; the ways of a task together do it once."""
    for task in range(problem.size):
        for way in made.ways[task]:
            earlier, later = done[task, way, :-1], done[task, way, 1:]
            kept = earlier >= 0
            parts.add_rows(0.0, (earlier[kept], 1.0), (later[kept], -1.0), count=int(kept.sum()))
        if len(made.ways[task]) > 1:
            parts.add_rows(1.0, *((done[task, way, -1:], 1.0) for way in made.ways[task]), count=1)


def _add_precedence(problem: Problem, made: Grid, parts: Parts, done: Integers) -> None:
    """Done by k in some way means that what it needs was done early enough for that."""
    tasks = problem.tasks
    for task in range(problem.size):
        for other in tasks.before[tasks.before_index[task] : tasks.before_index[task + 1]]:
            for way in made.ways[task]:
                kept = done[task, way] >= 0
                point = -(-made.lag[task, way][kept] // made.period)
                needed = [(done[other, each][point], -1.0) for each in made.ways[other]]
                parts.add_rows(0.0, (done[task, way][kept], 1.0), *needed, count=int(kept.sum()))


def _add_people(problem: Problem, made: Grid, parts: Parts, done: Integers) -> None:
    """In each period, no team works more hours than it has."""
    known = problem.capacity[:, : made.points * made.period]
    short = made.points * made.period - known.shape[1]
    present = np.pad(known, ((0, 0), (0, short))).reshape(len(known), made.points, made.period).sum(axis=2)
    rows = [parts.add_rows(hours, count=made.points) for hours in present]
    steady = (known == problem.capacity.max(axis=1, initial=0)[:, None]).all(axis=1) & (short == 0)
    tasks = problem.tasks
    for task in range(problem.size):
        for way in made.ways[task]:
            row = task * tasks.duration.shape[1] + way
            uses = [
                (rows[tasks.use_team[use]], int(tasks.use_people[use]), bool(steady[tasks.use_team[use]]))
                for use in range(tasks.use_index[row], tasks.use_index[row + 1])
            ]
            work = int(tasks.duration[task, way])
            if work and made.period == 1 and all(each[2] for each in uses):
                _add_stretch(made, parts, done[task, way], work, uses)
            elif work:
                _add_hours(problem, made, parts, done[task, way], task, way, uses)


def _add_stretch(made: Grid, parts: Parts, done: Integers, work: int, uses: list) -> None:
    """A task that cannot pause is at work in slot t when it is done by t + work, and was not by t."""
    slots = np.arange(made.points * made.period)
    ahead = (slots + work) // made.period
    # Beyond the last point nothing is known, but it was not less done than at the last point.
    ahead = np.minimum(ahead, made.points)
    behind = np.minimum(-(-slots // made.period), ahead)
    for row, people, _ in uses:
        parts.add_cells(row[slots // made.period], done[ahead], float(people))
        parts.add_cells(row[slots // made.period], done[behind], -float(people))


def _add_hours(problem: Problem, made: Grid, parts: Parts, done: Integers, task: int, way: int, uses: list) -> None:
    """A task that may pause: hours worked in each period, as much by each grid point as what is done needs."""
    work = int(problem.tasks.duration[task, way])
    worked = worked_slots(problem, task, way, made.points * made.period)
    able = np.diff(worked[:: made.period])
    after = (np.arange(made.points) + 1) * made.period > made.begin[task]
    usable = np.flatnonzero((able > 0) & after)
    hours = np.full(made.points, -1)
    hours[usable] = parts.add_columns(len(usable), able[usable] / work)
    for row, people, _ in uses:
        parts.add_cells(row, hours, float(people * work))
    # What is done by k was worked before; written with a running sum, so that rows stay short.
    running = np.append(-1, parts.add_columns(made.points))
    parts.add_rows(0.0, (running[1:], 1.0), (running[:-1], -1.0), (hours, -1.0), count=made.points)
    kept = np.flatnonzero(done >= 0)
    parts.add_rows(0.0, (done[kept], 1.0), (running[kept], -1.0), count=len(kept))


def _add_price(problem: Problem, made: Grid, parts: Parts) -> Price:
    """What hangs on each grid point: directly on the end of a task where a service needs one, else on a share lost."""
    care = problem.care
    points = np.arange(made.points + 1) * made.period
    until = np.minimum(points + 1, care.cumulated.shape[1] - 1)
    since = np.append(0, until[:-1])
    charge = care.cumulated[:, until] - care.cumulated[:, since]
    shares = np.full(charge.shape, -1)
    for service in range(len(charge)):
        if care.need_index[service + 1] - care.need_index[service] > 1:
            shares[service] = parts.add_columns(made.points + 1)
    return Price(charge, shares, kept_shares(problem, since, until))


def kept_shares(problem: Problem, since: Integers, until: Integers) -> Floats:
    """(needs, points): the largest share that a service keeps without each need in slots [since, until)."""
    care = problem.care
    before = (care.endures[:, None] > since) * care.kept[:, None]
    after = (care.endures[:, None] < until) * care.kept_after[:, None]
    return np.maximum(before, after)
