"""Measure Vigie beside what a user would pick instead, all in one run, in one table: `make bench`.

Each `benchmarks/bench_NAME.py` has one function, `measure(quick: bool) -> list[Row]`. A measure that breaks is shown as
broken, the others still run, and the exit code is 1; a goal that is missed is shown and gives 1 too.
"""

from __future__ import annotations

import argparse
import importlib
import json
import sys
import time
import traceback
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path

from rich.console import Console
from rich.table import Table

from benchmarks.machine import Machine, this_machine
from benchmarks.row import Row

HERE = Path(__file__).parent
LOG_WIDTH = 120


@dataclass(frozen=True, slots=True)
class Measured:
    """One module's rows and how long it took, or the error that stopped it."""

    name: str
    rows: tuple[Row, ...]
    seconds: float
    error: str = ""


def main(arguments: list[str] | None = None) -> int:
    names = sorted(path.stem.removeprefix("bench_") for path in HERE.glob("bench_*.py"))
    chosen = parse(arguments, names)
    # A log has no width of its own; 80 columns would fold every line of the table.
    screen = Console(width=None if sys.stdout.isatty() else LOG_WIDTH)
    progress = Console(stderr=True)
    machine = this_machine()
    if not names:
        progress.print("nothing to measure: there is no benchmarks/bench_*.py")
    measured = []
    for name in chosen.only or names:
        with progress.status(f"measuring {name}..."):
            measured.append(measure(name, chosen.quick))
        progress.print(f"[dim]{name}: {measured[-1].seconds:.0f} s[/]", highlight=False)
    screen.print(table(measured, chosen.quick))
    screen.print(str(machine), highlight=False, soft_wrap=True)
    for broken in (each for each in measured if each.error):
        progress.print(f"\nerror: the measure {broken.name} broke\n{broken.error}", markup=False, soft_wrap=True)
    if chosen.json:
        chosen.json.write_text(as_json(machine, measured, chosen.quick), encoding="utf-8")
    failed = any(each.error or any(row.met == "no" for row in each.rows) for each in measured)
    return 1 if failed else 0


def parse(arguments: list[str] | None, names: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="make bench", description="Measure Vigie side by side with its alternatives.")
    parser.add_argument("--only", action="append", choices=names, help="measure only this one (may be repeated)")
    parser.add_argument("--quick", action="store_true", help="small sizes: does everything run? judges no goal")
    parser.add_argument("--json", type=Path, metavar="OUT", help="also write the figures and the machine to this file")
    return parser.parse_args(arguments)


def measure(name: str, quick: bool) -> Measured:
    start = time.perf_counter()
    try:
        rows = tuple(importlib.import_module(f"benchmarks.bench_{name}").measure(quick))
    except Exception:  # noqa: BLE001 - one broken measure must not hide the others; it is shown and fails the run
        return Measured(name, (), time.perf_counter() - start, traceback.format_exc())
    return Measured(name, rows, time.perf_counter() - start)


def table(measured: Iterable[Measured], quick: bool) -> Table:
    shown = Table(
        title="Vigie, measured" + (" (quick: sizes too small to judge)" if quick else ""), title_justify="left"
    )
    shown.add_column("what", ratio=3)
    shown.add_column("Vigie", justify="right", ratio=2)
    shown.add_column("beside it", ratio=3)
    shown.add_column("goal", ratio=2)
    shown.add_column("met", justify="center", no_wrap=True)
    for each in measured:
        shown.add_section()
        for row in each.rows:
            colour = {"yes": "green", "no": "bold red"}.get(row.met, "dim")
            theirs = "" if row.theirs is None else f"{figure(row.theirs)} {row.compared_to}"
            shown.add_row(row.what, f"{figure(row.ours)} {row.unit}", theirs, row.target, f"[{colour}]{row.met}[/]")
        if each.error:
            shown.add_row(each.name, "", "", "broke, see below", "[bold red]no[/]")
    return shown


def figure(value: float) -> str:
    """Three figures that count, thousands apart: 12,300 · 45.6 · 0.0123."""
    if value == 0 or abs(value) >= 100:
        return f"{value:,.0f}"
    return f"{value:.3g}"


def as_json(machine: Machine, measured: Iterable[Measured], quick: bool) -> str:
    content = {
        "measured_at": datetime.now(UTC).isoformat(timespec="seconds"),
        "quick": quick,
        "machine": asdict(machine),
        "measures": [asdict(each) for each in measured],
    }
    return json.dumps(content, indent=2, ensure_ascii=False) + "\n"


if __name__ == "__main__":
    sys.exit(main())
