"""Suppression: which cells of a block are withheld so that no withheld cell can be worked out.

Written as linear programming. What an attacker knows is a polytope: every relation, every printed cell at its value,
every withheld one at least 1 (at least 0 where a zero is withheld too). A withheld cell is protected when the polytope
holds two points far enough apart in it. `Search.examine` looks for such points among the cells already withheld;
`Search.withhold` finds the cheapest further cells that make one possible, by solving for the point itself: a table that
is as true as the real one, differs in the cell to protect by enough, and elsewhere by as little, weighed, as can be.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np
from scipy.optimize import linprog
from scipy.sparse import csr_array, hstack, vstack

from vigie.observe.disclosure.cells import SMALLEST_SHOWN, Block, Cell
from vigie.observe.disclosure.relations import System

WIDTH = SMALLEST_SHOWN - 1  # a withheld cell that is not small may be anything in an interval at least this wide
NEAR = 1e-6
FRUITLESS = 0.9  # pushing cells together is given up when this share of them is still not protected
IDLE = 1e-3  # what moving a unit of a cell withheld already costs: nothing moves without need
OPTIONS = {"presolve": False}  # programmes this small are solved faster as they are
UNMET = 1e4  # what a unit of protection not reached costs, against about 1 for a unit of a small detail


def need_of(cell: Cell, cap: float) -> tuple[float, float]:
    """What must remain possible for a withheld cell: up to how much, and an interval how wide.

    1 to 4: 5 is possible, and at least five values are, so that neither which it is nor that it is small can be told.
    Otherwise the width alone. `cap`: an exempt number, printed, that the cell cannot pass.
    """
    return (min(float(SMALLEST_SHOWN), cap) if cell.small else 0.0), min(float(WIDTH), cap)


class Search:
    """A block, what is withheld of it so far, and how far each withheld cell is known to be able to move."""

    def __init__(
        self,
        block: Block,
        system: System,
        needs: Sequence[tuple[float, float]],
        floors: Sequence[float],
        losses: Sequence[float],
    ) -> None:
        self.block, self.system = block, system
        self.reach, self.width = np.array(needs).T if len(needs) else (np.zeros(0), np.zeros(0))
        self.values = np.array([float(cell.value) for cell in block.cells])
        self.printed = np.array([cell.printed for cell in block.cells])
        self.exempt = np.array([cell.exempt for cell in block.cells])
        self.rest = np.array([cell.rest and cell.small for cell in block.cells])
        self.floors, self.losses = np.array(floors), np.array(losses)
        self.withheld = np.zeros(len(block.cells), dtype=bool)
        self.low, self.high = self.values.copy(), self.values.copy()
        self.rows = system.matrix.tocsc()

    def to_protect(self) -> np.ndarray:
        """Indices of the cells that must not be worked out and that still might."""
        lacking = (self.high < self.reach - NEAR) | (self.high - self.low < self.width - NEAR)
        return np.flatnonzero((self.withheld | self.rest) & lacking)

    def reached(self, point: np.ndarray) -> None:
        """A point of the polytope: every cell can be what it is there."""
        np.minimum(self.low, point, out=self.low)
        np.maximum(self.high, point, out=self.high)

    def raise_floor(self, cells: Sequence[int]) -> None:
        """These cells are at least 1, and everybody knows it: what was found possible is looked for again."""
        self.floors[list(cells)] = 1.0
        self.low, self.high = self.values.copy(), self.values.copy()

    def examine(self) -> np.ndarray:
        """Look for the points that protect; the cells for which none was found.

        A point serves many cells: they are pushed all together, up and down in turns by the bits of their number.
        """
        left = self.to_protect()
        known = _Known(self) if len(left) else None
        for turn in range(2 * len(left).bit_length() + 2):
            if known and len(left):
                bits = (np.arange(len(left)) >> (turn // 2)) & 1
                self.reached(known.pushed(left, np.where(bits == turn % 2, 1.0, -1.0)))
                before, left = len(left), self.to_protect()
                if turn > 1 and len(left) > FRUITLESS * before:
                    break
        return left

    def withhold(self, targets: Sequence[int], allowed: np.ndarray) -> bool:
        """Withhold the cheapest cells that let each target move as it must. False when nothing more could be done.

        A cell is let go up; down, when that alone does nothing and it has only to be uncertain.
        """
        up = np.ones(len(targets))
        if self._displace(targets, up, allowed):
            return True
        down = np.array([1.0 if self.high[at] < self.reach[at] - NEAR else -1.0 for at in targets])
        return bool((down != up).any()) and self._displace(targets, down, allowed)

    def free(self, at: int, allowed: np.ndarray) -> bool:
        """Withhold this cell with what protects it, if that can be done."""
        self.withheld[at] = True
        if self._displace([at], np.ones(1), allowed) and self.high[at] - self.low[at] >= self.width[at] - NEAR:
            return True
        self.withheld[at] = False
        return False

    def _displace(self, targets: Sequence[int], signs: np.ndarray, allowed: np.ndarray) -> bool:
        open_cells = np.flatnonzero(~self.printed | self.withheld | (allowed & ~self.exempt))
        moved, short = _displaced(self, open_cells, targets, signs, self._amounts(targets, signs))
        self.reached(self.values + moved)
        more = (np.abs(moved) > NEAR) & self.printed & ~self.withheld
        self.withheld |= more
        return bool(more.any()) or not short

    def _amounts(self, targets: Sequence[int], signs: np.ndarray) -> np.ndarray:
        at = np.array(targets)
        up = np.maximum(self.reach[at], self.low[at] + self.width[at]) - self.values[at]
        return np.where(signs > 0, up, self.values[at] - self.high[at] + self.width[at])

    def apart(self, candidates: Iterable[int]) -> list[int]:
        """Some of these cells, no two of which are in one equation: each can be helped without hindering another."""
        taken: set[int] = set()
        chosen = []
        for at in candidates:
            rows = set(self.rows.indices[self.rows.indptr[at] : self.rows.indptr[at + 1]].tolist())
            if not rows & taken:
                taken |= rows
                chosen.append(int(at))
        return chosen


class _Known:
    """The polytope of what is printed, over the unknowns alone."""

    def __init__(self, search: Search) -> None:
        system = search.system
        self.search = search
        free = np.concatenate([search.withheld | ~search.printed, np.ones(system.latent, dtype=bool)])
        self.free = np.flatnonzero(free)
        known = np.concatenate([np.where(free[: system.cells], 0.0, search.values), np.zeros(system.latent)])
        matrix = system.matrix[:, self.free]
        rows = np.flatnonzero(np.diff(matrix.indptr))
        fixed = system.matrix @ known
        self.equal, self.equal_to, self.under, self.under_to = split(
            matrix[rows], system.lower[rows] - fixed[rows], system.upper[rows] - fixed[rows]
        )
        self.cells = self.free[self.free < system.cells]
        floors = np.where(search.withheld, search.floors, 0.0)[self.cells]
        self.bounds = np.zeros((len(self.free), 2))
        self.bounds[:, 1] = np.inf
        self.bounds[: len(self.cells), 0] = floors

    def pushed(self, cells: np.ndarray, signs: np.ndarray) -> np.ndarray:
        """A point that goes in these cells as far as each needs, where the others let it."""
        search, at = self.search, np.searchsorted(self.free, cells)
        costs, bounds = np.zeros(len(self.free)), self.bounds.copy()
        costs[at] = -signs
        values, width = search.values[cells], search.width[cells]
        bounds[at, 0] = np.maximum(bounds[at, 0], values - width)
        bounds[at, 1] = np.maximum(search.reach[cells], values + width)
        found = solved(costs, self.equal, self.equal_to, self.under, self.under_to, bounds)
        return values_with(search.values, self.cells, found)


def values_with(values: np.ndarray, cells: np.ndarray, found: np.ndarray) -> np.ndarray:
    """These values, those of the unknown cells as found."""
    point = values.copy()
    point[cells] = found[: len(cells)]
    return point


def split(
    matrix: csr_array, lower: np.ndarray, upper: np.ndarray
) -> tuple[csr_array, np.ndarray, csr_array, np.ndarray]:
    """Equations and inequalities `<=` of `lower <= matrix @ x <= upper`."""
    same = lower == upper
    above, below = ~same & np.isfinite(upper), ~same & np.isfinite(lower)
    under = vstack([matrix[above], -matrix[below]], format="csr")
    return matrix[same], upper[same], under, np.concatenate([upper[above], -lower[below]])


def solved(
    costs: np.ndarray,
    equal: csr_array,
    equal_to: np.ndarray,
    under: csr_array,
    under_to: np.ndarray,
    bounds: np.ndarray,
) -> np.ndarray:
    """The cheapest point. The true numbers are one, so there always is one: no answer is a fault of this program."""
    found = linprog(
        costs, A_ub=under, b_ub=under_to, A_eq=equal, b_eq=equal_to, bounds=bounds, method="highs-ds", options=OPTIONS
    )
    if found.x is None:
        raise RuntimeError(f"linear programme of disclosure control: {found.message}")
    return found.x


def _displaced(
    search: Search, open_cells: np.ndarray, targets: Sequence[int], signs: np.ndarray, amounts: np.ndarray
) -> tuple[np.ndarray, bool]:
    """The cheapest displacement of the open cells that moves each target; whether one falls short.

    Columns: open cells up, the same down, latent unknowns (as they are, not displaced), what each target lacks.
    """
    system, count, aims = search.system, len(open_cells), len(targets)
    part = system.matrix[:, open_cells]
    latent = system.matrix[:, system.cells :]
    fixed = system.matrix[:, : system.cells] @ search.values
    lack = csr_array((len(system.lower), aims))
    equal, equal_to, under, under_to = split(
        csr_array(hstack([part, -part, latent, lack])), system.lower - fixed, system.upper - fixed
    )
    order = np.searchsorted(open_cells, targets)
    width = 2 * count + system.latent + aims
    rows = np.arange(aims)
    aim = csr_array(
        (
            np.concatenate([-signs, signs, -np.ones(aims)]),
            (np.tile(rows, 3), np.concatenate([order, count + order, width - aims + rows])),
        ),
        shape=(aims, width),
    )
    losses = np.where(search.withheld | ~search.printed, IDLE, search.losses)[open_cells]
    bounds = np.zeros((width, 2))
    bounds[:, 1] = np.inf
    floors = np.where(search.printed, search.floors, 0.0)[open_cells]
    bounds[count : 2 * count, 1] = np.maximum(0.0, search.values[open_cells] - floors)
    costs = np.concatenate([losses, losses, np.zeros(system.latent), np.full(aims, UNMET)])
    found = solved(
        costs, equal, equal_to, csr_array(vstack([under, aim])), np.concatenate([under_to, -amounts]), bounds
    )
    moved = np.zeros(system.cells)
    moved[open_cells] = found[:count] - found[count : 2 * count]
    return moved, bool((found[width - aims :] > NEAR).any())
