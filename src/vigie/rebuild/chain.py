"""Chain: what holds each step where it is, and the chain of steps that decides a date."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from vigie.rebuild.arrays import needed_by
from vigie.rebuild.plan import Line, Plan


@dataclass(frozen=True, slots=True)
class Hold:
    """Why a step does not start earlier.

    `at_once`: nothing holds it; `under_way`: people are at it; `after`: the step `by` ends then; `gate`: `by` is a gate
    not yet signed; `team`: its people are busy with `by`; `shift`: its people are not at work before; `arrival`: they
    are not there yet.
    """

    kind: Literal["at_once", "under_way", "after", "gate", "team", "shift", "arrival"]
    by: str | None = None


def hold(plan: Plan, line: Line) -> Hold:
    """What holds one line of the plan."""
    step = line.step
    if step.since:
        return Hold("under_way")
    before = [plan.line[other] for other in step.after]
    last = max(before, key=lambda one: one.ends_at, default=None)
    start = plan.work.place[step.id]
    slot = int(plan.schedule.start[start])
    ready = int(plan.schedule.end[plan.work.place[last.step.id]]) if last else 0
    if slot <= ready:
        if last is None:
            return Hold("at_once")
        return Hold("gate" if last.step.phase == "gate" else "after", last.step.id)
    return _people(plan, line, ready, slot)


def chain(plan: Plan, step: str) -> tuple[tuple[Line, Hold], ...]:
    """The steps that decide when `step` ends, first one first, each with what holds it."""
    found = []
    at: str | None = step
    seen: set[str] = set()
    while at is not None and at not in seen:
        seen.add(at)
        line = plan.line[at]
        held = hold(plan, line)
        found.append((line, held))
        at = held.by
        if held.kind in ("shift", "arrival"):
            # The people are not there: what it waited for before that is the rest of the chain.
            last = max((plan.line[other] for other in line.step.after), key=lambda one: one.ends_at, default=None)
            at = last.step.id if last else None
    return tuple(reversed(found))


def critical_chain(plan: Plan) -> tuple[tuple[Line, Hold], ...]:
    """The chain that decides the end of the whole restart."""
    last = max(plan.lines, key=lambda line: line.ends_at, default=None)
    return chain(plan, last.step.id) if last else ()


def deciding_application(plan: Plan, service: str) -> str | None:
    """The application whose return brings a service back: the last of its needs; None when it has lost none."""
    needs = needed_by(plan.work.cartography, service)
    lost = [need for need in needs if need in plan.work.back]
    return max(lost, key=lambda need: plan.line[plan.work.back[need]].ends_at, default=None)


def _people(plan: Plan, line: Line, ready: int, slot: int) -> Hold:
    """Its predecessors ended earlier (at `ready`): its people were elsewhere, off shift or not there yet."""
    if line.team is None:
        return Hold("at_once")
    present = plan.problem.capacity[plan.work.teams.index(line.team)]
    if not present[ready:slot].any():
        return Hold("shift" if present[:ready].any() or slot < 24 else "arrival")
    busy = _busy_with(plan, line, slot)
    return Hold("team", busy) if busy else Hold("shift")


def _busy_with(plan: Plan, line: Line, slot: int) -> str | None:
    """The step of the same team that ended last before it could start; else the one that has kept its people longest."""
    tasks = plan.tasks_of_team[line.team or ""]
    start, end = plan.schedule.start[tasks], plan.schedule.end[tasks]
    own = plan.work.place[line.step.id]
    before = (start < slot) & (start < end) & (tasks != own)
    ended = before & (end <= slot)
    if ended.any():
        return plan.work.steps[tasks[ended][end[ended].argmax()]].id
    return plan.work.steps[tasks[before][start[before].argmin()]].id if before.any() else None
