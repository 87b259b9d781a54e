"""Does a yearly count rise or fall? A log-linear trend that allows for more scatter than chance alone gives.

Incidents come in groups: one supplier falls and forty hospitals declare. Their counts scatter more than Poisson counts, and a
test that ignores it finds trends in noise. Worked figures: docs/background/honest-numbers.md.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date
from typing import NamedTuple

import numpy as np
from scipy.stats import t as student

from vigie.errors import InputError
from vigie.observe.interval import Interval, counts_of, exposures_of, tail

LEAST_YEARS = 3
ROUNDS = 100  # Fisher scoring of a log-linear model takes five to ten
CLOSE = 1e-10
FARTHEST = 30.0  # e**30: a coefficient beyond it is on its way to infinity


class Step(NamedTuple):
    """What the level did at a change of rule: `percent` is 50.0 where counts stand half as high again after it."""

    on: date
    percent: Interval


class Trend(NamedTuple):
    """A fitted trend. `percent_per_year`: 10.0 is a tenth more each year. `fitted`: expected counts, one a year of `years`.

    `dispersion`: how many times more the counts scatter about the fit than chance alone would make them (1: chance alone).
    `p_value`: two-sided, of no trend. `excluded`: years given and left out.
    """

    percent_per_year: Interval
    p_value: float
    dispersion: float
    degrees: int
    years: tuple[int, ...]
    fitted: tuple[float, ...]
    steps: tuple[Step, ...]
    excluded: tuple[int, ...]


def trend(
    years: Sequence[int],
    counts: Sequence[int],
    exposures: Sequence[float] | None = None,
    steps: Collection[date] = (),
    exclude: Collection[int] = (),
    level: float = 0.95,
) -> Trend:
    """The trend of yearly counts over their exposures: a quasi-Poisson log-linear model fitted by Fisher scoring.

    log E(count) = log exposure + a + b * year (+ one level per step); variance = dispersion * mean, the dispersion being
    Pearson's statistic over its degrees of freedom (McCullagh and Nelder 1989, 2nd edition, sections 4.5 and 6.2; Wedderburn
    1974, Biometrika 61:439). Intervals use Student's t. An estimated dispersion below 1 is taken as 1 in them: a handful of
    years can look more regular than chance by chance, and the interval must not shrink for it.

    `steps`: dates on which a rule changed (`rule_changes`): the level may jump there and the trend steps across; the year of
    the change counts for the share of it that lies after. `exclude`: years left out, such as one that is not over.
    Raises InputError: fewer than three years, or not more years than levels to estimate, or nothing but zeros.
    """
    kept, values, weights = _kept(years, counts, exposures, exclude)
    dates = sorted(steps)
    design = np.column_stack([np.ones(len(kept)), kept - kept.mean(), *(_share_after(day, kept) for day in dates)])
    _check(design, values, dates)
    coefficients, fitted, covariance = _fit(design, values, weights)
    degrees = len(kept) - design.shape[1]
    dispersion = float(((values - fitted) ** 2 / fitted).sum() / degrees)
    spread = np.sqrt(np.diag(covariance) * max(dispersion, 1.0))
    reach = student.ppf(1 - tail(level), degrees)
    percents = [
        Interval(*(float(100 * np.expm1(value + side * reach * error)) for side in (0, -1, 1)))
        for value, error in zip(coefficients[1:], spread[1:], strict=True)
    ]
    return Trend(
        percents[0],
        float(2 * student.sf(abs(coefficients[1]) / spread[1], degrees)),
        dispersion,
        degrees,
        tuple(int(year) for year in kept),
        tuple(float(count) for count in fitted),
        tuple(Step(day, percent) for day, percent in zip(dates, percents[1:], strict=True)),
        tuple(sorted(set(years) & set(exclude))),
    )


def _kept(
    years: Sequence[int], counts: Sequence[int], exposures: Sequence[float] | None, exclude: Collection[int]
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Years, counts and exposures in the order of years, without the excluded ones."""
    if len(years) != len(counts):
        raise InputError(f"{len(years)} years and {len(counts)} counts. Give one count for each year")
    if len(set(years)) != len(years):
        raise InputError("a year is given twice. Add its counts up, or leave one out")
    values, weights = counts_of(counts, "count"), exposures_of(exposures, len(counts), "exposure")
    order = [place for place in np.argsort(years) if years[place] not in exclude]
    if len(order) < LEAST_YEARS:
        raise InputError(f"{len(order)} years: a trend takes {LEAST_YEARS} or more. Compare two years with `change`")
    return np.asarray(years, dtype=float)[order], values[order], weights[order]


def _share_after(day: date, years: np.ndarray) -> np.ndarray:
    """For each year, the share of its days that lie on or after this one."""
    length = (date(day.year + 1, 1, 1) - date(day.year, 1, 1)).days
    return np.clip(years + 1 - (day.year + (day.timetuple().tm_yday - 1) / length), 0, 1)


def _check(design: np.ndarray, values: np.ndarray, dates: Sequence[date]) -> None:
    rows, columns = design.shape
    if rows <= columns:
        raise InputError(
            f"{rows} years for a trend and {len(dates)} steps: nothing is left to judge them by. Give more years, or fewer steps"
        )
    if np.linalg.matrix_rank(design) < columns:
        raise InputError(
            "a step lies outside the years, or at their edge, or two fall together. Give each its own years"
        )
    if not values.any():
        raise InputError("every count is 0: no trend can be told. Print the interval of the rate instead")


def _fit(design: np.ndarray, values: np.ndarray, exposures: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Coefficients, expected counts and unscaled covariance: Newton's steps, which are weighted regressions here."""
    offset = np.log(exposures)
    coefficients = np.linalg.lstsq(design, np.log(values + 0.5) - offset, rcond=None)[0]
    for _ in range(ROUNDS):
        fitted = np.exp(offset + design @ coefficients)
        information = design.T @ (fitted[:, None] * design)
        move = np.linalg.lstsq(information, design.T @ (values - fitted), rcond=None)[0]
        # A long stride from a poor start could overshoot the exponential.
        coefficients = coefficients + move / max(1.0, float(np.abs(move).max()))
        if np.abs(coefficients[1:]).max() > FARTHEST:
            break
        if np.abs(move).max() < CLOSE:
            fitted = np.exp(offset + design @ coefficients)
            return coefficients, fitted, np.linalg.inv(design.T @ (fitted[:, None] * design))
    raise InputError(
        "the counts have no finite trend (all but one year at 0?). Print the interval of each rate instead"
    )
