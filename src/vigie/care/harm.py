"""What an outage costs in care, from what each service kept over time. Rules and worked figures: docs/background/harm.md."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields, is_dataclass
from typing import Any

from vigie.care.deaths import SeenFromAbove, seen_from_above, transfers
from vigie.care.estimate import Estimate
from vigie.care.flows import FlowTotals, ServiceHarm, service_harm, totals
from vigie.care.kept import Stretch, laid
from vigie.care.pathways import Counted, PathwayHarm, counted, pathway_harms
from vigie.care.site import Site
from vigie.cartography import Cartography


@dataclass(frozen=True, slots=True)
class Harm:
    """One outage over `hours`. There is no total of deaths: `top_down` and `bottom_up` see the same deaths twice."""

    hours: float
    services: tuple[ServiceHarm, ...]
    totals: FlowTotals
    transfers: Estimate
    pathways: tuple[PathwayHarm, ...]
    top_down: SeenFromAbove
    bottom_up: Counted

    @property
    def evidence(self) -> tuple[str, ...]:
        """Ids of every piece of evidence that one of the estimates rests on."""
        return _named(self, "evidence")

    @property
    def assumptions(self) -> tuple[str, ...]:
        """Ids of every assumption that one of the estimates rests on."""
        return _named(self, "assumptions")


def harm(
    cartography: Cartography, kept: Mapping[str, Sequence[Stretch]], hours: float, onset_hour: int, site: Site
) -> Harm:
    """What was lost between the onset and `hours` later.

    `kept`: for each service id, the share of its usual capacity that it kept, stretch by stretch; what is not said is unknown,
    a service that is not there is unknown all along. `onset_hour`: hour of the week (0 is Monday 0 h, local time). `site`: what
    only the hospital can say. More loss never gives less harm. Raises InputError.
    """
    grid = laid(cartography, kept, hours, onset_hour)
    services = tuple(service_harm(service, grid, row, site) for row, service in enumerate(cartography.services))
    pathways = pathway_harms(cartography, grid, site)
    return Harm(
        hours=float(hours),
        services=services,
        totals=totals(list(services)),
        transfers=transfers(cartography, grid, site),
        pathways=pathways,
        top_down=seen_from_above(cartography, grid, site),
        bottom_up=counted(pathways, cartography, grid, site),
    )


def estimates(value: Any) -> list[Estimate]:
    """Every estimate inside a result, in order."""
    if isinstance(value, Estimate):
        return [value]
    if isinstance(value, tuple):
        return [one for each in value for one in estimates(each)]
    if is_dataclass(value):
        return [one for field in fields(value) for one in estimates(getattr(value, field.name))]
    return []


def _named(value: Any, field: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(name for one in estimates(value) for name in getattr(one, field)))
