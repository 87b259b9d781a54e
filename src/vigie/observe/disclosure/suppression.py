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
from scipy.sparse import block_array
from scipy.sparse.csgraph import connected_components

from vigie.observe.disclosure.cells import SMALLEST_SHOWN, Block, Cell
from vigie.observe.disclosure.programme import Programme
from vigie.observe.disclosure.relations import System

WIDTH = SMALLEST_SHOWN - 1  # a withheld cell that is not small may be anything in an interval at least this wide
NEAR = 1e-6
FRUITLESS = 0.9  # pushing cells together is given up when this share of them is still not protected
IDLE = 1e-3  # what moving a unit of a cell withheld already costs: nothing moves without need
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
        self.points: list[np.ndarray] = []
        self.turn = 0
        self.rows = system.matrix.tocsc()
        self.programme = Programme(system, self.values)

    def to_protect(self) -> np.ndarray:
        """Indices of the cells that must not be worked out and that still might."""
        lacking = (self.high < self.reach - NEAR) | (self.high - self.low < self.width - NEAR)
        return np.flatnonzero((self.withheld | self.rest) & lacking)

    def reached(self, point: np.ndarray) -> None:
        """A point of the polytope: every cell can be what it is there."""
        self.points.append(point)
        np.minimum(self.low, point, out=self.low)
        np.maximum(self.high, point, out=self.high)

    def follow(self, light: Search) -> None:
        """Take over what was found with fewer relations, where those that are new here cannot matter.

        Unknowns are parted by the equations: what moves in a part that has no unprinted combination moves here too.
        """
        self.withheld, self.floors = light.withheld, light.floors
        unknown = np.concatenate([self.withheld | ~self.printed, np.ones(self.system.latent, dtype=bool)])
        rows = self.system.matrix[:, unknown]
        _, part = connected_components(block_array([[None, rows], [rows.T, None]]), directed=False)
        part = part[rows.shape[0] :]
        parts = np.full(len(unknown), -1)
        parts[unknown] = part
        apart = ~np.isin(parts[: self.system.cells], part[len(part) - self.system.latent :])
        for point in light.points:
            self.reached(np.where(apart, point, self.values))

    def raise_floor(self, cells: Sequence[int]) -> None:
        """These cells are at least 1, and everybody knows it: points that say otherwise are none any more."""
        raised = np.array(cells)
        self.floors[raised] = 1.0
        kept = [point for point in self.points if (point[raised] >= np.minimum(1.0, self.values[raised])).all()]
        self.points = []
        self.low, self.high = self.values.copy(), self.values.copy()
        for point in kept:
            self.reached(point)

    def examine(self) -> np.ndarray:
        """Look for the points that protect; the cells for which none was found.

        A point serves many cells: they are pushed all together, up and down in turns by the bits of their number, as long as
        that helps. What is left is not yet lost: `withhold` looks at each cell by itself.
        """
        left = self.to_protect()
        helped = True
        while len(left) and helped:
            turn = self.turn % (2 * len(left).bit_length() + 2)
            bits = (np.arange(len(left)) >> (turn // 2)) & 1
            self._push(left, np.where(bits == turn % 2, 1.0, -1.0))
            before, left = len(left), self.to_protect()
            helped = len(left) <= FRUITLESS * before
            self.turn += 1
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
        """Move each target as it must, by the cheapest displacement of what may move; withhold what moves."""
        at = np.asarray(targets)
        free = ~self.printed | self.withheld
        costs = np.where(free, IDLE, self.losses)
        limits = self._limits(free | (allowed & ~self.exempt))
        amounts = self._amounts(at, signs)
        for limit, sign in zip(limits, (1.0, -1.0), strict=True):
            limit[at] = np.where(signs == sign, np.minimum(limit[at], amounts), 0.0)
        ups, downs = costs.copy(), costs
        ups[at], downs[at] = -UNMET * signs, UNMET * signs
        moved = self.programme.cheapest(ups, downs, *limits)
        self.reached(self.values + moved)
        more = (np.abs(moved) > NEAR) & self.printed & ~self.withheld
        self.withheld |= more
        return bool(more.any()) or bool((signs * moved[at] > amounts - NEAR).all())

    def _push(self, cells: np.ndarray, signs: np.ndarray) -> None:
        """Move these withheld cells together, each as far as it needs where the others let it."""
        limits = self._limits(~self.printed | self.withheld)
        values, width = self.values[cells], self.width[cells]
        limits[0][cells] = np.maximum(self.reach[cells], values + width) - values
        limits[1][cells] = np.minimum(limits[1][cells], width)
        earned = np.zeros(len(self.values))
        earned[cells] = signs
        self.reached(self.values + self.programme.farthest(earned, *limits))

    def _limits(self, free: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """How far each cell may go up and down, where these may move."""
        floors = np.where(self.printed, self.floors, 0.0)
        return np.where(free, np.inf, 0.0), np.where(free, np.maximum(0.0, self.values - floors), 0.0)

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
