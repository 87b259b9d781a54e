"""`vigie plan --rcpsp`: the shortest schedule of a plain resource-constrained scheduling instance, and a proven bound."""

from __future__ import annotations

import json
import time
from pathlib import Path

import typer

SEED = 1996
LEAVE_SECONDS = 0.3  # to print, and for Python to put its libraries away
MOST_BUSY = 8.0


def run(path: Path, seconds: float, form: str) -> None:
    """Print the schedule of the instance in a file. Raises FileError where it is not one."""
    begun, worked = time.monotonic(), time.process_time()
    import numpy as np

    from vigie.rebuild import makespan, rcpsp

    problem = rcpsp.read(path)
    spent, worked = time.monotonic() - begun, time.process_time() - worked
    # Where loading took longer than it worked, others share the machine, and leaving will take as much longer.
    busy = min(max(spent / max(worked, 1e-3), 1.0), MOST_BUSY)
    left = max(0.05, seconds - spent - LEAVE_SECONDS * busy)
    found = makespan.shortest(problem, np.random.default_rng(SEED), left, time.monotonic)
    start = found.schedule.start.tolist()
    if form == "json":
        typer.echo(json.dumps({"makespan": found.schedule.makespan, "bound": found.bound, "start": start}))
        return
    proof = "proved shortest" if found.proved else f"proved to need at least {found.bound}"
    typer.echo(f"{path}: makespan {found.schedule.makespan}, {proof}\n")
    typer.echo("activity   start     end")
    for activity, (begin, end) in enumerate(zip(start, found.schedule.end.tolist(), strict=True), 1):
        typer.echo(f"{activity:8d}{begin:8d}{end:8d}")
