"""Counts, rates, shares and their change from one year to the next, each with its exact interval.

Exact: from the Poisson and binomial distributions themselves, not from their normal approximation, so that 3 incidents in a
small region are treated as what they are. Worked figures: docs/background/honest-numbers.md.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import NamedTuple

from scipy.special import betainc
from scipy.stats import beta, chi2

from vigie.errors import InputError
from vigie.observe.interval import Interval, positive, tail, whole

__all__ = [
    "Change",
    "Interval",
    "binomial_interval",
    "chance_range",
    "change",
    "clustering",
    "poisson_interval",
    "said",
]


def poisson_interval(count: int, exposure: float = 1, level: float = 0.95, per: float = 1) -> Interval:
    """The rate `per * count / exposure` with its exact interval: `per=100` gives a rate per 100 establishments.

    Garwood (1936, Biometrika 28:437): half the chi-squared quantile at a/2 with 2c degrees of freedom, and at 1 - a/2 with
    2c + 2. A count of 0 has a lower bound of 0 and, at 0.95, an upper one of 3.69. Raises InputError.
    """
    count, exposure, rest = whole(count, "count"), positive(exposure, "exposure"), tail(level)
    scale = positive(per, "per") / exposure
    low = chi2.ppf(rest, 2 * count) / 2 if count else 0.0
    return Interval(scale * count, float(scale * low), float(scale * chi2.ppf(1 - rest, 2 * count + 2) / 2))


def binomial_interval(successes: int, trials: int, level: float = 0.95) -> Interval:
    """A share, between 0 and 1, with its exact interval (Clopper and Pearson 1934, Biometrika 26:404).

    Beta quantiles: at a/2 with (s, n - s + 1), at 1 - a/2 with (s + 1, n - s). Raises InputError.
    """
    successes, trials, rest = whole(successes, "successes"), whole(trials, "trials"), tail(level)
    positive(trials, "trials")
    if successes > trials:
        raise InputError(f"{successes} successes in {trials} trials. Check which count is the whole")
    low = beta.ppf(rest, successes, trials - successes + 1) if successes else 0.0
    high = beta.ppf(1 - rest, successes + 1, trials - successes) if successes < trials else 1.0
    return Interval(successes / trials, float(low), float(high))


class Change(NamedTuple):
    """How a count moved from one period to the next. Percents: 33.0 is a third more; None: no such number, or no bound.

    `percent`: the change of the rate with its interval. `chance_percent`, `chance_count`: where the second period would fall
    `level` of the time if nothing had changed. `p_value`: two-sided, of no change. `beyond_chance` is true exactly when the
    interval of `percent` leaves 0 out: the two ranges can never tell different stories.
    """

    before: int
    after: int
    percent: Interval
    chance_percent: tuple[float | None, float | None]
    chance_count: tuple[int, int]
    p_value: float
    beyond_chance: bool


def change(
    before: int,
    after: int,
    exposure_before: float = 1,
    exposure_after: float = 1,
    level: float = 0.95,
    dispersion: float = 1,
) -> Change:
    """The change between two counts, each over its exposure (1: the counts themselves).

    Given the total, the second count is binomial, whatever the common rate (Przyborowski and Wilenski 1940, Biometrika
    31:313): the exact interval of its share p gives that of the ratio, (p / (1 - p)) * exposure_before / exposure_after.

    That holds for events that happen one by one. `dispersion`: how many times more the counts scatter where events come in
    groups (`clustering`); both are then worth that many times fewer independent ones, and the ranges are approximate.
    """
    before, after = whole(before, "count before"), whole(after, "count after")
    weight = positive(exposure_before, "exposure before") / positive(exposure_after, "exposure after")
    low_count, high_count = chance_range(before, exposure_before, exposure_after, level, dispersion)
    expected = before / weight
    return Change(
        before,
        after,
        _percent_interval(before, after, weight, level, dispersion),
        (_percent(low_count, expected), _percent(high_count, expected)),
        (low_count, high_count),
        min(1.0, 2 * min(_tails(before, after, 1 / (1 + weight), dispersion))),
        not low_count <= after <= high_count,
    )


def chance_range(
    before: int, exposure_before: float = 1, exposure_after: float = 1, level: float = 0.95, dispersion: float = 1
) -> tuple[int, int]:
    """The smallest and the largest second count that are no sign of a change, given the first one.

    An exact prediction interval (Nelson 1970, Technometrics 12:415): it allows for the chance of the second count and for that
    of the first, which is itself one draw; at least `level` of second counts fall inside when nothing changed.
    """
    before, rest = whole(before, "count before"), tail(level)
    if not dispersion >= 1:
        raise InputError(f"dispersion {dispersion}: below 1, counts would scatter less than chance. Give 1 or more")
    share = exposure_after / (positive(exposure_before, "exposure before") + positive(exposure_after, "exposure after"))
    low = _first(0, lambda after: _tails(before, after, share, dispersion)[0] > rest)
    return low, _first(low, lambda after: _tails(before, after, share, dispersion)[1] <= rest) - 1


def clustering(group_sizes: Iterable[int]) -> float:
    """How many times more a count scatters because its events come in groups: the dispersion to give to `change`.

    Groups that happen one by one make a compound Poisson count, whose variance over its mean is the sum of squared sizes over
    the sum of sizes. `group_sizes`: declarations of each cause, those without a known shared cause counting one each.
    """
    sizes = [whole(size, "size of a group") for size in group_sizes]
    return sum(size**2 for size in sizes) / positive(sum(sizes), "the sum of the sizes")


def _first(start: int, holds: Callable[[int], bool]) -> int:
    """The first whole number from `start` on for which `holds`, which is false up to there and true from there on."""
    step = 1
    while not holds(start + step - 1):
        step *= 2
    low, high = start - 1, start + step - 1
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if holds(middle) else (middle, high)
    return high


def _percent(count: float, expected: float) -> float | None:
    return 100 * (count / expected - 1) if expected else None


def _percent_interval(before: int, after: int, weight: float, level: float, dispersion: float) -> Interval:
    """From the interval of the second count's share of the total; without any event nothing is known."""
    if before + after == 0:
        return Interval(None, -100.0, None)
    first, second, rest = before / dispersion, after / dispersion, tail(level)
    low = beta.ppf(rest, second, first + 1) if after else 0.0
    high = beta.ppf(1 - rest, second + 1, first) if before else None
    bounds = (None if p is None else float(100 * (weight * p / (1 - p) - 1)) for p in (low, high))
    return Interval(_percent(after * weight, before), *bounds)


