"""The schedule generator keeps every rule, as an independent check sees them, and counts care as plain Python does."""

from __future__ import annotations

import numpy as np
import pytest

from tests.rebuild.drawn import drawn_problem
from vigie.rebuild.kernel import care_lost, schedule
from vigie.rebuild.problem import check


def drawn_ways(problem, rng):
    open_ways = problem.tasks.duration >= 0
    return np.array([rng.choice(np.flatnonzero(row)) for row in open_ways])


@pytest.mark.parametrize("seed", range(40))
def test_every_schedule_can_be_carried_out(seed):
    rng = np.random.default_rng(seed)
    problem = drawn_problem(rng)
    made = schedule(problem, np.arange(problem.size), drawn_ways(problem, rng))
    assert check(problem, made) == []


@pytest.mark.parametrize("seed", range(10))
def test_the_check_sees_a_schedule_that_is_too_early(seed):
    rng = np.random.default_rng(seed)
    problem = drawn_problem(rng)
    made = schedule(problem, np.arange(problem.size), drawn_ways(problem, rng))
    late = int(made.start.argmax())
    earlier = made.start.copy()
    earlier[late] = 0
    end = made.end - made.start + earlier
    assert check(problem, made._replace(start=earlier, end=end)) != []


def test_a_horizon_too_short_is_said():
    problem = drawn_problem(np.random.default_rng(1), slots=20)
    assert schedule(problem, np.arange(problem.size), np.zeros(problem.size, int)) is None


@pytest.mark.parametrize("seed", range(20))
def test_care_lost_hour_by_hour_is_the_same(seed):
    rng = np.random.default_rng(seed)
    problem = drawn_problem(rng)
    end = schedule(problem, np.arange(problem.size), drawn_ways(problem, rng)).end
    assert care_lost(problem, end) == pytest.approx(by_hand(problem.care, end))


def by_hand(care, end):
    lost = []
    for service in range(len(care.need_index) - 1):
        needs = range(care.need_index[service], care.need_index[service + 1])
        total = 0.0
        for slot in range(care.cumulated.shape[1] - 1):
            kept = 1.0
            for n in needs:
                if end[care.need[n]] > slot:
                    kept *= care.kept[n] if slot < care.endures[n] else care.kept_after[n]
            total += (care.cumulated[service, slot + 1] - care.cumulated[service, slot]) * (1 - kept)
        lost.append(total)
    return lost
