"""Restarts: made-up hospitals after an attack, as arrays, of the shape that the research measured solvers on.

Applications stand in four layers (directory and network, platforms, clinical, everything else), each needing some of
the layers below; 6 skills share 11 people; one job in five needs two skills; durations of 2 to 72 hours, half of them
under 8. Three prices of waiting:

- A: each application weighs something;
- B: only the 30 care services weigh, and each is back when all its applications are;
- C: the same services, but they keep a share on paper, for a time; each application is restored, then validated, then
  reconnected; people work in shifts; vendors arrive later; one application in three may be restored in another way.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from vigie.rebuild.problem import Care, Problem, Tasks, compressed

PEOPLE = (3, 2, 2, 2, 1, 1)
LAYERS = (0.05, 0.15, 0.40, 0.40)
SERVICES = 30
LONGEST_HOURS = 72
VENDORS = (1, 1)


@dataclass(frozen=True, slots=True)
class Restart:
    """A problem and what priority rules look at: `rto` (hours) and `criticality` (1 most critical), one a task."""

    problem: Problem
    rto: np.ndarray
    criticality: np.ndarray


@dataclass(frozen=True, slots=True)
class Hospital:
    """What a damaged state is drawn from: for each application its layer, hours, skills, weight, what it needs."""

    layer: np.ndarray
    hours: np.ndarray
    skills: tuple[tuple[int, ...], ...]
    weight: np.ndarray
    needs: tuple[tuple[int, ...], ...]
    services: tuple[tuple[int, ...], ...]
    service_weight: np.ndarray
    teams: int
    rto: np.ndarray
    criticality: np.ndarray


def hospital(applications: int, seed: int) -> Hospital:
    """A made-up hospital; the same seed gives the same one."""
    rng = np.random.default_rng([seed, applications])
    layer = np.searchsorted(np.cumsum(LAYERS) * applications, np.arange(applications), side="right")
    layer = np.minimum(layer, len(LAYERS) - 1)
    hours = np.clip(np.round(8 * np.exp(0.9 * rng.standard_normal(applications))), 2, LONGEST_HOURS).astype(int)
    needs = []
    for each in range(applications):
        below = np.flatnonzero(layer < layer[each])
        count = min(len(below), int(rng.choice([1, 2, 3], p=[0.3, 0.4, 0.3])))
        nearer = np.where(layer[below] == layer[each] - 1, 4.0, 1.0)
        needs.append(tuple(rng.choice(below, count, replace=False, p=nearer / nearer.sum()).tolist()) if count else ())
    skills = tuple(
        tuple(rng.choice(len(PEOPLE), 2 if rng.random() < 0.2 else 1, replace=False, p=np.array(PEOPLE) / 11).tolist())
        for _ in range(applications)
    )
    weight = np.exp(rng.standard_normal(applications)) * np.array([0.2, 0.5, 2.0, 1.0])[layer]
    clinical = np.flatnonzero(layer >= 2)
    services = tuple(tuple(rng.choice(clinical, rng.integers(4, 13), replace=False).tolist()) for _ in range(SERVICES))
    guess = weight * np.exp(0.7 * rng.standard_normal(applications))
    rank = guess.argsort()[::-1].argsort() / applications
    return Hospital(
        layer,
        hours,
        skills,
        weight,
        tuple(needs),
        services,
        np.exp(rng.standard_normal(SERVICES)) * 10,
        max(1, applications // 300),
        rto=np.choose(np.digitize(rank, [0.1, 0.3, 0.6]), [4, 24, 72, 168]),
        criticality=1 + np.digitize(rank * np.exp(0.3 * rng.standard_normal(applications)), [0.15, 0.4, 0.7]),
    )


def restart(hospital: Hospital, variant: str, state: int) -> Restart:
    """A damaged state (60 to 100 % of the applications lost, drawn from `state`) priced as A, B or C."""
    rng = np.random.default_rng([state, len(hospital.hours), ord(variant)])
    applications = len(hospital.hours)
    lost = np.sort(rng.permutation(applications)[: round(applications * rng.uniform(0.6, 1.0))])
    return (_by_steps if variant == "C" else _plain)(hospital, variant, lost, rng)


def _plain(hospital: Hospital, variant: str, lost: np.ndarray, rng: np.random.Generator) -> Restart:
    number = {int(each): at for at, each in enumerate(lost)}
    before = [[number[need] for need in hospital.needs[each] if need in number] for each in lost]
    use = [list(hospital.skills[each]) for each in lost]
    hours = hospital.hours[lost].astype(np.int32)
    slots = int(hours.sum()) + 1
    if variant == "A":
        needs, weights = [[at] for at in range(len(lost))], hospital.weight[lost]
    else:
        found = [[number[need] for need in service if need in number] for service in hospital.services]
        kept = [at for at, needs in enumerate(found) if needs]
        needs, weights = [found[at] for at in kept], hospital.service_weight[kept]
    need_index, need = compressed(needs)
    nothing = np.zeros(len(need))
    cumulated = weights[:, None] * np.arange(slots + 1)
    care = Care(need_index, need, nothing, nothing, np.zeros(len(need), np.int32), cumulated)
    use_index, use_team = compressed(use)
    start = np.zeros(len(lost), np.int32)
    tasks = Tasks(
        hours[:, None],
        start,
        np.arange(len(lost), dtype=np.int32),
        *compressed(before),
        use_index,
        use_team,
        np.ones(len(use_team), np.int32),
    )
    capacity = np.repeat(np.array(PEOPLE, np.int32)[:, None] * hospital.teams, slots, axis=1)
    return Restart(Problem(tasks, capacity, care), hospital.rto[lost], hospital.criticality[lost])


def _by_steps(hospital: Hospital, variant: str, lost: np.ndarray, rng: np.random.Generator) -> Restart:
    """Three tasks an application: 3 * at (restore), + 1 (validate, clinical skill 4), + 2 (reconnect, skill 5)."""
    number = {int(each): at for at, each in enumerate(lost)}
    count = len(lost)
    before: list[list[int]] = []
    duration = np.full((3 * count, 2), -1, np.int32)
    use: list[list[int]] = []
    for at, each in enumerate(lost):
        hours = int(hospital.hours[each])
        below = [3 * number[need] + 2 for need in hospital.needs[each] if need in number]
        before += [below, [3 * at], [3 * at + 1]]
        duration[3 * at, 0] = max(1, hours * 7 // 10)
        duration[3 * at + 1, 0] = max(1, hours // 8)
        duration[3 * at + 2, 0] = 1
        vendor = len(PEOPLE) + int(rng.integers(len(VENDORS)))
        if rng.random() < 1 / 3:
            duration[3 * at] = (hours, max(1, hours // 2))
            duration[3 * at + 1 : 3 * at + 3, 1] = duration[3 * at + 1 : 3 * at + 3, 0]
        restore = [skill for skill in hospital.skills[each] if skill < 4] or [0]
        use += [restore, [vendor], [4], [4], [5], [5]]
    capacity = _shifts(hospital, int(duration.max(axis=1).sum()) * 3 + 500)
    care = _care_in_part(hospital, number, capacity.shape[1], rng)
    use_index, use_team = compressed(use)
    release = np.where(rng.random(3 * count) < 0.05, 24, 0).astype(np.int32)
    group = np.repeat(np.arange(count), 3).astype(np.int32)
    tasks = Tasks(duration, release, group, *compressed(before), use_index, use_team, np.ones(len(use_team), np.int32))
    return Restart(
        Problem(tasks, capacity, care), np.repeat(hospital.rto[lost], 3), np.repeat(hospital.criticality[lost], 3)
    )


def _shifts(hospital: Hospital, slots: int) -> np.ndarray:
    """Full by day (8 to 20), a third by night, two thirds on Sunday; vendors from the third day on, by day."""
    hour, day = np.arange(slots) % 24, np.arange(slots) // 24
    by_day = (hour >= 8) & (hour < 20)
    rows = []
    for skill, people in enumerate(PEOPLE):
        most = (people + (2 if skill >= 4 else 1)) * hospital.teams
        present = np.where(by_day, most, most // 3)
        rows.append(np.where(by_day & (day % 7 == 6), (2 * most + 2) // 3, present))
    rows += [np.where(by_day & (day >= 3), people * hospital.teams, 0) for people in VENDORS]
    return np.array(rows, np.int32)


def _care_in_part(hospital: Hospital, number: dict[int, int], slots: int, rng: np.random.Generator) -> Care:
    found = [[number[need] for need in service if need in number] for service in hospital.services]
    open_again = [at for at, needs in enumerate(found) if needs]
    need_index, need = compressed([[3 * at + 2 for at in found[service]] for service in open_again])
    kept = np.where(rng.random(len(need)) < 0.25, 0.0, rng.uniform(0.2, 0.95, len(need)))
    endures = rng.choice([12, 24, 48, 96, 168], len(need)).astype(np.int32)
    per_hour = 1 + 0.6 * np.sin((np.arange(slots) % 24 - 8) * np.pi / 12)
    weights = hospital.service_weight[open_again][:, None] * per_hour
    cumulated = np.concatenate([np.zeros((len(open_again), 1)), np.cumsum(weights, axis=1)], axis=1)
    return Care(need_index, need, kept, kept * 0.5, endures, cumulated)


def reference(state: int) -> Restart:
    """The reference hospital of the package, 60 to 100 % of its applications lost on a Sunday night.

    Its map knows no criticality: the more care services need an application directly, the more critical it counts. The
    steps of the whole hospital (clean room, gates) weigh nothing in RTO and criticality and come first.
    """
    from datetime import datetime
    from zoneinfo import ZoneInfo

    from vigie.cartography import reference_hospital
    from vigie.rebuild.arrays import problem_of
    from vigie.rebuild.breakdown import breakdown
    from vigie.rebuild.damage import Damages, all_lost

    there = reference_hospital()
    every = all_lost(there).damaged
    rng = np.random.default_rng([state, len(every)])
    lost = rng.permutation(sorted(every))[: round(len(every) * rng.uniform(0.6, 1.0))].tolist()
    paris = ZoneInfo("Europe/Paris")
    at = datetime(2026, 11, 22, 3, tzinfo=paris)
    work = breakdown(there, Damages({each: every[each] for each in lost}, ()), at, paris)
    asked = {
        each.id: sum(each.id in {need.application for need in s.needs} for s in there.services)
        for each in there.applications
    }
    rto = {each.id: (each.rto_minutes or 10**6) / 60 for each in there.applications}
    names = [step.application for step in work.steps]
    return Restart(
        problem_of(work),
        np.array([rto.get(name, 0) if name else 0 for name in names]),
        np.array([-asked.get(name, 0) if name else -1000 for name in names]),
    )
