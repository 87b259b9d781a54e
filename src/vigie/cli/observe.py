"""`vigie observe`: the tables of the observatory, computed where the declarations lie."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console

from vigie.cli.day import end_of_day
from vigie.cli.observe_export import export_command, open_data_command
from vigie.cli.observe_report import report_command
from vigie.errors import InputError

if TYPE_CHECKING:
    import ibis.expr.types as ir

app = typer.Typer(
    no_args_is_help=True,
    help="Count the sector's declarations: name the tables, compute them, report them.",
    pretty_exceptions_enable=False,
)
app.command("export")(export_command)
app.command("open-data")(open_data_command)
app.command("report")(report_command)
out = Console(highlight=False, soft_wrap=True)
err = Console(stderr=True, highlight=False, soft_wrap=True)


class Format(StrEnum):
    """How to print: for a person, for a script, for a spreadsheet."""

    text = "text"
    json = "json"
    csv = "csv"


class ListFormat(StrEnum):
    """How to print the list: for a person or for a script."""

    text = "text"
    json = "json"


class Language(StrEnum):
    """French first, or English."""

    fr = "fr"
    en = "en"


class Realm(StrEnum):
    """What happened, or what was only played."""

    real = "real"
    exercise = "exercise"
    simulated = "simulated"


Place = Annotated[
    Path | None,
    typer.Argument(
        metavar="DB.parquet", help="The declarations table, or a folder of them; none with a database engine."
    ),
]
Engine = Annotated[
    str,
    typer.Option(
        help="What counts: duckdb, polars, or where the declarations lie: postgresql://..., spark://..., clickhouse://...;"
        " spark:// may also read DB.parquet."
    ),
]
Words = Annotated[Language, typer.Option("--language", help="Of the text: fr or en.")]


@app.command("list")
def list_command(
    form: Annotated[ListFormat, typer.Option("--format", help="text or json.")] = ListFormat.text,
    language: Words = Language.fr,
) -> None:
    """Name the tables and say what each one counts, of what, and what it leaves out."""
    from vigie.cli import observe_printing

    if form is ListFormat.json:
        typer.echo(observe_printing.listed_json(language.value))
    else:
        observe_printing.print_list(out, language.value)


@app.command("tables")
def tables_command(
    place: Place = None,
    year: Annotated[str, typer.Option(metavar="YEAR|all", help="One year, or all of them.")] = "all",
    only: Annotated[list[str] | None, typer.Option(metavar="NAME", help="Only this table; may be given again.")] = None,
    sector: Annotated[str | None, typer.Option(help="Only this sector: health, social, other, unknown.")] = None,
    as_known_on: Annotated[
        str | None, typer.Option(metavar="DATE", help="As was known at the end of that day; default: now.")
    ] = None,
    realm: Annotated[Realm, typer.Option(help="real, exercise or simulated.")] = Realm.real,
    engine: Engine = "duckdb",
    cells: Annotated[
        Path | None,
        typer.Option(
            metavar="FOLDER", help="Keep what was counted here: next time only the files that changed are read."
        ),
    ] = None,
    form: Annotated[Format, typer.Option("--format", help="text, json or csv.")] = Format.text,
    language: Words = Language.fr,
) -> None:
    """Compute the tables. JSON is `{"table": {"columns": [...], "rows": [...]}}`; CSV of several tables has one value a line."""
    from vigie.cli import observe_printing
    from vigie.observe.compute import chosen, compute
    from vigie.observe.kept import compute_kept

    chosen(only)  # a wrong name is said before anything is read
    wanted = _year(year)
    at = None if as_known_on is None else end_of_day(as_known_on, "--as-known-on")
    scope = {"sector": _sector(sector), "realm": realm.value}
    if cells is None:
        made = compute(_opened(place, engine), only, wanted, as_known_on=at, **scope)
    elif place is None or engine != "duckdb" or at is not None:
        raise InputError(
            "--cells keeps what was counted in files, as known now: give DB.parquet, no --engine, no --as-known-on"
        )
    else:
        made = compute_kept(place, cells, only, wanted, **scope)
    if not any(figures.rows for figures in made.values()):
        when = "" if wanted is None else f" in {wanted}"
        err.print(f"note: no declaration{when} counts in the realm `{realm.value}`, so that the tables have no row")
    observe_printing.print_tables(out, made, form.value, language.value)


@app.command("load")
def load_command(
    place: Annotated[Path, typer.Argument(metavar="DB.parquet", help="The declarations table.")],
    into: Annotated[str, typer.Option(metavar="URL", help="postgresql://user@host/database")],
) -> None:
    """Copy the declarations into a PostgreSQL, in place of its table `declarations`; loading again changes nothing."""
    from vigie.observe import shelf
    from vigie.observe.loading import load

    count = load(into, shelf.read(place))
    out.print(f"{place}: {count:,} rows loaded")
    err.print(
        "note: that table names establishments: give its rights to those who may read them, and to no one else",
        markup=False,
    )


def _opened(place: Path | None, engine: str) -> ir.Table:
    from vigie.observe.engine import open_table

    if place is not None:
        return open_table(place, engine)
    if "://" not in engine:
        raise InputError("which declarations? Give DB.parquet, or --engine postgresql://... where they lie")
    return open_table(engine)


def _year(text: str) -> int | None:
    if text == "all":
        return None
    if not (text.isdecimal() and len(text) == 4):
        raise InputError(f"--year {text!r} is no year. Write 2024, or all")
    return int(text)


def _sector(name: str | None) -> str | None:
    from vigie.observe.vocabulary import vocabulary

    if name is not None and name not in vocabulary()["sectors"]:
        raise InputError(f"--sector {name!r} is no sector. Known: {', '.join(vocabulary()['sectors'])}")
    return name
