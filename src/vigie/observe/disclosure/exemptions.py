"""Exemptions: national numbers that are published even when they are small, one by one, each with its reason."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib import resources
from typing import Any

import yaml

from vigie.errors import InputError
from vigie.observe.table import Table

PLACE = "data/exemptions.yaml"
FIELDS = ("table", "measure", "dimensions", "reason", "source", "date")


@dataclass(frozen=True, slots=True)
class Exemption:
    """One measure of one table, as long as the table has no other dimension than `dimensions`.

    `reason`: why it may be printed, in each language; `source`: the text or publication it rests on.
    """

    table: str
    measure: str
    dimensions: tuple[str, ...]
    reason: Mapping[str, str]
    source: str
    date: date


@cache
def exemptions() -> tuple[Exemption, ...]:
    """Those of the house."""
    text = (resources.files("vigie.observe") / PLACE).read_text(encoding="utf-8")
    return read(yaml.safe_load(text) or [])


def read(entries: Sequence[Mapping[str, Any]], where: str = PLACE) -> tuple[Exemption, ...]:
    """Checked entries of such a file. Raises InputError that names the entry and what it lacks."""
    found = []
    for number, entry in enumerate(entries, start=1):
        place = f"{where}, exemption {number}"
        if missing := [field for field in FIELDS if not entry.get(field)]:
            raise InputError(
                f"{place}: no {', '.join(missing)}. An exemption gives its reason, its source and its date."
            )
        if unknown := sorted(set(entry) - set(FIELDS)):
            raise InputError(f"{place}: {', '.join(unknown)} means nothing here. Known: {', '.join(FIELDS)}.")
        if not isinstance(entry["date"], date):
            raise InputError(f"{place}: date {entry['date']!r} is no date. Write it as 2026-11-25.")
        if not isinstance(entry["reason"], Mapping) or not {"fr", "en"} <= set(entry["reason"]):
            raise InputError(f"{place}: the reason is printed in French and in English. Give both.")
        found.append(Exemption(**{**entry, "dimensions": tuple(entry["dimensions"])}))
    return tuple(found)


def exempted(table: Table, exempt: Sequence[Exemption]) -> frozenset[str]:
    """Measures of this table that are printed even when small.

    Raises InputError when an exemption names a measure that is no count of the table, or when the table has more
    dimensions than the exemption allows: what is granted for the country is not granted for a region.
    """
    names: set[str] = set()
    for each in exempt:
        if each.table != table.name:
            continue
        if each.measure not in {measure.name for measure in table.measures if measure.kind == "count"}:
            raise InputError(f"exemption of {each.table}.{each.measure}: the table has no such count. Correct {PLACE}.")
        if beyond := [name.name for name in table.dimensions if name.name not in each.dimensions]:
            raise InputError(
                f"exemption of {each.table}.{each.measure}: it does not cover {', '.join(beyond)}. "
                f"Exempt a table without it, or say in {PLACE} why the detail may be printed."
            )
        names.add(each.measure)
    return frozenset(names)
