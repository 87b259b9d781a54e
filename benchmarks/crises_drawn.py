"""Crises drawn by another generator than the planner's, to judge its forecasts: what really happened is known here.

Nothing of the forecast is used to make them. True durations are gamma, Weibull or log-logistic (the forecast believes in
shifted lognormals), and the experts' three points are read off the true distribution: its 5th centile, its mode, its
95th centile, all divided by the same factor when estimates are too short. Which copies are lost is drawn as a share of
each crisis. The people are sent to work by `carry_out`, a plain event simulation in hours and parts of hours, written
apart from `vigie.rebuild.dispatch`.
"""

from __future__ import annotations

import bisect
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import numpy as np
from scipy.special import gammaincinv

from vigie.cartography import Application, Backup, CareService, Cartography, Effort, Establishment, Need, Team
from vigie.rebuild.actuals import Observation, shift_hours_between
from vigie.rebuild.arrays import problem_of
from vigie.rebuild.assumptions import Hours
from vigie.rebuild.breakdown import breakdown
from vigie.rebuild.damage import Damage, Damages, all_lost
from vigie.rebuild.gates import Gate
from vigie.rebuild.living import clean_room_ready
from vigie.rebuild.plan import Plan
from vigie.rebuild.problem import Schedule
from vigie.rebuild.rules import descendants_over_work
from vigie.rebuild.step import Doing, Step, Work

START = datetime(2026, 11, 22, 3, tzinfo=UTC)
PARIS = ZoneInfo("Europe/Paris")
KINDS = ("clinical", "laboratory", "imaging", "pharmacy", "administration", "database", "integration")
SKILLS = ("system", "application", "database", "integration", "network", "directory", "security", "care_referent")
COPY_STATES = ("online", "online", "unknown", "offline", "immutable", "none")
REACHED = 0.627
BACKUP, REINSTALL = 0, 1
HOUR = timedelta(hours=1)


@dataclass(frozen=True)
class Crisis:
    """A plan at the first hour and what really happened: hours from START at which each step began and ended.

    `way` is how each application was really restored, `lost` the applications whose copy was unusable.
    """

    plan: Plan
    way: Mapping[str, int]
    lost: frozenset[str]
    began: Mapping[str, float]
    ended: Mapping[str, float]


def crisis(seed: int, too_short: float = 1.0) -> Crisis:
    """One drawn crisis; estimates of effort are `too_short` times below the truth. Same seed, same crisis."""
    rng = np.random.default_rng([seed, 2026])
    work = breakdown(cartography := hospital(rng), all_lost(cartography), START, PARIS)
    real: dict[tuple[str, int], float] = {}
    steps = tuple(_estimated(step, rng, too_short, real) for step in work.steps)
    work = replace(work, steps=steps)
    plan = planned(work, {})
    lost = frozenset(_lost_copies(work, rng))
    way = {step.application: BACKUP for step in steps if step.application}
    way |= {step.application: REINSTALL for step in steps if step.ways[BACKUP] is None or step.application in lost}
    hours = {step.id: real[step.id, _way(step, way)] for step in steps}
    began, ended = carry_out(work, [steps[number].id for number in plan.order], hours, way)
    return Crisis(plan, way, lost, began, ended)


def planned(work: Work, way: Mapping[str, int]) -> Plan:
    """A plan by a rule that takes no time. `way` says how applications are restored where something is known of it."""
    problem = problem_of(work)
    ways = np.zeros(problem.groups, np.int32)
    for number, step in enumerate(work.steps):
        group = problem.tasks.group[number]
        wanted = way.get(step.application or "", BACKUP)
        ways[group] = wanted if problem.tasks.duration[number, wanted] >= 0 else REINSTALL
    nothing = np.zeros(problem.size, np.int32)
    order = descendants_over_work(problem)
    return Plan(work, problem, Schedule(nothing, nothing, ways), tuple(int(n) for n in order), "descendants over work")


# -- what there is -----------------------------------------------------------------------------------------------------


