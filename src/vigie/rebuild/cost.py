"""Cost: what the wait of a plan costs in care, as `vigie.care.harm` counts it, from the hour of the plan on.

What a service keeps is what the map says of its fallbacks while its needs are not back: an interval, because a share that
nobody gave lies anywhere between nothing and everything, and nobody knows what is left of a fallback once its endurance is
over. A service that lost nothing it needs is held for as usual: that is a word of the map, not of the ward.
"""

from __future__ import annotations

from datetime import timedelta

from vigie.care import Harm, Site, Stretch, fallback_after_endurance, harm
from vigie.cartography import CareService, Need
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
    lost = [_Lost(plan, need) for need in service.needs]
    marks = sorted({0.0, hours, *(min(hours, mark) for one in lost for mark in one.marks)})
    return tuple(
        Stretch(start, end, *_product([one.kept(start) for one in lost]))
        for start, end in zip(marks, marks[1:], strict=False)
    )


class _Lost:
    """One need: when it is back (hours from the plan), until when its fallback holds, what it keeps meanwhile, and when what
    weakens it is back."""

    def __init__(self, plan: Plan, need: Need) -> None:
        self.back = _back(plan, need.application)
        since = plan.work.damages.damaged.get(need.application)
        gone = (plan.work.at - ((since and since.lost_since) or plan.work.at)) / timedelta(hours=1)
        self.endures = max(0.0, (need.endurance_hours or 0.0) - gone)
        self.share = _interval(need.share_kept)
        soft = plan.work.cartography.application[need.application].degraded_by
        self.weakened = [(_back(plan, one.application), _interval(one.share_kept)) for one in soft]
        self.marks = (self.back, self.endures, *(back for back, _ in self.weakened))

    def kept(self, hour: float) -> tuple[float, float]:
        """The share of the service that this need leaves."""
        part = fallback_after_endurance().low if hour >= self.endures else 1.0
        low, high = self.share[0] * part, self.share[1]
        if hour < self.back:
            return low, high
        left = _product([share for back, share in self.weakened if hour < back])
        return low + (1 - low) * left[0], high + (1 - high) * left[1]


def _back(plan: Plan, application: str) -> float:
    """Hours from the plan until an application is back: 0 when it was never lost, infinite when it is blocked."""
    if application in plan.work.blocked:
        return float("inf")
    step = plan.work.back.get(application)
    return float(plan.schedule.end[plan.work.place[step]]) if step else 0.0


def _interval(share: float | None) -> tuple[float, float]:
    return (0.0, 1.0) if share is None else (share, share)


def _product(shares: list[tuple[float, float]]) -> tuple[float, float]:
    low = high = 1.0
    for one, other in shares:
        low, high = low * one, high * other
    return low, high
