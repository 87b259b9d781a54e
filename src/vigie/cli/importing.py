"""`vigie import`: declarations, incidents and statistics that others wrote, into the table that figures are made from."""

from __future__ import annotations

import json
import os
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path
from threading import Timer
from typing import TYPE_CHECKING, Annotated, Any, NamedTuple

import typer
from rich.console import Console
from rich.table import Table

from vigie.errors import InputError

if TYPE_CHECKING:
    from vigie.exchange.importing import Counts, Preview, Reader
    from vigie.journal import Store
    from vigie.observe.denominators import Counted

HELP = (
    "Bring in incidents that others wrote, to compare with or to begin from.\n\n"
    "Each source has its command; docs/howto/import-incidents.md says where to download it and what becomes of it. An import"
    " ends with counts: records read, mapped, kept aside and why. Nothing is lost: a record is kept whole beside its row, and"
    " one that could not be mapped lies in a file beside the table. Importing the same file twice changes nothing."
)

app = typer.Typer(no_args_is_help=True, help=HELP, pretty_exceptions_enable=False, add_completion=False)
out = Console(highlight=False, soft_wrap=True)
err = Console(stderr=True, highlight=False, soft_wrap=True)

PATIENCE_SECONDS = 2
SHOWN_EVERY = 512
Paths = Annotated[list[Path], typer.Argument(metavar="PATH...", help="Files or folders, gzip or not.")]
Into = Annotated[
    Path | None,
    typer.Option(metavar="DB.parquet", help="The declarations table to add to; it is made when it is not there."),
]
Register = Annotated[
    Path, typer.Option(metavar="FILE.json", help="The file of denominators to add to; it is made when it is not there.")
]
Previewing = Annotated[bool, typer.Option("--preview", help="Write nothing: show the counts and the first rows.")]


class Format(StrEnum):
    """How to print: a table for a person, JSON for a script."""

    table = "table"
    json = "json"


class Language(StrEnum):
    """French first, or English."""

    fr = "fr"
    en = "en"


Form = Annotated[Format, typer.Option("--format", help="table for a person, json for a script.")]


@app.command("veris")
def veris_command(paths: Paths, into: Into = None, preview: Previewing = False, form: Form = Format.table) -> None:
    """VERIS incidents, schemas 1.3.3 to 1.4.1, such as the VERIS Community Database: JSON, JSON lines, folders, gzip."""
    from vigie.exchange.veris import READER

    _run(READER, _Call(paths, into, preview, form))


@app.command("hhs")
def hhs_command(paths: Paths, into: Into = None, preview: Previewing = False, form: Form = Format.table) -> None:
    """Breach reports of the US HHS Office for Civil Rights: the CSV that its portal exports, both lists."""
    from vigie.exchange.hhs import READER

    _run(READER, _Call(paths, into, preview, form))


@app.command("eurepoc")
def eurepoc_command(paths: Paths, into: Into = None, preview: Previewing = False, form: Form = Format.table) -> None:
    """Incidents of EuRepoC, the European Repository of Cyber Incidents: its global database as CSV."""
    from vigie.exchange.eurepoc import READER

    _run(READER, _Call(paths, into, preview, form))


@app.command("template")
def template_command(
    paths: Paths,
    into: Into = None,
    finess: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="The FINESS register: fills in the legal entity, kind, status and region."),
    ] = None,
    preview: Previewing = False,
    form: Form = Format.table,
) -> None:
    """Your own past declarations, in Vigie's template (.xlsx or .csv; `vigie import new-template` writes an empty one)."""
    from vigie.exchange.declarations_template_reading import READER, notices
    from vigie.exchange.establishments import completing

    reader = READER
    if finess is not None:
        from vigie.exchange.finess import read_finess

        reader = completing(READER, read_finess(finess, _now().date()).register)
    _run(reader, _Call(paths, into, preview, form))
    for notice in notices(paths, _now()):
        err.print(f"note: {notice}", markup=False)


@app.command("new-template")
def new_template_command(
    output: Annotated[Path, typer.Option("--output", "-o", help="The file to write, .xlsx or .csv.")],
    language: Annotated[Language, typer.Option(help="Language of headings and words.")] = Language.fr,
    force: Annotated[bool, typer.Option(help="Replace the output file if it exists.")] = False,
) -> None:
    """Write an empty template to fill in with your own past declarations: drop-down lists, notes, an example."""
    from vigie.cli.files import written_whole
    from vigie.exchange.declarations_template_writing import template_csv, template_xlsx

    makers = {".xlsx": template_xlsx, ".csv": template_csv}
    if output.suffix.lower() not in makers:
        raise typer.BadParameter("give a name that ends with .xlsx or .csv", param_hint="--output")
    with written_whole(output, force) as file:
        file.write(makers[output.suffix.lower()](language.value))
    out.print(f"{output}: fill it in, then `vigie import template {output} --into incidents.parquet`")


