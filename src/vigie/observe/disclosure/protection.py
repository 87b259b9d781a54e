"""Protection: the public version of an edition."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from itertools import product

import numpy as np

from vigie.errors import RefusedError
from vigie.observe.disclosure.boxes import YEAR, Box, Terms
from vigie.observe.disclosure.cells import SMALLEST_SHOWN, Block, Cell, Group, Space, blocks
from vigie.observe.disclosure.editions import frozen_years, reprinted, without
from vigie.observe.disclosure.exemptions import Exemption, exempted, exemptions
from vigie.observe.disclosure.publication import published
from vigie.observe.disclosure.relations import System, relate
from vigie.observe.disclosure.suppression import Search, need_of
from vigie.observe.table import Figures, Table

# What moving one unit of a cell costs, by its number of dimensions besides the year: details are withheld before margins.
LOSSES = {0: 4000.0, 1: 400.0, 2: 2.0}
LOSS_OF_DETAIL = 1.0
WORKERS = 2  # years protected at once: they share nothing, so that their number changes no answer
TRIED = 40  # zeros looked at before a space is said to have none to withhold


class Stuck(Exception):
    """Cells that cannot be protected with the zeros that may be withheld so far."""

    def __init__(self, cells: list[Cell]) -> None:
        super().__init__(f"{len(cells)} cells")
        self.cells = cells


def protect(
    tables: Mapping[str, Table],
    figures: Mapping[str, Figures],
    *,
    previous: Sequence[Mapping[str, Figures]] = (),
    exempt: Sequence[Exemption] | None = None,
) -> dict[str, Figures]:
    """The figures as the public may see them: small counts withheld, and what would give them away.

    `figures`: every table of the edition, all years, nothing withheld yet; `previous`: earlier public editions, oldest
    first; `exempt`: exemptions, those of the house by default. A withheld number is None and in `hidden`. A zero that has
    to be withheld and that its table leaves out comes as one more row. Raises InputError for figures that are not those
    of their tables, RefusedError when an exemption gives away what nothing can protect.
    """
    by_year = all(YEAR in figure.columns for figure in figures.values())
    granted = exemptions() if exempt is None else exempt
    open_to = {name: exempted(tables[name], granted) for name in figures if name in tables}
    new = {name: without(figure, frozen_years(previous)) for name, figure in figures.items()}
    years = blocks(tables, new)
    for block in years:
        _grant(block, open_to)
    with ThreadPoolExecutor(WORKERS) as pool:  # the solver runs without the interpreter's lock
        done = list(pool.map(_protected, years))
    fresh = published(tables, new, done, by_year=by_year)
    if not previous:
        return fresh
    return {
        name: reprinted(tables[name], fresh[name], figure, previous, _all_exempt(tables[name], open_to[name]))
        for name, figure in figures.items()
    }


def _all_exempt(table: Table, granted: frozenset[str]) -> bool:
    """Whether every count of a table is exempt, or a total that its shares are of."""
    totals = {each.over for each in table.measures if each.kind == "share"}
    return bool(granted) and all(each.name in granted | totals for each in table.measures if each.kind == "count")


def _grant(block: Block, open_to: Mapping[str, frozenset[str]]) -> None:
    for group in block.groups:
        if any(measure in open_to[table] for table, measure in group.columns):
            for at in group.cells.values():
                block.cells[at].exempt = True


def _protected(block: Block) -> tuple[Block, np.ndarray]:
    """The block, with what an attacker reasons about, and which of its cells are withheld.

    Zeros are withheld only in the spaces that need it: it takes away from everybody the knowledge that a withheld number
    of that table is at least 1, and costs rows.
    """
    spaces: frozenset[Space] = frozenset()
    while True:
        trial = block.copy()
        caps = caps_of(trial)
        spaces |= {
            cell.space for cell, cap in zip(trial.cells, caps, strict=True) if cell.small and cap <= SMALLEST_SHOWN
        }
        spaces |= {cell.space for cell in trial.cells if cell.small and len(cell.dimensions) > 1}
        _spare(trial, spaces)
        try:
            return trial, _Choice(trial, spaces).made()
        except Stuck as stuck:
            more = frozenset(cell.space for cell in stuck.cells)
            if more <= spaces:
                raise RefusedError(_refusal(block, stuck.cells)) from stuck
            spaces |= more


def _refusal(block: Block, cells: Sequence[Cell]) -> str:
    named = ", ".join(f"{place.table} row {place.row + 1}" for cell in cells for place in cell.places[:1]) or "a share"
    return (
        f"figures of {block.key}: what is printed gives away a small count in {named}, whatever else is withheld. "
        "Take back an exemption, or leave that table out."
    )


def caps_of(block: Block) -> list[float]:
    """For each cell, the smallest exempt number that it is a part of: everybody knows that it is not more."""
    caps = [np.inf] * len(block.cells)
    for small in [cell for cell in block.cells if cell.exempt and 0 < cell.value < SMALLEST_SHOWN]:
        wanted = [(name, set(terms)) for name, terms in zip(small.dimensions, small.box, strict=True)]
        for at, cell in enumerate(block.cells):
            said = dict(zip(cell.dimensions, cell.box, strict=True))
            if cell.counts == small.counts and all(set(said.get(name, (None,))) <= terms for name, terms in wanted):
                caps[at] = min(caps[at], small.value)
    return caps


def _spare(block: Block, spaces: frozenset[Space]) -> None:
    """Let the zeros of these spaces be withheld, those that tables leave out too."""
    said: dict[str, set[Terms]] = {}
    for group in block.groups:
        for box in group.cells:
            for name, terms in zip(group.dimensions, box, strict=True):
                said.setdefault(name, set()).update([terms] if len(terms) == 1 else [])
    for group in block.groups:
        if group.partial or not group.columns or (group.counts, group.dimensions) not in spaces:
            continue
        own = [{box[at] for box in group.cells} for at in range(len(group.dimensions))]
        choices = [
            sorted(terms if any(len(each) > 1 for each in terms) else said[name], key=str)
            for name, terms in zip(group.dimensions, own, strict=True)
        ]
        wholes = [each for each in block.groups if each.counts == group.counts and _within(each, group)]
        for box in product(*choices):
            if (box not in group.cells or not block.cells[group.cells[box]].value) and _possible(
                block, group, box, wholes
            ):
                if box not in group.cells:
                    group.cells[box] = block.add(Cell(group.counts, group.dimensions, box, 0))
                block.cells[group.cells[box]].spare = True


def _within(whole: Group, detail: Group) -> bool:
    return not whole.partial and set(whole.dimensions) < set(detail.dimensions)


def _possible(block: Block, detail: Group, box: Box, wholes: Sequence[Group]) -> bool:
    """Whether a zero could be anything else: no margin of it is zero."""
    said = dict(zip(detail.dimensions, box, strict=True))
    for whole in wholes:
        around = [
            block.cells[at].value
            for held, at in whole.cells.items()
            if all(set(said[name]) <= set(terms) for name, terms in zip(whole.dimensions, held, strict=True))
        ]
        grain = any(len(held) > 1 for held in box)
        if not any(around) and not (grain and not around):
            return False
    return True


@dataclass(slots=True)
class _Costs:
    """Of each cell of a block: what is promised, what an attacker takes for granted, what it costs to withhold it."""

    needs: list[tuple[float, float]]
    floors: list[float]
    losses: list[float]


class _Choice:
    """What is withheld of one block."""

    def __init__(self, block: Block, spaces: frozenset[Space]) -> None:
        self.block, self.spaces = block, spaces
        self.system: System = relate(block)
        cells = block.cells
        self.of: dict[Space, list[int]] = {space: [] for space in spaces}
        for at, cell in enumerate(cells):
            if cell.space in spaces:
                self.of[cell.space].append(at)
        self.costs = _Costs(
            [need_of(cell, cap) for cell, cap in zip(cells, caps_of(block), strict=True)],
            [0.0 if cell.space in spaces or not cell.printed else 1.0 for cell in cells],
            [_loss(cell) for cell in cells],
        )

    def made(self) -> np.ndarray:
        """Which cells are withheld. Raises Stuck.

        Chosen by the relations between cells, then made good by those of the combinations behind them, which take longer.
        """
        search = self._search(self.system.light())
        search.withheld = np.array([cell.printed and cell.small for cell in self.block.cells])
        self._settle(search)
        if self.system.latent:
            light, search = search, self._search(self.system)
            search.follow(light)
            self._settle(search)
        return search.withheld

    def _search(self, system: System) -> Search:
        return Search(self.block, system, self.costs.needs, self.costs.floors, self.costs.losses)

    def _settle(self, search: Search) -> None:
        """Withhold details if that will do, margins by one dimension if not, the total of the year when all else fails."""
        cells = self.block.cells
        depth = np.array([len(cell.dimensions) for cell in cells])
        usable = np.array([cell.value > 0 or cell.spare for cell in cells])
        for least in (2, 1, 0):
            if self._protect(search, usable & (depth >= least)):
                return
            stuck = [cells[at] for at in search.to_protect()]
            if least == 1 and not all(cell.space in self.spaces or cell.rest for cell in stuck):
                raise Stuck(stuck)
        raise Stuck(stuck)

    def _protect(self, search: Search, allowed: np.ndarray) -> bool:
        while True:
            left = search.examine()
            if not len(left):
                if not (plain := self._without_zero(search, allowed)):
                    return True
                search.raise_floor(plain)
            elif not search.withhold(search.apart(left), allowed) and not search.withhold(left[:1].tolist(), allowed):
                return False

    def _without_zero(self, search: Search, allowed: np.ndarray) -> list[int]:
        """Withhold a zero in each space where withheld numbers are protected as if they could be zeros, and none is.

        Where no zero could be anything else, everybody knows that what is withheld is at least 1: those cells.
        """
        plain: list[int] = []
        for space in sorted(self.spaces, key=str):
            own = [at for at in self.of[space] if search.floors[at] == 0]
            zeros = [at for at in own if self.block.cells[at].spare]
            if search.withheld[own].any() and not search.withheld[zeros].any():
                usable = [at for at in zeros if not search.exempt[at]]
                if not any(search.free(zero, allowed) for zero in usable[:TRIED]):
                    plain += own
        return plain


def _loss(cell: Cell) -> float:
    return LOSSES.get(len(cell.dimensions), LOSS_OF_DETAIL) * float(np.log2(2 + cell.value)) * max(1, len(cell.places))
