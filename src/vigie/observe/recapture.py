"""How many incidents are declared by nobody and known to nobody: what two incomplete lists tell of what neither holds.

Two lists of the same incidents (those declared, those that became publicly known) overlap. If being on one says nothing about
being on the other, the share of one list that the other holds is the share it holds of everything. That `if` seldom holds, so
the assumptions are data that every caller prints, and the estimate is given under several degrees of dependence.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from scipy.optimize import brentq, linear_sum_assignment, minimize_scalar
from scipy.special import gammaln, xlogy
from scipy.stats import chi2

from vigie.errors import InputError
from vigie.observe.interval import Interval, tail, whole


class Assumption(NamedTuple):
    """What must hold for the estimate to mean what it says, and which way it errs when it does not."""

    name: str
    fr: str
    en: str


ASSUMPTIONS: tuple[Assumption, ...] = (
    Assumption(
        "closed",
        "Population fermée : les deux listes couvrent les mêmes établissements, la même période et la même définition de"
        " l'incident. Sinon l'estimation est trop haute.",
        "Closed population: both lists cover the same establishments, the same period and the same definition of an incident."
        " Otherwise the estimate is too high.",
    ),
    Assumption(
        "independent",
        "Indépendance : figurer sur une liste ne change pas les chances de figurer sur l'autre. Un incident connu du public est"
        " sans doute plus souvent déclaré : l'estimation est alors trop basse.",
        "Independence: being on one list does not change the odds of being on the other. An incident known to the public is"
        " probably declared more often: the estimate is then too low.",
    ),
    Assumption(
        "alike",
        "Mêmes chances : chaque incident a les mêmes chances d'être déclaré, sur une liste au moins. Les gros incidents sont"
        " plus visibles des deux côtés : l'estimation est alors trop basse.",
        "Equal catchability: each incident has the same chance of being listed, on one list at least. Large incidents are more"
        " visible on both sides: the estimate is then too low.",
    ),
    Assumption(
        "linked",
        "Appariement parfait : chaque incident présent sur les deux listes est reconnu comme le même. Un lien manqué rend"
        " l'estimation trop haute, un faux lien la rend trop basse.",
        "Perfect linkage: each incident on both lists is recognised as the same. A missed link makes the estimate too high, a"
        " false one too low.",
    ),
)
# How the odds of being on one list change for an incident that is on the other: from half to four times.
ODDS_RATIOS = (0.5, 1.0, 2.0, 4.0)


class Recapture(NamedTuple):
    """An estimate of all incidents, listed or not.

    `total`: Chapman's, with its interval; `listed_share`: the share of it that the first list holds; `under_dependence`: (odds
    ratio, total) for `ODDS_RATIOS`, 1 being independence. `assumptions` are to be printed wherever `total` is.
    """

    only_first: int
    both: int
    only_second: int
    total: Interval
    listed_share: Interval
    under_dependence: tuple[tuple[float, Interval], ...]
    assumptions: tuple[Assumption, ...]


def recapture(only_first: int, both: int, only_second: int, level: float = 0.95) -> Recapture:
    """Everything that happened, from what two lists hold, alone and together.

    Chapman (1951): (n1 + 1)(n2 + 1) / (both + 1) - 1, which adds a * b / (both + 1) unseen incidents to those seen, a and b
    being those on one list only. Interval: profile likelihood (Cormack 1992, Biometrics 48:567), the totals N whose
    log-likelihood lnG(N + 1) - lnG(N - seen + 1) + sum over lists of n ln(n / N) + (N - n) ln(1 - n / N) is within half a
    chi-squared quantile of the best one. Lists that share nothing leave the total without an upper bound (None).
    An odds ratio r between the lists multiplies the unseen by r. Raises InputError: negative counts, or an empty list.
    """
    first, overlap, second = whole(only_first, "first only"), whole(both, "both"), whole(only_second, "second only")
    if not first + overlap or not second + overlap:
        raise InputError("one of the two lists is empty: nothing can be told from the other alone. Give both lists")
    seen, unseen = first + overlap + second, first * second / (overlap + 1)
    low, high = _likely(first + overlap, second + overlap, seen, level)
    by_odds = tuple(
        (odds, Interval(*(None if each is None else seen + odds * each for each in (unseen, low, high))))
        for odds in ODDS_RATIOS
    )
    total = dict(by_odds)[1.0]
    shares = ((first + overlap) / each if each else 0.0 for each in (total.value, total.high, total.low))
    return Recapture(first, overlap, second, total, Interval(*shares), by_odds, ASSUMPTIONS)


def _likely(first: int, second: int, seen: int, level: float) -> tuple[float, float | None]:
    """The smallest and the largest number of unseen incidents that the two lists make likely."""
    drop = chi2.ppf(1 - 2 * tail(level), 1) / 2

    def likelihood(unseen: float) -> float:
        total = seen + unseen
        lists = sum(xlogy(n, n / total) + xlogy(total - n, 1 - n / total) for n in (first, second))
        return float(gammaln(total + 1) - gammaln(unseen + 1) + lists)

    both = first + second - seen
    if both:
        farthest = 4 * first * second / both + seen
        best = float(minimize_scalar(lambda unseen: -likelihood(unseen), bounds=(0, farthest), method="bounded").x)
        least = max(likelihood(best), likelihood(0)) - drop
        best = best if likelihood(best) > likelihood(0) else 0.0
    else:  # the more incidents, the likelier: this is the limit
        best, farthest = 4.0 * first * second, 4.0 * first * second
        least = xlogy(first, first) + xlogy(second, second) - first - second - drop
    low = 0.0 if likelihood(0) >= least else brentq(lambda unseen: likelihood(unseen) - least, 0, best)
    if not both:
        return low, None
    while likelihood(farthest) > least:
        farthest *= 2
    return low, brentq(lambda unseen: likelihood(unseen) - least, best, farthest)


class Listed(NamedTuple):
    """An incident on a list: who (any key that both lists share, such as a FINESS number) and when (days from any origin)."""

    establishment: str
    day: int


class Linkage(NamedTuple):
    """Two lists put side by side. `pairs`: places in both lists; `ambiguous`: those of them with another candidate nearby.

    `unusable`: incidents without an establishment, on either list; they are on no side.
    """

    pairs: tuple[tuple[int, int], ...]
    only_first: tuple[int, ...]
    only_second: tuple[int, ...]
    ambiguous: int
    unusable: int


def link(first: Sequence[Listed], second: Sequence[Listed], window_days: int) -> Linkage:
    """The incidents of two lists that are the same: same establishment, dates at most `window_days` apart.

    Each incident is linked once. Where several links are possible, as many as can be are made, then those with the smallest
    gaps; a link with another candidate on either side counts as ambiguous, and a reader is told how many there are.
    """
    window = whole(window_days, "window, in days")
    pairs: list[tuple[int, int]] = []
    ambiguous = 0
    places = [_places(listed) for listed in (first, second)]
    for name in sorted(places[0].keys() & places[1].keys() - {""}):
        rows, columns = places[0][name], places[1][name]
        gaps = np.abs(np.subtract.outer([first[i].day for i in rows], [second[j].day for j in columns])).astype(float)
        near = gaps <= window
        # One link more is worth any gaps, hence a price for a missing link above all gaps together.
        chosen = linear_sum_assignment(np.where(near, gaps, (window + 1.0) * gaps.size))
        for i, j in zip(*chosen, strict=True):
            if near[i, j]:
                pairs.append((rows[i], columns[j]))
                ambiguous += bool(near[i].sum() > 1 or near[:, j].sum() > 1)
    linked = [{pair[side] for pair in pairs} for side in (0, 1)]
    alone = [
        tuple(place for place, each in enumerate(listed) if each.establishment and place not in linked[side])
        for side, listed in enumerate((first, second))
    ]
    unusable = sum(len(each.get("", ())) for each in places)
    return Linkage(tuple(sorted(pairs)), alone[0], alone[1], ambiguous, unusable)


def _places(listed: Sequence[Listed]) -> dict[str, list[int]]:
    found: dict[str, list[int]] = {}
    for place, each in enumerate(listed):
        found.setdefault(each.establishment, []).append(place)
    return found
