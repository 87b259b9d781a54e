"""Simulate: a plan carried out many times, each time with other durations, by people who take the next step in its order.

A plan is a policy, not a timetable: whenever somebody is free, the step that comes first in the order of the plan, of
those whose turn has come, gets him. That is what re-planning comes to while the order stands. Same rules as
`kernel.place_all`: a step goes on without a pause except in hours when its team is reduced, when those who began first
keep their seat. People of the last week of the horizon stay for as long as it takes.
"""

from __future__ import annotations

from collections.abc import Sequence
from hashlib import sha256
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from numpy.typing import NDArray

from vigie.rebuild.actuals import shift_hours_between
from vigie.rebuild.copies import Copies
from vigie.rebuild.dispatch import Ground, dispatch, ground
from vigie.rebuild.duration import Durations, Floats, drawn, drawn_beyond, durations
from vigie.rebuild.learning import Learned, parameters
from vigie.rebuild.problem import Integers
from vigie.rebuild.step import WAYS, Doing, Step

if TYPE_CHECKING:
    from vigie.rebuild.plan import Plan

BACKUP, REINSTALL = WAYS.index("backup"), WAYS.index("reinstall")
LONGEST_HOURS = 100_000.0  # eleven years of one person: beyond it, no date is given anyway


class Runs(NamedTuple):
    """What happened in each draw: the slot at which each step had ended, (draws, n), `dispatch.NEVER` where nobody was ever
    there to do it; `cause` (draws, n): the step that it waited for last, because it needed it or its people (-1: none)."""

    end: Integers
    cause: Integers


class Draws(NamedTuple):
    """Hours of work left for each step, (n, draws), what rounds them, (n, draws), and the ratio of each draw, (draws,)."""

    hours: Floats
    part: Floats
    ratio: Floats


def simulate(plan: Plan, learned: Learned, fates: Copies, *, seed: int, samples: int, threads: int = 1) -> Runs:
    """Carry out a plan `samples` times. The same seed gives the same luck to the same step, whatever else changes."""
    drawn_now = draws(plan, learned, fates, seed=seed, samples=samples)
    return Runs(*dispatch(ground_of(plan), whole_slots(drawn_now), threads))


def ground_of(plan: Plan) -> Ground:
    """What the dispatcher looks up: the steps by the ways of the plan, everybody, nobody's seat being taken."""
    work = plan.work
    place = {team: row for row, team in enumerate(work.teams)}
    team = np.array([place[doing.team] if doing.team else -1 for doing in _doings(plan)], np.int32)
    begun = np.array([people_at_it(step) for step in work.steps], np.bool_)
    everybody = work.staff.capacity(work.teams, work.at, work.zone, plan.problem.horizon)
    return ground(plan.problem.tasks, np.array(plan.order, np.int32), team, begun, everybody)


def people_at_it(step: Step) -> bool:
    """Whether somebody is known to be at a step. `validating` says only that its turn has come: the referent may be busy."""
    return step.since is not None and step.phase != "validate"


def draws(plan: Plan, learned: Learned, fates: Copies, *, seed: int, samples: int) -> Draws:
    """The luck of every step in every draw."""
    steps = plan.work.steps
    normal, part = np.empty((len(steps), samples)), np.empty((len(steps), samples))
    for number, step in enumerate(steps):
        own = luck(seed, step.id)
        own.standard_normal(out=normal[number])
        own.random(out=part[number])
    ratio = learned.quantile(_spread_out(luck(seed, "ratio"), samples))
    shapes = _shapes(_doings(plan))
    hours = drawn(shapes, normal)
    for number, lost in _lost(plan, fates, seed, samples).items():
        again = steps[number].ways[REINSTALL]
        if again is not None:
            hours[number, lost] = drawn(_shapes([again]), normal[number : number + 1])[0, lost]
    hours[[step.phase != "gate" for step in steps]] *= ratio
    for number, step in enumerate(steps):
        if step.since is not None and people_at_it(step):
            worked = shift_hours_between(plan.work, _doings(plan)[number].team, step.since, plan.work.at)
            own = Durations(*(column[number : number + 1] for column in shapes))
            hours[number] = ratio * drawn_beyond(own, normal[number : number + 1], worked / ratio[None])[0] - worked
    return Draws(hours, part, ratio)


def whole_slots(these: Draws) -> Integers:
    """Whole slots, (draws, n), on average as many as the hours: always rounding up would add half an hour a step."""
    return np.ascontiguousarray(np.floor(np.minimum(these.hours, LONGEST_HOURS) + these.part).astype(np.int32).T)


def luck(seed: int, name: str) -> np.random.Generator:
    """The luck of one thing, by its name: so that what-ifs are compared with the same luck."""
    return np.random.default_rng([seed, int.from_bytes(sha256(name.encode()).digest()[:8], "big")])


def _doings(plan: Plan) -> list[Doing]:
    way = plan.schedule.way[plan.problem.tasks.group]
    chosen = [step.ways[int(way[number])] for number, step in enumerate(plan.work.steps)]
    return [doing or next(one for one in step.ways if one) for doing, step in zip(chosen, plan.work.steps, strict=True)]


def _shapes(doings: Sequence[Doing]) -> Durations:
    points = np.array([(doing.hours.low, doing.hours.likely, doing.hours.high) for doing in doings]).reshape(-1, 3)
    return durations(*points.T, parameters()["extra_spread"])


def _spread_out(own: np.random.Generator, samples: int) -> Floats:
    """Uniform numbers, one in each of `samples` equal parts: the tail of the ratio is then always drawn as often."""
    return (own.permutation(samples) + own.random(samples)) / samples


def _lost(plan: Plan, fates: Copies, seed: int, samples: int) -> dict[int, NDArray[np.bool_]]:
    """For each restoration from a copy, the draws in which that copy is unusable."""
    way = plan.schedule.way[plan.problem.tasks.group]
    each = {name: luck(seed, f"copy:{name}").random(samples) for name in (*fates.within, *fates.beyond)}
    lost = fates.lost(luck(seed, "copies").random(samples), each)
    return {
        number: lost[step.application]
        for number, step in enumerate(plan.work.steps)
        if step.phase == "restore" and step.application in lost and way[number] == BACKUP and step.since is None
    }
