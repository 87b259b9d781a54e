"""Forecast: from a plan and what was observed so far to dates with their chances, and to the fact that keeps them."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from hashlib import sha256
from typing import TYPE_CHECKING

import numpy as np
from numba import njit

from vigie.cartography import CareService
from vigie.journal import facts
from vigie.rebuild.actuals import Observation
from vigie.rebuild.arrays import first_hour, needed_by, share_never_back
from vigie.rebuild.copies import copies
from vigie.rebuild.dispatch import NEVER
from vigie.rebuild.gates import Gate
from vigie.rebuild.learning import LEARNED_FROM, Learned, learn
from vigie.rebuild.outlook import CENTILES, Dates, Fan, Outlook, Ratio, ServiceOutlook
from vigie.rebuild.problem import Integers
from vigie.rebuild.simulate import Runs, simulate
from vigie.rebuild.step import Work

if TYPE_CHECKING:
    from vigie.rebuild.plan import Plan

MOST_POINTS = 96
STEPS_HOURS = (1, 2, 3, 6, 12, 24, 48, 168, 336)


def forecast(
    plan: Plan,
    observations: Iterable[Observation],
    *,
    seed: int,
    samples: int = 1000,
    gates: Mapping[str, Gate] | None = None,
    threads: int = 1,
) -> Outlook:
    """The dates of a plan. Pure: the same arguments give the same dates on any machine.

    `gates` are those the journal tells of: copies proved clean or unusable say something of the others (None: those of
    the plan). Steps under way last at least as long as they have. A what-if with the same seed has the same luck.
    """
    learned, fates = learn(observations), copies(plan.work, gates)
    runs = simulate(plan, learned, fates, seed=seed, samples=samples, threads=threads)
    instants = _points(plan, runs)
    services = {
        service.id: _service(plan, runs, row, service, instants)
        for row, service in enumerate(plan.work.cartography.services)
    }
    return Outlook(
        at=plan.work.at,
        seed=seed,
        samples=samples,
        ratio=ratio_of(learned),
        copies_lost=fates.reached if fates.within else 0.0,
        done=_done(plan.work, runs),
        applications=_applications(plan.work, runs),
        services=services,
        critical=_critical(plan, runs),
    )


def ratio_of(learned: Learned) -> Ratio:
    """A belief on the ratio, in six numbers."""
    median, low, high = (float(each) for each in learned.quantile(np.array([0.5, 0.05, 0.95])))
    return Ratio(median, low, high, learned.mean, learned.finished, learned.running)


def _done(work: Work, runs: Runs) -> Dates:
    """When everything is back: no date as long as something is blocked."""
    if work.blocked:
        return Dates(None, None, next(iter(work.blocked.values())))
    return _dates(work, runs.end.max(axis=1, initial=0))


def _applications(work: Work, runs: Runs) -> dict[str, Dates]:
    dates = {name: _dates(work, runs.end[:, work.place[step]]) for name, step in work.back.items()}
    return dates | {name: Dates(None, None, gate) for name, gate in work.blocked.items()}


def _service(plan: Plan, runs: Runs, row: int, service: CareService, points: Integers) -> ServiceOutlook:
    work = plan.work
    fan = _fan(plan, runs, row, service, points)
    needs = needed_by(work.cartography, service.id)
    blocked = next((need for need in needs if need in work.blocked), None)
    if blocked is not None:
        return ServiceOutlook(service.id, Dates(None, None, work.blocked[blocked]), (), blocked, 1.0, fan, True)
    lost = [need for need in needs if need in work.back]
    if not lost:
        return ServiceOutlook(service.id, Dates(work.at, work.at), (), None, 0.0, fan, False)
    ends = runs.end[:, [work.place[work.back[need]] for need in lost]]
    last = np.bincount(ends.argmax(axis=1), minlength=len(lost))
    share, slowest, back = float(last.max() / len(ends)), lost[int(last.argmax())], ends.max(axis=1)
    at = tuple(_instant(work, slot) for slot in np.quantile(back, np.array(CENTILES) / 100, method="higher"))
    return ServiceOutlook(service.id, _dates(work, back), at, slowest, share, fan, True)


def _dates(work: Work, ends: Integers) -> Dates:
    half, nine = np.quantile(ends, [0.5, 0.9], method="higher")
    return Dates(_instant(work, half), _instant(work, nine))


def _instant(work: Work, slot: int) -> datetime | None:
    # The first slot began before `at`: what takes no more time is back now.
    return None if slot >= NEVER else max(work.at, first_hour(work) + timedelta(hours=int(slot)))


# -- the fan of a service ------------------------------------------------------------------------------------------------


def _points(plan: Plan, runs: Runs) -> Integers:
    """The slots at which fans are drawn: regular, few enough, until nineteen times in twenty everything is back."""
    ends = runs.end.max(axis=1, initial=0)
    ends = ends[ends < NEVER]
    longest = int(np.quantile(ends, 0.95)) if len(ends) else plan.problem.horizon
    step = next((hours for hours in STEPS_HOURS if longest <= hours * MOST_POINTS), STEPS_HOURS[-1])
    return np.arange(0, min(longest, MOST_POINTS * step) + step, step, dtype=np.int32)


def _fan(plan: Plan, runs: Runs, row: int, service: CareService, points: Integers) -> Fan:
    care = plan.problem.care
    shares = np.full((len(runs.end), len(points)), share_never_back(plan.work, service), np.float32)
    for need in range(care.need_index[row], care.need_index[row + 1]):
        without = np.where(points < care.endures[need], care.kept[need], care.kept_after[need]).astype(np.float32)
        back = runs.end[:, care.need[need], None] <= points
        shares *= np.where(back, np.float32(1), without)
    shares.sort(axis=0)
    at = [min(len(shares) - 1, int(len(shares) * centile / 100)) for centile in CENTILES]
    instants = tuple(first_hour(plan.work) + timedelta(hours=int(point)) for point in points)
    return Fan(instants, tuple(tuple(float(share) for share in shares[number].round(4)) for number in at))


# -- the chain that decides ------------------------------------------------------------------------------------------------


def _critical(plan: Plan, runs: Runs) -> dict[str, float]:
    work = plan.work
    needs = [needed_by(work.cartography, service.id) for service in work.cartography.services]
    lost = [[work.place[work.back[name]] for name in row if name in work.back] for row in needs]
    index = np.cumsum([0, *(len(row) for row in lost)]).astype(np.int32)
    count = _count_chains(runs.end, runs.cause, index, np.array([step for row in lost for step in row], np.int32))
    return {step.id: float(count[number] / max(1, len(runs.end))) for number, step in enumerate(work.steps)}


@njit(cache=True, nogil=True)
def _count_chains(end, cause, index, need):
    """For each step, the draws in which it stands on the chain of at least one service."""
    draws, size = end.shape
    count = np.zeros(size, np.int64)
    for draw in range(draws):
        marked = np.zeros(size, np.bool_)
        for service in range(len(index) - 1):
            last = -1
            for place in range(index[service], index[service + 1]):
                if last < 0 or end[draw, need[place]] > end[draw, last]:
                    last = need[place]
            while last >= 0 and not marked[last]:
                marked[last] = True
                count[last] += 1
                last = cause[draw, last]
    return count


# -- the fact ----------------------------------------------------------------------------------------------------------------


def to_fact(outlook: Outlook, plan: Plan, software: str) -> facts.Forecast:
    """The forecast as it is kept in the journal. `software` names the program and its version."""
    left = {step.application for step in plan.work.steps if step.phase == LEARNED_FROM}
    return facts.Forecast(
        method=f"{software}, seed {outlook.seed}, {outlook.samples} draws",
        plan=plan_digest(plan),
        finished_tasks=outlook.ratio.finished,
        total_tasks=outlook.ratio.finished + len(left),
        effort_ratio_percent=round(100 * outlook.ratio.median) if outlook.ratio.learned else None,
        services=tuple(
            facts.ServiceDate(service=name, waits_for=one.waits_for, **_written(one.dates))
            for name, one in outlook.services.items()
            if one.lost
        ),
        applications=tuple(
            facts.ApplicationDate(application=name, **_written(dates)) for name, dates in outlook.applications.items()
        ),
    )


def plan_digest(plan: Plan) -> str:
    """SHA-256 of what a plan says: for each step in order of priority, its way, start and end."""
    lines = [plan.line[plan.work.steps[number].id] for number in plan.order]
    told = [[one.step.id, one.way, one.starts_at.isoformat(), one.ends_at.isoformat()] for one in lines]
    return sha256(json.dumps(told, separators=(",", ":")).encode()).hexdigest()


def _written(dates: Dates) -> dict[str, object]:
    return {"p50_at": dates.p50_at, "p90_at": dates.p90_at, "gate": dates.gate}