@app.command("journal")
def journal_command(
    source: Annotated[
        str,
        typer.Argument(
            metavar="DB|BUNDLE",
            help="A journal database, a data directory, postgresql://..., a bundle, or a crisis file (.yaml).",
        ),
    ],
    into: Into = None,
    form: Form = Format.table,
) -> None:
    """Declarations written in a journal, every version of them. A bundle tells what is known today, not since when."""
    from vigie.exchange import journals

    target = _target(into)
    with _waiting("reading the journal"), _journal(source) as (store, copy):
        counts = journals.take_current(store, target, _now()) if copy else journals.take_journal(store, target)
    _print_counts(target, counts, form)


@app.command("sae")
def sae_command(
    directory: Annotated[Path, typer.Argument(metavar="DIR", help="The folder of the tables, one or several years.")],
    into: Register = Path("denominators.json"),
    preview: Previewing = False,
    form: Form = Format.table,
) -> None:
    """French hospital statistics (SAE, DREES): establishments, beds and emergency visits, which rates are divided by."""
    from vigie.exchange.sae import read_sae, remarks

    with _waiting("reading the statistics"):
        found = read_sae(directory, _now().date())
    totals = {f"{each.year}: {name}": number for each in found.years for name, number in each.totals.items()}
    _print_register(_Known(found.denominators.years, found.counts, totals), into, preview, form)
    for remark in remarks(found):
        err.print(f"note: {remark}", markup=False)


@app.command("finess")
def finess_command(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="The register, or an extract of it, as CSV.")],
    year: Annotated[int | None, typer.Option(help="Year of the extract, where the file does not say.")] = None,
    into: Register = Path("denominators.json"),
    preview: Previewing = False,
    form: Form = Format.table,
) -> None:
    """The FINESS register of French establishments: how many there are by region, status and kind."""
    from vigie.exchange.finess import read_finess

    with _waiting("reading the register"):
        found = read_finess(file, _now().date(), year)
    if found.counted is None:
        raise InputError(f"{file}: the file does not say of which year it is. Give it: --year 2025")
    number = sum(cell.establishments for cell in found.counted.cells)
    totals = {f"{found.counted.year}: establishments": number}
    _print_register(_Known((found.counted,), found.counts, totals), into, preview, form)


class _Call(NamedTuple):
    paths: Sequence[Path]
    into: Path | None
    preview: bool
    form: Format


class _Known(NamedTuple):
    years: Sequence[Counted]
    counts: Counts
    totals: dict[str, int]


def _print_register(known: _Known, into: Path, preview: bool, form: Format) -> None:
    """Add years to the file of denominators and say so. A year that is held from the same files stays as it is."""
    from vigie.cli.files import written_whole
    from vigie.observe.denominators import Denominators, dumped, load

    held = load(into) if into.exists() else Denominators()
    # What they say decides, not only the digest of the files: the lists of known words change too.
    have = {(each.register, each.year): (each.digest, each.cells) for each in held.years}
    counts = known.counts
    counts.new = sum((each.register, each.year) not in have for each in known.years)
    fresh = [each for each in known.years if have.get((each.register, each.year)) != (each.digest, each.cells)]
    counts.same = len(known.years) - len(fresh)
    counts.changed = len(known.years) - counts.new - counts.same
    if fresh and not preview:
        with written_whole(into, force=True) as file:
            file.write(dumped(held.merged(fresh)).encode())
    if form is Format.json:
        return typer.echo(json.dumps({**_plain(counts), "totals": known.totals}, ensure_ascii=False, indent=2))
    out.print(f"{'preview, nothing is written' if preview else into}: {_said(counts)}")
    out.print(f"  years: {counts.new:,} new, {counts.changed:,} changed, {counts.same:,} same")
    _print_aside(counts)
    for name, number in known.totals.items():
        out.print(f"  {name}: {number:,}")
    return None


def _run(reader: Reader, call: _Call) -> None:
    from vigie.exchange.importing import import_into, preview

    if call.preview:
        with _waiting("reading") as step:
            shown = preview(reader, call.paths, call.into, _now(), step)
        _print_preview(shown, call.form)
        return
    target = _target(call.into)
    with _waiting("importing") as step:
        counts = import_into(reader, call.paths, target, _now(), step)
    _print_counts(target, counts, call.form)


