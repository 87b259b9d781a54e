"""Chance inside compiled code: SplitMix64 (Steele, Lea and Flood 2014), one word of state that the caller holds."""

from __future__ import annotations

import numpy as np
from numba import njit

GOLDEN = np.uint64(0x9E3779B97F4A7C15)
MIX_ONE = np.uint64(0xBF58476D1CE4E5B9)
MIX_TWO = np.uint64(0x94D049BB133111EB)


@njit(cache=True, nogil=True)
def word(dice):
    """The next 64 bits; `dice` (1,) is the state."""
    dice[0] += GOLDEN
    mixed = dice[0]
    mixed = (mixed ^ (mixed >> np.uint64(30))) * MIX_ONE
    mixed = (mixed ^ (mixed >> np.uint64(27))) * MIX_TWO
    return mixed ^ (mixed >> np.uint64(31))


@njit(cache=True, nogil=True)
def share(dice):
    """A number in (0, 1]."""
    return (np.float64(word(dice) >> np.uint64(11)) + 1.0) * (1.0 / 9007199254740992.0)


@njit(cache=True, nogil=True)
def below(dice, limit):
    """An integer from 0 to limit - 1."""
    return np.int64(np.float64(word(dice) >> np.uint64(11)) * (1.0 / 9007199254740992.0) * limit)


@njit(cache=True, nogil=True)
def far(dice, limit):
    """An integer from 1 to limit, small ones more often: each doubling is as likely."""
    return min(np.int64(limit), np.int64(np.exp(share(dice) * np.log(np.float64(limit) + 1.0))))
