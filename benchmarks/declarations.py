"""Declarations to measure on: a folder with one Parquet file a year, drawn by `observe.synthetic`, made once and kept."""

from __future__ import annotations

import tempfile
from pathlib import Path

import numpy as np

from vigie.observe import shelf
from vigie.observe.synthetic import synthetic_pieces

YEARS = tuple(range(2018, 2025))
REALM = "simulated"
SEED = 20261125


def declarations(count: int) -> Path:
    """The folder of `count` declarations over seven years. TMPDIR chooses where; ten million take 1.1 GB and two minutes."""
    folder = Path(tempfile.gettempdir()) / f"vigie-declarations-{count}"
    folder.mkdir(exist_ok=True)
    for year in YEARS:
        path = folder / f"{year}.parquet"
        if not path.exists():
            rng = np.random.default_rng([SEED, year])
            shelf.write_pieces(synthetic_pieces(count // len(YEARS), rng, [year], realm=REALM), path)
    return folder
