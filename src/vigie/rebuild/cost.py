"""Cost: what the wait of a plan costs in care, as `vigie.care.harm` counts it, from the hour of the plan on.

What a service keeps is what the map says of its fallbacks while its needs are not back: an interval, because a share that
nobody gave lies anywhere between nothing and everything, and nobody knows what is left of a fallback once its endurance is
over. A service that lost nothing it needs is held for as usual: that is a word of the map, not of the ward.
"""

from __future__ import annotations

from datetime import timedelta

from vigie.care import Harm, Site, Stretch, fallback_after_endurance, harm
from vigie.cartography import CareService
from vigie.rebuild.arrays import first_hour
from vigie.rebuild.plan import Plan


def cost(plan: Plan, site: Site | None = None) -> Harm:
    """The harm of carrying out `plan`, were every estimate to hold. `site`: what only the hospital can say (None: nothing)."""
    first = first_hour(plan.work)
    hours = float(max(1, plan.schedule.makespan))
    kept = {service.id: kept_by(plan, service, hours) for service in plan.work.cartography.services}
    return harm(plan.work.cartography, kept, hours, first.weekday() * 24 + first.hour, site or Site())


def kept_by(plan: Plan, service: CareService, hours: float) -> tuple[Stretch, ...]:
    """What a service keeps of its usual capacity, stretch by stretch, from the hour of the plan until `hours` later."""
    lost = [_Lost(plan, need) for need in service.needs if need.application in {*plan.work.back, *plan.work.blocked}]
    marks = sorted({0.0, hours, *(min(hours, mark) for one in lost for mark in (one.back, one.endures))})
    return tuple(
        Stretch(start, end, *_product([one.kept(start) for one in lost]))
        for start, end in zip(marks, marks[1:], strict=False)
    )


class _Lost:
    """One need that is not back: when it is (hours from the plan), until when its fallback holds, and what it keeps."""

    def __init__(self, plan: Plan, need) -> None:
        step = plan.work.back.get(need.application)
        place = plan.work.place[step] if step else None
        self.back = float("inf") if place is None else float(plan.schedule.end[place])
        damage = plan.work.damages.damaged[need.application]
        gone = (plan.work.at - (damage.lost_since or plan.work.at)) / timedelta(hours=1)
        self.endures = max(0.0, (need.endurance_hours or 0.0) - gone)
        self.share = (0.0, 1.0) if need.share_kept is None else (need.share_kept, need.share_kept)

    def kept(self, hour: float) -> tuple[float, float]:
        if hour >= self.back:
            return 1.0, 1.0
        part = fallback_after_endurance().low if hour >= self.endures else 1.0
        return self.share[0] * part, self.share[1]


def _product(shares: list[tuple[float, float]]) -> tuple[float, float]:
    low = high = 1.0
    for one, other in shares:
        low, high = low * one, high * other
    return low, high
