"""Arrays: the work of a restart as a `Problem`, one slot an hour, slot 0 being the hour in which the plan is made."""

from __future__ import annotations

import math
from datetime import datetime, timedelta
from typing import NamedTuple

import numpy as np

from vigie.care import WEEK_HOURS, fallback_after_endurance, service_weight
from vigie.cartography import CareService, Cartography
from vigie.errors import InputError
from vigie.rebuild.assumptions import assumptions
from vigie.rebuild.problem import Care, Problem, Tasks, compressed, refuse_impossible
from vigie.rebuild.step import WAYS, Doing, Step, Work

LONGEST_WEEKS = 520  # ten years: beyond it the map or the teams are wrong


def first_hour(work: Work) -> datetime:
    """The start of slot 0, in the place's time zone."""
    return work.at.astimezone(work.zone).replace(minute=0, second=0, microsecond=0)


def problem_of(work: Work, weeks: int | None = None) -> Problem:
    """The problem of a work; steps keep their order. `weeks` is the horizon; None: long enough for any sensible order.

    Raises InputError where some step could never be done, or would take ten years.
    """
    weeks = weeks or _weeks(work)
    hours = weeks * WEEK_HOURS
    capacity = work.staff.capacity(work.teams, work.at, work.zone, hours)
    begun = {step.id: _hold_seat(step, work, capacity) for step in work.steps if step.since}
    problem = Problem(_tasks(work, begun), capacity, _care(work, hours))
    if work.steps:
        _named_impossible(work, problem)
    return problem


def planned_hours(step: Step, doing: Doing, effort_ratio: float) -> int:
    """Hours of work planned for a step: the mean of its estimate times what was learned, to the next whole hour."""
    ratio = effort_ratio if step.phase != "gate" else 1.0
    return math.ceil(round(doing.hours.mean * ratio, 6))


def way_open(step: Step, way: int) -> bool:
    """Whether a step may be done that way; what people have begun goes on as it was begun."""
    ways = [number for number, doing in enumerate(step.ways) if doing is not None]
    return way == ways[0] if step.since else way in ways


def needed_by(cartography: Cartography, service: str) -> tuple[str, ...]:
    """What a service needs, and what weakens that by its loss: it is not as before until both are back."""
    found: dict[str, None] = {}
    for need in cartography.service[service].needs:
        found[need.application] = None
        found.update(dict.fromkeys(d.application for d in cartography.application[need.application].degraded_by))
    return tuple(found)


def _tasks(work: Work, begun: dict[str, int]) -> Tasks:
    count, ways = len(work.steps), len(WAYS)
    place = {team: number for number, team in enumerate(work.teams)}
    duration = np.full((count, ways), -1, np.int32)
    use: list[list[int]] = []
    for number, step in enumerate(work.steps):
        for way in range(ways):
            doing = step.ways[way]
            held: list[int] = []
            if doing is not None and way_open(step, way):
                duration[number, way] = begun.get(step.id, planned_hours(step, doing, work.effort_ratio))
                held = [place[doing.team]] if doing.team and step.id not in begun else []
            use.append(held)
    groups: dict[str, int] = {}
    group = np.array([groups.setdefault(step.application or step.id, len(groups)) for step in work.steps], np.int32)
    _same_ways(duration, group)
    use_index, use_team = compressed(use)
    before = compressed([[work.place[other] for other in step.after] for step in work.steps])
    return Tasks(duration, np.zeros(count, np.int32), group, *before, use_index, use_team, np.ones_like(use_team))


def _same_ways(duration: np.ndarray, group: np.ndarray) -> None:
    """A way is open to an application when it is open to each of its steps."""
    for number in range(int(group.max(initial=-1)) + 1):
        rows = np.flatnonzero(group == number)
        closed = (duration[rows] < 0).any(axis=0)
        duration[np.ix_(rows, np.flatnonzero(closed))] = -1


def _hold_seat(step: Step, work: Work, capacity: np.ndarray) -> int:
    """Hours of the clock until a step under way ends; its people are taken from those free for the rest."""
    doing = next(one for one in step.ways if one is not None)
    total = planned_hours(step, doing, work.effort_ratio)
    left = max(1, total - hours_worked(step, work), math.ceil(assumptions()["least_share_left"] * total))
    if doing.team is None:
        return left
    row, hour = work.teams.index(doing.team), 0
    while left and hour < capacity.shape[1]:
        if capacity[row, hour] > 0:
            capacity[row, hour] -= 1
            left -= 1
        hour += 1
    return hour


def hours_worked(step: Step, work: Work) -> int:
    """Hours of shift of its team since people began a step; at most the hours elapsed."""
    assert step.since is not None
    doing = next(one for one in step.ways if one is not None)
    elapsed = max(0, int((work.at - step.since) / timedelta(hours=1)))
    if doing.team is None or not elapsed:
        return elapsed
    present = work.staff.capacity([doing.team], step.since, work.zone, min(elapsed, LONGEST_WEEKS * WEEK_HOURS))
    return int((present > 0).sum())


