"""Bound: how much care is lost whatever the order, so that a plan can say how far from the best it may be.

The relaxation is solved by a first-order method (PDLP, Applegate and others 2021, in HiGHS), which stops near the
optimum only. What is returned does not lean on how near: for any multipliers of the rows, the least that the priced-out
programme can reach between its simple bounds is below every plan.
"""

from __future__ import annotations

import highspy
import numpy as np
from scipy.sparse import csc_array

from vigie.rebuild.kernel import care_lost
from vigie.rebuild.problem import Floats, Integers, Problem, Schedule
from vigie.rebuild.relaxation import Programme, Relaxed

CLOSE, ROUGH = 1e-4, 1e-3
CUT_ROUNDS = 2
# Cells (tasks x ways x grid points) that PDLP solves in some seconds.
QUICK_CELLS = 60_000
# Grids on which shifts fall whole: people present in a period are then those of a day, and the bound is closer.
DAYLIKE = (1, 2, 3, 4, 6, 8, 12, 24, 48, 72, 168, 336)


class Quiet(highspy.Highs):
    """The solver, without the banner that it writes on standard output as it is made."""

    def enableCallbacks(self) -> None:
        """Called by the constructor, before any option can be set."""
        self.silent()
        super().enableCallbacks()


def bound(
    problem: Problem,
    known: Schedule,
    *,
    period: int = 1,
    tolerance: float = CLOSE,
    rounds: int = CUT_ROUNDS,
    seconds: float | None = None,
) -> float:
    """Weighted visits that every plan loses, at least. Takes minutes: compute it once.

    Looks at the slots until `known` ends, any plan of the problem (what is lost after them is left out, so a plan that
    ends late does no harm). `period`: slots between grid points; 1 is exact in time. `rounds`: how often cuts for
    services that keep a share are added. `seconds`: time of the solver for each programme; whatever it has found by then
    gives a bound that holds, only a lower one.
    """
    if not problem.size or not len(problem.care.cumulated):
        return 0.0
    relaxed = Relaxed(problem, period, min(known.makespan + 1, problem.horizon))
    relaxed.add_violated(_from_plan(relaxed, known))
    best = float(care_lost(problem, earliest_ends(problem)).sum())
    for number in range(rounds + 1):
        programme = relaxed.programme()
        values, prices = _solved(programme, tolerance, seconds)
        best = max(best, safe(programme, prices))
        if number == rounds or not relaxed.add_violated(values):
            break
    return best


def quick_bound(problem: Problem, known: Schedule, seconds: float | None = None) -> float:
    """A bound in some seconds (at most about `seconds`): roughly solved, on a coarse grid where the problem is large."""
    cells = int((problem.tasks.duration >= 0).sum()) * known.makespan
    wanted = -(-cells // QUICK_CELLS)
    period = next((one for one in DAYLIKE if one >= wanted), DAYLIKE[-1])
    return bound(problem, known, period=period, tolerance=ROUGH, rounds=0, seconds=seconds)


def earliest_ends(problem: Problem) -> Integers:
    """The slot by which each task could end if everybody were always there for it: no plan does better, task by task."""
    tasks, end = problem.tasks, np.zeros(problem.size, np.int32)
    shortest = np.where(tasks.duration >= 0, tasks.duration, np.iinfo(np.int32).max).min(axis=1)
    after: list[list[int]] = [[] for _ in range(problem.size)]
    missing = np.diff(tasks.before_index).copy()
    for task in range(problem.size):
        for other in tasks.before[tasks.before_index[task] : tasks.before_index[task + 1]]:
            after[other].append(task)
    ready = list(np.flatnonzero(missing == 0))
    start = tasks.release.astype(np.int32).copy()
    while ready:
        task = ready.pop()
        end[task] = start[task] + shortest[task]
        for other in after[task]:
            start[other] = max(start[other], end[task])
            missing[other] -= 1
            if not missing[other]:
                ready.append(other)
    return np.minimum(end, problem.horizon)


def safe(programme: Programme, prices: Floats) -> float:
    """The least of `programme` when its rows are priced instead of kept (any prices; those below zero count as zero)."""
    prices = np.maximum(prices, 0.0)
    reduced = programme.cost + programme.matrix.T @ prices
    return float(programme.constant - prices @ programme.limit + np.minimum(reduced, 0.0) @ programme.most)


def _from_plan(relaxed: Relaxed, known: Schedule) -> Floats:
    """Columns as in a plan: a first guess of the order in which needs come back."""
    values = np.zeros(relaxed.parts.columns)
    slots = np.arange(relaxed.grid.points + 1) * relaxed.grid.period
    for task in range(relaxed.problem.size):
        columns = relaxed.done[task, known.way[relaxed.problem.tasks.group[task]]]
        # Not yet back counts a little less, the sooner it comes, so that the order of return is the order of the cut.
        back = np.where(slots >= known.end[task], 1.0, 0.5 - known.end[task] / (2.0 * known.makespan + 2))
        values[columns[columns >= 0]] = back[columns >= 0]
    return values


def _solved(programme: Programme, tolerance: float, seconds: float | None) -> tuple[Floats, Floats]:
    """(values, prices of the rows), near the optimum."""
    rows, columns = programme.matrix.shape
    matrix = csc_array(programme.matrix)
    model = highspy.HighsLp()
    model.num_col_, model.num_row_ = columns, rows
    model.col_cost_, model.offset_ = programme.cost, programme.constant
    model.col_lower_, model.col_upper_ = np.zeros(columns), programme.most
    model.row_lower_, model.row_upper_ = np.full(rows, -highspy.kHighsInf), programme.limit
    model.a_matrix_.format_ = highspy.MatrixFormat.kColwise
    model.a_matrix_.start_, model.a_matrix_.index_ = matrix.indptr, matrix.indices
    model.a_matrix_.value_ = matrix.data
    solver = Quiet()
    if seconds is not None:
        solver.setOptionValue("time_limit", float(seconds))
    options = {"solver": "pdlp", "run_crossover": "off", "threads": 1, "pdlp_optimality_tolerance": tolerance}
    for name, value in {**options, "kkt_tolerance": tolerance}.items():
        solver.setOptionValue(name, value)
    solver.passModel(model)
    solver.run()
    found = solver.getSolution()
    values = np.array(found.col_value) if len(found.col_value) else np.zeros(columns)
    prices = -np.array(found.row_dual) if len(found.row_dual) else np.zeros(rows)
    return values, prices
