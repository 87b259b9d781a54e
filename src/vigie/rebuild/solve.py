"""Solve: the restart order that loses least care, found by starting from every rule and annealing from the best.

Chains run in threads, one each, in rounds of a fixed number of moves; what they do depends on the seed and on how many
rounds are done, never on the time a round takes. The temperature falls once, over all the rounds or the time that the
caller says is there. Where only `stop` is given nobody knows how long that is: it falls in cycles, each twice as long as
the one before, so that whenever the end comes a good part of the time went into one long cycle.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Literal, NamedTuple

import numpy as np

from vigie.errors import InputError
from vigie.rebuild import rules
from vigie.rebuild.anneal import BEST, Chain, anneal, chain, resume
from vigie.rebuild.ground import Ground, ground, open_ways
from vigie.rebuild.kernel import care_lost, schedule
from vigie.rebuild.moves import BEST_ORDER
from vigie.rebuild.problem import Integers, Problem, Schedule, refuse_impossible
from vigie.rebuild.sidney import sidney

# Moves of a round: a move takes longer the more tasks are placed again, and some time whatever their number.
EFFORT, BESIDES = 800_000, 150
FIRST_CYCLE = 16
# Of the care lost by the best plan so far. A plan to go on from is not to be forgotten, so its search starts cooler.
HOT, WARM, COLD = 3e-3, 3e-4, 3e-5
# Shares of a known time at which all chains go on from the best.
MEETINGS = (0.6, 0.8)

RULES: dict[str, Callable[[Problem], Integers]] = {
    "topological": rules.topological,
    "weight over work": rules.weight_over_work,
    "descendants over work": rules.descendants_over_work,
    "sidney": sidney,
}

Start = Integers | tuple[Integers, Integers]


class Solution(NamedTuple):
    """A plan, the order that makes it, what it loses (weighted visits) and when all is done (slots).

    `from_rule`: the rule (or `given`) that the search started from. `rounds_done`: rounds of every chain.
    """

    schedule: Schedule
    order: Integers
    care_lost: float
    makespan: int
    from_rule: str
    rounds_done: int


def solve(
    problem: Problem,
    *,
    seed: int,
    rounds: int,
    start_orders: Sequence[Start] = (),
    stop: Callable[[], bool] | None = None,
    spent: Callable[[], float] | None = None,
    threads: int = 2,
    objective: Literal["care", "makespan"] = "care",
) -> Solution:
    """The best plan found in `rounds` rounds (20 to 50 ms each), or when `stop()` is true between two of them.

    `spent()`, where given, is the share (0 to 1) of the time there is that is gone: better than `stop` alone, and it
    stops at 1 too. Care lost first, then makespan (`objective="makespan"`: the other way round). `start_orders`: orders,
    or (order, way), to start from beside the rules, such as the plan of before; a task may stand before what it needs
    there. The same arguments give the same answer when `stop` and `spent` are None. Raises InputError where some task
    can be done by nobody, or the horizon is too short for every rule.
    """
    refuse_impossible(problem)
    if not problem.size:
        nothing = np.zeros(0, np.int32)
        return Solution(
            Schedule(nothing, nothing, nothing), nothing, float(care_lost(problem, nothing).sum()), 0, "", 0
        )
    started = _started(problem, start_orders, objective)
    first = started[0]
    made = ground(problem, _slots(problem, first), _price(first, objective))
    chains = [
        chain(made, each.order, each.plan.way, seed * 1000 + number)
        for number, each in enumerate((started * threads)[:threads])
    ]
    pace = _Pace(rounds, stop, spent, WARM if first.name == "given" else HOT)
    done = _search(made, chains, pace, max(1, EFFORT // (problem.size + BESIDES)))
    best = min(chains, key=lambda each: each.numbers[BEST])
    order, way = best.lists[BEST_ORDER].copy(), best.way[1].copy()
    plan = schedule(problem, order, way)
    return Solution(plan, order, float(care_lost(problem, plan.end).sum()), plan.makespan, first.name, done)


class _Started(NamedTuple):
    """An order to start from, and what it gives."""

    name: str
    order: Integers
    plan: Schedule
    lost: float


def _started(problem: Problem, given: Sequence[Start], objective: str) -> list[_Started]:
    """Every start that fits in the horizon, best first."""
    easiest = rules.easiest_ways(problem)
    starts = [_repaired(problem, each, easiest) for each in given]
    starts += [(name, rule(problem), easiest) for name, rule in RULES.items()]
    found = []
    for name, order, way in starts:
        plan = schedule(problem, order, way)
        if plan is not None:
            found.append(_Started(name, order, plan, float(care_lost(problem, plan.end).sum())))
    if not found:
        raise InputError(
            f"no order of the {problem.size} tasks ends within the {problem.horizon} slots of the calendar: "
            "give a longer calendar, or more people"
        )
    by_care = objective == "care"
    return sorted(found, key=lambda each: (each.lost, each.plan.makespan)[:: 1 if by_care else -1])


def _repaired(problem: Problem, start: Start, easiest: Integers) -> tuple[str, Integers, Integers]:
    order, way = start if isinstance(start, tuple) else (start, easiest)
    position = np.full(problem.size, problem.size)
    position[np.asarray(order, int)] = np.arange(len(order))
    chosen = zip(np.asarray(way).tolist(), open_ways(problem), easiest.tolist(), strict=True)
    ways = [each if each in ways else instead for each, ways, instead in chosen]
    return "given", rules.by_key(problem, position), np.array(ways, np.int32)


def _slots(problem: Problem, first: _Started) -> int:
    """Slots that the search may use: better plans rarely end much later than the first, and short ones go faster."""
    return min(problem.horizon, first.plan.makespan * 3 // 2 + 2 * int(problem.tasks.duration.max()))


def _price(first: _Started, objective: str) -> tuple[float, float, float]:
    """Of care, makespan and the sum of ends: the second objective only parts equals, and ends show a way to shorten."""
    if objective == "care" and first.lost > 0:
        return 1.0, 1e-9 * first.lost, 0.0
    return 1e-9 / max(first.lost, 1.0), 1.0, 0.1 / len(first.order)


class _Pace:
    """How hot each round is, and which is the last."""

    def __init__(
        self, rounds: int, stop: Callable[[], bool] | None, spent: Callable[[], float] | None, hot: float
    ) -> None:
        self.rounds, self.stop, self.spent, self.hot = rounds, stop, spent, hot
        self.done, self.cycle_from, self.cycle = 0, 0, FIRST_CYCLE
        self.share, self.meet = 0.0, False

    def next(self) -> float | None:
        """Heat of the next round; None when there is none. `meet` says whether chains meet before it."""
        before = self.share
        if self.done >= self.rounds or (self.stop is not None and self.stop()):
            return None
        if self.spent is not None:
            self.share = self.spent()
            if self.share >= 1.0:
                return None
        elif self.stop is None:
            self.share = self.done / self.rounds
        else:
            if self.done - self.cycle_from == self.cycle:
                self.cycle_from, self.cycle = self.done, self.cycle * 2
            self.share = (self.done - self.cycle_from) / self.cycle
        self.meet = self.share < before or any(before < at <= self.share for at in MEETINGS)
        self.done += 1
        return self.hot * (COLD / self.hot) ** self.share


def _search(made: Ground, chains: list[Chain], pace: _Pace, moves: int) -> int:
    """Anneal all chains side by side, at that pace. Gives the rounds done."""
    with ThreadPoolExecutor(len(chains)) as pool:
        while (heat := pace.next()) is not None:
            best = min(chains, key=lambda each: each.numbers[BEST])
            if pace.meet:
                for each in chains:
                    resume(made, each, best.lists[BEST_ORDER], best.way[1])
            temperature = heat * float(best.numbers[BEST])
            list(pool.map(lambda each, at=temperature: anneal(made, each, at, moves), chains))
    return pace.done
