"""One contender in a process of its own: `python -m benchmarks.tables_run NAME FOLDER YEAR|all OUT.json`."""

from __future__ import annotations

import json
import sys
import tempfile
import time
from importlib import import_module
from pathlib import Path
from typing import Any

from benchmarks.declarations import REALM


def vigie(folder: Path, year: int | None) -> dict[str, dict[tuple[Any, ...], tuple[Any, ...]]]:
    """Vigie's own figures, in the form of the contenders'; rows of words that did not occur are left out."""
    from vigie.observe.compute import compute
    from vigie.observe.engine import open_table
    from vigie.observe.tables import TABLES

    made = compute(open_table(folder), year=year, realm=REALM)
    width = {name: len(TABLES[name].dimensions) for name in made}
    return {
        name: {row[: width[name]]: row[width[name] :] for row in figures.rows if row[width[name]]}
        for name, figures in made.items()
    }


def update(folder: Path) -> dict[str, float]:
    """Seconds to bring the figures of all years up to date when a day of declarations came.

    The years that are over lie in a file each, the last one in a file a month, as docs/howto/tables.md says. The process is
    warm, as that of a page is: expressions are compiled, nothing else is remembered.
    """
    import pyarrow.compute as pc
    import pyarrow.parquet as pq

    from vigie.observe import shelf
    from vigie.observe.kept import compute_kept

    with tempfile.TemporaryDirectory() as place:
        years, cells = Path(place) / "years", Path(place) / "cells"
        years.mkdir()
        *past, last = sorted(folder.glob("*.parquet"))
        for path in past:
            (years / path.name).symlink_to(path)
        for month in range(1, 13):
            held = pq.read_table(last, filters=pc.field("month") == month)
            shelf.write_pieces(
                [held if month < 12 else held.slice(held.num_rows // 31)], years / f"{last.stem}-{month:02}.parquet"
            )
        first = time.perf_counter()
        compute_kept(years, cells, realm=REALM)
        first = time.perf_counter() - first
        shelf.write_pieces([held], years / f"{last.stem}-12.parquet")
        del held
        start = time.perf_counter(), time.process_time()
        compute_kept(years, cells, realm=REALM)
        return {
            "first": first,
            "update": time.perf_counter() - start[0],
            "processor": time.process_time() - start[1],
        }


def main(contender: str, folder: str, year: str, out: str) -> None:
    """Compute, and write what was found, so that all can be compared."""
    if contender == "update":
        found: Any = update(Path(folder))
    else:
        tables = vigie if contender == "vigie" else import_module(f"benchmarks.tables_{contender}").tables
        made = tables(Path(folder), None if year == "all" else int(year))
        found = {name: [[*key, *values] for key, values in rows.items()] for name, rows in made.items()}
    Path(out).write_text(json.dumps(found), encoding="utf-8")


if __name__ == "__main__":
    main(*sys.argv[1:])
