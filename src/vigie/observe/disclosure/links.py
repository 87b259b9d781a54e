"""Links: what the words of the vocabulary say of each other, which anybody may look up.

A declaration of phishing is malicious and a social action, a psychiatric hospital is a public hospital of the health sector:
a count by one grain is a sum of counts by another. None of these is imposed on the numbers. Each is compared with them, and
credited to the attacker as far as it holds there, because a source may code its declarations otherwise.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any, NamedTuple

from vigie.observe.coding import sector
from vigie.observe.vocabulary import vocabulary

Terms = tuple[Any, ...]
Said = Mapping[str, Terms]


class Link(NamedTuple):
    """A coarse dimension, and for each of its terms what it says in finer ones."""

    coarse: str
    means: Mapping[Any, Said]


class Count(NamedTuple):
    """A count as definitions say it: units, and the terms of each of its dimensions."""

    counts: str
    said: Said


# Statuses that follow from the kind of structure by law, and those that the other kinds mostly have: where a sector has no
# exception, its numbers say so.
STATUS_OF = {
    "ch": "public", "chu": "public", "chs": "public", "army": "public",
    "clinic": "commercial", "espic": "non_profit", "clcc": "non_profit",
}  # fmt: skip
USUAL_STATUS_OF = STATUS_OF | {
    "nursing_home": "public", "disability": "non_profit", "other_social": "non_profit", "radiotherapy": "non_profit",
    "laboratory": "commercial", "imaging_centre": "commercial", "practice": "commercial", "pharmacy": "commercial",
}  # fmt: skip

# Counts of which the second is never less than the first: the first cannot be without the second.
AT_MOST: tuple[tuple[Count, Count], ...] = tuple(
    (Count("declarations", less), Count("declarations", more))
    for less, more in (
        ({"support_given": ("yes",)}, {"helped": ("yes",)}),
        ({"helped_by_state": ("yes",)}, {"helped": ("yes",)}),
        ({"support_given": ("yes",)}, {"support_asked": ("yes",)}),
        ({"origin": ("supplier_failure",)}, {"supplier_involved": ("yes",)}),
        ({"origin": ("ransomware",), "ransomware_extent": ("supplier",)}, {"supplier_involved": ("yes",)}),
        ({"state": ("new",)}, {"significance": ("unknown",)}),
    )
)

# How many declarations a declarant of each class has made: so many, or at least so many for the last.
DECLARATIONS_OF = {"one": 1, "two": 2, "three": 3, "four_or_more": 4}
NO_LIMIT = "four_or_more"


@cache
def links() -> tuple[Link, ...]:
    """Those of the vocabulary, and of the way declarations are coded."""
    words = vocabulary()
    kinds = words["establishment_kinds"]
    impacts = tuple(each for each in words["data_impacts"] if each != "none")
    return (
        Link("malicious", _by("origin", {name: said["malicious"] for name, said in words["origins"].items()})),
        Link("action", _by("origin", {name: _action(said["veris"]) for name, said in words["origins"].items()})),
        Link("sector", _by("establishment_kind", {kind: sector(kind) for kind in kinds})),
        Link("legal_status", _by("establishment_kind", STATUS_OF)),
        Link("legal_status", _by("establishment_kind", USUAL_STATUS_OF)),
        Link("country", {"FR": {"region": tuple(each for each in words["regions"] if each != "unknown")}}),
        Link("any_data_impact", {"yes": {"data_impact": impacts}, "none": {"data_impact": ("none",)}}),
        Link("helped_by_state", {"yes": {"authority": ("anssi", "fssi"), "helped": ("yes",)}}),
    )


def _action(veris: str) -> str:
    return veris.partition(".")[0]


def _by(fine: str, coarse_of: Mapping[str, str]) -> dict[Any, Said]:
    means: dict[Any, Said] = {}
    for term, coarse in coarse_of.items():
        means[coarse] = {fine: (*means.get(coarse, {}).get(fine, ()), term)}
    return means
