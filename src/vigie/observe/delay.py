"""How long it takes for an incident to be declared, and how many of the last months' are still to come.

On any day, the incidents of last month are known only if they were declared fast: short delays are over-represented, and the
last points of a monthly curve always seem to fall. Both are mended by one estimate. Worked figures:
docs/background/honest-numbers.md.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import NamedTuple

import numpy as np
from scipy.stats import nbinom

from vigie.errors import InputError
from vigie.observe.interval import Interval, tail, whole

EPOCH = date(1970, 1, 1)
LEAST_AT_RISK = 10  # fewer observations than that say nothing of the longest delays
DAYS_PER_YEAR = 365


class Delays(NamedTuple):
    """Delays in days, each with the longest one that could have been seen on the day of the look.

    `backwards`: reported before the event, so a mistake in a date; `later`: after the day of the look; both are left out, and
    counted here to be said.
    """

    days: np.ndarray
    limits: np.ndarray
    backwards: int
    later: int


class DelayDistribution(NamedTuple):
    """The share of incidents reported within each number of days, among those reported within `longest_days`.

    `share[d]`: within d days, d from 0 to `longest_days`. `variance_log[s]`: of the logarithm of one step of the estimate.
    `seen`: delays it rests on; `too_long`: delays longer than `longest_days`, of which it says nothing.
    """

    share: np.ndarray
    variance_log: np.ndarray
    longest_days: int
    seen: int
    too_long: int

    def within(self, days: int) -> float:
        """The share reported within so many days, among those reported within `longest_days`."""
        return float(self.share[min(days, self.longest_days)]) if days >= 0 else 0.0

    def quantile_days(self, share: float) -> int:
        """The number of days within which this share is reported."""
        return int(np.searchsorted(self.share, share - 1e-12))


class NowcastMonth(NamedTuple):
    """A month of events: `reported` so far, and what is expected once all delays have run out.

    `share_reported`: the part of it already reported, as far as delays up to the longest tell. `to_come` and `total` are None
    throughout where the month is too young to say.
    """

    year: int
    month: int
    reported: int
    share_reported: float
    to_come: Interval
    total: Interval


def delays(event_days: Sequence[int] | np.ndarray, report_days: Sequence[int] | np.ndarray, as_of_day: int) -> Delays:
    """Delays from events to reports, all in days from one origin, as they could be seen on `as_of_day`."""
    events, reports = np.asarray(event_days), np.asarray(report_days)
    if events.shape != reports.shape or events.ndim != 1:
        raise InputError(f"{events.size} events and {reports.size} reports. Give one report day for each event day")
    if not all(np.issubdtype(each.dtype, np.integer) or not each.size for each in (events, reports)):
        raise InputError("days must be whole numbers without gaps. Leave out what has no date, and say how many")
    later, backwards = reports > as_of_day, reports < events
    kept = ~(later | backwards)
    return Delays(
        (reports - events)[kept].astype(int),
        (as_of_day - events)[kept].astype(int),
        int((backwards & ~later).sum()),
        int(later.sum()),
    )


def distribution(seen: Delays, longest_days: int | None = None) -> DelayDistribution:
    """The distribution of delays, corrected for those too recent to have been seen.

    Reverse-time hazard (Lynden-Bell 1971, Monthly Notices of the RAS 155:95; Lawless 1994, Canadian Journal of Statistics
    22:15): of the n(d) events that had at least d days and were reported within d, the share h(d) took exactly d; then
    F(d) = product over s > d of 1 - h(s). Variance of each log step: h / (n (1 - h)).

    `longest_days`: the delay within which everything is taken to be reported; by default the longest that ten events could have
    shown, one year at most. What takes longer cannot be told from what is never declared. Raises InputError.
    """
    days, limits = seen.days, seen.limits
    if longest_days is None:
        longest_days = _longest(days, limits)
    longest_days = whole(longest_days, "longest delay, in days")
    used = days <= longest_days
    size = longest_days + 1
    took = np.bincount(days[used], minlength=size).astype(float)
    # n(d) counts days <= d <= limit: those that started counting at `days` and stopped after `limits`.
    ends = np.minimum(limits[used] + 1, size)
    at_risk = np.cumsum(took - np.bincount(ends, minlength=size + 1)[:size])
    if not used.any() or at_risk[-1] < 1:
        raise InputError(
            f"no delay says anything up to {longest_days} days. Give more events, or a shorter longest delay"
        )
    hazard = np.divide(took, at_risk, out=np.zeros(size), where=at_risk > 0)
    after = np.append(np.cumprod((1 - hazard)[:0:-1])[::-1], 1.0)
    variance = np.divide(hazard, at_risk * (1 - hazard), out=np.zeros(size), where=(at_risk > 0) & (hazard < 1))
    return DelayDistribution(after, variance, longest_days, int(used.sum()), int((~used).sum()))


def nowcast(
    event_days: Sequence[int] | np.ndarray,
    report_days: Sequence[int] | np.ndarray,
    as_of_day: int,
    months: int = 12,
    longest_days: int | None = None,
    level: float = 0.95,
) -> tuple[NowcastMonth, ...]:
    """The last `months` months up to `as_of_day` (days from 1970-01-01), with what is still to be reported of each.

    Of a month with n reports and a share F reported, n (1 - F) / F are to come. Their interval is that of a negative binomial
    with the variance of a Poisson count whose rate is known only through n, (n + 1/2)(1 - F) / F^2, plus that of F itself, by
    the delta method. The last month counts up to `as_of_day` only. Raises InputError.
    """
    seen = delays(event_days, report_days, as_of_day)
    known = distribution(seen, longest_days)
    happened = (as_of_day - seen.limits)[seen.days <= known.longest_days]
    return tuple(
        _month(first, last, int(((happened >= first) & (happened <= last)).sum()), as_of_day, known, level)
        for first, last in _months(as_of_day, whole(months, "months"))
    )


def _longest(days: np.ndarray, limits: np.ndarray) -> int:
    """The longest delay seen, among those that enough events had the time to show, and one year at most."""
    if days.size < LEAST_AT_RISK:
        raise InputError(f"{days.size} delays: too few to say how long declaring takes. Give {LEAST_AT_RISK} or more")
    shown = np.sort(limits)[-LEAST_AT_RISK]
    return int(days[days <= min(shown, DAYS_PER_YEAR)].max(initial=0))


def _months(as_of_day: int, months: int) -> list[tuple[int, int]]:
    """First and last day of the last months, oldest first; the last one ends on `as_of_day`."""
    found, last = [], as_of_day
    for _ in range(months):
        first = (_date(last).replace(day=1) - EPOCH).days
        found.append((first, last))
        last = first - 1
    return found[::-1]


def _date(day: int) -> date:
    return EPOCH + timedelta(days=int(day))


def _month(
    first: int, last: int, reported: int, as_of_day: int, known: DelayDistribution, level: float
) -> NowcastMonth:
    on = _date(first)
    elapsed = np.minimum(as_of_day - np.arange(first, last + 1), known.longest_days)
    share = float(known.share[elapsed].mean())
    if share <= 0:
        nothing = Interval(None, None, None)
        return NowcastMonth(on.year, on.month, reported, 0.0, nothing, nothing)
    # F(c) holds a factor 1 - h(s) for every s > c, so a step moves the mean by the part of it that holds that factor.
    moved = np.cumsum(np.bincount(elapsed, known.share[elapsed], known.longest_days + 1)) / elapsed.size
    relative = float((np.append(0.0, moved[:-1]) ** 2 * known.variance_log).sum()) / share**2
    mean, spread = (reported + 0.5) * (1 - share) / share, (reported + 0.5) * (1 - share) / share**2
    spread += (reported / share) ** 2 * relative
    come = Interval(reported * (1 - share) / share, *_between(mean, spread, level))
    return NowcastMonth(on.year, on.month, reported, share, come, Interval(*(reported + each for each in come)))


def _between(mean: float, variance: float, level: float) -> tuple[float, float]:
    """The whole numbers between which a negative binomial of this mean and variance falls."""
    if mean <= 0:
        return 0.0, 0.0
    rest, ratio = tail(level), mean / variance
    size = mean * ratio / (1 - ratio)
    return float(nbinom.ppf(rest, size, ratio)), float(nbinom.ppf(1 - rest, size, ratio))
