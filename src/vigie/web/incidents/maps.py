"""The cartography adopted in an incident, and the names it gives. A revision never changes, so it is read once."""

from __future__ import annotations

from functools import lru_cache

from vigie.cartography import Cartography, from_bytes
from vigie.errors import VigieError
from vigie.respond import Situation
from vigie.web import desk
from vigie.web.incidents.names import NO_NAMES, Names

KEPT = 4


def cartography_of(situation: Situation) -> Cartography | None:
    """The cartography with which a situation is read. None: none was adopted, or its revision is not at
    hand here, or cannot be read."""
    if situation.map is None or not situation.map_held:
        return None
    return _cartography(situation.map.fact.revision)


def names_of(situation: Situation) -> Names:
    """The names of the cartography with which a situation is read."""
    if situation.map is None or not situation.map_held:
        return NO_NAMES
    return _names(situation.map.fact.revision)


@lru_cache(maxsize=KEPT)
def _cartography(revision: str) -> Cartography | None:
    raw = desk.store().revision(revision)
    assert raw is not None  # the situation says that it is held
    try:
        return from_bytes(raw)
    except VigieError:
        return None  # what a peer sent as a map is none: pages open without names


@lru_cache(maxsize=KEPT)
def _names(revision: str) -> Names:
    known = _cartography(revision)
    if known is None:
        return NO_NAMES
    return Names(
        applications={one.id: one.name for one in known.applications},
        services={one.id: one.name for one in known.services},
        establishments={one.id: one.name for one in known.establishments},
        suppliers={one.id: one.name for one in known.suppliers},
        teams={one.id: one.name for one in known.teams},
    )
