"""Duration: what three points (lowest, likely, highest hours) say of how long a step will really take.

Lowest and highest are read as the 5th and the 95th centile and likely as the mode: nobody who is asked gives the true
extremes (Keefer and Bodily 1983). The distribution is the shifted lognormal `shift + exp(middle + spread * z)`, z standard
normal, which has these three points: unlike the beta of PERT it has no end, and late work has none either. Its
spread is then widened, because people's ranges are too narrow (`data/learning.yaml`).
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import log_ndtr, ndtr, ndtri

Floats = NDArray[np.float64]

CENTILE = 1.6448536269514722  # of the standard normal at 95 %
# Beyond, the mode stands so near the 5th centile that the tail would have no mean worth the name.
WIDEST = 1.3
NARROWEST = 0.02
_SPREADS = np.linspace(NARROWEST, WIDEST, 512)
# Where the mode stands between the 5th and the 95th centile, for each spread; falls as the spread grows.
_PLACES = (np.exp(-(_SPREADS**2)) - np.exp(-CENTILE * _SPREADS)) / (2 * np.sinh(CENTILE * _SPREADS))


class Durations(NamedTuple):
    """Distributions of hours, one an element; `least` is what no draw goes below."""

    shift: Floats
    middle: Floats
    spread: Floats
    least: Floats


def durations(low: ArrayLike, likely: ArrayLike, high: ArrayLike, extra_spread: float) -> Durations:
    """The distributions of three points, each of shape (n,); `extra_spread` (of the logarithm) widens them all.

    A duration that somebody holds to be certain (lowest = highest) is only widened; zero stays zero.
    """
    low, likely, high = (np.asarray(points, float) for points in (low, likely, high))
    width = high - low
    certain = width <= 0
    place = np.divide(likely - low, width, out=np.full_like(width, 0.5), where=~certain)
    spread = np.interp(-place, -_PLACES, _SPREADS)
    size = np.where(certain, np.maximum(likely, 1e-9), width / (2 * np.sinh(CENTILE * spread)))
    shift = np.where(certain, 0.0, low - size * np.exp(-CENTILE * spread))
    # `extra_spread` is of the hours themselves: of what exceeds the shift it is a larger part.
    extra = extra_spread * np.maximum(shift + size, 0) / size
    widened = np.hypot(np.where(certain, 0.0, spread), extra)
    return Durations(shift, np.log(size), widened, low / 2)


def drawn(these: Durations, normal: Floats) -> Floats:
    """Hours of shape (n, draws) from standard normals of that shape."""
    hours = these.shift[:, None] + np.exp(these.middle[:, None] + these.spread[:, None] * normal)
    return np.maximum(hours, these.least[:, None])


def drawn_beyond(these: Durations, normal: Floats, worked: Floats) -> Floats:
    """The same, knowing that each lasted longer than `worked` (n, draws)."""
    gone = log_share_longer(these, worked)
    # Among those that last longer, as much is still longer as the normal says; in logarithms, or the far tail is lost.
    longer = np.exp(log_ndtr(-normal) + gone)
    beyond = these.shift[:, None] + np.exp(these.middle[:, None] - these.spread[:, None] * ndtri(longer))
    plain = np.maximum(beyond, worked)
    return np.where(np.isfinite(plain), plain, worked)


def log_share_longer(these: Durations, hours: Floats) -> Floats:
    """The logarithm of the probability of lasting longer than `hours` (n, m)."""
    return log_ndtr(-_normal(these, hours))


def share_shorter(these: Durations, hours: Floats) -> Floats:
    """The probability of lasting at most `hours` (n, m)."""
    return ndtr(_normal(these, hours))


def density(these: Durations, hours: Floats) -> Floats:
    """Probability per hour at `hours` (n, m)."""
    normal = _normal(these, hours)
    above = np.maximum(hours - these.shift[:, None], 1e-12)
    bell = np.exp(-normal * normal / 2) / np.sqrt(2 * np.pi)
    return np.where(np.isfinite(normal), bell / (these.spread[:, None] * above), 0.0)


def _normal(these: Durations, hours: Floats) -> Floats:
    above = hours - these.shift[:, None]
    logarithm = np.log(np.maximum(above, 1e-300))
    return np.where(above > 0, (logarithm - these.middle[:, None]) / these.spread[:, None], -np.inf)