def hospital(rng: np.random.Generator) -> Cartography:
    """A hospital of 36 to 64 applications in layers, 4 to 10 services, a few people of each skill."""
    names = [f"app-{number}" for number in range(int(rng.integers(36, 65)))]
    kinds = ["network", "directory", "internet", *rng.choice(KINDS, len(names) - 3)]
    applications = [_application(rng, names, number, str(kind)) for number, kind in enumerate(kinds)]
    services = tuple(_service(rng, names, number) for number in range(int(rng.integers(4, 11))))
    shifts = ("office", "extended", "day", "always")
    teams = tuple(
        Team(
            id=skill.replace("_", "-"),
            name=skill,
            skill=skill,
            people=int(rng.integers(1, 4)),
            shift=str(rng.choice(shifts)),
        )
        for skill in SKILLS
    )
    return Cartography(
        name="Drawn", fictional=True, establishments=(Establishment(id="here", name="Here"),),
        applications=tuple(applications), services=services, teams=teams,
    )  # fmt: skip


def _application(rng: np.random.Generator, names: list[str], number: int, kind: str) -> Application:
    below = [names[0], names[1]] if number > 2 else names[:number][-1:]
    if number > 6:
        below += list(rng.choice(names[3:number], int(rng.integers(0, 3)), replace=False))
    first = {"network": "network", "directory": "directory", "internet": "network"}.get(kind)
    skills = [first or str(rng.choice(SKILLS[:4]))]
    if rng.random() < 0.25:
        skills.append(str(rng.choice([one for one in SKILLS[:5] if one not in skills])))
    efforts = tuple(Effort(skill=one, **_points(float(rng.lognormal(2.2, 0.8)))) for one in skills)
    state = str(rng.choice(COPY_STATES))
    return Application(
        id=names[number], name=names[number], kind=kind, depends_on=tuple(str(one) for one in below),
        restore_effort=efforts, backup=Backup(state=state),
    )  # fmt: skip


def _points(likely: float) -> dict[str, float]:
    return {"low_hours": likely / 2, "likely_hours": likely, "high_hours": likely * 3}


def _service(rng: np.random.Generator, names: list[str], number: int) -> CareService:
    chosen = rng.choice(names, int(rng.integers(2, 7)), replace=False)
    needs = tuple(
        Need(application=str(one), share_kept=round(float(rng.random()), 2), endurance_hours=24) for one in chosen
    )
    return CareService(
        id=f"service-{number}", establishment="here", name=f"Service {number}", kind="emergency",
        visits_per_day=(float(rng.integers(5, 200)),) * 7, needs=needs,
    )  # fmt: skip


def _estimated(step: Step, rng: np.random.Generator, too_short: float, real: dict[tuple[str, int], float]) -> Step:
    """The step with the three points of its true distributions; what it will really take goes into `real`."""
    ways: list[Doing | None] = []
    luck, family, shape = rng.random(), rng.random(), rng.random()
    factor = 1.0 if step.phase == "gate" else too_short
    for number, doing in enumerate(step.ways):
        if doing is None or doing.hours.high == 0:
            real[step.id, number] = 0.0
            ways.append(doing)
            continue
        points, hours = _true(family, shape, luck)
        scale = doing.hours.mean
        real[step.id, number] = hours * scale * factor
        ways.append(Doing(doing.team, Hours(*(point * scale for point in points))))
    return replace(step, ways=tuple(ways))


def _true(family: float, shape: float, luck: float) -> tuple[tuple[float, float, float], float]:
    """(5th centile, mode, 95th centile) of a distribution of mean near 1, and the hours that chance made of it."""
    at = np.array([0.05, 0.95, luck])
    if family < 0.45:
        order = 1.5 + 4.5 * shape
        found, mode = gammaincinv(order, at) / order, (order - 1) / order
    elif family < 0.8:
        order = 1.3 + 1.2 * shape
        found, mode = (-np.log(1 - at)) ** (1 / order), ((order - 1) / order) ** (1 / order)
    else:
        order = 3 + 3 * shape
        found, mode = (at / (1 - at)) ** (1 / order), ((order - 1) / (order + 1)) ** (1 / order)
    return (float(found[0]), float(mode), float(found[1])), float(found[2])