def _tails(before: int, after: int, share: float, dispersion: float) -> tuple[float, float]:
    """The chance of so few after, and of so many, given the total: binomial tails as beta functions, which take fractions."""
    first, second = before / dispersion, after / dispersion
    few = betainc(first, second + 1, 1 - share) if before else 1.0
    many = betainc(second, first + 1, share) if after else 1.0
    return float(few), float(many)


_WORDS = {
    "fr": ("de {} à {}", "par le seul hasard, entre {} et {}", "sans borne", "sans objet", "\N{NO-BREAK SPACE}%", ","),
    "en": ("{} to {}", "by chance alone, between {} and {}", "no bound", "no such number", "%", "."),
}


def said(moved: Change, language: str = "fr") -> str:
    """A change as it is printed: `+29% (+16% to +44%; by chance alone, between -11% and +12%)`. A bare percentage never is."""
    between, chance, no_bound, no_number, sign, comma = _WORDS["fr" if language == "fr" else "en"]

    def signed(percent: float | None, missing: str) -> str:
        if percent is None:
            return missing
        rounded = f"{percent:+.0f}" if abs(percent) >= 10 else f"{percent:+.1f}"
        return rounded.replace(".", comma).replace("-", "\N{MINUS SIGN}") + sign

    semicolon = "\N{NO-BREAK SPACE};" if language == "fr" else ";"
    interval = between.format(signed(moved.percent.low, no_bound), signed(moved.percent.high, no_bound))
    if moved.chance_percent[0] is None:
        return f"{signed(moved.percent.value, no_number)} ({interval})"
    by_chance = chance.format(*(signed(percent, no_number) for percent in moved.chance_percent))
    return f"{signed(moved.percent.value, no_number)} ({interval}{semicolon} {by_chance})"
