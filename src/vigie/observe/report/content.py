"""Content: all that a report says, as values. `figures.json` is its whole and only form: every page is made from it."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from scipy.stats import beta

from vigie.errors import FileError
from vigie.observe.edition import Edition, of_pins, pins
from vigie.observe.table import Dimension, Figures, Measure, Table

FORMAT = 1
LEVEL = 0.95
DIGITS = 10  # significant: what an engine adds up in another order may differ beyond


@dataclass(frozen=True, slots=True)
class Content:
    """An edition, its tables (definitions and figures, by name, in the order of the report), and the statistics on them.

    `numbers`: what `statistics.py` makes of the figures, plain values. `revisions`: what moved since the previous edition,
    None when no previous edition was given. `looked_at`: views already made of these figures (`views.view`).
    """

    edition: Edition
    tables: Mapping[str, Table]
    figures: Mapping[str, Figures]
    numbers: Mapping[str, Any] = field(default_factory=dict)
    revisions: Mapping[str, Any] | None = None
    looked_at: dict[str, Any] = field(default_factory=dict, init=False, compare=False, repr=False)


def written(content: Content) -> bytes:
    """`figures.json`: the same bytes for the same content."""
    plain = {
        "format": FORMAT,
        "edition": {"id": content.edition.id, **pins(content.edition)},
        "tables": {name: _table(content.tables[name], figures) for name, figures in content.figures.items()},
        "numbers": content.numbers,
        "revisions": content.revisions,
    }
    return (json.dumps(rounded(plain), ensure_ascii=False, indent=1) + "\n").encode()


def read(raw: bytes, name: str = "figures.json") -> Content:
    """The content of a `figures.json`. Raises FileError. The definitions it holds cannot be computed again."""
    try:
        plain = json.loads(raw)
        if plain["format"] != FORMAT:
            raise FileError(f"{name}: format {plain['format']}, this Vigie reads {FORMAT}. Use the Vigie that wrote it")
        tables = {each: _table_of(each, said) for each, said in plain["tables"].items()}
        figures = {each: _figures_of(each, said) for each, said in plain["tables"].items()}
        return Content(of_pins(plain["edition"]), tables, figures, plain["numbers"], plain["revisions"])
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise FileError(
            f"{name}: not the figures of a report ({error}). Give the figures.json of an edition"
        ) from error


def rounded(value: Any) -> Any:
    """Plain values with numbers to ten significant digits; numbers of numpy become those of Python."""
    if isinstance(value, Mapping):
        return {str(name): rounded(each) for name, each in value.items()}
    if isinstance(value, (list, tuple)):
        return [rounded(each) for each in value]
    if isinstance(value, (bool, np.bool_)):
        return bool(value)
    if isinstance(value, (int, np.integer)):
        return int(value)
    if isinstance(value, (float, np.floating)):
        return float(f"{value:.{DIGITS}g}") if np.isfinite(value) else None
    return value


def intervals(table: Table, figures: Figures) -> dict[str, list[tuple[float, float] | None]]:
    """For each share of a table, the exact interval of each row (Clopper and Pearson, as `rates.binomial_interval`)."""
    found: dict[str, list[tuple[float, float] | None]] = {}
    for measure in table.measures:
        if measure.kind == "share" and {measure.of, measure.over} <= set(figures.columns):
            part, whole = (figures.columns.index(each) for each in (measure.of, measure.over))
            found[measure.name] = _binomial([(row[part], row[whole]) for row in figures.rows])
    return found


def _binomial(counts: list[tuple[Any, Any]]) -> list[tuple[float, float] | None]:
    known = [index for index, (part, whole) in enumerate(counts) if part is not None and whole and part <= whole]
    parts, wholes = (np.array([counts[index][side] for index in known], dtype=float) for side in (0, 1))
    rest = (1 - LEVEL) / 2
    low = np.where(parts > 0, beta.ppf(rest, np.maximum(parts, 1), wholes - parts + 1), 0.0)
    high = np.where(parts < wholes, beta.ppf(1 - rest, parts + 1, np.maximum(wholes - parts, 1)), 1.0)
    found: list[tuple[float, float] | None] = [None] * len(counts)
    for index, each, other in zip(known, low, high, strict=True):
        found[index] = (float(each), float(other))
    return found


def _table(table: Table, figures: Figures) -> dict[str, Any]:
    return {
        "chapter": table.chapter,
        "title": table.title,
        "numerator": table.numerator,
        "denominator": table.denominator,
        "exclusions": table.exclusions,
        "scope": table.scope,
        "per": list(table.per),
        "dimensions": [each._asdict() for each in table.dimensions],
        "measures": [each._asdict() for each in table.measures],
        "columns": list(figures.columns),
        "rows": [list(row) for row in figures.rows],
        "hidden": sorted([row, column] for row, column in figures.hidden),
        "intervals": intervals(table, figures),
    }


def _table_of(name: str, said: Mapping[str, Any]) -> Table:
    return Table(
        name=name,
        chapter=said["chapter"],
        title=dict(said["title"]),
        dimensions=tuple(Dimension(**each) for each in said["dimensions"]),
        measures=tuple(Measure(**{**each, "where": _where(each["where"])}) for each in said["measures"]),
        numerator=said["numerator"],
        denominator=said["denominator"],
        exclusions=said["exclusions"],
        build=_not_here(name),
        scope=said["scope"],
        per=tuple(said["per"]),
    )


def _where(said: list[Any]) -> tuple[tuple[str, str | tuple[str, ...]], ...]:
    return tuple((name, tuple(terms) if isinstance(terms, list) else terms) for name, terms in said)


def _figures_of(name: str, said: Mapping[str, Any]) -> Figures:
    hidden = frozenset((row, column) for row, column in said["hidden"])
    return Figures(name, tuple(said["columns"]), tuple(tuple(row) for row in said["rows"]), hidden)


def _not_here(name: str) -> Callable[[Any], Any]:
    def build(_: Any) -> Any:
        raise FileError(f"{name}: read from a file of figures, which holds results and no declarations to count again")

    return build
