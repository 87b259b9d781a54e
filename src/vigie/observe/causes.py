"""Causes: what several declarations share that may be the cause of all: a supplier, a product, an indicator, a campaign.

Pure: it says what is shared, an analyst says whether it is the cause.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Literal, NamedTuple

from vigie.observe.coding import folded
from vigie.observe.likeness import shared
from vigie.observe.vocabulary import vocabulary

CauseKind = Literal["supplier", "product", "indicator", "campaign"]
ORDER: tuple[CauseKind, ...] = ("supplier", "product", "indicator", "campaign")
WINDOW = timedelta(days=14)  # a campaign strikes within this span
ALIKE = 0.3  # and is told with words that are alike at least this much (Dice)


class Signs(NamedTuple):
    """What is compared of one declaration. `products` holds CVE identifiers and names of products."""

    id: str
    declarant: str
    at: datetime | None
    origin: str
    suppliers: frozenset[str]
    products: frozenset[str]
    indicators: frozenset[str]
    stems: frozenset[str]


class Shared(NamedTuple):
    """One thing that declarations share, and which. `value` is empty for a campaign."""

    kind: CauseKind
    value: str
    declarations: tuple[str, ...]


def causes(one: Signs, others: Iterable[Signs]) -> tuple[Shared, ...]:
    """What a declaration shares with others, by kind and value; the widest shared first within a kind."""
    found: dict[tuple[CauseKind, str], list[str]] = {}
    for other in others:
        if other.id == one.id:
            continue
        for key in _common(one, other):
            found.setdefault(key, []).append(other.id)
    made = [Shared(kind, value, tuple(sorted(ids))) for (kind, value), ids in found.items()]
    return tuple(sorted(made, key=lambda each: (ORDER.index(each.kind), -len(each.declarations), each.value)))


def sign(value: str) -> str:
    """A name or an indicator as signs are compared: a defanged address is the address."""
    return " ".join(value.replace("[.]", ".").replace("hxxp", "http").strip().casefold().split())


def supplier(name: str) -> str:
    """The name of a supplier as signs are compared."""
    return folded(name)


def _common(one: Signs, other: Signs) -> Iterable[tuple[CauseKind, str]]:
    pairs: Mapping[CauseKind, tuple[frozenset[str], frozenset[str]]] = {
        "supplier": (one.suppliers, other.suppliers),
        "product": (one.products, other.products),
        "indicator": (one.indicators, other.indicators),
    }
    for kind, (left, right) in pairs.items():
        for value in left & right:
            yield kind, value
    if _campaign(one, other):
        yield "campaign", ""


def _campaign(one: Signs, other: Signs) -> bool:
    """Whether two establishments seem to be struck by the same hand: one malicious origin, near dates, alike words."""
    malicious = vocabulary()["origins"].get(one.origin, {}).get("malicious") == "yes"
    if not malicious or one.origin != other.origin or one.declarant == other.declarant:
        return False
    if one.at is None or other.at is None or abs(one.at - other.at) > WINDOW:
        return False
    return shared(one.stems, other.stems) >= ALIKE
