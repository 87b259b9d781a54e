"""`vigie plan`: the restart order of a hospital that spares the most care, or the shortest schedule of a plain instance."""

from __future__ import annotations

import os
import time
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from vigie.errors import InputError

app = typer.Typer(pretty_exceptions_enable=False)


class Form(StrEnum):
    """How the answer is written."""

    json = "json"
    table = "table"


MAP = "The cartography to restart: a file, or `reference` for the fictional hospital."
STATE = "Where things stand: a crisis file, a journal, a data directory or a bundle. Without it, everything is lost."
SECONDS = "How long to search, start-up included."
RCPSP = "In place of a cartography, a plain scheduling instance: Patterson (.rcp) or PSPLIB single mode (.sm)."
INCIDENT = "Of a journal with several incidents, this one."
ZONE = "The hospital's time zone: teams work and rest by it."
MORE = "What if this team had more people? Give it once for each team."
LATE = "What if this supplier came that many days later? Give it once for each."
UNUSABLE = "What if the backup of this application were unusable? Give it once for each."

Cartography = Annotated[str | None, typer.Argument(metavar="CARTOGRAPHY", help=MAP)]
State = Annotated[str | None, typer.Option(metavar="JOURNAL", help=STATE)]
Seconds = Annotated[float, typer.Option(min=0.1, max=86_400.0, help=SECONDS)]
Format = Annotated[Form, typer.Option("--format", help="json or table.")]
Instance = Annotated[Path | None, typer.Option(metavar="FILE.rcp|FILE.sm", help=RCPSP)]
Incident = Annotated[str | None, typer.Option(metavar="INCIDENT", help=INCIDENT)]
Zone = Annotated[str, typer.Option(metavar="ZONE", help=ZONE)]
More = Annotated[list[str] | None, typer.Option(metavar="TEAM=NUMBER", help=MORE)]
Late = Annotated[list[str] | None, typer.Option(metavar="SUPPLIER=DAYS", help=LATE)]
Unusable = Annotated[list[str] | None, typer.Option(metavar="APPLICATION", help=UNUSABLE)]


@app.command()
def plan(
    cartography: Cartography = None,
    state: State = None,
    seconds: Seconds = 10.0,
    form: Format = Form.table,
    rcpsp: Instance = None,
    incident: Incident = None,
    zone: Zone = "Europe/Paris",
    more: More = None,
    late: Late = None,
    unusable: Unusable = None,
) -> None:
    """Plan a restart: which application first, with whom, and when each care service is back. Or solve a plain instance."""
    left = max(0.05, seconds - _age_seconds())
    if (cartography is None) == (rcpsp is None):
        said = "nothing to plan" if rcpsp is None else "a cartography and --rcpsp exclude one another"
        raise InputError(
            f"{said}. Name a cartography to restart, or a plain scheduling instance with --rcpsp FILE.rcp, one of the two"
        )
    if rcpsp is not None:
        if state or incident or more or late or unusable:
            raise InputError(
                "a plain scheduling instance has no journal and no what-if: give --seconds and --format only"
            )
        from vigie.cli import plan_rcpsp

        plan_rcpsp.run(rcpsp, left, form.value)
        return
    from vigie.cli import plan_map

    asked = plan_map.Asked(cartography, state, left, form.value, incident, zone, more or (), late or (), unusable or ())
    plan_map.run(asked)


def _age_seconds() -> float:
    """How long ago this process began: what a person at the clock has waited already."""
    try:
        ticks = float(Path("/proc/self/stat").read_text(encoding="utf-8").rpartition(")")[2].split()[19])
        return max(0.0, time.clock_gettime(time.CLOCK_BOOTTIME) - ticks / os.sysconf("SC_CLK_TCK"))
    except (OSError, ValueError, IndexError, AttributeError):
        return time.process_time()  # elsewhere than on Linux: start-up is nearly all computing
