"""Boxes: what a count is said to be of, in the same words for every table.

A coarse dimension is rewritten in the finer one that it is made of: the first half of the year is six months, a group of
structures its kinds. Two tables that look at a thing with two grains are then compared as an attacker compares them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any

from vigie.observe.table import Measure, Table
from vigie.observe.vocabulary import vocabulary

YEAR = "year"

Terms = tuple[Any, ...]
Box = tuple[Terms, ...]

# Cells of different dimensions that are one number by definition: units, and the terms of each dimension; twice.
SAME: tuple[tuple[tuple[str, Mapping[str, Terms]], tuple[str, Mapping[str, Terms]]], ...] = (
    (("received", {"perimeter": ("kept",)}), ("declarations", {})),
    (("received", {"nature": ("incident",), "perimeter": ("kept", "no_incident")}), ("declarations", {})),
    (("declarations", {"any_data_impact": ("unknown",)}), ("declarations", {"data_impact": ("unknown",)})),
)


@cache
def finer() -> Mapping[str, tuple[str, Mapping[Any, Terms]]]:
    """Coarse dimensions: the finer one of each, and the terms of it that each coarse term stands for."""
    groups: dict[Any, list[str]] = {}
    for kind, said in vocabulary()["establishment_kinds"].items():
        groups.setdefault(said["group"], []).append(kind)
    halves = {"first": tuple(range(1, 7)), "second": tuple(range(7, 13)), "unknown": (None,)}
    return {
        "half_year": ("month", halves),
        "structure_group": ("establishment_kind", {group: tuple(kinds) for group, kinds in groups.items()}),
    }


def dimensions_of(table: Table, measure: Measure) -> tuple[str, ...]:
    """Dimensions of a measure: those of the table; of a total that rows repeat, those within which it is one number."""
    names = tuple(each.name for each in table.dimensions)
    total = not measure.additive and any(each.kind == "share" and each.over == measure.name for each in table.measures)
    return tuple(name for name in names if name in table.per) if total else names


def box_of(table: Table, measure: Measure, row: Sequence[Any], *, by_year: bool) -> tuple[tuple[str, ...], Box]:
    """Dimensions in alphabetical order and the terms that a count of this row says of each."""
    wanted = dimensions_of(table, measure)
    said: dict[str, Terms] = {
        each.name: (row[at],)
        for at, each in enumerate(table.dimensions)
        if each.name in wanted and not (by_year and each.name == YEAR)
    }
    said |= {name: (terms,) if isinstance(terms, str) else tuple(terms) for name, terms in measure.where}
    box: dict[str, Terms] = {}
    for name, terms in said.items():
        fine, means = finer().get(name, (name, {}))
        box[fine] = tuple(sorted((each for term in terms for each in means.get(term, (term,))), key=str))
    names = tuple(sorted(box))
    return names, tuple(box[name] for name in names)


def counts_of(measure: Measure) -> str:
    """What one unit of a count is."""
    return measure.counts or measure.name


def term_of(dimension: str, names: Sequence[str], box: Box) -> Any:
    """The word that a table prints in this dimension for a box. Raises LookupError when the box says nothing of it."""
    fine, means = finer().get(dimension, (dimension, {}))
    terms = dict(zip(names, box, strict=True))[fine]
    return next((coarse for coarse, made in means.items() if set(made) == set(terms)), terms[0])