def _lost_copies(work: Work, rng: np.random.Generator) -> list[str]:
    """A share of the copies within reach, drawn anew in each crisis: nearly all or nearly none; few of the others."""
    within = rng.beta(9, 1) if rng.random() < REACHED else rng.beta(0.3, 9.7)
    beyond = rng.beta(0.3, 9.7)
    lost = []
    for step in work.steps:
        if step.phase == "prove" and step.application:
            state = work.cartography.application[step.application].backup.state
            if rng.random() < (beyond if state in ("offline", "immutable") else within):
                lost.append(step.application)
    return lost


def _way(step: Step, way: Mapping[str, int]) -> int:
    return BACKUP if step.phase == "prove" or step.application is None else way[step.application]


# -- what happens ------------------------------------------------------------------------------------------------------


def carry_out(
    work: Work, order: list[str], hours: Mapping[str, float], way: Mapping[str, int]
) -> tuple[dict[str, float], dict[str, float]]:
    """When each step began and ended, in hours from the start, done in that order of priority."""
    rank = {name: number for number, name in enumerate(order)}
    team = {step.id: step.ways[_way(step, way)].team for step in work.steps}
    missing = {step.id: set(step.after) for step in work.steps}
    capacity = work.staff.capacity(work.teams, work.at, work.zone, 24 * 7 * 300)
    row = {name: number for number, name in enumerate(work.teams)}
    changes = (np.flatnonzero(np.diff(capacity, axis=1).any(axis=0)) + 1).tolist()
    left, began, ended = dict(hours), {}, {}
    at_work: dict[str, list[str]] = {name: [] for name in work.teams}
    waiting = sorted((name for name, needs in missing.items() if not needs), key=rank.__getitem__)
    clocks: list[str] = []
    now = 0.0
    while len(ended) < len(left):
        # What takes no time ends before anybody takes a seat.
        while nothing := [name for name in waiting if left[name] <= 0]:
            began.update(dict.fromkeys(nothing, now))
            ended.update(dict.fromkeys(nothing, now))
            waiting = _released([name for name in waiting if name not in ended], nothing, missing, began, rank)
        if len(ended) == len(left):
            break
        present = {name: int(capacity[row[name], int(now)]) for name in work.teams}
        still = []
        for name in waiting:
            own = team[name]
            if own is None:
                began[name] = now
                clocks.append(name)
            elif len(at_work[own]) < present[own]:
                began[name] = now
                at_work[own].append(name)
            else:
                still.append(name)
        waiting = still
        busy = [*clocks, *(name for own, names in at_work.items() for name in names[: present[own]])]
        place = bisect.bisect_right(changes, now)
        until = min([now + left[name] for name in busy] + changes[place : place + 1])
        over = [name for name in busy if now + left[name] <= until + 1e-9]
        for name in busy:
            left[name] -= until - now
        now = until
        for name in over:
            ended[name] = now
            (clocks if name in clocks else at_work[team[name]]).remove(name)
        waiting = _released(waiting, over, missing, began, rank)
    return began, ended


def _released(
    waiting: list[str], over: list[str], missing: dict[str, set[str]], began: dict[str, float], rank: Mapping[str, int]
) -> list[str]:
    """Who waits once these steps are over, the most urgent first."""
    for name, needs in missing.items():
        if needs and name not in began and not needs.difference_update(over) and not needs:
            bisect.insort(waiting, name, key=rank.__getitem__)
    return waiting


# -- what is known along the way ---------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Moment:
    """What a cell knows at an instant of a crisis: what is left, what was observed, which copies were proved."""

    plan: Plan
    observations: tuple[Observation, ...]
    gates: Mapping[str, Gate]