def _target(into: Path | None) -> Path:
    if into is None:
        raise typer.BadParameter("name the table to add to, such as --into incidents.parquet", param_hint="--into")
    if into.suffix.lower() != ".parquet":
        raise typer.BadParameter(
            "the table is a Parquet file: give a name that ends with .parquet", param_hint="--into"
        )
    if not into.parent.is_dir():
        raise InputError(f"{into.parent} does not exist. Create it, or choose another --into")
    return into


@contextmanager
def _waiting(what: str) -> Iterator[Callable[[Counts], None]]:
    """On a terminal, and only once it takes long: what is going on, how many records were read, since when."""
    from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

    columns = (SpinnerColumn(), TextColumn("{task.description} {task.fields[read]}"), TimeElapsedColumn())
    progress = Progress(*columns, console=err, transient=True)
    task = progress.add_task(what, total=None, read="")
    patience = Timer(PATIENCE_SECONDS, progress.start)
    if err.is_terminal:
        patience.start()

    def step(counts: Counts) -> None:
        if counts.read % SHOWN_EVERY == 0:
            progress.update(task, read=f"{counts.read:,} records")

    try:
        yield step
    finally:
        patience.cancel()
        if progress.live.is_started:
            progress.stop()


def _print_counts(target: Path, counts: Counts, form: Format) -> None:
    from vigie.exchange.aside import beside

    if form is Format.json:
        return typer.echo(json.dumps(_plain(counts), ensure_ascii=False, indent=2))
    out.print(f"{target}: {_said(counts)}")
    out.print(f"  in the table: {counts.new:,} new, {counts.changed:,} changed, {counts.same:,} same")
    _print_aside(counts)
    if counts.kept_aside:
        out.print(f"  they lie in {beside(target)}, with the place of each")
    return None


def _print_preview(shown: Preview, form: Format) -> None:
    if form is Format.json:
        first = [{key: value for key, value in row.items() if key != "record"} for row in shown.rows]
        said = {
            **_plain(shown.counts),
            "first_rows": first,
            "first_kept_aside": [each._asdict() for each in shown.aside],
        }
        return typer.echo(json.dumps(said, ensure_ascii=False, indent=2, default=str))
    counts = shown.counts
    out.print(f"preview, nothing is written: {_said(counts)}")
    out.print(f"  an import would add {counts.new:,}, change {counts.changed:,} and leave {counts.same:,} as they are")
    _print_aside(counts)
    for each in shown.aside:
        err.print(f"  {each.place}: {each.detail}", markup=False)
    table = Table(box=None, pad_edge=False, header_style="bold")
    columns = ("source_place", "year", "country", "sector", "establishment_kind", "origin", "malicious", "data_impact")
    for name in columns:
        table.add_column(name.replace("_", " "), overflow="fold")
    for row in shown.rows:
        table.add_row(*(_cell(row[name]) for name in columns))
    out.print("\nfirst rows")
    Console(highlight=False, markup=False, width=None if out.is_terminal else 140).print(table)
    return None


def _print_aside(counts: Counts) -> None:
    for reason, number in counts.kept_aside.most_common():
        out.print(f"  kept aside: {number:,} ({reason})", markup=False)


def _said(counts: Counts) -> str:
    aside = sum(counts.kept_aside.values())
    return f"{counts.read:,} read, {counts.mapped:,} mapped, {aside:,} kept aside"


def _plain(counts: Counts) -> dict[str, Any]:
    return {
        "read": counts.read,
        "mapped": counts.mapped,
        "kept_aside": dict(counts.kept_aside),
        "new": counts.new,
        "changed": counts.changed,
        "same": counts.same,
    }


def _cell(value: Any) -> str:
    if isinstance(value, list):
        return ", ".join(value) or "unknown"
    return "unknown" if value is None else str(value)


@contextmanager
def _journal(source: str) -> Iterator[tuple[Store, bool]]:
    """The journal of a source, and whether it is only a copy of it, made here from a bundle or a crisis file."""
    from vigie.cli.journal import is_database, journal_of
    from vigie.journal import Bundle, Identity, Journal, merge, open_store

    path = Path(source)
    crisis = path.suffix.lower() in (".yaml", ".yml")
    if crisis or not path.is_file() or is_database(path):
        with journal_of(source) as (store, _):
            yield store, crisis
        return
    with tempfile.TemporaryDirectory(prefix="vigie-") as directory:
        store = open_store(str(Path(directory) / "journal.db"))
        try:
            for _ in merge(Journal(store, Identity.create("import", os.urandom), os.urandom), Bundle(path), _now()):
                pass
            yield store, True
        finally:
            store.close()


def _now() -> datetime:
    return datetime.now(UTC)


if sys.platform == "win32":
    sys.stdout.reconfigure(errors="replace")  # type: ignore[union-attr]
