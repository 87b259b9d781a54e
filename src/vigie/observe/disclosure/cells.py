"""Cells: every count of an edition once, with the places where it is printed.

A cell is a number of units (`counts`: declarations, declarants...) of which something is said (its box: for each dimension,
the terms that are counted). The same box in two tables is one cell: hiding it means hiding it in both. A combination
that a table does not print is a zero that everybody can read.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import product
from typing import Any, NamedTuple

from vigie.errors import InputError
from vigie.observe.disclosure.boxes import YEAR, Box, box_of, counts_of, dimensions_of, finer
from vigie.observe.table import Figures, Measure, Table

SMALLEST_SHOWN = 5
Space = tuple[str, tuple[str, ...]]


class Place(NamedTuple):
    """Where a cell is printed. `row` is -1 for a zero that the table leaves out."""

    table: str
    row: int
    column: int


@dataclass(slots=True)
class Cell:
    """One count. `places` empty: printed nowhere, but something that an attacker reasons about.

    `spare`: a zero that may be withheld too, so that a total does not give its only detail away; `rest`: what a share leaves.
    """

    counts: str
    dimensions: tuple[str, ...]
    box: Box
    value: int
    places: list[Place] = field(default_factory=list)
    exempt: bool = False
    spare: bool = False
    rest: bool = False

    @property
    def space(self) -> Space:
        """What it counts and by which dimensions: cells of one space are read in one table."""
        return self.counts, self.dimensions

    @property
    def printed(self) -> bool:
        """Whether it can be withheld: it is printed somewhere, or it is a zero left out that may be brought in."""
        return bool(self.places) or self.spare

    @property
    def small(self) -> bool:
        """Whether it may not be printed: 1 to 4, and no exemption."""
        return 0 < self.value < SMALLEST_SHOWN and not self.exempt


@dataclass(slots=True)
class Group:
    """The cells of one or more tables that count the same units by the same dimensions; they do not overlap.

    `cells`: box to the index of the cell in its block; `columns`: the tables and measures that print them. `partial`: limited
    by a `where`, `fixed` the positions of the dimensions that say to what.
    """

    counts: str
    dimensions: tuple[str, ...]
    cells: dict[Box, int]
    columns: list[tuple[str, str]]
    partial: bool = False
    fixed: frozenset[int] = frozenset()


@dataclass(slots=True)
class Block:
    """What one year prints, or everything when a table has no year: blocks share no unit.

    `parts`: (part, whole) pairs of cells of one row printed as a share; `nested`: pairs where one never passes the other.
    """

    key: Any
    cells: list[Cell] = field(default_factory=list)
    groups: list[Group] = field(default_factory=list)
    parts: list[tuple[int, int]] = field(default_factory=list)
    nested: list[tuple[int, int]] = field(default_factory=list)

    def add(self, cell: Cell) -> int:
        """Its index."""
        self.cells.append(cell)
        return len(self.cells) - 1

    def copy(self) -> Block:
        """The same block, to which cells and groups can be added without changing this one."""
        cells = [replace(cell) for cell in self.cells]
        groups = [replace(group, cells=dict(group.cells)) for group in self.groups]
        return Block(self.key, cells, groups, list(self.parts), list(self.nested))


def blocks(tables: Mapping[str, Table], figures: Mapping[str, Figures]) -> list[Block]:
    """Cells and groups of an edition, one block a year (one for all when some table has no year).

    Raises InputError when a figure has no definition, a column too many or a count that is no whole number.
    """
    for name, figure in figures.items():
        if name not in tables or figure.columns != tables[name].columns:
            raise InputError(
                f"figures {name}: no table of this name has these columns. Compute them with these tables."
            )
    by_year = all(YEAR in figure.columns for figure in figures.values())
    found: dict[Any, Block] = {}
    for name, figure in figures.items():
        if not figure.rows:
            continue
        rows: dict[Any, list[int]] = {}
        for index, row in enumerate(figure.rows):
            rows.setdefault(row[figure.columns.index(YEAR)] if by_year else None, []).append(index)
        for key, indices in rows.items():
            block = found.setdefault(key, Block(key))
            _read(block, tables[name], figure, indices, by_year=by_year)
    return list(found.values())


def _read(block: Block, table: Table, figure: Figures, rows: Sequence[int], *, by_year: bool) -> None:
    """Add one table's part of a block."""
    counts = {each.name: each for each in table.measures if each.kind == "count"}
    read = {name: _counts(table, figure, each, rows, by_year=by_year) for name, each in counts.items()}
    alien = {
        counts_of(counts[name])
        for name, (names, found) in read.items()
        if any(_contradicts(block, each, found) for each in block.groups if _like(each, counts[name], names))
    }
    index_of: dict[tuple[int, str], int] = {}
    for name, (names, found) in read.items():
        if not found:
            continue
        unit = counts_of(counts[name])
        unit = f"{table.name}: {unit}" if unit in alien else unit
        group = _group(block, table, counts[name], unit, names, {box: value for box, (value, _) in found.items()})
        for box, (_, places) in found.items():
            at = group.cells[box]
            block.cells[at].places += places
            index_of.update({(place.row, name): at for place in places})
    block.parts += [pair for row in rows for pair in _shares(table, index_of, row)]
    block.nested += list(_nested(block, table, index_of, rows))


