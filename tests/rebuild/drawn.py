"""Drawn problems: small random restarts, with calendars, several ways and a price for waiting."""

from __future__ import annotations

import numpy as np

from vigie.rebuild.problem import Care, Problem, Tasks, compressed


def drawn_problem(rng: np.random.Generator, tasks: int = 25, teams: int = 4, services: int = 6, slots: int = 2000):
    """A problem of that size; tasks are numbered so that predecessors come first."""
    before = [sorted(rng.choice(n, rng.integers(0, min(n, 3) + 1), replace=False).tolist()) for n in range(tasks)]
    ways = 2
    duration = rng.integers(0, 12, (tasks, ways)).astype(np.int32)
    duration[rng.random(tasks) < 0.5, 1] = -1
    use = [[int(team) for team in rng.choice(teams, rng.integers(1, 3), replace=False)] for _ in range(tasks * ways)]
    use_index, use_team = compressed(use)
    capacity = rng.integers(1, 4, (teams, 1)).repeat(slots, 1).astype(np.int32)
    night = np.arange(slots) % 24 < 8
    capacity[0, night] = 0
    capacity[1, night] = np.minimum(1, capacity[1, night])
    needs = [sorted(rng.choice(tasks, rng.integers(1, 5), replace=False).tolist()) for _ in range(services)]
    need_index, need = compressed(needs)
    weights = rng.random((services, slots))
    cumulated = np.concatenate([np.zeros((services, 1)), np.cumsum(weights, axis=1)], axis=1)
    kept = rng.random(len(need))
    care = Care(need_index, need, kept, kept * 0.5, rng.integers(1, 60, len(need)).astype(np.int32), cumulated)
    release = (rng.integers(0, 30, tasks) * (rng.random(tasks) < 0.2)).astype(np.int32)
    group = np.arange(tasks, dtype=np.int32)
    listed = Tasks(duration, release, group, *compressed(before), use_index, use_team, np.ones(len(use_team), np.int32))
    return Problem(listed, capacity, care)
