"""What if: one more person, a vendor late, a backup that cannot be used; what it changes, service by service."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import timedelta

import numpy as np

from vigie.errors import InputError
from vigie.rebuild.breakdown import NOTHING
from vigie.rebuild.explain import Moved, moved_services
from vigie.rebuild.plan import Plan, plan
from vigie.rebuild.step import Step, Work


@dataclass(frozen=True, slots=True)
class Difference:
    """Two plans compared. `care_lost` in weighted visits (negative: care spared), `hours` of the end of the restart."""

    before: Plan
    after: Plan
    care_lost: float
    hours: float
    moved: tuple[Moved, ...]


def with_people(work: Work, team: str, people: int, shift: str = "office") -> Work:
    """The same work with more people of a skill, or of a vendor. Raises InputError when no step asks for them."""
    if team not in work.teams:
        raise InputError(f'no step asks for "{team}": the teams of this plan are {", ".join(work.teams)}')
    return replace(work, staff=work.staff.with_people(team, people, shift))


def with_vendor_late(work: Work, supplier: str, days: float) -> Work:
    """The same work with a vendor's people there so many days later. Raises InputError when no step waits for them."""
    team = f"supplier:{supplier}"
    if team not in work.teams:
        known = [one.removeprefix("supplier:") for one in work.teams if one.startswith("supplier:")]
        raise InputError(f'no step waits for the vendor "{supplier}": those of this plan are {", ".join(known)}')
    return replace(work, staff=work.staff.later(team, timedelta(days=days), work.at))


def with_backup_unusable(work: Work, application: str) -> Work:
    """The same work when the copy of an application cannot be used. Raises InputError when no step would use it."""
    if not any(step.application == application and step.phase == "restore" and step.ways[0] for step in work.steps):
        raise InputError(f'nothing of this plan restores "{application}" from a backup')
    return replace(work, steps=tuple(_without_copy(step, application) for step in work.steps))


def what_if(
    before: Plan, work: Work, *, seed: int = 1, rounds: int = 20, spent: Callable[[], float] | None = None
) -> Difference:
    """The plan of `work`, searched from the order of `before`, beside it."""
    after = plan(
        work,
        seed=seed,
        rounds=rounds,
        start_orders=[(np.array(before.order, np.int32), before.schedule.way)],
        spent=spent,
    )
    hours = (after.done_at - before.done_at) / timedelta(hours=1)
    return Difference(before, after, after.care_lost - before.care_lost, hours, moved_services(before, after))


def _without_copy(step: Step, application: str) -> Step:
    if step.application != application:
        return step
    if step.phase == "prove":
        return replace(step, ways=(None, NOTHING, NOTHING))
    return replace(step, ways=(None, *step.ways[1:]))
