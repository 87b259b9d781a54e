"""Views: the long rows of a table looked at the way a page shows them, by year and by name."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, NamedTuple

from vigie.observe.report.content import Content, intervals
from vigie.observe.report.texts import layout
from vigie.observe.table import Figures, Measure, Table
from vigie.observe.vocabulary import vocabulary

UNKNOWN = "unknown"
YEARS_SHOWN, YEARS_BESIDE = 8, 5


class Value(NamedTuple):
    """One number of a table. `hidden`: withheld from the public. `low`, `high`: its interval, for a share."""

    number: float | None
    hidden: bool = False
    low: float | None = None
    high: float | None = None


NOTHING = Value(None)


@dataclass(frozen=True, slots=True)
class View:
    """A table as numbers by (measure, year, names): `names` are the values of the dimensions after the year.

    `clustering`: how many times more than chance declarations scatter because they share causes, and `own_clustering` that
    of the part of them that the table counts; None where nothing says it. `silent`: the years in which nobody said what the
    table counts, whose zeros are no answer.
    """

    table: Table
    year: int
    years: tuple[int, ...]
    order: tuple[tuple[Any, ...], ...]
    values: dict[tuple[str, int, tuple[Any, ...]], Value]
    clustering: float | None = None
    own_clustering: float | None = None
    silent: frozenset[int] = frozenset()

    @property
    def names(self) -> tuple[str, ...]:
        """The dimensions after the year."""
        return tuple(each.name for each in self.table.dimensions[1:])

    @property
    def main(self) -> Measure:
        """The measure that charts draw: the first count."""
        return next((each for each in self.table.measures if each.kind == "count"), self.table.measures[0])

    @property
    def share(self) -> Measure | None:
        """The share of the main measure, if the table has one."""
        return next((each for each in self.table.measures if each.kind == "share" and each.of == self.main.name), None)

    def get(self, measure: str, year: int, key: tuple[Any, ...] = ()) -> Value:
        """A number, or NOTHING."""
        return self.values.get((measure, year, key), NOTHING)

    def keys(self, year: int | None = None) -> tuple[tuple[Any, ...], ...]:
        """The names of the rows in their order: those of one year, or of any."""
        if year is None:
            return self.order
        return tuple(key for key in self.order if (self.main.name, year, key) in self.values)

    def of_dimension(self, index: int) -> tuple[Any, ...]:
        """The values of one dimension after the year, in order."""
        return tuple(dict.fromkeys(key[index] for key in self.order))


def view(content: Content, name: str) -> View:
    """The view of a table of the content: years up to that of the edition. Made once for each content."""
    if name not in content.looked_at:
        content.looked_at[name] = _told(content, name)
    return content.looked_at[name]


def _told(content: Content, name: str) -> View:
    """A view with what the other figures say of it: how far declarations come in clusters, and who told nothing."""
    year = content.edition.year
    shown = view_of(content.tables[name], content.figures[name], year)
    dispersion = content.numbers.get("clusters", {}).get("dispersion", {})
    whole = dispersion.get("all")
    told = layout().get(name, {}).get("told_by", name)
    said = shown if told == name else view(content, told) if told in content.tables else None
    return replace(
        shown,
        clustering=whole,
        own_clustering=dispersion.get(name, whole),
        silent=frozenset(each for each in shown.years if said and _silent(said, each)),
    )


def view_of(table: Table, figures: Figures, year: int) -> View:
    """The view of a table at a year. Rows without a year are left out: they belong to none."""
    spans = intervals(table, figures)
    size = len(table.dimensions)
    values: dict[tuple[str, int, tuple[Any, ...]], Value] = {}
    order: dict[tuple[Any, ...], int] = {}
    years: set[int] = set()
    for index, row in enumerate(figures.rows):
        if row[0] is None or row[0] > year:
            continue
        key = tuple(row[1:size])
        years.add(row[0])
        order.setdefault(key, index)
        for place, measure in enumerate(table.measures, start=size):
            low, high = spans.get(measure.name, {}) and spans[measure.name][index] or (None, None)
            values[measure.name, row[0], key] = Value(row[place], (index, place) in figures.hidden, low, high)
    return View(table, year, tuple(sorted(years)), _ordered(table, order), values)


def _silent(shown: View, year: int) -> bool:
    """Whether a year counted nothing that is not unknown: of tables that have one name a row."""
    if year not in shown.years:
        return True
    if len(shown.names) != 1:
        return False
    others = (shown.get(shown.main.name, year, key) for key in shown.order if key != (UNKNOWN,))
    return not any(value.number or value.hidden for value in others)


def last(years: Sequence[int], count: int) -> tuple[int, ...]:
    """The last years, oldest first."""
    return tuple(years[-count:])


def _ordered(table: Table, found: dict[tuple[Any, ...], int]) -> tuple[tuple[Any, ...], ...]:
    """Names in the order of the vocabulary where there is one, else of numbers, else of the rows; the unknown last."""
    ranks = [
        {term: rank for rank, term in enumerate(vocabulary().get(each.words, {}))} for each in table.dimensions[1:]
    ]

    def place(key: tuple[Any, ...]) -> tuple[Any, ...]:
        parts = []
        for rank, value in zip(ranks, key, strict=True):
            silent = value is None or value == UNKNOWN
            number = value if isinstance(value, (int, float)) and not silent else 0
            parts.append((silent, rank.get(value, len(rank)), number))
        return (*parts, found[key])

    return tuple(sorted(found, key=place))
