"""Which order loses least care: rules that a person could apply, and the search after some seconds, beside a bound.

`python -m benchmarks.bench_plan [--states 20] [--applications 300] [--variants ABCR] [--seconds 0.5 2 10 30 120]
[--long SECONDS] [--cache FOLDER]` prints the whole table; `measure` gives its main lines on few states. Bounds and the
best plan ever found of each state are kept in the folder, outside the clock; without `--long` the best known is the best
of what this and earlier runs of the same folder found.
"""

from __future__ import annotations

import argparse
import json
import statistics
import tempfile
import time
from collections import defaultdict
from pathlib import Path
from typing import NamedTuple

import numpy as np
from rich.console import Console
from rich.table import Table

from benchmarks.machine import this_machine
from benchmarks.restarts import Restart, hospital, reference, restart
from benchmarks.row import Row, judged
from vigie.rebuild.bound import bound
from vigie.rebuild.kernel import care_lost, schedule
from vigie.rebuild.problem import Problem, check
from vigie.rebuild.rules import by_key, easiest_ways, topological, weight_over_work
from vigie.rebuild.sidney import sidney
from vigie.rebuild.solve import Solution, solve

SEED = 1
NO_LIMIT = 10**9
CLOCKS = (0.5, 2.0, 10.0, 30.0, 120.0)
# Where people work in shifts the relaxation is large and weak (tasks pause), so its bound is on a grid of so many hours.
PERIOD = {"A": 1, "B": 1, "C": 8, "R": 24}
CLOSE = 2e-4
RULES = {
    "topological": lambda made: topological(made.problem),
    "RTO": lambda made: by_key(made.problem, made.rto),
    "criticality": lambda made: by_key(made.problem, made.criticality),
    "weight over work": lambda made: weight_over_work(made.problem),
    "Sidney": lambda made: sidney(made.problem),
}