def moment(told: Crisis, finished: int) -> Moment | None:
    """The instant at which so many applications had been restored, as a journal knows it; None when there is none.

    An application is `restoring` from the first of its steps, `validating` from the end of the last restoration, and
    `restored` when it is connected again; waiting in between is not told apart from work.
    """
    spans = _spans(told)
    ends = sorted(end for (_, phase), (_, end) in spans.items() if phase == "restore")
    if finished > len(ends):
        return None
    now = ends[finished - 1] if finished else 0.0
    before = told.plan.work
    at = before.at + now * HOUR
    gone = {step.id for step in before.steps if told.ended[step.id] <= now}
    gates = {gate.id: gate for app in told.way if f"{app}:prove" in gone and (gate := _verdict(app, told)) is not None}
    gates |= {gate.id: replace(gate, outcome="passed") for gate in before.gates if f"gate:{gate.id}" in gone}
    damaged = {name: _damage(name, told, spans, now) for name, step in before.back.items() if step not in gone}
    begun = {app for (app, _), span in spans.items() if span[0] < now}
    rest = breakdown(
        before.cartography, Damages(damaged, ()), at, PARIS, gates=gates, people=before.staff,
        clean_room_ready=clean_room_ready(before.cartography, begun),
    )  # fmt: skip
    rest = replace(rest, steps=tuple(_as_estimated(step, told) for step in rest.steps))
    way = {gate.subject: REINSTALL for gate in gates.values() if gate.blocked}
    seen = tuple(_seen(told, key, span, now) for key, span in spans.items() if span[0] < now)
    return Moment(_in_same_order(planned(rest, way), told.plan), seen, gates)


def _spans(told: Crisis) -> dict[tuple[str, str], tuple[float, float]]:
    """When the journal says that each application was being restored, and validated."""
    spans: dict[tuple[str, str], tuple[float, float]] = {}
    for step in told.plan.work.steps:
        if step.application and step.phase == "restore":
            span = told.began[step.id], told.ended[step.id]
            before = spans.get((step.application, step.phase), span)
            spans[step.application, step.phase] = min(before[0], span[0]), max(before[1], span[1])
    ends = {app: told.ended[step] for app, step in told.plan.work.back.items()}
    return spans | {(app, "validate"): (end, ends[app]) for (app, _), (_, end) in spans.items()}


def _verdict(application: str, told: Crisis) -> Gate:
    return Gate("restore_point_clean", application, "refused" if application in told.lost else "passed")


def _damage(name: str, told: Crisis, spans: Mapping[tuple[str, str], tuple[float, float]], now: float) -> Damage:
    start = told.plan.work.at
    for phase in ("validate", "restore"):
        span = spans.get((name, phase))
        if span and span[0] <= now:
            return Damage(name, "rebuild", phase, start + span[0] * HOUR)  # type: ignore[arg-type]
    return told.plan.work.damages.damaged[name]


def _as_estimated(step: Step, told: Crisis) -> Step:
    known = told.plan.work.step.get(step.id)
    if known is None:
        return step
    ways = tuple(given if open_way else None for given, open_way in zip(known.ways, step.ways, strict=True))
    if step.since and step.phase == "restore":
        ways = tuple(doing if number == told.way[step.application] else None for number, doing in enumerate(ways))
    return replace(step, ways=ways)


def _seen(told: Crisis, key: tuple[str, str], span: tuple[float, float], now: float) -> Observation:
    work = told.plan.work
    steps = [step for step in work.steps if (step.application, step.phase) == key]
    doings = [step.ways[_way(step, told.way)] for step in steps]
    longest = max(doings, key=lambda doing: doing.hours.likely)
    until = min(span[1], now)
    hours = shift_hours_between(work, longest.team, work.at + span[0] * HOUR, work.at + until * HOUR)
    return Observation(*key, tuple(doing.hours for doing in doings), hours, span[1] <= now)


def _in_same_order(made: Plan, before: Plan) -> Plan:
    rank = {before.work.steps[number].id: place for place, number in enumerate(before.order)}
    order = sorted(range(len(made.work.steps)), key=lambda number: rank[made.work.steps[number].id])
    return replace(made, order=tuple(order))
