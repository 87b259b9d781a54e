"""Damage: for each application, what has to be done before it can be counted on again.

What nobody spoke of is not planned, and is listed; what was cut on purpose is examined before it is opened again; what
is degraded is rebuilt, because "works in part" says nothing of what was left in it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from vigie.cartography import Cartography
from vigie.respond import Situation, board
from vigie.respond.systems import USABLE

Work = Literal["rebuild", "examine", "return"]
PHASES = {"restoring": "restore", "validating": "validate"}


@dataclass(frozen=True, slots=True)
class Damage:
    """What one application needs: to be rebuilt, only examined and opened again, or only what it depends on (`return`).

    `under_way` is the phase people are at (restore or validate) since `since`; None: nobody has begun. `lost_since` is
    when it stopped, as far as one knows.
    """

    application: str
    work: Work
    under_way: Literal["restore", "validate"] | None = None
    since: datetime | None = None
    lost_since: datetime | None = None


@dataclass(frozen=True, slots=True)
class Damages:
    """The damage by application; `unspoken`: applications of the map that nobody has spoken of and nothing makes fall.

    `unmapped`: applications that the journal says are lost and that the map does not know: no plan can bring them back.
    """

    damaged: dict[str, Damage]
    unspoken: tuple[str, ...]
    unmapped: tuple[str, ...] = ()


def all_lost(cartography: Cartography) -> Damages:
    """The worst night: all that the hospital hosts is to be rebuilt, what others host is to be examined."""
    damaged = {
        app.id: Damage(app.id, "rebuild" if app.hosted_by is None else "examine") for app in cartography.applications
    }
    return Damages(damaged, ())


def damages(situation: Situation, cartography: Cartography) -> Damages:
    """The damage that a situation tells of, laid on the map."""
    damaged, unspoken, unmapped = {}, [], []
    for row in board(situation, cartography).applications:
        if not row.in_map:
            if row.state not in USABLE:
                unmapped.append(row.id)
            continue
        trust = row.trust.state if row.trust else None
        stated = row.stated.state if row.stated else None
        work: Work | None
        if trust == "compromised" or stated in ("down", "degraded", "restoring", "validating"):
            work = "rebuild"
        elif stated == "isolated" or row.cut_by is not None or trust == "suspect":
            work = "examine"
        elif row.fallen is not None and stated not in USABLE:
            work = "return"
        else:
            work = None
            if stated is None:
                unspoken.append(row.id)
        if work:
            under_way = PHASES.get(stated or "")
            since = row.stated.since if row.stated and under_way else None
            damaged[row.id] = Damage(row.id, work, under_way, since, row.lost_since)  # type: ignore[arg-type]
    return Damages(damaged, tuple(unspoken), tuple(unmapped))
