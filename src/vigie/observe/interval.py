"""An estimate with the range it may lie in, and the checks that every statistic makes before it computes."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from vigie.errors import InputError


class Interval(NamedTuple):
    """`value` between `low` and `high`. None: there is no such number (nothing to divide by), or no bound on that side."""

    value: float | None
    low: float | None
    high: float | None


def tail(level: float) -> float:
    """The chance left on each side of an interval: 0.025 for a level of 0.95. Raises InputError."""
    if not 0 < level < 1:
        raise InputError(f"level {level}: not between 0 and 1. Give 0.95 for an interval that errs one time in twenty")
    return (1 - level) / 2


def whole(number: float, what: str) -> int:
    """A count: a whole number, 0 or more. Raises InputError that calls it `what`."""
    if not number >= 0 or number != int(number):
        raise InputError(f"{what} is {number}: a count is a whole number, 0 or more. Check what was counted")
    return int(number)


def positive(number: float, what: str) -> float:
    """An exposure: a finite number above 0. Raises InputError that calls it `what`."""
    if not 0 < number < float("inf"):
        raise InputError(f"{what} is {number}: nothing to divide by. Give a number above 0, or print no rate")
    return float(number)


def counts_of(numbers: Sequence[float] | np.ndarray, what: str) -> np.ndarray:
    """Counts as an array of floats. Raises InputError that names the first one that is not a count."""
    return np.array([whole(number, f"{what} {place}") for place, number in enumerate(numbers, start=1)], dtype=float)


def exposures_of(numbers: Sequence[float] | np.ndarray | None, length: int, what: str) -> np.ndarray:
    """Exposures as an array, ones where there are none. Raises InputError: not above 0, or not as many as counts."""
    if numbers is None:
        return np.ones(length)
    if len(numbers) != length:
        raise InputError(f"{length} counts and {len(numbers)} exposures. Give one exposure for each count")
    return np.array([positive(number, f"{what} {place}") for place, number in enumerate(numbers, start=1)])
