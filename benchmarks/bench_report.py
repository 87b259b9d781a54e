"""The full public report of one year, 20,000 declarations, from the declarations table to the last file, PDF included."""

from __future__ import annotations

import tempfile
import time
from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path

import numpy as np

from benchmarks.row import Row, judged

SIZE = 20_000
YEAR = 2022
GOAL_SECONDS = 10.0


def measure(quick: bool) -> list[Row]:
    """Wall time of one report in French and English, in a process that has just started, by stage."""
    from vigie.observe.synthetic import synthetic_table

    table = synthetic_table(500 if quick else SIZE, np.random.default_rng(2026), [YEAR])
    stages: list[tuple[str, float]] = []
    begun, worked = time.perf_counter(), time.process_time()
    _report(table, lambda what: stages.append((what, time.perf_counter())))
    total, worked = time.perf_counter() - begun, time.process_time() - worked
    rows = [
        Row(
            what=f"public report of {YEAR}, {table.num_rows:,} versions: HTML, PDF, XLSX in two languages, CSV, open data",
            ours=total,
            unit="s",
            target=f"under {GOAL_SECONDS:g} s",
            met=judged(total < GOAL_SECONDS, quick=quick),
        )
    ]
    rows.append(Row(what="processor time of all that, whatever else the machine was doing", ours=worked, unit="s"))
    ends = [*(at for _, at in stages[1:]), begun + total]
    rows += [
        Row(what=f"of which {name}", ours=end - start, unit="s")
        for (name, start), end in zip([("loading the libraries", begun), *stages], [stages[0][1], *ends], strict=True)
    ]
    return rows


def _report(table: object, step: Callable[[str], None]) -> None:
    from vigie.exchange.report_writing import Licence, write_report
    from vigie.observe.edition import Edition
    from vigie.observe.report.making import make

    known = datetime(YEAR + 1, 3, 1, tzinfo=UTC)
    asked = Edition(YEAR, date(YEAR + 1, 3, 15), known, "public", "simulated", ("fr", "en"))
    content = make(asked, table, step=step)  # type: ignore[arg-type]
    with tempfile.TemporaryDirectory() as folder:
        write_report(
            content,
            Path(folder),
            Licence("etalab-2.0", "https://www.etalab.gouv.fr/licence-ouverte-open-licence/"),
            step,
        )
