"""Exact: a restart with teams of constant size as a constraint model, for proofs, bounds and repair (OR-Tools CP-SAT).

One interval a task (one for each way where its group has several, of which one is present), one cumulative constraint a
team. Solving starts its own native threads and holds no lock of Python's: other searches may go on beside it.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from ortools.sat.python import cp_model

from vigie.errors import InputError
from vigie.rebuild.problem import Problem, Schedule, demand

Model, Variable = cp_model.CpModel, cp_model.IntVar


@dataclass(frozen=True, slots=True)
class Answer:
    """`schedule`: the best found, None when none was. `bound`: no schedule of the model ends sooner. `closed`: the model
    was searched to the end: the schedule is its best, or it has none."""

    schedule: Schedule | None
    bound: int
    closed: bool


@dataclass(frozen=True, slots=True)
class Built:
    """A model and its variables: start and end of each task, presence of each way of each group, end of everything."""

    model: Model
    start: list[Variable]
    end: list[Variable]
    chosen: list[dict[int, Variable]]
    makespan: Variable


def build(problem: Problem, earliest: NDArray[np.int32], latest: NDArray[np.int32], horizon: int) -> Built:
    """The model in which task i starts in `earliest[i]` to `latest[i]` and everything ends by `horizon`.

    Raises InputError where a team's size varies: a calendar needs the schedule generator of `kernel`.
    """
    if (problem.capacity != problem.capacity[:, :1]).any():
        raise InputError("the exact solver takes teams of constant size only: plan teams with shifts by care lost")
    model, tasks = Model(), problem.tasks
    makespan = model.new_int_var(0, horizon, "")
    chosen = [_choices(model, problem, group) for group in range(problem.groups)]
    start = [model.new_int_var(int(a), int(max(a, b)), "") for a, b in zip(earliest, latest, strict=True)]
    end: list[Variable] = []
    seats: list[list[tuple[cp_model.IntervalVar, int]]] = [[] for _ in range(len(problem.capacity))]
    for task in range(problem.size):
        end.append(_work(model, problem, task, start[task], chosen[tasks.group[task]], seats, horizon))
        model.add(end[task] <= makespan)
        for other in tasks.before[tasks.before_index[task] : tasks.before_index[task + 1]]:
            model.add(start[task] >= end[other])
    for team, held in enumerate(seats):
        if held:
            people = int(problem.capacity[team, 0])
            model.add_cumulative([interval for interval, _ in held], [asked for _, asked in held], people)
    model.minimize(makespan)
    return Built(model, start, end, chosen, makespan)


def _choices(model: Model, problem: Problem, group: int) -> dict[int, Variable]:
    """A literal for each way that is open to every task of the group and that its teams can carry out."""
    tasks, capacity = problem.tasks, problem.capacity
    members = np.flatnonzero(tasks.group == group).tolist()
    ways = [
        way
        for way in range(tasks.duration.shape[1])
        if all(
            tasks.duration[task, way] >= 0
            and (
                tasks.duration[task, way] == 0
                or all(people <= capacity[team, 0] for team, people in demand(problem, task, way))
            )
            for task in members
        )
    ]
    literals = {way: model.new_bool_var("") for way in ways}
    model.add_exactly_one(literals.values())
    return literals


def _work(
    model: Model,
    problem: Problem,
    task: int,
    start: Variable,
    chosen: dict[int, Variable],
    seats: list[list[tuple[cp_model.IntervalVar, int]]],
    horizon: int,
) -> Variable:
    """The end of a task; its intervals are added to the seats of the teams they hold."""
    end = model.new_int_var(0, horizon, "")
    for way, present in chosen.items():
        work = int(problem.tasks.duration[task, way])
        if len(chosen) == 1:
            interval = model.new_interval_var(start, work, end, "")
        else:
            interval = model.new_optional_interval_var(start, work, end, present, "")
        for team, people in demand(problem, task, way):
            if work and people:
                seats[team].append((interval, people))
    return end


def hint(built: Built, problem: Problem, schedule: Schedule) -> None:
    """Give the solver a schedule to start from; it need not satisfy the model."""
    for task in range(problem.size):
        built.model.add_hint(built.start[task], int(schedule.start[task]))
        built.model.add_hint(built.end[task], int(schedule.end[task]))
    for group, literals in enumerate(built.chosen):
        for way, present in literals.items():
            built.model.add_hint(present, bool(schedule.way[group] == way))
    built.model.add_hint(built.makespan, schedule.makespan)


def solver(seconds: float, workers: int, seed: int) -> cp_model.CpSolver:
    """A solver that stops by itself after `seconds` on the wall."""
    made = cp_model.CpSolver()
    made.parameters.max_time_in_seconds = max(seconds, 0.01)
    made.parameters.num_workers = workers
    made.parameters.random_seed = seed
    return made


def solve(built: Built, problem: Problem, solver: cp_model.CpSolver) -> Answer:
    """What the solver says of the model. `bound` is 0 where it says nothing."""
    status = solver.solve(built.model)
    if status == cp_model.INFEASIBLE:
        return Answer(None, 0, True)
    bound = max(0, int(np.ceil(solver.best_objective_bound - 1e-6)))
    if status not in (cp_model.OPTIMAL, cp_model.FEASIBLE):
        return Answer(None, bound, False)
    start = np.array([solver.value(variable) for variable in built.start], np.int32)
    end = np.array([solver.value(variable) for variable in built.end], np.int32)
    way = np.array([next(w for w, v in literals.items() if solver.value(v)) for literals in built.chosen], np.int32)
    return Answer(Schedule(start, end, way), bound, status == cp_model.OPTIMAL)


def shortest(
    problem: Problem, seconds: float, workers: int = 2, seed: int = 1, known: Schedule | None = None
) -> Answer:
    """The shortest schedule found in `seconds`; with `known`, a schedule to start from, shorter or equal.

    `bound` holds for the problem itself. `closed`: nothing is shorter. A problem whose horizon is too short has none.
    """
    horizon = known.makespan if known else problem.horizon
    zero, last = np.zeros(problem.size, np.int32), np.full(problem.size, horizon, np.int32)
    built = build(problem, np.maximum(zero, problem.tasks.release), last, horizon)
    if known:
        hint(built, problem, known)
    answer = solve(built, problem, solver(seconds, workers, seed))
    return Answer(known, answer.bound, answer.closed) if answer.schedule is None and known else answer
