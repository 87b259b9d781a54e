"""Living: the plan and the forecast from where things stand, each time that something new is known."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime, tzinfo

import numpy as np

from vigie.cartography import Cartography
from vigie.rebuild.actuals import Observation, actuals, began_at, whole
from vigie.rebuild.assumptions import assumptions
from vigie.rebuild.breakdown import breakdown
from vigie.rebuild.damage import damages
from vigie.rebuild.forecast import forecast
from vigie.rebuild.gates import told_gates
from vigie.rebuild.learning import Learned, learn
from vigie.rebuild.outlook import Outlook
from vigie.rebuild.plan import Plan, plan
from vigie.rebuild.problem import Integers
from vigie.rebuild.step import Work
from vigie.respond import Situation

# About half a second for a hospital of 150 applications on two cores: a plan made again is nearly always near the last.
ROUNDS = 12


def living(
    situation: Situation,
    cartography: Cartography,
    at: datetime,
    zone: tzinfo,
    seed: int,
    *,
    samples: int = 1000,
    rounds: int = ROUNDS,
    before: Plan | None = None,
    spent: Callable[[], float] | None = None,
    threads: int = 2,
) -> tuple[Plan, Outlook]:
    """What was done teaches how long the rest takes; the rest is planned with that, then forecast.

    `before` is the plan of last time: the search starts from its order too, so that a plan does not change without a
    reason. The same arguments give the same answer when `spent` is None. Raises what `breakdown` and `plan` raise.
    """
    seen = observed(situation, cartography, at, zone)
    work = work_left(situation, cartography, at, zone, effort_ratio=planning_ratio(learn(seen)), seen=seen)
    starts = [] if before is None else [carried(before, work)]
    made = plan(work, seed=seed, rounds=rounds, start_orders=starts, spent=spent, threads=threads)
    told = told_gates(situation)
    return made, forecast(made, seen, seed=seed, samples=samples, gates=told, threads=threads)


def observed(situation: Situation, cartography: Cartography, at: datetime, zone: tzinfo) -> tuple[Observation, ...]:
    """What the journal says of phases that ended or run, against what had been estimated for them."""
    return actuals(situation, whole(situation, cartography, at, zone))


def work_left(
    situation: Situation,
    cartography: Cartography,
    at: datetime,
    zone: tzinfo,
    *,
    effort_ratio: float = 1.0,
    seen: tuple[Observation, ...] = (),
) -> Work:
    """What is left to do, from where things stand."""
    return breakdown(
        cartography,
        damages(situation, cartography),
        at,
        zone,
        gates=told_gates(situation),
        reinforcements=[known.fact for known in situation.workforce],
        began_at=began_at(situation),
        clean_room_ready=clean_room_ready(cartography, {one.application for one in seen}),
        effort_ratio=effort_ratio,
    )


def clean_room_ready(cartography: Cartography, begun: Iterable[str]) -> bool:
    """Nobody says when the clean room is ready, but what needs one cannot have been begun without it."""
    without = assumptions()["without_clean_room"]
    return any(cartography.application[name].kind not in without for name in begun)


def planning_ratio(learned: Learned) -> float:
    """What a plan multiplies its hours by: the median of what was learned, and 1 as long as nothing was.

    Not the mean: with few tasks ended it is made of the little weight given to very short estimates.
    """
    if not learned.finished + learned.running:
        return 1.0
    return round(float(learned.quantile(0.5)), 2)


def carried(before: Plan, work: Work) -> tuple[Integers, Integers]:
    """The order and the ways of a plan of before, for the steps of a work.

    Steps that it did not have come last, in their own order; an application that it did not have is done in the first way.
    """
    rank = {before.work.steps[number].id: place for place, number in enumerate(before.order)}
    order = np.array(sorted(range(len(work.steps)), key=lambda n: rank.get(work.steps[n].id, len(rank))), np.int32)
    chosen = {
        step.application or step.id: int(way)
        for step, way in zip(before.work.steps, before.schedule.way[before.problem.tasks.group], strict=True)
    }
    names = dict.fromkeys(step.application or step.id for step in work.steps)
    return order, np.array([chosen.get(name, 0) for name in names], np.int32)