def _counts(
    table: Table, figure: Figures, measure: Measure, rows: Sequence[int], *, by_year: bool
) -> tuple[tuple[str, ...], dict[Box, tuple[int, list[Place]]]]:
    """Dimensions of a measure; value and places of each of its boxes."""
    column = figure.columns.index(measure.name)
    total = len(dimensions_of(table, measure)) < len(table.dimensions)
    found: dict[Box, tuple[int, list[Place]]] = {}
    names: tuple[str, ...] = ()
    for row in rows:
        value = figure.rows[row][column]
        if value is None:
            continue
        if value != int(value) or value < 0:
            raise InputError(f"figures {table.name}, row {row + 1}, {measure.name}: {value!r} is no count.")
        names, box = box_of(table, measure, figure.rows[row], by_year=by_year)
        held = found.setdefault(box, (int(value), []))
        if held[1] and not (total and held[0] == value):
            raise InputError(
                f"figures {table.name}, row {row + 1}, {measure.name}: another row says the same otherwise."
            )
        held[1].append(Place(table.name, row, column))
    return names, found


def _like(group: Group, measure: Measure, names: tuple[str, ...]) -> bool:
    return (group.counts, group.dimensions) == (counts_of(measure), names)


def _contradicts(block: Block, group: Group, found: Mapping[Box, tuple[int, list[Place]]]) -> bool:
    """Whether a group has another number for the same box: then these do not count the same units, whatever they say."""
    return any(box in found and found[box][0] != block.cells[at].value for box, at in group.cells.items())


def _group(
    block: Block, table: Table, measure: Measure, unit: str, names: tuple[str, ...], read: dict[Box, int]
) -> Group:
    """The group of this block that these counts belong to, as they are or as one more part, or a new one."""
    scope = measure.where
    for group in [each for each in block.groups if (each.counts, each.dimensions) == (unit, names)]:
        held = {box: block.cells[at].value for box, at in group.cells.items()}
        whole = all(held.get(box, 0) == read.get(box, 0) for box in held.keys() | read.keys())
        apart = group.partial and bool(scope) and _disjoint(held, read)
        if (whole and group.partial == bool(scope)) or apart:
            for box in [each for each in read if each not in held]:
                group.cells[box] = block.add(Cell(unit, names, box, read[box]))
            group.columns.append((table.name, measure.name))
            return group
    made = {box: block.add(Cell(unit, names, box, value)) for box, value in read.items()}
    limits = {finer().get(name, (name,))[0] for name, _ in scope}
    fixed = frozenset(at for at, name in enumerate(names) if name in limits)
    block.groups.append(Group(unit, names, made, [(table.name, measure.name)], partial=bool(scope), fixed=fixed))
    return block.groups[-1]


def _disjoint(left: Iterable[Box], right: Iterable[Box]) -> bool:
    """Whether no combination of terms is in both."""
    combinations = {single for box in left for single in product(*box)}
    return not any(single in combinations for box in right for single in product(*box))


def _shares(table: Table, index_of: Mapping[tuple[int, str], int], row: int) -> Iterator[tuple[int, int]]:
    for measure in table.measures:
        if measure.kind == "share":
            part, whole = index_of.get((row, measure.of)), index_of.get((row, measure.over))
            if part is not None and whole is not None and part != whole:
                yield part, whole


def _nested(
    block: Block, table: Table, index_of: Mapping[tuple[int, str], int], rows: Sequence[int]
) -> Iterator[tuple[int, int]]:
    """Counts of one row of which one never passes the other, over enough rows to be no chance: whoever reads sees it."""
    names = [measure.name for measure in table.measures if measure.kind == "count"]
    for low in names:
        for high in names:
            pairs = [
                (index_of[row, low], index_of[row, high])
                for row in rows
                if (row, low) in index_of and (row, high) in index_of
            ]
            below = all(block.cells[part].value <= block.cells[whole].value for part, whole in pairs)
            if low != high and below and len(pairs) > SMALLEST_SHOWN:
                yield from ((part, whole) for part, whole in pairs if part != whole)
