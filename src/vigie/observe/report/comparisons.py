"""Comparisons: which parts of a table differ from the year before by more than chance, all of its parts looked at together.

The total of a year moves by itself, so that it is shares that are compared wherever a table has a total. Worked figures:
docs/background/honest-numbers.md.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
from scipy.stats import hypergeom

from vigie.observe import rates
from vigie.observe.report.views import View

RISK = 0.05  # of naming a difference where there is none, for a table as a whole


class Compared(NamedTuple):
    """One part: its share in the two years, or its count where the table has no total; `p_value` is its own, uncorrected."""

    key: tuple[Any, ...]
    before: float
    after: float
    p_value: float


class Comparisons(NamedTuple):
    """`looked`: parts compared. `beyond`: those that chance does not explain, the largest difference first."""

    looked: int
    shares: bool
    beyond: tuple[Compared, ...]


def comparisons(shown: View) -> Comparisons:
    """The parts of a table in its year against the year before. Parts withheld in either, and wholes, are not compared.

    Holm (1979, Scandinavian Journal of Statistics 6:65) within the table: the chance of naming any difference where there is
    none is `RISK` at most, however the parts depend on one another.
    """
    keys = [key for key in shown.order if "unknown" not in key]
    found = _shares(shown, keys) if shown.share else _counts(shown, keys)
    kept = holm([each.p_value for each in found])
    beyond = [each for each, named in zip(found, kept, strict=True) if named]
    return Comparisons(
        len(found), shown.share is not None, tuple(sorted(beyond, key=lambda each: -abs(each.after - each.before)))
    )


def comparable(shown: View) -> bool:
    """Whether a table is one whose parts are compared: one name a row, months aside, and a year before."""
    return len(shown.names) == 1 and shown.names != ("month",) and {shown.year - 1, shown.year} <= set(shown.years)


def share_p_values(
    before: Sequence[float],
    whole_before: Sequence[float],
    after: Sequence[float],
    whole_after: Sequence[float],
    dispersion: float = 1,
) -> np.ndarray:
    """Two-sided p-values of the same share in two years: Fisher's exact test (1935), twice the smaller tail.

    `dispersion`: each year is worth that many times fewer independent declarations, to the nearest whole one (`rates.change`).
    """
    parts = [np.rint(np.asarray(each, dtype=float) / dispersion) for each in (before, after)]
    wholes = [
        np.maximum(np.rint(np.asarray(each, dtype=float) / dispersion), 1) for each in (whole_before, whole_after)
    ]
    first, second = (np.minimum(part, whole) for part, whole in zip(parts, wholes, strict=True))
    given = (wholes[0] + wholes[1], first + second, wholes[1])
    few, many = hypergeom.cdf(second, *given), hypergeom.sf(second - 1, *given)
    return np.minimum(1.0, 2 * np.minimum(few, many))


def holm(p_values: Sequence[float], risk: float = RISK) -> list[bool]:
    """Which of these stand when all are looked at together: from the smallest up, until one exceeds risk / those left."""
    stands = [False] * len(p_values)
    for rank, index in enumerate(sorted(range(len(p_values)), key=lambda each: p_values[each])):
        if p_values[index] > risk / (len(p_values) - rank):
            break
        stands[index] = True
    return stands


def _shares(shown: View, keys: list[tuple[Any, ...]]) -> list[Compared]:
    assert shown.share is not None
    held = []
    for key in keys:
        whole = [_whole(shown, year) for year in (shown.year - 1, shown.year)]
        part = [_part(shown, year, key) for year in (shown.year - 1, shown.year)]
        if None in (*whole, *part) or part == whole or part == [0, 0] or 0 in whole:
            continue
        held.append((key, part[0], whole[0], part[1], whole[1]))
    if not held:
        return []
    numbers = [np.array([each[place] for each in held], dtype=float) for place in range(1, 5)]
    found = share_p_values(*numbers, dispersion=shown.clustering or 1)
    return [
        Compared(key, before / whole_before, after / whole_after, float(p_value))
        for (key, before, whole_before, after, whole_after), p_value in zip(held, found, strict=True)
    ]


def _counts(shown: View, keys: list[tuple[Any, ...]]) -> list[Compared]:
    found = []
    for key in keys:
        before, after = (_part(shown, year, key) for year in (shown.year - 1, shown.year))
        if before is not None and after is not None and before + after:
            change = rates.change(int(before), int(after), dispersion=shown.clustering or 1)
            found.append(Compared(key, before, after, change.p_value))
    return found


def _part(shown: View, year: int, key: tuple[Any, ...]) -> float | None:
    """A count; none of a name that the year lacks; None where it is withheld."""
    value = shown.get(shown.main.name, year, key)
    return None if value.hidden else value.number or 0


def _whole(shown: View, year: int) -> float | None:
    assert shown.share is not None
    values = (shown.get(shown.share.over, year, key) for key in shown.order)
    return next((value.number for value in values if value.number is not None), None)
