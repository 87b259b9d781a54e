"""Editions for the tests: a small synthetic sector, made into content once, in memory."""

from __future__ import annotations

from datetime import UTC, date, datetime
from functools import cache

import numpy as np
import pyarrow as pa

from vigie.observe.denominators import Cell, Counted, Denominators
from vigie.observe.edition import Edition
from vigie.observe.report.content import Content
from vigie.observe.report.making import Material, make
from vigie.observe.synthetic import synthetic_table
from vigie.observe.vocabulary import vocabulary

KNOWN = datetime(2023, 3, 1, 12, tzinfo=UTC)


def asked(**changes) -> Edition:
    """What an edition of 2022 is asked to be."""
    said = {
        "year": 2022, "date": date(2023, 3, 15), "as_known_on": KNOWN, "audience": "internal", "realm": "simulated",
        "languages": ("fr", "en"),
    }  # fmt: skip
    return Edition(**{**said, **changes})


@cache
def versions(count: int = 900, seed: int = 1) -> pa.Table:
    """A synthetic table of 2020 to 2023."""
    return synthetic_table(count, np.random.default_rng(seed), range(2020, 2024))


@cache
def denominators() -> Denominators:
    """Twenty hospitals and more in each region, in 2021."""
    cells = tuple(
        Cell(code, "public", "ch", 20 + 7 * place)
        for place, code in enumerate(vocabulary()["regions"])
        if code != "unknown"
    )
    return Denominators((Counted("sae", 2021, "Registre d'essai", "0" * 64, date(2022, 1, 1), cells),))


@cache
def content() -> Content:
    """The internal edition of the small sector, with denominators."""
    return make(asked(), versions(), Material(denominators=denominators()))
