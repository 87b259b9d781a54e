"""Reach: what waits for each step of a plan, for all steps at once, and the care that hangs on each application."""

from __future__ import annotations

from vigie.rebuild.explain import services_of
from vigie.rebuild.plan import Plan

WEEK = 168


def waiting(plan: Plan) -> dict[str, tuple[str, ...]]:
    """For each step, the other damaged applications that cannot be back before it has ended, as `explain` says one by one."""
    work = plan.work
    back = {step: number for number, step in enumerate(work.back.values())}
    names = list(work.back)
    after: dict[str, list[str]] = {step.id: [] for step in work.steps}
    for step in work.steps:
        for other in step.after:
            if other in after:
                after[other].append(step.id)
    behind: dict[str, int] = {}  # a bit for each application: whole sets are joined in one operation
    for step in reversed(work.steps):
        bits = 0
        for other in after[step.id]:
            bits |= behind[other] | (1 << back[other] if other in back else 0)
        behind[step.id] = bits
    place = {name: work.place[step] for name, step in work.back.items()}
    made = {}
    for step in work.steps:
        bits = behind[step.id]
        found = [name for number, name in enumerate(names) if bits >> number & 1 and name != step.application]
        made[step.id] = tuple(sorted(found, key=place.__getitem__))
    return made


def weights(plan: Plan) -> dict[str, float]:
    """For each application of the plan, what the services that need it, or what waits for it, weigh in a week."""
    reached = waiting(plan)
    week = plan.problem.care.cumulated[:, : WEEK + 1]
    weight = {
        service.id: float(week[row, -1]) if week.shape[1] else 0.0
        for row, service in enumerate(plan.work.cartography.services)
    }
    return {
        name: sum(weight[one] for one in services_of(plan, {name, *reached[step]}))
        for name, step in plan.work.back.items()
    }
