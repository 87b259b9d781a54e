"""Solve: the restart order that loses least care, found by starting from every rule and annealing from the best.

Chains run in threads, one each, in rounds of a fixed number of moves; what they do depends on the seed and on how many
rounds are done, never on the time a round takes. Temperatures fall over cycles, each twice as long as the one before,
because nobody knows when `stop` will be true: whenever it is, a good part of the time went into one long cycle.
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

MOVES_TIMES_TASKS = 600_000
FIRST_CYCLE = 16
HOT, COLD = 1e-3, 1e-5

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
    threads: int = 2,
    objective: Literal["care", "makespan"] = "care",
) -> Solution:
    """The best plan found in `rounds` rounds (20 to 50 ms each), or when `stop()` is true between two of them.

    Care lost first, then makespan (`objective="makespan"`: the other way round). `start_orders`: orders, or (order,
    way), to start from beside the rules, such as the plan of before; a task may stand before what it needs there. The
    same arguments give the same answer when `stop` is None. Raises InputError where some task can be done by nobody, or
    the horizon is too short for every rule.
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
    done = _search(made, chains, rounds, stop, max(1, MOVES_TIMES_TASKS // problem.size))
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


def _search(made: Ground, chains: list[Chain], rounds: int, stop: Callable[[], bool] | None, moves: int) -> int:
    """Anneal all chains side by side; after each cycle all go on from the best. Gives the rounds done."""
    done, cycle = 0, FIRST_CYCLE
    with ThreadPoolExecutor(len(chains)) as pool:
        while done < rounds:
            length = min(cycle, rounds - done)
            for number in range(length):
                if stop is not None and stop():
                    return done
                heat = HOT * (COLD / HOT) ** (number / max(1, length - 1))
                list(pool.map(lambda each, heat=heat: anneal(made, each, heat * each.numbers[BEST], moves), chains))
                done += 1
            best = min(chains, key=lambda each: each.numbers[BEST])
            for each in chains:
                resume(made, each, best.lists[BEST_ORDER], best.way[1])
            cycle *= 2
    return done
