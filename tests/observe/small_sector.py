"""Small sectors drawn at random, with their tables: declarations one by one, so that an attack can be judged by the truth."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import product
from typing import Any

import numpy as np

from vigie.observe.table import Dimension, Figures, Measure, Table

TERMS: dict[str, tuple[str, ...]] = {
    "region": ("11", "24", "27", "32", "53"),
    "malicious": ("no", "unknown", "yes"),
    "kind": ("ch", "chu", "clinic", "laboratory"),
    "impact": ("disclosure", "loss", "none"),
}
SEVERAL = ("impact",)
SHARE = (
    Measure("declarations", "count"),
    Measure("total", "count", additive=False, counts="declarations"),
    Measure("share", "share", of="declarations", over="total"),
)
Declaration = dict[str, Any]


def table(name: str, *dimensions: str, per: tuple[str, ...] = (), measures: tuple[Measure, ...] = SHARE) -> Table:
    """A table over the year and these dimensions."""
    return Table(
        name=name,
        chapter="volume",
        title={"fr": name, "en": name},
        dimensions=tuple(Dimension(each) for each in ("year", *dimensions)),
        measures=measures,
        numerator="",
        denominator="",
        exclusions="",
        build=lambda declarations: declarations,
        per=("year", *per),
    )


TABLES: dict[str, Table] = {
    each.name: each
    for each in (
        table("per_year", measures=SHARE[:1]),
        table("by_region", "region"),
        table("by_kind", "kind"),
        table("by_malicious", "malicious"),
        table("malicious_by_region", "region", "malicious", per=("region",)),
        table("malicious_by_kind", "kind", "malicious", per=("kind",)),
        table("region_and_kind", "region", "kind"),
        table("by_impact", "impact"),
        table("impact_by_malicious", "malicious", "impact", per=("malicious",)),
    )
}


def declarations(rng: np.random.Generator, count: int, years: Sequence[int] = (2023,)) -> list[Declaration]:
    """Declarations that gather in few combinations, as real ones do."""
    weights = {name: rng.dirichlet(np.full(len(terms), 0.7)) for name, terms in TERMS.items()}
    found = []
    for _ in range(count):
        made: Declaration = {name: str(rng.choice(TERMS[name], p=weights[name])) for name in TERMS}
        made["impact"] = tuple(sorted({made["impact"], str(rng.choice(TERMS["impact"], p=weights["impact"]))}))
        found.append(made | {"year": int(rng.choice(years))})
    return found


def figures(tables: Iterable[Table], of: Sequence[Declaration]) -> dict[str, Figures]:
    """The tables, counted the slow way. Combinations that nobody declared are left out, as a group-by leaves them out."""
    return {each.name: _figure(each, of) for each in tables}


def _figure(of_table: Table, of: Sequence[Declaration]) -> Figures:
    names = [each.name for each in of_table.dimensions]
    counts: dict[tuple[Any, ...], int] = {}
    totals: dict[tuple[Any, ...], int] = {}
    for each in of:
        for key in product(*((each[name] if isinstance(each[name], tuple) else (each[name],)) for name in names)):
            counts[key] = counts.get(key, 0) + 1
        inside = tuple(each[name] for name in names if name in of_table.per)
        totals[inside] = totals.get(inside, 0) + 1
    rows = []
    for key, count in sorted(counts.items()):
        total = totals[tuple(value for name, value in zip(names, key, strict=True) if name in of_table.per)]
        numbers = {"declarations": count, "total": total, "share": count / total}
        rows.append((*key, *(numbers[measure.name] for measure in of_table.measures)))
    return Figures(of_table.name, of_table.columns, tuple(rows))


def primary_only(true: dict[str, Figures]) -> dict[str, Figures]:
    """What one would print who thought that hiding small numbers is enough."""
    printed = {}
    for name, figure in true.items():
        width = len(TABLES[name].dimensions)
        hidden = set()
        for at, row in enumerate(figure.rows):
            small = {c for c in range(width, len(row)) if figure.columns[c] != "share" and 0 < row[c] < 5}
            small |= {figure.columns.index("share")} if small and "share" in figure.columns else set()
            hidden |= {(at, column) for column in small}
        rows = tuple(
            tuple(None if (at, c) in hidden else value for c, value in enumerate(row))
            for at, row in enumerate(figure.rows)
        )
        printed[name] = Figures(name, figure.columns, rows, frozenset(hidden))
    return printed
