"""Who falls with whom: a cartography turned into plain arrays, once, so that a page can ask at each display.

Availability is a share from 0 (stopped) to 1 (as usual), and is kept as an interval because some shares are unknown.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from graphlib import CycleError, TopologicalSorter
from types import MappingProxyType
from typing import NamedTuple

from vigie.cartography.model import Cartography
from vigie.cartography.vocabulary import nearest
from vigie.errors import InputError

Interval = tuple[float, float]
WHOLE: Interval = (1.0, 1.0)


class Level(NamedTuple):
    """How much of an application works, at least and at most; `through` is the dependency that weighs most, an index."""

    low: float
    high: float
    through: int | None
    roots: int  # bit set of the applications cut at first that reach this one


class Reach(NamedTuple):
    """What the loss of one application alone pulls down: others stopped, others degraded, services touched (ids)."""

    stopped: tuple[str, ...]
    degraded: tuple[str, ...]
    services: tuple[str, ...]


class Graph:
    """The dependencies of a cartography. Raises InputError on an unknown id or a cycle: `check` says it better."""

    def __init__(self, cartography: Cartography) -> None:
        self.ids = tuple(application.id for application in cartography.applications)
        self.index = {name: number for number, name in enumerate(self.ids)}
        self.hard = tuple(tuple(self.number(name) for name in app.depends_on) for app in cartography.applications)
        self.soft = tuple(
            tuple((self.number(d.application), *known(d.share_kept)) for d in app.degraded_by)
            for app in cartography.applications
        )
        self.needs = tuple(
            tuple((self.number(need.application), *known(need.share_kept)) for need in service.needs)
            for service in cartography.services
        )
        self.services = tuple(service.id for service in cartography.services)
        self.order = self._order()

    def number(self, name: str) -> int:
        """The index of an application. Raises InputError with the nearest ids."""
        if name not in self.index:
            hint = nearest(name, self.index) or "`vigie cartography show FILE` lists them"
            raise InputError(f'no application "{name}" in this cartography. {hint}')
        return self.index[name]

    def levels(self, cut: Mapping[int, Interval]) -> list[Level]:
        """The level of every application when some are cut to an interval (figures: docs/background/outage.md)."""
        levels = [Level(1.0, 1.0, None, 0)] * len(self.ids)
        for number in self.order:
            levels[number] = self._level(number, cut.get(number), levels)
        return levels

    @cached_property
    def reach(self) -> Mapping[str, Reach]:
        """Each application, and what its loss alone pulls down."""
        return MappingProxyType({name: self._reach(number) for number, name in enumerate(self.ids)})

    def _reach(self, lost: int) -> Reach:
        levels = self.levels({lost: (0.0, 0.0)})
        others = [number for number in self.order if number != lost and levels[number].low < 1]
        return Reach(
            stopped=tuple(self.ids[number] for number in others if levels[number].high == 0),
            degraded=tuple(self.ids[number] for number in others if levels[number].high > 0),
            services=tuple(
                service
                for service, needs in zip(self.services, self.needs, strict=True)
                if any(levels[number].low < 1 for number, _, _ in needs)
            ),
        )

    def _level(self, number: int, cut: Interval | None, levels: list[Level]) -> Level:
        low, high = own = cut or WHOLE
        roots = 1 << number if own != WHOLE else 0
        worst, through = low, None
        for other in self.hard[number]:
            level = levels[other]
            low, high, roots = min(low, level.low), min(high, level.high), roots | level.roots
            if level.low < worst:
                worst, through = level.low, other
        for other, kept_low, kept_high in self.soft[number]:
            level = levels[other]
            left = kept_low + (1 - kept_low) * level.low
            low, high, roots = low * left, high * (kept_high + (1 - kept_high) * level.high), roots | level.roots
            if left < worst:
                worst, through = left, other
        return Level(low, high, through, roots)

    def _order(self) -> tuple[int, ...]:
        below = {n: {*self.hard[n], *(other for other, _, _ in self.soft[n])} for n in range(len(self.ids))}
        try:
            return tuple(TopologicalSorter(below).static_order())
        except CycleError as error:
            names = " -> ".join(self.ids[number] for number in reversed(error.args[1]))
            raise InputError(
                f"applications depend on each other in a circle: {names}. Cut the circle where it is weakest"
            ) from error


def known(share: float | None) -> Interval:
    """A share as an interval: from nothing to everything where nobody knows."""
    return (0.0, 1.0) if share is None else (share, share)
