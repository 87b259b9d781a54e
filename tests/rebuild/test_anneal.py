"""The search places tasks by whole words of slots and only from where a move changed something: it must not show."""

from __future__ import annotations

import numpy as np
import pytest

from tests.rebuild.drawn import drawn_problem
from vigie.rebuild.anneal import (
    BEST,
    END,
    ENERGY,
    NOW,
    START,
    TRIAL_END,
    TRIAL_START,
    WHOLE,
    anneal,
    chain,
    count,
    replay,
)
from vigie.rebuild.chance import below, far, share
from vigie.rebuild.ground import ground, open_ways
from vigie.rebuild.kernel import care_lost, schedule
from vigie.rebuild.moves import BEST_ORDER, ORDER, POSITION, change, undo


def drawn_chain(seed, tasks=40, slots=2000):
    rng = np.random.default_rng(seed)
    problem = drawn_problem(rng, tasks=tasks, slots=slots)
    way = np.array([rng.choice(ways) for ways in open_ways(problem)])
    made = ground(problem, slots, (1.0, 0.0, 0.0))
    return problem, made, chain(made, np.arange(problem.size), way, seed)


@pytest.mark.parametrize("seed", range(60))
@pytest.mark.parametrize("slots", [128, 300, 2000])
def test_words_of_slots_give_the_schedule_of_the_plain_generator(seed, slots):
    problem, _, made = drawn_chain(seed, slots=slots)
    plain = schedule(problem, made.lists[ORDER], made.way[NOW])
    assert (plain is None) == np.isinf(made.numbers[ENERGY])
    if plain is not None:
        assert (made.times[START] == plain.start).all()
        assert made.numbers[ENERGY] == pytest.approx(care_lost(problem, plain.end).sum())


@pytest.mark.parametrize("seed", range(10))
def test_several_people_or_nobody_of_a_team_are_placed_as_by_the_plain_generator(seed):
    problem = drawn_problem(np.random.default_rng(seed), tasks=40)
    people = np.random.default_rng(seed).integers(0, 3, len(problem.tasks.use_people)).astype(np.int32)
    capacity = problem.capacity + 1
    asked = type(problem)(problem.tasks._replace(use_people=people), capacity, problem.care)
    way = np.array([ways[0] for ways in open_ways(asked)])
    made = chain(ground(asked, asked.horizon, (1.0, 0.0, 0.0)), np.arange(asked.size), way, seed)
    plain = schedule(asked, np.arange(asked.size), way)
    assert (made.times[START] == plain.start).all()
    assert (made.times[END] == plain.end).all()


@pytest.mark.parametrize("seed", range(20))
def test_a_move_keeps_predecessors_first_and_is_placed_as_if_all_were(seed):
    problem, made, each = drawn_chain(seed, tasks=60)
    before = np.repeat(np.arange(problem.size), np.diff(problem.tasks.before_index))
    for _ in range(40):
        anneal(made, each, 1.0, 5)
        was = each.lists[ORDER].copy(), each.way[NOW].copy()
        moved = change(made, each.lists, each.way, each.dice)
        if moved[0] < 0:
            continue
        position = each.lists[ORDER].argsort()
        assert (position[problem.tasks.before] < position[before]).all()
        same_from = replay(made, each, moved[0], moved[1])
        assert same_from >= WHOLE
        plain = schedule(problem, each.lists[ORDER], each.way[NOW])
        assert (each.times[TRIAL_START] == plain.start).all()
        assert (each.times[TRIAL_END] == plain.end).all()
        assert count(made, each, False) == pytest.approx(care_lost(problem, plain.end).sum())
        undo(each.lists, each.way, *moved)
        assert (each.lists[ORDER] == was[0]).all() and (each.way[NOW] == was[1]).all()
        each.times[TRIAL_START], each.times[TRIAL_END] = each.times[START], each.times[END]


@pytest.mark.parametrize("seed", range(10))
def test_what_a_chain_says_is_best_is(seed):
    problem, made, each = drawn_chain(seed)
    anneal(made, each, 5.0, 500)
    best = schedule(problem, each.lists[BEST_ORDER], each.way[1])
    assert each.numbers[BEST] == pytest.approx(care_lost(problem, best.end).sum())
    assert each.numbers[BEST] <= each.numbers[ENERGY] * (1 + 1e-12)
    assert (each.lists[POSITION][each.lists[ORDER]] == np.arange(problem.size)).all()


def test_chance_covers_its_range_evenly():
    dice = np.array([1], np.uint64)
    drawn = np.array([below(dice, 5) for _ in range(5000)])
    assert (np.abs(np.bincount(drawn, minlength=5) - 1000) < 150).all()
    assert {far(dice, 3) for _ in range(200)} == {1, 2, 3}
    assert abs(np.mean([share(dice) for _ in range(5000)]) - 0.5) < 0.02
