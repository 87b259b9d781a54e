"""Bits: how many are set in a word of 64, and which is the lowest: one machine instruction each, absent from Numba."""

from __future__ import annotations

import numpy as np
from llvmlite import ir
from numba import njit, types
from numba.extending import intrinsic

ALL = np.uint64(0xFFFFFFFFFFFFFFFF)
NONE = np.uint64(0)
ONE = np.uint64(1)


@intrinsic
def set_bits(typing, word):
    """How many bits of a word (uint64) are set."""

    def generate(context, builder, signature, arguments):
        return builder.ctpop(arguments[0])

    return types.uint64(types.uint64), generate


@intrinsic
def lowest(typing, word):
    """Position of the lowest bit set of a word (uint64); 64 when none is."""

    def generate(context, builder, signature, arguments):
        return builder.cttz(arguments[0], ir.Constant(ir.IntType(1), 0))

    return types.uint64(types.uint64), generate


@njit(cache=True, nogil=True)
def nth(word, number):
    """Position of the set bit of that number (from 1, and there must be as many) in a word."""
    low = lowest(word)
    if number <= 1:
        return low
    run = (ALL >> np.uint64(64 - number)) << low
    if low + np.uint64(number) <= np.uint64(64) and word & run == run:
        return low + np.uint64(number - 1)
    for _ in range(number - 1):
        word &= word - ONE
    return lowest(word)
