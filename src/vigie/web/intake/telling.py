"""Telling: what may be said outside of a cause that declarations share, so that no victim is recognised in it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from vigie.web.desk.folding import folded
from vigie.web.desk.models import Declaration
from vigie.web.incidents import labels, moments
from vigie.web.intake import words

FEW = 5  # what fewer establishments share is told outside without their number or their places
NOWHERE = ("", "unknown")


class Telling(NamedTuple):
    """A cause in words for others. Never its slug, which somebody typed freely."""

    kind: str
    supplier: str
    establishments: int
    enough: bool
    regions: list[str]
    first: str
    last: str


def counted(held: Iterable[Declaration]) -> list[Declaration]:
    """The declarations that tell of something, each once."""
    return [one for one in held if not one.duplicate_of and one.state != "out_of_scope"]


def establishments(held: Iterable[Declaration]) -> int:
    """How many establishments at least: distinct owners or distinct declarants, the smaller number of the two."""
    pairs = [(owner := one.incident_id.partition("/")[0], one.declarant or owner) for one in held]
    return min(len({owner for owner, _declarant in pairs}), len({declarant for _owner, declarant in pairs}))


def telling(held: list[Declaration]) -> Telling:
    """What may be told of the declarations of one cause, all of one realm, the oldest first."""
    found = counted(held)
    number = establishments(found)
    kind = next((one.cause_kind for one in found if one.cause_kind), "")
    by_region: dict[str, list[Declaration]] = {}
    for one in found:
        by_region.setdefault(one.region, []).append(one)
    told = [name for name, ones in by_region.items() if name not in NOWHERE and establishments(ones) >= FEW]
    dated = found or held
    return Telling(
        labels.value_name("qualification", "cause_kind", kind) if kind else "",
        _supplier(found) if kind == "supplier" else "",
        number,
        number >= FEW,
        sorted(words.word("regions", name) for name in told),
        moments.day(dated[0].seen_at),
        moments.day(dated[-1].seen_at),
    )


def _supplier(held: list[Declaration]) -> str:
    """The supplier that enough establishments name: one that few name may say who they are."""
    named: dict[str, list[Declaration]] = {}
    for one in held:
        if name := folded(one.more.get("supplier") or ""):
            named.setdefault(name, []).append(one)
    most = max(named.values(), key=establishments, default=[])
    return str(most[0].more["supplier"]) if establishments(most) >= FEW else ""
