"""Programme: how far cells can be displaced together, as one linear programme that is solved again and again.

Its rows never change. Each question changes only which cells may move, how far, and what it costs, so that the solver
starts from its last answer instead of from nothing. It runs on one thread without a limit of time, and its answers are
rounded, so that the same question is answered alike.
"""

from __future__ import annotations

import highspy
import numpy as np
from scipy.sparse import csc_array, hstack

from vigie.observe.disclosure.relations import System

DIGITS = 6  # of an answer: what is beyond is noise of the solver


class Quiet(highspy.Highs):
    """The solver, without the banner that it writes on standard output as it is made."""

    def enableCallbacks(self) -> None:
        """Called by the constructor, before any option can be set."""
        self.silent()
        super().enableCallbacks()


class Programme:
    """Displacements of the cells of a system from their true values.

    Columns: each cell up, each cell down, the unprinted combinations as they are (they have no true value at hand).
    """

    def __init__(self, system: System, values: np.ndarray) -> None:
        self.cells, self.latent = system.cells, system.latent
        cells = system.matrix[:, : system.cells]
        matrix = csc_array(hstack([cells, -cells, system.matrix[:, system.cells :]]))
        fixed = cells @ values
        self.width = matrix.shape[1]
        self.columns = np.arange(self.width, dtype=np.int32)
        none, free = np.zeros(2 * self.cells), np.full(self.latent, highspy.kHighsInf)
        self.model = Quiet()
        for name, value in (("threads", 1), ("presolve", "off"), ("solver", "simplex")):
            self.model.setOptionValue(name, value)
        self.model.passModel(
            self.width, matrix.shape[0], matrix.nnz, int(highspy.MatrixFormat.kColwise), int(highspy.ObjSense.kMinimize), 0.0,
            np.zeros(self.width), np.zeros(self.width), np.concatenate([none, free]), system.lower - fixed,
            system.upper - fixed, matrix.indptr.astype(np.int32), matrix.indices.astype(np.int32), matrix.data,
            np.zeros(self.width, dtype=np.int32),
        )  # fmt: skip

    def cheapest(self, ups: np.ndarray, downs: np.ndarray, most_up: np.ndarray, most_down: np.ndarray) -> np.ndarray:
        """The cheapest displacement, by cell. `ups`, `downs`: what a unit costs (less than 0: what it earns), by cell."""
        return self._solved(ups, downs, np.zeros(self.cells), most_up, most_down)

    def farthest(self, earned: np.ndarray, most_up: np.ndarray, most_down: np.ndarray) -> np.ndarray:
        """The displacement that earns most, by cell, a unit up earning so much and a unit down costing it."""
        return self._solved(-earned, np.zeros(self.cells), -most_down, most_up, np.zeros(self.cells))

    def _solved(
        self, ups: np.ndarray, downs: np.ndarray, least_up: np.ndarray, most_up: np.ndarray, most_down: np.ndarray
    ) -> np.ndarray:
        """Not to move is always an answer, so there always is one: no answer is a fault of this program (RuntimeError)."""
        both, columns = 2 * self.cells, self.columns[: 2 * self.cells]
        self.model.changeColsCost(both, columns, np.concatenate([ups, downs]))
        lower, upper = np.concatenate([least_up, np.zeros(self.cells)]), np.concatenate([most_up, most_down])
        self.model.changeColsBounds(both, columns, lower, upper)
        self.model.run()
        status = self.model.getModelStatus()
        if status != highspy.HighsModelStatus.kOptimal:
            raise RuntimeError(f"linear programme of disclosure control: {self.model.modelStatusToString(status)}")
        found = np.round(np.array(self.model.getSolution().col_value[:both]), DIGITS)
        return found[: self.cells] - found[self.cells :]
