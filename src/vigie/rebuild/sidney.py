"""Sidney decomposition (Sidney 1975): first the set of tasks, closed under predecessors, with most weight for its work.

On one machine an optimal order exists that takes the sets in this order, whatever the order inside a set. With several
teams it is a good guide only. Sets are found by minimum cuts: the tasks of a set are split in two as long as some
closed part of it has a higher ratio than the whole.
"""

from __future__ import annotations

import numpy as np
from scipy.sparse import coo_array, csr_array
from scipy.sparse.csgraph import breadth_first_order, maximum_flow

from vigie.rebuild.problem import Floats, Integers, Problem
from vigie.rebuild.rules import by_key, descendants, task_weights, task_work

# Capacities of a flow are integers of 32 bits; this leaves room for their sums.
SCALE = 2**27


def sidney(problem: Problem) -> Integers:
    """Order of the tasks by Sidney decomposition; inside a set, by weight of all that waits over work."""
    if not problem.size:
        return np.zeros(0, np.int32)
    weights, work, arcs = _with_services(problem)
    rank = np.zeros(len(weights))
    for number, tasks in enumerate(_sets(weights, work, arcs)):
        rank[tasks] = number
    inside = (descendants(problem) @ task_weights(problem)) / task_work(problem)
    key = rank[: problem.size] - inside / (inside.max() * 1.0001 + 1e-12)
    return by_key(problem, key)


def _with_services(problem: Problem) -> tuple[Floats, Floats, Integers]:
    """Weights, work and arcs (a, 2: before, after), where services that need everything are tasks without work."""
    care, tasks = problem.care, problem.tasks
    weights = task_weights(problem)
    after = np.repeat(np.arange(problem.size), np.diff(tasks.before_index))
    arcs = [np.stack([tasks.before, after], axis=1)]
    more = []
    for service in range(len(care.need_index) - 1):
        span = slice(care.need_index[service], care.need_index[service + 1])
        if span.stop - span.start > 1 and not (care.kept[span].any() or care.kept_after[span].any()):
            share = care.cumulated[service, -1] / max(1, care.cumulated.shape[1] - 1)
            np.add.at(weights, care.need[span], -share / (span.stop - span.start))
            arcs.append(np.stack([care.need[span], np.full(span.stop - span.start, problem.size + len(more))], axis=1))
            more.append(share)
    weights = np.maximum(np.append(weights, more), 0.0)
    return weights, np.append(task_work(problem), np.zeros(len(more))), np.concatenate(arcs)


def _sets(weights: Floats, work: Floats, arcs: Integers) -> list[Integers]:
    """The sets, highest ratio first."""
    found, waiting = [], [np.arange(len(weights))]
    while waiting:
        nodes = waiting.pop()
        first = _better_part(weights[nodes], work[nodes], _inside(arcs, nodes, len(weights)))
        if first.all() or not first.any():
            found.append(nodes)
        else:
            waiting += [nodes[~first], nodes[first]]
    return found


def _inside(arcs: Integers, nodes: Integers, size: int) -> Integers:
    number = np.full(size, -1)
    number[nodes] = np.arange(len(nodes))
    inside = number[arcs]
    return inside[(inside >= 0).all(axis=1)]


def _better_part(weights: Floats, work: Floats, arcs: Integers) -> np.ndarray:
    """The closed part with most weight beyond what its work would bring at the ratio of the whole (all or none: None)."""
    total = work.sum()
    if len(weights) < 2 or total <= 0:
        return np.zeros(len(weights), bool)
    gain = weights - weights.sum() / total * work
    largest = np.abs(gain).sum()
    if largest <= 0:
        return np.zeros(len(weights), bool)
    capacity = np.round(gain / largest * SCALE).astype(np.int64)
    size = len(weights)
    source, sink = size, size + 1
    plus, minus = np.flatnonzero(capacity > 0), np.flatnonzero(capacity < 0)
    # A task in the set pulls in those before it, so arcs run from after to before and never cut.
    tails = np.concatenate([np.full(len(plus), source), minus, arcs[:, 1]])
    heads = np.concatenate([plus, np.full(len(minus), sink), arcs[:, 0]])
    values = np.concatenate([capacity[plus], -capacity[minus], np.full(len(arcs), 2 * SCALE)])
    graph = csr_array(coo_array((values.astype(np.int32), (tails, heads)), shape=(size + 2, size + 2)))
    flow = maximum_flow(graph, source, sink).flow
    left = csr_array(graph - flow)
    left.eliminate_zeros()
    reached = np.zeros(size + 2, bool)
    reached[breadth_first_order(left, source, return_predecessors=False)] = True
    return reached[:size]
