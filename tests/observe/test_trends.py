"""Trends against closed forms, and against chance."""

from __future__ import annotations

from datetime import date
from math import sqrt

import numpy as np
import pytest
from scipy.stats import t as student

from vigie.errors import InputError
from vigie.observe.trends import trend

PUBLISHED = {2018: 327, 2019: 392, 2020: 369, 2021: 733, 2022: 592, 2023: 581, 2024: 749}


def test_a_doubling_is_a_doubling():
    found = trend([2018, 2019, 2020, 2021], [50, 100, 200, 400])
    assert found.percent_per_year.value == pytest.approx(100)
    assert found.dispersion == pytest.approx(0, abs=1e-12)
    assert found.fitted == pytest.approx((50, 100, 200, 400))


@pytest.mark.parametrize("counts", [(100, 130, 190), (80, 40, 60), (3, 0, 9)])
def test_three_years_have_a_closed_form(counts):
    """The likelihood equations are sum(fit) = S and last fit - first fit = D: a quadratic in the yearly ratio r."""
    total, moved = sum(counts), counts[2] - counts[0]
    ratio = (moved + sqrt(moved**2 + 4 * (total - moved) * (total + moved))) / (2 * (total - moved))
    middle = total / (1 / ratio + 1 + ratio)
    fitted = np.array([middle / ratio, middle, middle * ratio])
    dispersion = ((counts - fitted) ** 2 / fitted).sum()
    # Fisher information of the slope, the years being -1, 0, 1.
    variance = 1 / (fitted[0] + fitted[2] - (fitted[2] - fitted[0]) ** 2 / total)
    half = student.ppf(0.975, 1) * sqrt(max(dispersion, 1) * variance)

    found = trend([2020, 2021, 2022], counts)
    assert found.fitted == pytest.approx(fitted)
    assert found.dispersion == pytest.approx(dispersion)
    assert found.percent_per_year == pytest.approx([100 * (ratio * np.exp(s * half) - 1) for s in (0, -1, 1)])
    assert found.p_value == pytest.approx(2 * student.sf(abs(np.log(ratio)) / (half / student.ppf(0.975, 1)), 1))


def test_exposures_are_divided_out():
    found = trend([2018, 2019, 2020], [100, 220, 121], exposures=[1000, 2000, 1000])
    assert found.percent_per_year.value == pytest.approx(10)


def test_the_order_of_years_does_not_matter():
    years, counts = list(PUBLISHED), list(PUBLISHED.values())
    assert trend(years[::-1], counts[::-1]) == trend(years, counts)


def test_the_published_years_scatter_far_more_than_chance():
    found = trend(list(PUBLISHED), list(PUBLISHED.values()))
    assert found.dispersion > 10
    assert found.percent_per_year.low < found.percent_per_year.value < found.percent_per_year.high


def test_a_step_is_told_from_a_trend():
    """+10 % a year, and a doubling on 1 July 2020, half of which that year shows (in logarithms)."""
    years = list(range(2017, 2025))
    share = [1 if year > 2020 else 184 / 366 if year == 2020 else 0 for year in years]
    counts = [round(100_000 * 1.1 ** (year - 2017) * 2**after) for year, after in zip(years, share, strict=True)]
    found = trend(years, counts, steps=[date(2020, 7, 1)])
    assert found.percent_per_year.value == pytest.approx(10, abs=0.01)
    assert found.steps[0].percent.value == pytest.approx(100, abs=0.01)
    assert trend(years, counts).percent_per_year.value > 20


def test_a_year_can_be_left_out():
    found = trend([2018, 2019, 2020, 2021], [50, 100, 200, 7], exclude=[2021, 2030])
    assert found.percent_per_year.value == pytest.approx(100)
    assert found.excluded == (2021,)
    assert found.years == (2018, 2019, 2020)


def test_overdispersed_noise_is_not_taken_for_a_trend():
    """Under no trend and a dispersion of 6, the interval covers 0 about 95 times in 100 (fixed seed)."""
    rng = np.random.default_rng(20261125)
    covered = 0
    for _ in range(400):
        counts = rng.negative_binomial(300 / 5, 1 / 6, size=8)
        found = trend(range(2018, 2026), counts).percent_per_year
        covered += found.low <= 0 <= found.high
    assert 0.92 <= covered / 400 <= 0.98


@pytest.mark.parametrize(
    ("years", "counts", "options", "mend"),
    [
        ([2020, 2021], [3, 4], {}, "Compare two years"),
        ([2020, 2021, 2022], [3, 4], {}, "one count for each year"),
        ([2020, 2021, 2021], [3, 4, 5], {}, "Add its counts up"),
        ([2020, 2021, 2022], [3, -4, 5], {}, "whole number"),
        ([2020, 2021, 2022], [3, 4, 5], {"exposures": [1, 0, 1]}, "print no rate"),
        ([2020, 2021, 2022], [3, 4, 5], {"exposures": [1, 1]}, "one exposure for each count"),
        ([2020, 2021, 2022], [0, 0, 0], {}, "interval of the rate"),
        ([2020, 2021, 2022], [0, 0, 5], {}, "interval of each rate"),
        ([2020, 2021, 2022], [3, 4, 5], {"steps": [date(2021, 7, 1)]}, "fewer steps"),
        ([2020, 2021, 2022, 2023], [3, 4, 5, 6], {"steps": [date(2030, 7, 1)]}, "Give each its own years"),
    ],
)
def test_nonsense_is_refused_with_what_would_mend_it(years, counts, options, mend):
    with pytest.raises(InputError, match=mend):
        trend(years, counts, **options)