class Kept:
    """Bounds and best-known values, in one JSON file of a folder."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self.path = folder / "plans.json"
        self.values: dict[str, dict[str, float]] = json.loads(self.path.read_text()) if self.path.exists() else {}

    def get(self, name: str, what: str) -> float | None:
        return self.values.get(name, {}).get(what)

    def put(self, name: str, what: str, value: float) -> None:
        self.values.setdefault(name, {})[what] = value
        self.path.write_text(json.dumps(self.values, indent=1, sort_keys=True) + "\n", encoding="utf-8")

    def better(self, name: str, lost: float) -> None:
        """Remember a plan that loses less than any before."""
        if lost < (self.get(name, "best") or float("inf")):
            self.put(name, "best", lost)


class Told(NamedTuple):
    """Of one state: care lost by each rule and after each clock, the bound, the best known, seconds to a first plan,
    seconds to a new plan when a tenth of the tasks is done (half a second of search in it), rounds of the last clock."""

    lost: dict[str, float]
    bound: float
    best: float
    first: float
    again: float
    rounds: int


def timed(made: Restart, seconds: float, **options) -> tuple[Solution, float]:
    """A plan found in so many seconds of the clock, and how long it took."""
    begun = time.perf_counter()
    found = solve(
        made.problem,
        seed=SEED,
        rounds=NO_LIMIT,
        spent=lambda: (time.perf_counter() - begun) / seconds,
        **options,
    )
    return found, time.perf_counter() - begun


def later(made: Restart, found: Solution) -> Restart:
    """The same restart when the first tenth of the tasks is done."""
    tasks, done = made.problem.tasks, np.zeros(made.problem.size, bool)
    done[found.schedule.end.argsort()[: made.problem.size // 10]] = True
    duration = np.where(done[:, None] & (tasks.duration >= 0), 0, tasks.duration).astype(np.int32)
    left = Problem(tasks._replace(duration=duration), made.problem.capacity, made.problem.care)
    return Restart(left, made.rto, made.criticality)


def told(name: str, made: Restart, kept: Kept, clocks: tuple[float, ...], long: float, period: int) -> Told:
    lost = {}
    for rule, order in RULES.items():
        plan = schedule(made.problem, order(made), easiest_ways(made.problem))
        lost[rule] = float(care_lost(made.problem, plan.end).sum())
    begun = time.perf_counter()
    solve(made.problem, seed=SEED, rounds=0)
    first = time.perf_counter() - begun
    for clock in clocks:
        found, _ = timed(made, clock)
        if faults := check(made.problem, found.schedule):
            raise RuntimeError(f"{name}: the plan cannot be carried out: {faults[0]}")
        lost[f"{clock:g} s"] = found.care_lost
        kept.better(name, found.care_lost)
    if long:
        kept.better(name, timed(made, long)[0].care_lost)
    if kept.get(name, "bound") is None:
        kept.put(name, "bound", bound(made.problem, found.schedule, period=period, tolerance=CLOSE))
    _, again = timed(later(made, found), 0.5, start_orders=[(found.order, found.schedule.way)])
    return Told(lost, kept.get(name, "bound"), kept.get(name, "best"), first, again, found.rounds_done)


def states(
    variant: str, applications: int, count: int, kept: Kept, clocks: tuple[float, ...], long: float = 0.0
) -> list[Told]:
    """What each damaged state of one hospital gives; variant R is the reference hospital, whatever `applications`."""
    there = hospital(applications, SEED)
    drawn = reference if variant == "R" else lambda state: restart(there, variant, state)
    solve(drawn(0).problem, seed=SEED, rounds=1)  # compiles outside the clock
    return [
        told(f"{applications}-{variant}-{state}", drawn(state), kept, clocks, long, PERIOD[variant])
        for state in range(count)
    ]


def beyond(each: Told, what: str, of: str) -> float:
    """How much more is lost than the bound or the best known, in %."""
    return 100 * (each.lost[what] / getattr(each, of) - 1)


def table(variant: str, applications: int, found: list[Told]) -> Table:
    where = "the reference hospital" if variant == "R" else f"{applications} applications, variant {variant}"
    shown = Table(title=f"{where}, {len(found)} states: care lost beyond, mean (worst)")
    for column in ("order", "beyond the bound", "beyond the best known"):
        shown.add_column(column)
    for what in found[0].lost:
        cells = []
        for of in ("bound", "best"):
            values = [beyond(each, what, of) for each in found]
            cells.append(f"{statistics.mean(values):.1f} % ({max(values):.1f} %)")
        shown.add_row(what, *cells)
    best = [100 * (each.best / each.bound - 1) for each in found]
    shown.add_row("best known", f"{statistics.mean(best):.1f} % ({max(best):.1f} %)", "")
    shown.caption = (
        f"first plan {max(each.first for each in found):.2f} s at worst, "
        f"a plan made again {max(each.again for each in found):.2f} s at worst, "
        f"{min(each.rounds for each in found)} to {max(each.rounds for each in found)} rounds in the last clock"
    )
    return shown


def measure(quick: bool) -> list[Row]:
    """The main lines, on few states: `python -m benchmarks.bench_plan` gives all."""
    count, clocks = (1, (0.5,)) if quick else (3, (0.5, 2.0, 30.0))
    applications = 60 if quick else 300
    rows = []
    goals = {"A": 4.0, "B": 8.0}
    with tempfile.TemporaryDirectory() as folder:
        for variant, goal in goals.items():
            found = states(variant, applications, count, Kept(Path(folder)), clocks)
            after = f"{clocks[-1]:g} s"
            mean: dict[str, float] = defaultdict(float)
            for what in found[0].lost:
                mean[what] = statistics.mean(beyond(each, what, "bound") for each in found)
            rows.append(
                Row(
                    f"{applications} applications, variant {variant}: care lost beyond the bound after {after}, mean of {count}",
                    mean[after],
                    "%",
                    "Sidney; topological " + f"{mean['topological']:.0f} %",
                    mean["Sidney"],
                    f"at most {goal:g} %",
                    judged(mean[after] <= goal, quick=quick),
                )
            )
            first, again = max(each.first for each in found), max(each.again for each in found)
            rows.append(
                Row(f"variant {variant}: first plan", first, "s", target="0.5 s", met=judged(first <= 0.5, quick=quick))
            )
            rows.append(
                Row(
                    f"variant {variant}: plan made again", again, "s", target="2 s", met=judged(again <= 2, quick=quick)
                )
            )
    return rows


def main(arguments: list[str] | None = None) -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.bench_plan", description="Care lost by each order.")
    parser.add_argument("--states", type=int, default=20)
    parser.add_argument("--applications", type=int, default=300)
    parser.add_argument("--variants", default="ABCR")
    parser.add_argument("--seconds", type=float, nargs="+", default=list(CLOCKS))
    parser.add_argument("--long", type=float, default=0.0, metavar="SECONDS", help="also search this long for the best")
    parser.add_argument(
        "--cache", type=Path, default=Path("build/plans"), help="folder of bounds and best-known values"
    )
    chosen = parser.parse_args(arguments)
    screen = Console()
    for variant in chosen.variants:
        kept = Kept(chosen.cache)
        found = states(variant, chosen.applications, chosen.states, kept, tuple(chosen.seconds), chosen.long)
        screen.print(table(variant, chosen.applications, found))
    screen.print(str(this_machine()), highlight=False, soft_wrap=True)


if __name__ == "__main__":
    main()
