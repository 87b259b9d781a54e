"""Plain scheduling instances (PSPLIB): `vigie plan --rcpsp` beside raw CP-SAT, both with two cores and the same seconds.

    python -m benchmarks.bench_rcpsp --sets j30,j60,j120 --per-setting 1 --seconds 10

Each instance is solved by both, one after the other, so that a busy machine is as busy for both. Ours is the command, in a
process of its own: its time includes start-up. Raw CP-SAT is a model built and solved in a warm process.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from statistics import fmean

from rich.console import Console
from rich.table import Table

from benchmarks import psplib
from benchmarks.machine import this_machine
from benchmarks.row import Row, judged

GOALS = {"j30": 0.0, "j60": 0.25, "j120": 2.5}
WORKERS = 2


@dataclass(frozen=True, slots=True)
class Answer:
    """What one solver said of one instance. `gap` in per cent above the best known makespan."""

    instance: psplib.Instance
    makespan: int
    bound: int
    seconds: float
    faults: tuple[str, ...]

    @property
    def gap(self) -> float:
        return 100 * (self.makespan - self.instance.best_known) / self.instance.best_known


def ours(instance: psplib.Instance, seconds: float) -> Answer:
    """By the command."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"{instance.name}.rcp"
        path.write_text(instance.text, encoding="ascii")
        words = ["plan", "--rcpsp", str(path), "--seconds", str(seconds), "--format", "json"]
        begun = time.perf_counter()
        said = subprocess.run([sys.executable, "-m", "vigie", *words], capture_output=True, text=True, check=True)
        spent = time.perf_counter() - begun
    answer = json.loads(said.stdout)
    found = psplib.faults(instance.text, answer["start"])
    if psplib.makespan(instance.text, answer["start"]) != answer["makespan"]:
        found.append("the makespan said is not that of the starts")
    if answer["bound"] > min(instance.best_known, answer["makespan"]):
        found.append(f"the bound {answer['bound']} is above a makespan known to be possible")
    return Answer(instance, answer["makespan"], answer["bound"], spent, tuple(found))


def raw(instance: psplib.Instance, seconds: float) -> Answer:
    """By CP-SAT alone: intervals, precedences, cumulatives, nothing else said."""
    from ortools.sat.python import cp_model

    begun = time.perf_counter()
    capacity, activities = psplib._read(instance.text)
    horizon = sum(duration for duration, _, _ in activities)
    model = cp_model.CpModel()
    start = [model.new_int_var(0, horizon, "") for _ in activities]
    work = [model.new_fixed_size_interval_var(s, d, "") for s, (d, _, _) in zip(start, activities, strict=True)]
    for at, (duration, _, successors) in enumerate(activities):
        for other in successors:
            model.add(start[other - 1] >= start[at] + duration)
    for resource, there in enumerate(capacity):
        model.add_cumulative(work, [demand[resource] for _, demand, _ in activities], there)
    everything = model.new_int_var(0, horizon, "")
    for at, (duration, _, _) in enumerate(activities):
        model.add(everything >= start[at] + duration)
    model.minimize(everything)
    solver = cp_model.CpSolver()
    solver.parameters.num_workers, solver.parameters.max_time_in_seconds = WORKERS, seconds
    status = solver.solve(model)
    if status not in (cp_model.OPTIMAL, cp_model.FEASIBLE):
        return Answer(instance, horizon, 0, time.perf_counter() - begun, ("nothing found",))
    found = psplib.faults(instance.text, [solver.value(variable) for variable in start])
    bound = round(solver.best_objective_bound)
    return Answer(instance, round(solver.objective_value), bound, time.perf_counter() - begun, tuple(found))


def pairs(
    family: str, per_setting: int, seconds: float, settings: set[int] | None = None
) -> list[tuple[Answer, Answer]]:
    """(ours, raw) for each instance."""
    chosen = psplib.instances(family, per_setting, settings)
    if chosen:
        ours(chosen[0], 1.0)  # compiles, where nothing was compiled yet
    return [(ours(instance, seconds), raw(instance, seconds)) for instance in chosen]


def summary(answers: list[Answer]) -> dict[str, float]:
    """Mean and worst gap (%), shares equal to the best known and proved (%), mean seconds, number infeasible."""
    return {
        "mean gap": fmean(answer.gap for answer in answers),
        "worst gap": max(answer.gap for answer in answers),
        "equal": 100 * fmean(answer.makespan <= answer.instance.best_known for answer in answers),
        "proved": 100 * fmean(answer.makespan == answer.bound for answer in answers),
        "bound below": fmean(100 * (1 - answer.bound / answer.instance.best_known) for answer in answers),
        "seconds": fmean(answer.seconds for answer in answers),
        "infeasible": sum(bool(answer.faults) for answer in answers),
    }


def measure(quick: bool) -> list[Row]:
    """For `make bench`: one instance a setting of three families, ten seconds each; about half an hour."""
    rows = []
    for family, goal in GOALS.items():
        found = pairs(family, 1, 1.0 if quick else 10.0, {1, 9} if quick else None)
        mine, other = summary([pair[0] for pair in found]), summary([pair[1] for pair in found])
        reached = mine["mean gap"] <= goal + 1e-9 and not mine["infeasible"]
        rows += [
            Row(
                f"{family}, {len(found)} instances: mean gap to best known, {mine['infeasible']} infeasible",
                *(mine["mean gap"], "%", "raw CP-SAT, 2 workers", other["mean gap"]),
                *(f"at most {goal} %, none infeasible", judged(reached, quick=quick)),
            ),
            Row(f"{family}: proved shortest", mine["proved"], "%", "raw CP-SAT, 2 workers", other["proved"]),
            Row(f"{family}: mean time, start-up included", mine["seconds"], "s", "raw CP-SAT, warm", other["seconds"]),
        ]
    return rows


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sets", default="j30,j60,j120", help="families: j30, j60, j90, j120")
    parser.add_argument("--per-setting", type=int, default=1, choices=range(1, 6), help="instances of each setting")
    parser.add_argument("--settings", default="", help="only these settings, such as 1,6,11")
    parser.add_argument("--seconds", type=float, default=10.0)
    parser.add_argument("--each", action="store_true", help="also one line an instance")
    chosen = parser.parse_args()
    settings = {int(word) for word in chosen.settings.split(",") if word} or None
    out, broken = Console(width=140), 0
    table = Table(
        "set",
        "solver",
        "instances",
        "mean gap %",
        "worst %",
        "equal %",
        "proved %",
        "bound below best %",
        "mean s",
        "bad",
    )
    for family in chosen.sets.split(","):
        found = pairs(family, chosen.per_setting, chosen.seconds, settings)
        for place, solver in enumerate(("vigie plan", "raw CP-SAT")):
            answers = [pair[place] for pair in found]
            table.add_row(family, solver, str(len(answers)), *(f"{value:.2f}" for value in summary(answers).values()))
        broken += sum(bool(pair[0].faults) for pair in found)
        for mine, other in found if chosen.each else ():
            said = f"{mine.instance.name}: best known {mine.instance.best_known}, ours {mine.makespan}"
            said += (
                f" ({mine.bound}, {mine.seconds:.1f} s), raw {other.makespan} ({other.bound}, {other.seconds:.1f} s)"
            )
            out.print(said, *mine.faults, highlight=False)
    out.print(table)
    out.print(str(this_machine()), highlight=False, soft_wrap=True)
    return 1 if broken else 0


if __name__ == "__main__":
    sys.exit(main())
