"""Views: the filters that a public page may offer.

A filter may only choose among cells that the edition prints or withholds, never count again: a filter that counts is one more
table, and so one more subtraction. So each table can be narrowed by its own dimensions, to terms that its rows have, and
what answers is a slice of the protected figures, gaps and all.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

from vigie.errors import InputError
from vigie.observe.table import Figures, Table


class View(NamedTuple):
    """A filter of one table: a dimension, and the terms that may be chosen, in the order of its rows."""

    table: str
    dimension: str
    terms: tuple[Any, ...]


def public_views(tables: Mapping[str, Table], protected: Mapping[str, Figures]) -> tuple[View, ...]:
    """Every filter that the public may be offered on a protected edition; any of those of one table may be combined.

    A dimension of a single term is no choice and is left out.
    """
    found = []
    for name, figure in protected.items():
        for at, dimension in enumerate(tables[name].dimensions):
            terms = tuple(dict.fromkeys(row[at] for row in figure.rows))
            if len(terms) > 1:
                found.append(View(name, dimension.name, terms))
    return tuple(found)


def narrowed(table: Table, protected: Figures, chosen: Mapping[str, Any]) -> Figures:
    """The rows of a protected table that say these terms. Raises InputError for what `public_views` does not offer."""
    views = {view.dimension: view for view in public_views({table.name: table}, {table.name: protected})}
    for dimension, term in chosen.items():
        if dimension not in views or term not in views[dimension].terms:
            offered = ", ".join(sorted(views)) or "nothing"
            raise InputError(f"{table.name}: no filter {dimension} = {term}. It can be narrowed by {offered}.")
    at = {each.name: column for column, each in enumerate(table.dimensions)}
    rows = [
        number
        for number, row in enumerate(protected.rows)
        if all(row[at[name]] == term for name, term in chosen.items())
    ]
    place = {number: kept for kept, number in enumerate(rows)}
    hidden = frozenset((place[row], column) for row, column in protected.hidden if row in place)
    return Figures(protected.name, protected.columns, tuple(protected.rows[number] for number in rows), hidden)
