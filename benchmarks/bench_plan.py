"""Which order loses least care: rules that a person could apply, and the search after some seconds, beside a bound.

`python -m benchmarks.bench_plan [--states 20] [--applications 300] [--variants ABCR] [--seconds 0.5 2 10 30 120]
[--long SECONDS] [--cache FOLDER] [--no-bounds]` prints the whole table; `measure` gives its main lines on few states.
The table takes hours, so all that is measured of a state is kept in the folder, one file a state, and not measured again:
a run that was stopped goes on, and bounds or `--long` can be left to a night. Delete the folder after a change of the
solver. The best known of a state is the best of all that its file has seen.
"""

from __future__ import annotations

import argparse
import json
import math
import statistics
import tempfile
import time
from collections import defaultdict
from collections.abc import Callable
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
from vigie.rebuild.problem import Integers, Problem, check
from vigie.rebuild.rules import by_key, easiest_ways, topological, weight_over_work
from vigie.rebuild.sidney import sidney
from vigie.rebuild.solve import Solution, solve

SEED = 1
NO_LIMIT = 10**9
CLOCKS = (0.5, 2.0, 10.0, 30.0, 120.0)
# Where people work in shifts the relaxation is large and weak (tasks pause), so its bound is on a grid of so many hours.
PERIOD = {"A": 1, "B": 1, "C": 8, "R": 24}
CLOSE = 2e-4
OF_PROCESSOR = "of processor"
Clock = Callable[[], float]
RULES = {
    "topological": lambda made: topological(made.problem),
    "RTO": lambda made: by_key(made.problem, made.rto),
    "criticality": lambda made: by_key(made.problem, made.criticality),
    "weight over work": lambda made: weight_over_work(made.problem),
    "Sidney": lambda made: sidney(made.problem),
}


class Kept:
    """What was measured of one damaged state, in one JSON file: care lost by order, bound, best known, seconds."""

    def __init__(self, folder: Path, name: str) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self.path = folder / f"{name}.json"
        self.values: dict[str, float] = json.loads(self.path.read_text()) if self.path.exists() else {}

    def get(self, what: str, measured: Callable[[], float]) -> float:
        """What is kept, or else what is measured now."""
        if what not in self.values:
            self.put(what, measured())
        return self.values[what]

    def put(self, what: str, value: float) -> None:
        self.values[what] = value
        self.path.write_text(json.dumps(self.values, indent=1, sort_keys=True) + "\n", encoding="utf-8")

    def lost(self, what: str, measured: Callable[[], float]) -> float:
        """Care lost by some order; the best known is the least of all."""
        lost = self.get(what, measured)
        self.put("best", min(lost, self.values.get("best", lost)))
        return lost


class Told(NamedTuple):
    """Of one state: care lost by each rule and after each clock, the bound (nan where it was left out), the best known,
    seconds to a first plan, seconds to a new plan when a tenth of the tasks is done (half a second of search in it)."""

    lost: dict[str, float]
    bound: float
    best: float
    first: float
    again: float


def timed(made: Restart, seconds: float, clock: Clock = time.perf_counter, **options) -> tuple[Solution, float]:
    """A plan found in so many seconds of a clock, and how long it took."""
    begun = clock()
    found = solve(
        made.problem,
        seed=SEED,
        rounds=NO_LIMIT,
        spent=lambda: (clock() - begun) / seconds,
        **options,
    )
    return found, clock() - begun