def _weeks(work: Work) -> int:
    """Enough weeks for all the work of the busiest team, twice over, after the longest wait."""
    likely = work.staff.capacity(work.teams, work.at, work.zone, 8 * WEEK_HOURS).sum(axis=1) / 8
    load = np.zeros(len(work.teams))
    alone = 0
    for step in work.steps:
        longest = [planned_hours(step, doing, work.effort_ratio) for doing in step.ways if doing]
        alone += max(longest) if step.phase == "gate" else 0
        for doing in step.ways:
            if doing and doing.team:
                load[work.teams.index(doing.team)] += planned_hours(step, doing, work.effort_ratio)
    busiest = float((load / np.maximum(likely, 5)).max(initial=0))
    nobody_yet = {team for team, hours in zip(work.teams, likely, strict=True) if not hours}
    comes = [one.from_at for one in work.staff.presences if one.people and one.team in nobody_yet and one.from_at]
    wait = max([(at - work.at) / timedelta(weeks=1) for at in comes], default=0.0)
    return min(LONGEST_WEEKS, 8 + math.ceil(2 * busiest + alone / WEEK_HOURS + max(0.0, wait)))


class _Need(NamedTuple):
    task: int
    kept: float
    kept_after: float
    endures: int


def _care(work: Work, hours: int) -> Care:
    part = fallback_after_endurance().value
    services = work.cartography.services
    needs = [_needs(work, service, part) for service in services]
    hour = first_hour(work).weekday() * 24 + first_hour(work).hour
    cumulated = np.zeros((len(services), hours + 1))
    for row, service in enumerate(services):
        weight = np.tile(np.roll(service_weight(service), -hour), hours // WEEK_HOURS + 1)[:hours]
        cumulated[row, 1:] = np.cumsum(weight * share_never_back(work, service))
    index, task = compressed([[need.task for need in row] for row in needs])
    flat = [need for row in needs for need in row]
    return Care(
        index, task, np.array([n.kept for n in flat]), np.array([n.kept_after for n in flat]),
        np.array([n.endures for n in flat], np.int32), cumulated,
    )  # fmt: skip


def _needs(work: Work, service: CareService, part: float) -> list[_Need]:
    """What a service waits for. An unknown share keeps nothing; an endurance nobody knows is held to be over.

    An application merely weakened by the loss of another (`degraded_by`) makes of the other a lighter need.
    """
    found: dict[int, _Need] = {}
    for need in service.needs:
        share = need.share_kept or 0.0
        _keep_worse(found, work, need.application, share, share * part, need.endurance_hours)
        for soft in work.cartography.application[need.application].degraded_by:
            left = soft.share_kept or 0.0
            kept, after = share + (1 - share) * left, share * part + (1 - share * part) * left
            _keep_worse(found, work, soft.application, kept, after, need.endurance_hours)
    return list(found.values())


def _keep_worse(found, work: Work, application: str, kept: float, after: float, endurance: float | None) -> None:
    if application not in work.back:
        return
    damage = work.damages.damaged[application]
    since = damage.lost_since or work.at
    gone = (work.at - since) / timedelta(hours=1)
    endures = max(0, int((endurance or 0) - gone))
    task = work.place[work.back[application]]
    if task not in found or kept < found[task].kept:
        found[task] = _Need(task, kept, after, endures)


def share_never_back(work: Work, service: CareService) -> float:
    """The share left by what no plan brings back, its fallbacks over: the loss of it is the same whatever the order."""
    part = fallback_after_endurance().value
    share = 1.0
    for need in service.needs:
        kept = (need.share_kept or 0.0) * part
        if need.application in work.blocked:
            share *= kept
            continue
        for soft in work.cartography.application[need.application].degraded_by:
            if soft.application in work.blocked:
                share *= kept + (1 - kept) * (soft.share_kept or 0.0)
    return share


def _named_impossible(work: Work, problem: Problem) -> None:
    try:
        refuse_impossible(problem)
    except InputError:
        for step in work.steps:
            teams = {doing.team for doing in step.ways if doing and doing.team}
            if not any(problem.capacity[work.teams.index(team)].max() for team in teams) and teams:
                raise InputError(
                    f"step {step.id} can never be done: {', '.join(sorted(teams))} has nobody at work. Name people for it, "
                    "as a team of the map or a reinforcement of the journal"
                ) from None
        raise
    _refuse_too_few(work, problem)


def _refuse_too_few(work: Work, problem: Problem) -> None:
    """Raises InputError where a team, in all the time that the plan may take, is there for less than its own steps take."""
    there = problem.capacity.sum(axis=1)
    needed = np.zeros(len(work.teams), np.int64)
    for number, step in enumerate(work.steps):
        ways = [way for way in range(len(WAYS)) if problem.tasks.duration[number, way] >= 0]
        doings = {doing.team for way in ways if (doing := step.ways[way])}
        if len(doings) == 1 and (team := doings.pop()) and not step.since:
            needed[work.teams.index(team)] += problem.tasks.duration[number, ways].min()
    for team, hours, wanted in zip(work.teams, there.tolist(), needed.tolist(), strict=True):
        if hours < wanted:
            raise InputError(
                f"{team}: {wanted} hours of work to do, and people there for {hours} of them in the "
                f"{problem.horizon // WEEK_HOURS} weeks that this plan may take. Name people for it, as a team of the map or a "
                "reinforcement of the journal"
            )
