"""`vigie observe export`: the declarations table in the formats that others read."""

from __future__ import annotations

import gzip
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console

from vigie.cli.day import LEGAL_TIME, end_of_day
from vigie.errors import FileError, InputError

if TYPE_CHECKING:
    import pyarrow as pa

out = Console(highlight=False, soft_wrap=True)
err = Console(stderr=True, highlight=False, soft_wrap=True)
CONFIDENTIAL = "this file names establishments: it is not for publication (`vigie observe report --audience public` is)"


class ExportFormat(StrEnum):
    """What to write."""

    veris = "veris"
    csv = "csv"
    xlsx = "xlsx"
    parquet = "parquet"


class VerisVersion(StrEnum):
    """A version of the VERIS schema."""

    v1_4_1 = "1.4.1"
    v1_3_3 = "1.3.3"


def export_command(
    table: Annotated[Path, typer.Argument(metavar="DB.parquet", help="The declarations table.")],
    output: Annotated[Path, typer.Option("--output", "-o", help="The file to write; VERIS may end with .jsonl.gz.")],
    form: Annotated[
        ExportFormat,
        typer.Option("--format", help="veris: one incident a line; csv, xlsx, parquet: one declaration a row."),
    ] = ExportFormat.csv,
    as_known_on: Annotated[
        str | None, typer.Option(metavar="DATE", help="As the table was known at the end of that day; default: today.")
    ] = None,
    source: Annotated[
        str | None, typer.Option(help="Only this source: journal, template, veris, hhs, eurepoc.")
    ] = None,
    sector: Annotated[str | None, typer.Option(help="Only this sector: health, social, other.")] = None,
    veris_version: Annotated[
        VerisVersion, typer.Option(help="Schema for declarations that did not come from VERIS.")
    ] = VerisVersion.v1_4_1,
    force: Annotated[bool, typer.Option(help="Replace the output file if it exists.")] = False,
) -> None:
    """Write declarations as others read them: VERIS, CSV, a workbook, Parquet. One row a declaration, its latest version.

    Declarations that came from VERIS are written as they were; the others in their nearest VERIS coding, without names.
    """
    from vigie.observe import shelf

    at = datetime.now(UTC) if as_known_on is None else end_of_day(as_known_on, "--as-known-on")
    chosen = _chosen(shelf.read(table), at, {"source": source, "sector": sector})
    if form is ExportFormat.veris:
        _export_veris(chosen, output, veris_version.value, force)
        return
    _export_table(chosen, output, form, force)
    out.print(f"{output}: {chosen.num_rows:,} declarations")
    err.print(f"note: {CONFIDENTIAL}", markup=False)


def open_data_command(
    figures: Annotated[Path, typer.Argument(metavar="FIGURES.json", help="The figures.json of a public report.")],
    output: Annotated[Path, typer.Option("--output", "-o", help="The zip to write.")],
    publisher: Annotated[str, typer.Option(help="Who publishes.")],
    title: Annotated[
        str, typer.Option(help="Title of the bundle.")
    ] = "Incidents de sécurité des systèmes d'information en santé",
    licence: Annotated[str, typer.Option(help="Name of the licence.")] = "etalab-2.0",
    licence_url: Annotated[
        str, typer.Option(help="Where its text is.")
    ] = "https://www.etalab.gouv.fr/licence-ouverte-open-licence",
    force: Annotated[bool, typer.Option(help="Replace the output file if it exists.")] = False,
) -> None:
    """Make the open-data bundle of a public edition: its tables as CSV and JSON, with definitions, dictionary and licence.

    It holds protected figures only, never a declaration. An internal edition, or a small count that nobody exempted, is refused.
    """
    from vigie.exchange.incoming import Found, document
    from vigie.exchange.opendata import About, write_bundle
    from vigie.observe.report.content import read

    content = read(document(Found(figures, figures.name)), figures.name)
    if output.exists() and not force:
        raise FileError(f"{output} exists already. Choose another name, or give --force to replace it")
    edition = content.edition
    about = About(
        f"vigie-{edition.year}-{edition.id}",
        f"{title}, {edition.year}",
        publisher,
        licence,
        licence_url,
        edition.audience,
        edition.date,
        edition.as_known_on,
        edition.id,
        {**edition.digests, **edition.software},
    )
    # The moment of the edition, not of this command: the same edition gives the same bytes.
    number = write_bundle(output, content.tables, content.figures, about, edition.as_known_on)
    out.print(f"{output}: {number:,} tables of the edition {edition.id}, {output.stat().st_size / 1000:,.0f} kB")


def _export_veris(chosen: pa.Table, output: Path, version: str, force: bool) -> None:
    from vigie.cli.files import written_whole
    from vigie.exchange.veris_writing import write_lines

    rows = (row for batch in chosen.to_batches(max_chunksize=2_000) for row in batch.to_pylist())
    with written_whole(output, force) as file:
        if output.suffix.lower() == ".gz":
            with gzip.GzipFile(fileobj=file, mode="wb", filename="", mtime=0) as packed:
                done = write_lines(rows, packed.write, version)
        else:
            done = write_lines(rows, file.write, version)
    out.print(f"{output}: {done.written:,} incidents")
    for reason, number in done.left_out.items():
        out.print(f"  left out: {number:,} ({reason})", markup=False)


def _export_table(chosen: pa.Table, output: Path, form: ExportFormat, force: bool) -> None:
    from vigie.cli.files import written_whole
    from vigie.exchange.declarations_writing import csv_of, xlsx_of
    from vigie.observe import shelf

    if form is ExportFormat.parquet:
        if output.exists() and not force:
            raise FileError(f"{output} exists already. Choose another name, or give --force to replace it")
        shelf.write(chosen, output)
        return
    with written_whole(output, force) as file:
        if form is ExportFormat.xlsx:
            xlsx_of(chosen, file, [("rows", f"{chosen.num_rows:,} declarations"), ("note", CONFIDENTIAL)], LEGAL_TIME)
            return
        for piece in csv_of(chosen, LEGAL_TIME):
            file.write(piece)


def _chosen(table: pa.Table, at: datetime, wanted: dict[str, str | None]) -> pa.Table:
    """The versions known at `at`, of one source or sector where one is asked for. Raises InputError when there are none."""
    import pyarrow as pa
    import pyarrow.compute as pc

    from vigie.observe.vocabulary import vocabulary

    for column, value in wanted.items():
        if value is not None and value not in (known := vocabulary()[f"{column}s"]):
            raise InputError(f"--{column} {value!r} is no {column}. Known: {', '.join(known)}")
    then = pa.scalar(at.astimezone(UTC).replace(tzinfo=None), pa.timestamp("us"))
    until = pc.or_kleene(pc.is_null(table["known_until"]), pc.greater(table["known_until"], then))
    chosen = table.filter(pc.and_(pc.less_equal(table["known_from"], then), until))
    for column, value in wanted.items():
        if value is not None:
            chosen = chosen.filter(pc.equal(chosen[column], value))
    if chosen.num_rows == 0:
        asked = ", ".join(f"{column} {value}" for column, value in wanted.items() if value)
        raise InputError(f"no declaration to write{f' ({asked})' if asked else ''}. Check the table and the options")
    return chosen