def later(made: Restart, found: Solution) -> Restart:
    """The same restart when the first tenth of the tasks is done."""
    tasks, done = made.problem.tasks, np.zeros(made.problem.size, bool)
    done[found.schedule.end.argsort()[: made.problem.size // 10]] = True
    duration = np.where(done[:, None] & (tasks.duration >= 0), 0, tasks.duration).astype(np.int32)
    left = Problem(tasks._replace(duration=duration), made.problem.capacity, made.problem.care)
    return Restart(left, made.rto, made.criticality)


def told(made: Restart, kept: Kept, clocks: tuple[float, ...]) -> Told:
    """All but the bound of one state, measured or kept."""

    def by_rule(order: Callable[[Restart], Integers]) -> float:
        plan = schedule(made.problem, order(made), easiest_ways(made.problem))
        return float(care_lost(made.problem, plan.end).sum())

    def first_plan() -> float:
        begun = time.perf_counter()
        solve(made.problem, seed=SEED, rounds=0)
        return time.perf_counter() - begun

    def made_again() -> float:
        found, _ = timed(made, clocks[0])
        return timed(later(made, found), 0.5, start_orders=[(found.order, found.schedule.way)])[1]

    lost = {rule: kept.lost(rule, lambda order=order: by_rule(order)) for rule, order in RULES.items()}
    first = kept.get("first plan, s", first_plan)
    for clock in clocks:
        lost[f"{clock:g} s"] = kept.lost(f"{clock:g} s", lambda clock=clock: searched(made, clock, kept.path.stem))
    lost |= {what: value for what, value in kept.values.items() if what.endswith(OF_PROCESSOR)}
    again = kept.get("plan made again, s", made_again)
    return Told(lost, kept.values.get("bound", math.nan), kept.values["best"], first, again)


def searched(made: Restart, seconds: float, name: str, clock: Clock = time.perf_counter) -> float:
    """Care lost by the plan found in so many seconds, once the plan is known to be possible."""
    found, _ = timed(made, seconds, clock)
    if faults := check(made.problem, found.schedule):
        raise RuntimeError(f"{name}: the plan cannot be carried out: {faults[0]}")
    return found.care_lost


def bounded(made: Restart, period: int) -> float:
    """The bound, from a plan of a few rounds: it only says how long the horizon must be."""
    found = solve(made.problem, seed=SEED, rounds=20)
    return bound(made.problem, found.schedule, period=period, tolerance=CLOSE)


def states(
    variant: str,
    applications: int,
    count: int,
    folder: Path,
    clocks: tuple[float, ...],
    long: float = 0.0,
    bounds: bool = True,
) -> list[Told]:
    """What each damaged state of one hospital gives; variant R is the reference hospital, whatever `applications`."""
    there = hospital(applications, SEED)
    drawn = reference if variant == "R" else lambda state: restart(there, variant, state)
    solve(drawn(0).problem, seed=SEED, rounds=1)  # compiles outside the clock
    kept = [Kept(folder, f"{applications}-{variant}-{state}") for state in range(count)]
    for state, each in enumerate(kept):
        told(drawn(state), each, clocks)
    for state, each in enumerate(kept):
        name = each.path.stem
        if long:
            each.lost(
                f"{long:g} s {OF_PROCESSOR}",
                lambda state=state, name=name: searched(drawn(state), long, name, time.process_time),
            )
        if bounds:
            each.get("bound", lambda state=state: bounded(drawn(state), PERIOD[variant]))
    return [told(drawn(state), each, clocks) for state, each in enumerate(kept)]


def beyond(each: Told, what: str, of: str) -> float:
    """How much more is lost than the bound or the best known, in %; nan where one of the two was not measured."""
    lost = each.best if what == "best known" else each.lost.get(what, math.nan)
    return 100 * (lost / getattr(each, of) - 1)


def cell(found: list[Told], what: str, of: str) -> str:
    """The mean and the worst of the states that have both figures, and how many they are where not all have."""
    values = [value for each in found if not math.isnan(value := beyond(each, what, of))]
    if not values:
        return "not measured"
    count = "" if len(values) == len(found) else f", {len(values)} of them"
    return f"{statistics.mean(values):.1f} % ({max(values):.1f} %){count}"


def table(variant: str, applications: int, found: list[Told]) -> Table:
    where = "the reference hospital" if variant == "R" else f"{applications} applications, variant {variant}"
    shown = Table(title=f"{where}, {len(found)} states: care lost beyond, mean (worst)")
    for column in ("order", "beyond the bound", "beyond the best known"):
        shown.add_column(column)
    for what in dict.fromkeys(what for each in found for what in each.lost):
        shown.add_row(what, *(cell(found, what, of) for of in ("bound", "best")))
    shown.add_row("best known", cell(found, "best known", "bound"), "")
    shown.caption = (
        f"first plan {max(each.first for each in found):.2f} s at worst, "
        f"a plan made again {max(each.again for each in found):.2f} s at worst"
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
            found = states(variant, applications, count, Path(folder), clocks)
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
    parser.add_argument(
        "--long",
        type=float,
        default=0.0,
        metavar="SECONDS",
        help="also search so many seconds of processor for the best",
    )
    parser.add_argument("--cache", type=Path, default=Path("build/plans"), help="folder of what is measured already")
    parser.add_argument("--no-bounds", dest="bounds", action="store_false", help="compute no bound that is not kept")
    chosen = parser.parse_args(arguments)
    screen = Console()
    for variant in chosen.variants:
        found = states(
            variant,
            chosen.applications,
            chosen.states,
            chosen.cache,
            tuple(chosen.seconds),
            chosen.long,
            chosen.bounds,
        )
        screen.print(table(variant, chosen.applications, found))
    screen.print(str(this_machine()), highlight=False, soft_wrap=True)


if __name__ == "__main__":
    main()
