"""Funnel plots: limits that keep their promise, scatter that is said, and no silent widening."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.stats import nbinom, poisson

from vigie.errors import InputError
from vigie.observe.funnel import control_limits, funnel


def test_limits_are_exact_and_just_wide_enough():
    for mean in (0.5, 3.0, 47.0):
        for level in (0.95, 0.998):
            ((low, high),) = control_limits([mean], level)
            rest = (1 - level) / 2
            assert poisson.cdf(low - 1, mean) < rest <= poisson.cdf(low, mean)
            assert poisson.sf(high, mean) <= rest < poisson.sf(high - 1, mean)


def test_a_region_is_placed_by_its_count():
    found = funnel(["a", "b", "c", "d", "e"], [100, 71, 129, 62, 138], [1000] * 5, per=100)
    assert found.rate == 10
    assert [point.place for point in found.points] == ["within", "below", "above", "far_below", "far_above"]
    assert found.points[0].inner == (8.1, 12.0)
    assert found.points[3].rate == 6.2


def test_small_regions_have_wide_limits():
    small, large = funnel(["small", "large"], [3, 297], [10, 990], per=100).points
    assert small.inner[1] - small.inner[0] > 5 * (large.inner[1] - large.inner[0])


def test_scatter_is_said_and_not_applied():
    rng = np.random.default_rng(7)
    weights = rng.integers(40, 600, size=60)
    calm = funnel([""] * 60, rng.poisson(0.3 * weights), weights)
    wild = funnel([""] * 60, rng.negative_binomial(0.3 * weights / 4, 1 / 5), weights)
    assert 0.5 < calm.dispersion < 1.5
    assert calm.scatter_p_value > 0.01
    assert 3 < wild.dispersion < 7
    assert wild.scatter_p_value < 1e-6
    assert calm.applied == wild.applied == 1


def test_scatter_can_be_allowed_for():
    counts, weights = [200, 260, 140], [1000, 1000, 1000]
    tight = funnel(["a", "b", "c"], counts, weights)
    wide = funnel(["a", "b", "c"], counts, weights, dispersion=9)
    assert [point.place for point in tight.points] == ["within", "far_above", "far_below"]
    assert [point.place for point in wide.points] == ["within"] * 3
    assert wide.applied == 9
    ((low, high),) = control_limits([200.0], 0.95, dispersion=9)
    assert nbinom.var(200 / 8, 1 / 9) == pytest.approx(9 * 200)
    assert (high - low) / 2 == pytest.approx(1.96 * np.sqrt(9 * 200), rel=0.03)


@pytest.mark.parametrize(
    ("arguments", "mend"),
    [
        ((["a"], [1], [1]), "two regions"),
        ((["a", "b"], [1, 2, 3], [1, 1, 1]), "a count for each"),
        ((["a", "b"], [1, -2], [1, 1]), "whole number"),
        ((["a", "b"], [1, 2], [1, 0]), "print no rate"),
        ((["a", "b"], [0, 0], [1, 1]), "print no rate"),
        ((["a", "b"], [1, 2], [1, 1], 0.5), "Give 1 or more"),
    ],
)
def test_nonsense_is_refused_with_what_would_mend_it(arguments, mend):
    with pytest.raises(InputError, match=mend):
        funnel(*arguments)
