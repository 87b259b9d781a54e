"""Learning: the ratio of real to estimated effort, from the tasks that ended and those still running.

log(real / estimated) is one number shared by the whole crisis plus a noise of each task (`duration.py`). The prior is a
narrow peak on "estimates are honest" and a wide, low hill around "too short"; the posterior is computed on a grid. A
task still running says that it lasts longer than so far: left out, the early finishers would make everybody look fast.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any

import numpy as np
import yaml
from scipy.special import ndtr

from vigie.rebuild.actuals import Observation
from vigie.rebuild.duration import Durations, Floats, density, durations, share_shorter

GRID = 600
LEARNED_FROM = "restore"


@cache
def parameters() -> Mapping[str, Any]:
    """`data/learning.yaml`, as it stands."""
    text = (resources.files("vigie.rebuild") / "data" / "learning.yaml").read_text(encoding="utf-8")
    return yaml.safe_load(text)


@dataclass(frozen=True, slots=True, eq=False)
class Learned:
    """What is believed of the ratio: `logarithm` (g,) and its `weight` (g,), which sum to 1, and from how many tasks."""

    logarithm: Floats
    weight: Floats
    finished: int
    running: int

    @property
    def mean(self) -> float:
        """The mean ratio: what a single plan should multiply its hours by."""
        return float(np.exp(self.logarithm) @ self.weight)

    def quantile(self, share: Floats | float) -> Floats:
        """The ratio below which lies that share of the belief."""
        reached = np.concatenate([[0.0], np.cumsum(self.weight)])
        step = self.logarithm[1] - self.logarithm[0]
        edges = np.concatenate([[self.logarithm[0]], self.logarithm + step]) - step / 2
        return np.exp(np.interp(share, reached / reached[-1], edges))


def learn(observations: Iterable[Observation]) -> Learned:
    """The belief after these observations: restorations that ended, or that somebody has worked at.

    Validations are left out. An application is `validating` until it is back, so that span holds the wait for a referent,
    for a gate and the reconnection; on drawn crises, learning from it put 4 dates in 5 before P50 instead of 1 in 2.
    """
    told = [one for one in observations if one.phase == LEARNED_FROM and (one.finished or one.hours_worked > 0)]
    logarithm = _grid()
    likelihood = np.log(_prior(logarithm))
    for one in told:
        likelihood += np.log(_likelihood(one, logarithm))
    weight = np.exp(likelihood - likelihood.max())
    finished = sum(one.finished for one in told)
    return Learned(logarithm, weight / weight.sum(), finished, len(told) - finished)


def _grid() -> Floats:
    given = parameters()["ratio"]
    return np.linspace(np.log(given["lowest"]), np.log(given["highest"]), GRID)


def _prior(logarithm: Floats) -> Floats:
    given = parameters()["ratio"]
    honest = _bell(logarithm / given["honest_spread"]) / given["honest_spread"]
    away = logarithm - given["wrong_middle"]
    sides = given["wrong_spread_short"], given["wrong_spread_long"]
    wrong = _bell(away / np.where(away > 0, *sides)) * 2 / sum(sides)
    return given["honest_weight"] * honest + (1 - given["honest_weight"]) * wrong


def _likelihood(one: Observation, logarithm: Floats) -> Floats:
    """Of one phase, up to a factor, at each ratio; steps side by side end with the longest of them."""
    these = _durations(one)
    hours = np.maximum(one.hours_worked, 1e-3) * np.exp(-logarithm)[None, :].repeat(len(these.shift), 0)
    shorter = share_shorter(these, hours)
    together = shorter.prod(axis=0)
    middle = max(estimate.likely for estimate in one.estimates)
    odd_share, odd_spread = parameters()["odd_share"], parameters()["odd_spread"]
    odd = np.log(max(one.hours_worked, 1e-3) / max(middle, 1e-3)) / odd_spread
    if not one.finished:
        return (1 - odd_share) * (1 - together) + odd_share * ndtr(-odd)
    with np.errstate(divide="ignore", invalid="ignore"):
        rate = np.where(shorter > 0, density(these, hours) / shorter, 0.0).sum(axis=0)
    # Per unit of logarithm, so that ratios can be compared with one another.
    return (1 - odd_share) * together * rate * hours[0] + odd_share * _bell(odd) / odd_spread


def _durations(one: Observation) -> Durations:
    points = [(each.low, each.likely, each.high) for each in one.estimates]
    return durations(*np.array(points, float).T, parameters()["extra_spread"])


def _bell(normal: Any) -> Any:
    return np.exp(-normal * normal / 2) / np.sqrt(2 * np.pi)
