"""Plan: a work, the schedule found for it, and what it costs in care."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property

import numpy as np

from vigie.rebuild.arrays import first_hour, needed_by, problem_of
from vigie.rebuild.kernel import care_lost
from vigie.rebuild.problem import Problem, Schedule
from vigie.rebuild.solve import Start, solve
from vigie.rebuild.step import WAYS, Step, Work


@dataclass(frozen=True, slots=True)
class Line:
    """One step of a plan: when, in which way, by which team."""

    step: Step
    way: str
    team: str | None
    starts_at: datetime
    ends_at: datetime


@dataclass(frozen=True)
class Plan:
    """A restart that can be carried out. `order` is the priority in which steps get people; `rule` what it came from.

    Care lost is in weighted visits from the hour of the plan until every service is back (`vigie.care.weights`).
    """

    work: Work
    problem: Problem
    schedule: Schedule
    order: tuple[int, ...]
    rule: str

    @cached_property
    def lines(self) -> tuple[Line, ...]:
        """Every step, in the order in which they start; those of one hour by priority."""
        rank = {step: number for number, step in enumerate(self.order)}
        places = sorted(range(len(self.work.steps)), key=lambda n: (self.schedule.start[n], rank[n]))
        return tuple(self._line(number) for number in places)

    @cached_property
    def line(self) -> dict[str, Line]:
        """Lines by step id."""
        return {line.step.id: line for line in self.lines}

    @cached_property
    def tasks_of_team(self) -> dict[str, np.ndarray]:
        """The places in `work.steps` of the steps that each team does."""
        found: dict[str, list[int]] = {}
        for number, step in enumerate(self.work.steps):
            doing = step.ways[int(self.schedule.way[self.problem.tasks.group[number]])]
            found.setdefault((doing.team if doing else None) or "", []).append(number)
        return {team: np.array(numbers) for team, numbers in found.items()}

    @cached_property
    def lost_by_service(self) -> dict[str, float]:
        """Weighted visits lost by each service of the map."""
        lost = care_lost(self.problem, self.schedule.end)
        return {service.id: float(lost[row]) for row, service in enumerate(self.work.cartography.services)}

    @property
    def care_lost(self) -> float:
        """Weighted visits lost by all."""
        return sum(self.lost_by_service.values())

    @property
    def done_at(self) -> datetime:
        """When the last step ends."""
        return self.instant(self.schedule.makespan)

    def application_back_at(self, application: str) -> datetime | None:
        """When an application is back; None when no date can be given, or when it was never lost."""
        step = self.work.back.get(application)
        return self.line[step].ends_at if step else None

    def service_back_at(self, service: str) -> datetime | None:
        """When all that a service needs, or that weakens what it needs, is back; its own `at` if nothing is lost.

        None when something it needs is blocked.
        """
        needs = needed_by(self.work.cartography, service)
        if any(need in self.work.blocked for need in needs):
            return None
        ends = [self.line[self.work.back[need]].ends_at for need in needs if need in self.work.back]
        return max(ends, default=self.work.at)

    def instant(self, slot: int) -> datetime:
        """The instant at which a slot begins."""
        return first_hour(self.work) + timedelta(hours=int(slot))

    def _line(self, number: int) -> Line:
        step = self.work.steps[number]
        way = int(self.schedule.way[self.problem.tasks.group[number]])
        doing = step.ways[way]
        start, end = self.instant(self.schedule.start[number]), self.instant(self.schedule.end[number])
        return Line(step, WAYS[way], doing.team if doing else None, start, end)


def plan(
    work: Work,
    *,
    seed: int = 1,
    rounds: int = 40,
    start_orders: Sequence[Start] = (),
    spent: Callable[[], float] | None = None,
    threads: int = 2,
) -> Plan:
    """The best plan found. With `spent` None the same work, seed and rounds give the same plan on any machine.

    `spent` gives the share (0 to 1) of the time there is that is gone. `start_orders` are orders, or (order, way of each
    group), to begin from (a plan made before). Raises InputError where some step can never be done.
    """
    problem = problem_of(work)
    found = solve(problem, seed=seed, rounds=rounds, start_orders=start_orders, spent=spent, threads=threads)
    return Plan(work, problem, found.schedule, tuple(int(n) for n in found.order), found.from_rule)
