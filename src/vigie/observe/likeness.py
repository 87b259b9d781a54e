"""Likeness: how much two declarations seem to say the same thing, and why. A pure score that tells its reasons.

It proposes, and a person decides: near dates at one establishment are often one event told twice, and sometimes two. The
weights were set by hand; they rank, they are no probability.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Literal, NamedTuple

from vigie.observe.coding import folded

Reason = Literal[
    "same_establishment", "other_establishment", "same_region", "near_dates", "same_origin", "other_origin", "same_supplier",
    "alike_text",
]  # fmt: skip
STEM, SHORTEST = 6, 4  # words are compared by their first letters, and short ones say nothing
# Out of one hundred: the establishment and the date weigh most, a text alone never makes a candidate.
SAME_ESTABLISHMENT, SAME_REGION, NEAR, ORIGIN, SUPPLIER, TEXT = 40, 10, 25, 10, 10, 25
OTHER_ORIGIN = -20  # two known origins that differ tell against it
# Two FINESS numbers that differ tell more against it than a region can tell for it; two names may be one house told twice.
OTHER_ESTABLISHMENT = -30
OTHER_NAME = -10
FINESS_CHARACTERS = 9
# What half of the sector is called tells nobody apart.
COMMON = frozenset(
    ("centre", "hospit", "univer", "cliniq", "hopita", "instit", "maison", "sante", "ehpad", "reside",
     "polycl", "groupe", "labora", "imager")
)  # fmt: skip
APART = timedelta(days=10)  # dates farther apart than this are not near
CANDIDATE = 50  # shown to the analyst from this score on


class Told(NamedTuple):
    """What is compared of one declaration. `at`: when it was first seen, else declared (aware or not, alike for both)."""

    declarant: str
    region: str
    at: datetime | None
    origin: str
    supplier: str
    stems: frozenset[str]


class Likeness(NamedTuple):
    """A score from 0 to 100 and what makes it, the heaviest first: (reason, points)."""

    score: int
    reasons: tuple[tuple[Reason, int], ...]


def stems(text: str) -> frozenset[str]:
    """The words of a text as they are compared: folded, long enough to mean something, cut to their first letters."""
    return frozenset(word[:STEM] for word in folded(text).split() if len(word) >= SHORTEST)


def likeness(one: Told, other: Told) -> Likeness:
    """How much two declarations are alike. Symmetric: what one says of the other, the other says of the one."""
    found: list[tuple[Reason, int]] = []
    if one.declarant and one.declarant == other.declarant:
        found.append(("same_establishment", SAME_ESTABLISHMENT))
    elif _numbered(one) and _numbered(other):
        found.append(("other_establishment", OTHER_ESTABLISHMENT))
    elif (names := (_name(one), _name(other))) and all(names) and not names[0] & names[1]:
        found.append(("other_establishment", OTHER_NAME))
    elif one.region not in ("", "unknown") and one.region == other.region:
        found.append(("same_region", SAME_REGION))
    if one.at is not None and other.at is not None and abs(one.at - other.at) <= APART:
        found.append(("near_dates", round(NEAR * (1 - abs(one.at - other.at) / APART))))
    if not {one.origin, other.origin} & {"", "unknown"}:
        found.append(("same_origin", ORIGIN) if one.origin == other.origin else ("other_origin", OTHER_ORIGIN))
    if one.supplier and folded(one.supplier) == folded(other.supplier):
        found.append(("same_supplier", SUPPLIER))
    found.append(("alike_text", round(TEXT * shared(one.stems, other.stems))))
    reasons = tuple(sorted((each for each in found if each[1]), key=lambda each: (-each[1], each[0])))
    return Likeness(max(0, min(100, sum(points for _, points in reasons))), reasons)


def _numbered(told: Told) -> bool:
    """Whether a declarant is known by its number, and not by a name that may be spelled in several ways."""
    return len(told.declarant) == FINESS_CHARACTERS and told.declarant[-7:].isdigit()


def _name(told: Told) -> frozenset[str]:
    """The words that tell an establishment from others, where it is known by its name alone."""
    return frozenset() if _numbered(told) else stems(told.declarant.partition("|")[0]) - COMMON


def shared(one: Iterable[str], other: Iterable[str]) -> float:
    """Dice's coefficient of two sets of words, 0 to 1: twice what they share over what they hold."""
    left, right = frozenset(one), frozenset(other)
    return 2 * len(left & right) / (len(left) + len(right)) if left and right else 0.0
