"""`vigie cartography`: check a map, ask what falls with what, move between YAML, workbook and Mercator."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import date
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.table import Table
from rich.text import Text

from vigie.cartography import (
    Cartography,
    Outage,
    Reading,
    TouchedService,
    dump,
    dump_workbook,
    load,
    outage,
    reach,
    read,
    reference_bytes,
    reference_hospital,
    revision_of,
    template,
)
from vigie.cli.files import written_whole
from vigie.errors import InputError

app = typer.Typer(
    no_args_is_help=True, help="Describe what there is, and see what falls with what.", pretty_exceptions_enable=False
)
out = Console(highlight=False, soft_wrap=True)
err = Console(stderr=True, highlight=False, soft_wrap=True)

REFERENCE = "reference"
# Headings of the columns that hold numbers, and stand to the right.
NUMBERS = {
    *("capacity left", "first fallback ends", "RTO", "RPO", "stops", "degrades", "services"),
    *("read", "mapped", "kept aside"),
}
SOURCE = "A map (.yaml or .xlsx), or the word `reference` for the fictional hospital that comes with Vigie."
File = Annotated[str, typer.Argument(metavar="FILE", help=SOURCE)]
Output = Annotated[Path, typer.Option("--output", "-o", help="The file to write.")]
Force = Annotated[bool, typer.Option(help="Replace the output file if it exists.")]


class Format(StrEnum):
    """How to print: a table for a person, JSON for a script."""

    table = "table"
    json = "json"


@app.command("check")
def check_command(
    file: File,
    form: Annotated[Format, typer.Option("--format", help="table for a person, json for a script.")] = Format.table,
) -> None:
    """Check a map through and through: every fault at once, with its place and what would mend it. Exit 1 on an error."""
    name, reading = _read(file)
    if form is Format.json:
        found = {"errors": reading.errors, "warnings": reading.warnings}
        faults = {
            kind: [{"where": f.where, "what": f.what, "mend": f.mend} for f in items] for kind, items in found.items()
        }
        _print_json({"file": name, **faults})
    else:
        _print_check(name, reading)
    if reading.cartography is None:
        raise typer.Exit(1)


@app.command("outage")
def outage_command(
    file: File,
    down: Annotated[
        list[str],
        typer.Option(help="What is lost: ids with commas; `ad=degraded` or `ad=0.5` for what still works in part."),
    ],
    form: Annotated[Format, typer.Option("--format", help="table for a person, json for a script.")] = Format.table,
) -> None:
    """Which applications and care services fall, directly or through others, and how long the fallbacks hold."""
    cartography = _map(file)
    lost = outage(cartography, _down(down))
    if form is Format.json:
        _print_json(_outage_json(cartography, lost))
    else:
        _print_outage(cartography, lost)


@app.command("show")
def show_command(
    file: File,
    form: Annotated[Format, typer.Option("--format", help="table for a person, json for a script.")] = Format.table,
) -> None:
    """List the applications of a map, and what the loss of each would pull down; the heaviest first."""
    cartography = _map(file)
    reaches = reach(cartography)
    weight = {name: (len(one.services), len(one.stopped) + len(one.degraded)) for name, one in reaches.items()}
    applications = sorted(cartography.applications, key=lambda one: weight[one.id], reverse=True)
    if form is Format.json:
        rows = [{"id": one.id, "name": one.name, "kind": one.kind, **reaches[one.id]._asdict()} for one in applications]
        _print_json({"name": cartography.name, "revision": revision_of(cartography), "applications": rows})
        return
    out.print(f"{cartography.name}: {_counts(cartography)}")
    out.print(f"revision {revision_of(cartography)}\n")
    table = _table("application", "kind", "RTO", "RPO", "backup", "stops", "degrades", "services")
    for one in applications:
        told = reaches[one.id]
        numbers = (str(len(told.stopped)), str(len(told.degraded)), str(len(told.services)))
        table.add_row(
            one.id, one.kind, _minutes(one.rto_minutes), _minutes(one.rpo_minutes), one.backup.state, *numbers
        )
    _print_table(table)


@app.command("template")
def template_command(output: Output, force: Force = False) -> None:
    """Write an empty workbook to fill in: drop-down lists, notes, an example."""
    if output.suffix.lower() != ".xlsx":
        raise typer.BadParameter("the template is a workbook: give a name that ends with .xlsx", param_hint="--output")
    _write(output, template(), force)
    out.print(f"{output}: fill it in, then `vigie cartography check {output}`")


@app.command("convert")
def convert_command(file: File, output: Output, force: Force = False) -> None:
    """Turn a YAML map into a workbook, or a workbook into YAML. Nothing is lost on the way."""
    cartography = _map(file)
    _write_map(output, cartography, force)
    out.print(f"{output}: {_counts(cartography)}")


@app.command("import-mercator")
def import_mercator_command(
    file: Annotated[Path, typer.Argument(help="Mercator's export: JSON (one list a table), or its RTO workbook.")],
    output: Output,
    force: Force = False,
) -> None:
    """Make a map from Mercator. What cannot be mapped is counted and named; what Mercator does not say stays unknown."""
    from vigie.exchange.mercator import import_mercator

    imported = import_mercator(_bytes(file), file.name)
    _write_map(output, imported.cartography, force)
    table = _table("table", "read", "mapped", "kept aside", "why")
    for one in imported.tables:
        table.add_row(one.table, str(one.read), str(one.mapped), str(one.aside), "; ".join(one.reasons))
    _print_table(table)
    for warning in imported.warnings:
        err.print(f"warning: {warning}", markup=False)
    out.print(f"{output}: {_counts(imported.cartography)}. Now: `vigie cartography check {output}`")


def _read(file: str) -> tuple[str, Reading]:
    path = Path(file)
    if file == REFERENCE and not path.exists():
        return REFERENCE, read(reference_bytes(), "reference_hospital.yaml", _today())
    return path.name, read(_bytes(path), path.name, _today())


def _map(file: str) -> Cartography:
    if file == REFERENCE and not Path(file).exists():
        return reference_hospital()
    return load(Path(file))


def _bytes(path: Path) -> bytes:
    from vigie.cartography.files import path_bytes

    return path_bytes(path)


def _today() -> date:
    return date.today()


def _down(said: Sequence[str]) -> dict[str, float | str]:
    """`["ad,network", "mail=0.5"]` as ids with a state or a share."""
    down: dict[str, float | str] = {}
    for part in (part.strip() for text in said for part in text.split(",")):
        if not part:
            continue
        name, _, state = (piece.strip() for piece in part.partition("="))
        try:
            down[name] = float(state) if state else 0.0
        except ValueError:
            down[name] = state
    if not down:
        raise InputError("--down names nothing. Give ids with commas: --down ad,network")
    return down


def _write_map(output: Path, cartography: Cartography, force: bool) -> None:
    kind = output.suffix.lower()
    if kind == ".xlsx":
        _write(output, dump_workbook(cartography), force)
    elif kind in (".yaml", ".yml"):
        _write(output, dump(cartography).encode(), force)
    else:
        raise typer.BadParameter("give a name that ends with .yaml or .xlsx", param_hint="--output")


def _write(output: Path, content: bytes, force: bool) -> None:
    with written_whole(output, force) as file:
        file.write(content)


def _print_check(name: str, reading: Reading) -> None:
    for fault in reading.errors:
        err.print(f"error: {fault}", markup=False)
    for fault in reading.warnings:
        err.print(f"warning: {fault}", markup=False)
    tally = f"{_plural(len(reading.errors), 'error')}, {_plural(len(reading.warnings), 'warning')}"
    if reading.cartography is None:
        err.print(f"{name}: {tally}. Mend the errors first; warnings can wait", markup=False)
    else:
        out.print(f"{name}: sound, {tally}. {_counts(reading.cartography)}", markup=False)


def _print_outage(cartography: Cartography, lost: Outage) -> None:
    cut = ", ".join(f"{cartography.application[name].name} ({name})" for name in lost.cut) or "nothing"
    out.print(Text.assemble(("Cut: ", "bold"), cut))
    others = [fallen for fallen in lost.applications if not fallen.cut]
    stopped = sum(fallen.stopped for fallen in others)
    fall = f"{_plural(stopped, 'other application')} stopped and {len(others) - stopped} degraded"
    out.print(
        f"{fall}, of {len(cartography.applications)}; "
        f"{len(lost.services)} of {_plural(len(cartography.services), 'care service')} touched.\n"
    )
    _print_services(cartography, lost)
    _print_falls(lost)


def _print_services(cartography: Cartography, lost: Outage) -> None:
    if not lost.services:
        return
    out.print(Text("Care services, worst first", style="bold"))
    table = _table("care service", "capacity left", "first fallback ends", "which replaces", "all that it lost")
    for touched in lost.services:
        first = touched.first_to_end
        table.add_row(
            cartography.service[touched.service].name,
            _share(touched.low, touched.high),
            _ends(touched),
            first.application if first else "",
            ", ".join(loss.application for loss in touched.losses),
        )
    _print_table(table)
    out.print("Capacity left: share of usual activity, all fallbacks being held. See docs/background/outage.md.\n")


def _print_falls(lost: Outage) -> None:
    through: dict[str, list[str]] = {}
    for fallen in lost.applications:
        if not fallen.cut:
            share = _share(fallen.low, fallen.high)
            left = "" if fallen.stopped else f" ({share} left)" if share != "unknown" else " (share left unknown)"
            through.setdefault(fallen.path[0], []).append(f"{fallen.application}{left}")
    if through:
        out.print(Text("What falls through what", style="bold"))
        table = _table("without", "these fall")
        for name, fallen_ids in through.items():
            table.add_row(name, ", ".join(fallen_ids))
        _print_table(table)


def _outage_json(cartography: Cartography, lost: Outage) -> dict[str, Any]:
    applications = [
        {
            "id": fallen.application,
            "name": cartography.application[fallen.application].name,
            "share_left": [fallen.low, fallen.high],
            "cut": fallen.cut,
            "path": fallen.path,
            "roots": fallen.roots,
        }
        for fallen in lost.applications
    ]
    return {
        "cut": lost.cut,
        "applications": applications,
        "services": [_service_json(cartography, one) for one in lost.services],
    }


def _service_json(cartography: Cartography, touched: TouchedService) -> dict[str, Any]:
    return {
        "id": touched.service,
        "name": cartography.service[touched.service].name,
        "capacity_left": [touched.low, touched.high],
        "holds_hours": touched.holds_hours,
        "losses": [
            {
                "application": loss.application,
                "share_left": [loss.low, loss.high],
                "capacity_kept": [loss.kept_low, loss.kept_high],
                "fallback": loss.fallback,
                "endurance_hours": loss.endurance_hours,
            }
            for loss in touched.losses
        ],
    }


def _share(low: float, high: float) -> str:
    if (low, high) == (0, 1):
        return "unknown"
    return f"{low:.0%}" if round(low, 2) == round(high, 2) else f"{low:.0%} to {high:.0%}"


def _ends(touched: TouchedService) -> str:
    if touched.holds_hours is None:
        return "unknown"
    if touched.holds_hours == 0:
        return "at once"
    return f"{touched.holds_hours:g} h"


def _minutes(minutes: int | None) -> str:
    if minutes is None:
        return "unknown"
    if minutes < 120:
        return f"{minutes} min"
    if minutes >= 2880:
        return f"{minutes / 1440:.3g} d"
    return f"{minutes // 60} h" if minutes % 60 == 0 else f"{minutes // 60} h {minutes % 60:02}"


def _counts(cartography: Cartography) -> str:
    return ", ".join(
        (
            _plural(len(cartography.establishments), "establishment"),
            _plural(len(cartography.services), "care service"),
            _plural(len(cartography.applications), "application"),
            _plural(len(cartography.suppliers), "supplier"),
            _plural(len(cartography.teams), "team"),
        )
    )


def _plural(number: int, word: str) -> str:
    return f"{number} {word}{'' if number == 1 else 's'}"


def _table(*headings: str) -> Table:
    table = Table(box=None, pad_edge=False, header_style="bold")
    for heading in headings:
        right = heading in (
            "capacity left",
            "first fallback ends",
            "RTO",
            "RPO",
            "stops",
            "degrades",
            "services",
            "read",
            "mapped",
        )
        table.add_column(heading, justify="right" if right else "left", overflow="fold")
    return table


def _print_table(table: Table) -> None:
    Console(highlight=False, markup=False, width=None if out.is_terminal else 140).print(table)


def _print_json(content: Any) -> None:
    typer.echo(json.dumps(content, ensure_ascii=False, indent=2))
