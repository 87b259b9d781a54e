"""Explain: why this one now, what it unlocks, what it costs to swap two."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import numpy as np

from vigie.errors import InputError
from vigie.rebuild.arrays import needed_by
from vigie.rebuild.chain import Hold, hold
from vigie.rebuild.kernel import care_lost, schedule
from vigie.rebuild.plan import Line, Plan
from vigie.rebuild.ranking import positions_of, swapped


@dataclass(frozen=True, slots=True)
class Reason:
    """One line explained.

    `unlocks_applications` stop waiting for it (at once or through others), `unlocks_services` need its application or
    one of those. `care_per_day` is what a day without it costs, everything else being back: weighted visits.
    """

    line: Line
    hold: Hold
    unlocks_applications: tuple[str, ...]
    unlocks_services: tuple[str, ...]
    care_per_day: float


@dataclass(frozen=True, slots=True)
class Moved:
    """A service whose return date changes: before and after (None: no date can be given)."""

    service: str
    before: datetime | None
    after: datetime | None


@dataclass(frozen=True, slots=True)
class Swap:
    """Two applications exchanged in the order of priority, everything else kept.

    `care_lost` is the change in weighted visits (positive: the swap costs care), `makespan_hours` that of the end.
    """

    first: str
    second: str
    care_lost: float
    makespan_hours: int
    moved: tuple[Moved, ...]


def explain(plan: Plan, step: str) -> Reason:
    """One line of the plan, explained. Raises InputError on a step that the plan does not have."""
    if step not in plan.line:
        raise InputError(
            f'no step "{step}" in this plan: steps are named application:phase, as `vigie plan` prints them'
        )
    line = plan.line[step]
    waiting = _waiting_for(plan, line)
    served = services_of(plan, {*waiting, *_own(line)})
    return Reason(line, hold(plan, line), waiting, served, _care_per_day(plan, line))


def swap(plan: Plan, first: str, second: str) -> Swap:
    """What it costs to exchange two applications in the order. Raises InputError on one that is not in the plan."""
    for name in (first, second):
        if name not in plan.work.back:
            raise InputError(
                f'application "{name}" is not in this plan: only what is to be brought back can be swapped'
            )
    order = swapped(plan, first, second)
    made = schedule(plan.problem, order, plan.schedule.way)
    if made is None:
        raise InputError(f"with {first} and {second} swapped the plan runs beyond its horizon")
    other = Plan(plan.work, plan.problem, made, tuple(int(n) for n in order), plan.rule)
    change = float(care_lost(plan.problem, made.end).sum() - care_lost(plan.problem, plan.schedule.end).sum())
    return Swap(first, second, change, made.makespan - plan.schedule.makespan, moved_services(plan, other))


def swap_with_next(plan: Plan, line: Line) -> Swap | None:
    """What it costs to let the next application that its team would take go first; None when there is none."""
    if line.step.application is None or line.team is None:
        return None
    later = [
        one.step.application
        for one in plan.lines
        if one.team == line.team and one.starts_at >= line.starts_at and one.step.application
        and one.step.application != line.step.application and one.step.since is None
    ]  # fmt: skip
    return swap(plan, line.step.application, later[0]) if later else None


def moved_services(before: Plan, after: Plan) -> tuple[Moved, ...]:
    """The services whose return date differs between two plans, those that lose most hours first."""
    moved = []
    for service in before.work.cartography.services:
        one, other = before.service_back_at(service.id), after.service_back_at(service.id)
        if one != other:
            moved.append(Moved(service.id, one, other))
    return tuple(sorted(moved, key=_hours_later, reverse=True))


def services_of(plan: Plan, applications: set[str]) -> tuple[str, ...]:
    """The care services that are not as before while one of these applications is lost."""
    cartography = plan.work.cartography
    return tuple(
        service.id for service in cartography.services if applications.intersection(needed_by(cartography, service.id))
    )


def _hours_later(moved: Moved) -> float:
    if moved.after is None or moved.before is None:
        return float("inf") if moved.after is None else float("-inf")
    return (moved.after - moved.before).total_seconds() / 3600


def _own(line: Line) -> set[str]:
    return {line.step.application} if line.step.application else set()


def _waiting_for(plan: Plan, line: Line) -> tuple[str, ...]:
    """The other damaged applications that cannot be back before this step has ended."""
    reached = {line.step.id}
    for step in plan.work.steps:
        if reached.intersection(step.after):
            reached.add(step.id)
    back = {step: app for app, step in plan.work.back.items()}
    own = line.step.application
    return tuple(back[step.id] for step in plan.work.steps if step.id in reached and back.get(step.id, own) != own)


def _care_per_day(plan: Plan, line: Line) -> float:
    """Weighted visits lost in the first day by the lack of this application and of those that wait for it."""
    tasks = positions_of(plan, {*_waiting_for(plan, line), *_own(line)})
    end = np.zeros(plan.problem.size, np.int32)
    end[tasks] = 24
    return float(care_lost(plan.problem, end).sum())
