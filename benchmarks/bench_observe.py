"""All the tables of ten million declarations, beside hand-written DuckDB SQL, Polars and pandas: a process each, in turn.

Every contender reads the same Parquet files and must find the same figures, or the measure breaks. Time is that of the whole
process, imports included; memory is its peak. Processor time is given too: on a busy machine it says more than the clock.
"""

from __future__ import annotations

import json
import math
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import NamedTuple

from benchmarks.declarations import declarations
from benchmarks.row import Row, judged

MANY = 10_000_000
FEW = 70_000
CONTENDERS = {"sql": "DuckDB, one query a table", "polars": "Polars, one query a table", "pandas": "pandas"}
ROUNDS = 2
MEMORY_MB = 1_500
YEAR = "2022"


class Run(NamedTuple):
    """Seconds on the clock and of processor, peak memory."""

    seconds: float
    processor_seconds: float
    memory_mb: float


def measure(quick: bool) -> list[Row]:
    folder = declarations(FEW if quick else MANY)
    rows = []
    for year, said in ((YEAR, "one year"), ("all", "seven years")):
        best = contest(folder, year, 1 if quick else ROUNDS)
        ours = best["vigie"]
        what = f"all tables of {said} of {FEW if quick else MANY:,} declarations"
        for name, who in CONTENDERS.items():
            theirs = best[name]
            goal, met = "", judged(True, quick=True)
            if name == "sql":
                goal, met = "at most 1.0 x", judged(ours.seconds <= theirs.seconds, quick=quick)
            elif name == "pandas":
                goal, met = "4 x faster", judged(4 * ours.seconds <= theirs.seconds, quick=quick)
            rows.append(Row(what, ours.seconds, "s", f"s, {who}", theirs.seconds, goal, met))
            rows.append(Row(f"{what}: processor", ours.processor_seconds, "s", f"s, {who}", theirs.processor_seconds))
            small = judged(ours.memory_mb < MEMORY_MB, quick=quick)
            rows.append(
                Row(
                    f"{what}: memory",
                    ours.memory_mb,
                    "MB",
                    f"MB, {who}",
                    theirs.memory_mb,
                    f"under {MEMORY_MB} MB",
                    small,
                )
            )
    _, found = run("update", folder, "all")
    seconds = found["update"]
    what = "a day more: all tables of seven years brought up to date, warm process"
    rows.append(
        Row(what, seconds, "s", "s, nothing kept", found["first"], "under 1 s", judged(seconds < 1, quick=quick))
    )
    rows.append(Row(f"{what}: processor", found["processor"], "s"))
    return rows


def contest(folder: Path, year: str, rounds: int) -> dict[str, Run]:
    """The best run of each, in turn; pandas once. Raises AssertionError when one found other figures than Vigie."""
    best: dict[str, Run] = {}
    figures: dict[str, dict] = {}
    for number in range(rounds):
        for name in ("vigie", *CONTENDERS):
            if number and name == "pandas":
                continue
            done, figures[name] = run(name, folder, year)
            best[name] = min(done, best.get(name, done))
    for name in CONTENDERS:
        for table, rows in figures["vigie"].items():
            same(table, name, rows, figures[name][table])
    return best


def same(table: str, contender: str, ours: list[list], theirs: list[list]) -> None:
    """Raise AssertionError unless the rows hold the same words and numbers, whatever their order."""
    ours, theirs = (sorted(rows, key=repr_of_words) for rows in (ours, [row for row in theirs if any(counts(row))]))
    assert len(ours) == len(theirs), f"{table}: {contender} has {len(theirs)} rows and Vigie {len(ours)}"
    for mine, other in zip(ours, theirs, strict=True):
        for a, b in zip(mine, other, strict=True):
            alike = a == b or (
                isinstance(a, (int, float)) and isinstance(b, (int, float)) and math.isclose(a, b, rel_tol=1e-9)
            )
            assert alike, f"{table}: {contender} says {other}, Vigie {mine}"


def repr_of_words(row: list) -> tuple[str, ...]:
    return tuple(f"{each:02}" if isinstance(each, int) else str(each) for each in row if not isinstance(each, float))


def counts(row: list) -> list:
    return [each for each in row[1:] if isinstance(each, (int, float))]


def run(contender: str, folder: Path, year: str) -> tuple[Run, dict]:
    """A contender in its own process, from its start to its end, and what it found."""
    with tempfile.TemporaryDirectory() as place:
        out = Path(place) / "found.json"
        start = time.perf_counter()
        process = subprocess.Popen(
            [sys.executable, "-m", "benchmarks.tables_run", contender, str(folder), year, str(out)]
        )
        _, status, used = os.wait4(process.pid, 0)
        seconds = time.perf_counter() - start
        process.returncode = os.waitstatus_to_exitcode(status)
        assert process.returncode == 0, f"{contender} stopped with {process.returncode}"
        found = json.loads(out.read_text(encoding="utf-8"))
    return Run(seconds, used.ru_utime + used.ru_stime, used.ru_maxrss / 1_000), found
