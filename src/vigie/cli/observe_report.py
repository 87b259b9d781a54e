"""`vigie observe report`: an edition of the yearly report, made, rebuilt from its figures, or checked to the byte."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, date, datetime
from enum import StrEnum
from pathlib import Path
from threading import Timer
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console

from vigie.cli.day import LEGAL_TIME, end_of_day
from vigie.errors import FileError, InputError

if TYPE_CHECKING:
    import pyarrow as pa

    from vigie.observe.edition import Edition
    from vigie.observe.report.content import Content
    from vigie.observe.report.making import Material

out = Console(highlight=False, soft_wrap=True)
err = Console(stderr=True, highlight=False, soft_wrap=True)
PATIENCE_SECONDS = 2.0


class Audience(StrEnum):
    """Who reads it."""

    public = "public"
    internal = "internal"


class Language(StrEnum):
    """In which language."""

    fr = "fr"
    en = "en"
    both = "both"


class Realm(StrEnum):
    """What happened, what was played, what was computed."""

    real = "real"
    exercise = "exercise"
    simulated = "simulated"


SOURCE = (
    "The declarations table, a folder of them, a journal (database, data directory, postgresql://..., crisis file); default: this"
    " node's own journal."
)
KNOWN = "As known at the end of that day (legal time), or at an instant (2023-03-01T12:00Z); default: now."
PREVIOUS = "An earlier edition; give each, oldest first: the last is compared, all are protected."
LISTED = "Incidents publicly known: CSV with `establishment` and `date`, or a declarations table."
CHECKED = "Write nothing: recompute this edition from the source, and compare to the byte."

Source = Annotated[str | None, typer.Argument(metavar="DB.parquet|JOURNAL", help=SOURCE)]
Year = Annotated[int | None, typer.Option(help="The year to report on.")]
Output = Annotated[Path | None, typer.Option("--output", "-o", metavar="OUT/", help="The folder to write.")]
Known = Annotated[str | None, typer.Option(metavar="DATE", help=KNOWN)]
Readers = Annotated[Audience, typer.Option(help="public: small counts are withheld; internal: nothing is.")]
Tongue = Annotated[Language, typer.Option(help="fr, en or both.")]
Divisors = Annotated[
    Path | None, typer.Option(metavar="FILE.json", help="What rates are divided by, as `vigie import sae` writes it.")
]
Earlier = Annotated[list[Path] | None, typer.Option(metavar="FIGURES.json", help=PREVIOUS)]
Public = Annotated[Path | None, typer.Option(metavar="LIST", help=LISTED)]
Of = Annotated[Realm, typer.Option(help="real, exercise or simulated: never mixed.")]
Sector = Annotated[str | None, typer.Option(help="Only this sector: health, social, other.")]
Dated = Annotated[str | None, typer.Option("--date", metavar="DATE", help="The day of the edition; default: today.")]
Terms = Annotated[
    str | None, typer.Option(metavar="NAME=URL", help="Also write open-data.zip, under these terms (public editions).")
]
Again = Annotated[
    Path | None, typer.Option(metavar="FIGURES.json", help="Only write the pages of these figures again.")
]
Checked = Annotated[Path | None, typer.Option(metavar="FIGURES.json", help=CHECKED)]
Without = Annotated[
    list[str] | None, typer.Option(metavar="TABLE", help="Leave this table out; give it once for each.")
]
Force = Annotated[bool, typer.Option(help="Replace the folder if it holds another edition.")]


def report_command(
    source: Source = None,
    year: Year = None,
    output: Output = None,
    as_known_on: Known = None,
    audience: Readers = Audience.public,
    language: Tongue = Language.both,
    denominators: Divisors = None,
    previous: Earlier = None,
    publicly_known: Public = None,
    realm: Of = Realm.real,
    sector: Sector = None,
    without: Without = None,
    dated: Dated = None,
    licence: Terms = None,
    edition: Again = None,
    check: Checked = None,
    force: Force = False,
) -> None:
    """The yearly report: pages, tagged PDF, workbook, CSV files and figures.json, in French and English."""
    terms = _licence(licence)
    if check is not None:
        held = _figures(check)
        with _waiting() as step:
            made = _made(source, held.edition, denominators, previous or [], publicly_known, step)
        _compare(check, held, made)
        return
    if output is None:
        raise typer.BadParameter("name the folder to write, such as -o report-2022/", param_hint="--output")
    with _waiting() as step:
        if edition is not None:
            made = _figures(edition)
        else:
            asked = replace(
                _asked(year, dated, as_known_on, audience, realm, language, sector), without=_left_out(without)
            )
            made = _made(source, asked, denominators, previous or [], publicly_known, step)
        names = _write(made, output, terms, force, step)
    out.print(
        f"{output}: edition {made.edition.id} of {made.edition.year}, {made.edition.audience}: {', '.join(names)}"
    )


def _asked(
    year: int | None,
    dated: str | None,
    known: str | None,
    audience: Audience,
    realm: Realm,
    language: Language,
    sector: str | None,
) -> Edition:
    from vigie.observe.edition import Edition
    from vigie.observe.vocabulary import vocabulary

    if year is None:
        raise typer.BadParameter("name the year to report on, such as --year 2022", param_hint="--year")
    if sector is not None and sector not in vocabulary()["sectors"]:
        raise typer.BadParameter(f"known: {', '.join(vocabulary()['sectors'])}", param_hint="--sector")
    now = _now()
    at = end_of_day(known, "--as-known-on").astimezone(UTC) if known else now
    languages = ("fr", "en") if language is Language.both else (language.value,)
    day = _day(dated, "--date") if dated else now.astimezone(LEGAL_TIME).date()
    return Edition(year, day, at, audience.value, realm.value, languages, sector or "")


def _left_out(names: list[str] | None) -> tuple[str, ...]:
    """Tables to leave out, each of which there is. Raises InputError."""
    from vigie.observe.compute import chosen

    return tuple(chosen(names)) if names else ()


def _made(
    source: str | None,
    asked: Edition,
    denominators: Path | None,
    previous: list[Path],
    listed: Path | None,
    step: Callable[[str], None],
) -> Content:
    from vigie.observe.denominators import load
    from vigie.observe.report.making import Material, make

    step("reading declarations")
    versions, frontier = _versions(source, asked)
    material = Material(
        frontier,
        load(denominators) if denominators else None,
        [_figures(each) for each in previous],
        _listed(listed) if listed else None,
    )
    _warn(asked, material)
    return make(asked, versions, material, step)


def _versions(source: str | None, asked: Edition) -> tuple[pa.Table, dict[str, str]]:
    """Every version of every declaration of a source, and what pins the journal it came from."""
    from vigie.observe.declarations import declarations
    from vigie.observe.edition import frontier_of
    from vigie.observe.engine import fetched, open_table, parquet_files

    place = Path(source) if source else None
    journal = place is not None and (place / "journal.db").exists()
    if place is not None and not journal and (place.suffix == ".parquet" or any(place.glob("*.parquet"))):
        parquet_files(place)
        return fetched(open_table(place)), {}
    from vigie.cli.journal import journal_of
    from vigie.web import node

    with journal_of(source or os.environ.get("DATABASE_URL") or str(node.directory())) as (store, _):
        return declarations(store, store.own_logs() or None), frontier_of(store, asked.as_known_on)


def _listed(path: Path) -> list:
    """Incidents publicly known: (establishment, day) of a CSV file, or of a declarations table."""
    import csv

    from vigie.observe import shelf
    from vigie.observe.recapture import Listed

    if path.suffix == ".parquet":
        rows = shelf.read(path).select(["legal_entity", "declarant", "day", "known_until"]).to_pylist()
        return [
            Listed(row["legal_entity"] or row["declarant"] or "", row["day"])
            for row in rows
            if row["known_until"] is None and row["day"] is not None
        ]
    try:
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise FileError(f"{path}: {error}. Give a CSV file in UTF-8, or a declarations table (.parquet)") from error
    reader = csv.DictReader(text.splitlines(), delimiter=";" if ";" in text.partition("\n")[0] else ",")
    if not {"establishment", "date"} <= set(reader.fieldnames or ()):
        raise FileError(
            f"{path}: no columns `establishment` (FINESS number) and `date` (2022-08-21). Name them in its first line"
        )
    epoch = date(1970, 1, 1)
    found = []
    for number, row in enumerate(reader, start=2):
        day = _day((row["date"] or "").strip(), f"{path}, line {number}")
        found.append(Listed((row["establishment"] or "").strip(), (day - epoch).days))
    return found


def _write(made: Content, folder: Path, licence: object, force: bool, step: Callable[[str], None]) -> list[str]:
    """Write the report: whole, or not at all."""
    from vigie.cli.report_folder import check, fill
    from vigie.exchange.report_writing import write_report

    held = check(folder)
    if held is not None and _figures(held).edition.id != made.edition.id and not force:
        raise FileError(f"{folder} holds another edition. Choose another name, or give --force to replace it")
    return fill(folder, lambda partial: write_report(made, partial, licence, step))  # type: ignore[arg-type]


def _compare(path: Path, held: Content, made: Content) -> None:
    """Say whether an edition is the same to the byte; exit 1 with what differs when it is not."""
    from vigie.observe.edition import moved
    from vigie.observe.report.content import written

    if written(made) == path.read_bytes():
        out.print(f"{path}: edition {held.edition.id} recomputed, the same to the byte")
        return
    pins = moved(held.edition, made.edition)
    for pin in pins:
        err.print(f"pin    {pin} differs")
    for name in sorted(held.figures.keys() | made.figures.keys()):
        if held.figures.get(name) != made.figures.get(name):
            err.print(f"table  {name} differs")
    if held.numbers != made.numbers:
        err.print("numbers differ (trend, delays, rates, funnel, recapture)")
    if held.revisions != made.revisions:
        err.print("what moved since the previous edition differs")
    if not pins:
        err.print("every pin is the same: the file was changed after it was written")
    err.print(
        f"{path}: not the same edition. Give the sources, denominators, lists and earlier editions it was made with",
        style="bold red",
    )
    raise typer.Exit(1)


def _warn(asked: Edition, material: Material) -> None:
    if asked.as_known_on > _now():
        err.print("note: as known on a moment that has not come: what arrives until then will change these figures")
    for each in material.previous:
        if each.edition.as_known_on > asked.as_known_on:
            raise InputError(
                f"the previous edition {each.edition.id} knows more than this one. Give earlier editions, oldest first"
            )


def _figures(path: Path) -> Content:
    from vigie.observe.report.content import read

    try:
        return read(path.read_bytes(), str(path))
    except OSError as error:
        raise FileError(f"{path}: {error.strerror or error}. Give the figures.json of a report") from error


def _licence(said: str | None) -> object:
    from vigie.exchange.report_writing import Licence

    if said is None:
        return None
    name, sign, url = said.partition("=")
    if not (name and sign and url):
        raise typer.BadParameter("write it as NAME=URL, such as etalab-2.0=https://...", param_hint="--licence")
    return Licence(name, url)


def _day(said: str, where: str) -> date:
    try:
        return date.fromisoformat(said)
    except ValueError as error:
        raise InputError(f"{where}: {said!r} is no date. Write it as 2023-03-01") from error


@contextmanager
def _waiting() -> Iterator[Callable[[str], None]]:
    """On a terminal, and only once it takes long: what is being done, and since when."""
    from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

    progress = Progress(
        SpinnerColumn(), TextColumn("{task.description}"), TimeElapsedColumn(), console=err, transient=True
    )
    task = progress.add_task("reading", total=None)
    patience = Timer(PATIENCE_SECONDS, progress.start)
    if err.is_terminal:
        patience.start()
    try:
        yield lambda what: progress.update(task, description=what)
    finally:
        patience.cancel()
        progress.stop()


def _now() -> datetime:
    return datetime.now(UTC)
