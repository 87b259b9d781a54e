"""The open-data bundle: the protected tables of a public edition, in one zip that stands by itself.

For each table a CSV and a JSON; `dictionary.csv` says what each column holds, `tables.csv` what each table counts and leaves
out, `vocabulary.csv` what each word means, `datapackage.json` all of it for programs (Frictionless Data Package 1.0), and
`README.md` for people. Rows about one declaration are never in it: it is made from figures, which hold none.
"""

from __future__ import annotations

import json
import os
import tempfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from hashlib import sha256
from pathlib import Path
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from vigie.errors import InputError, StorageError
from vigie.exchange.tables import SEPARATOR, Cell, Column, csv_chunks
from vigie.observe.columns import BY_NAME
from vigie.observe.disclosure import EXPLAINED, SMALLEST_SHOWN
from vigie.observe.disclosure.exemptions import Exemption, exempted, exemptions
from vigie.observe.table import Dimension, Figures, Measure, Table
from vigie.observe.vocabulary import vocabulary

WITHHELD = "withheld"
FLAG = "columns whose number is withheld in this row, their names parted by a space"
DIGITS = 10
UNITS = {
    "share": "proportion, 0 to 1",
    "declarations": "declarations",
    "declarants": "declarants",
    "received": "declarations received",
}
ZIP_START = 1980  # the first year a zip can say


@dataclass(frozen=True, slots=True)
class About:
    """What a bundle says of itself. `edition`: the identifier of the edition; `digests`: what the edition pins, by name.

    `licence`: its name, and where its text is; the publisher chooses it. `audience` must be public.
    """

    name: str
    title: str
    publisher: str
    licence: str
    licence_url: str
    audience: str
    date: date
    as_known_on: datetime
    edition: str
    digests: Mapping[str, str] = field(default_factory=dict)
    exempt: tuple[Exemption, ...] | None = None


def write_bundle(
    path: Path, tables: Mapping[str, Table], figures: Mapping[str, Figures], about: About, now: datetime
) -> int:
    """Write the bundle, whole or not at all, and return how many tables it holds. Same arguments, same bytes.

    Raises InputError on an edition that is not public, and on a small count that is neither withheld nor exempted; then, as
    on StorageError, nothing is written.
    """
    if about.audience != "public":
        raise InputError(
            f"the edition {about.edition} is for an audience {about.audience!r}: open data are made from a public one"
        )
    kept = {name: figures[name] for name in tables if name in figures}
    if not kept:
        raise InputError("the edition holds no table. Give the figures of a report")
    for name, figure in kept.items():
        _refuse_small(tables[name], figure, exemptions() if about.exempt is None else about.exempt)
    contents = dict(_contents({name: tables[name] for name in kept}, kept, about, now))
    _write(path, contents, now)
    return len(kept)


def _contents(
    tables: Mapping[str, Table], figures: Mapping[str, Figures], about: About, now: datetime
) -> Iterator[tuple[str, bytes]]:
    files: dict[str, bytes] = {}
    for name, figure in figures.items():
        files[f"data/{name}.csv"] = _csv((*figure.columns, WITHHELD), _cells(figure))
        files[f"data/{name}.json"] = _json({
            "table": name, "columns": list(figure.columns), "rows": [[_number(value) for value in row] for row in figure.rows],
            "withheld": sorted([row, figure.columns[column]] for row, column in figure.hidden),
        })  # fmt: skip
    files["dictionary.csv"] = _csv(
        ("table", "column", "role", "type", "unit", "what", "vocabulary"),
        [line for table in tables.values() for line in _dictionary(table)],
    )
    files["tables.csv"] = _csv(
        ("table", "chapter", "titre", "title", "numerator", "denominator", "exclusions", "rows", "withheld"),
        [_table_line(tables[name], figure) for name, figure in figures.items()],
    )
    files["vocabulary.csv"] = _csv(("vocabulary", "word", "fr", "en"), list(_words(tables.values())))
    files["datapackage.json"] = _json(_package(tables, files, about, now))
    files["README.md"] = _readme(tables, figures, about).encode()
    yield from sorted(files.items(), key=lambda file: (file[0] != "README.md", file[0]))


def _dictionary(table: Table) -> Iterator[list[Cell]]:
    for dimension in table.dimensions:
        yield [table.name, dimension.name, "dimension", _type(dimension), "", _what(dimension), dimension.words]
    for measure in table.measures:
        yield [table.name, measure.name, measure.kind, _type(measure), _unit(measure), _what_number(measure), ""]
    yield [table.name, WITHHELD, "flag", "string", "", FLAG, ""]


def _what(dimension: Dimension) -> str:
    known = BY_NAME.get(dimension.name)
    return known.what if known and known.public else dimension.name.replace("_", " ")


def _what_number(measure: Measure) -> str:
    if measure.kind == "share":
        return f"{measure.of} divided by {measure.over}"
    if measure.kind == "count":
        return f"number of {_unit(measure)}" + (
            "" if measure.additive else "; rows overlap or repeat a total: do not add them up"
        )
    return measure.name.replace("_", " ") + (f", of {measure.of}" if measure.of else "")


def _unit(measure: Measure) -> str:
    if measure.kind == "value":
        return "hours" if measure.name.endswith("_hours") else "see the numerator of the table"
    counts = measure.counts or measure.name
    return UNITS["share"] if measure.kind == "share" else UNITS.get(counts, counts.replace("_", " "))


def _type(column: Dimension | Measure) -> str:
    if isinstance(column, Dimension):
        return "integer" if column.name in ("year", "month") else "string"
    return "integer" if column.kind == "count" else "number"


def _table_line(table: Table, figure: Figures) -> list[Cell]:
    said = (table.numerator, table.denominator, table.exclusions)
    return [
        table.name,
        table.chapter,
        table.title["fr"],
        table.title["en"],
        *said,
        len(figure.rows),
        len(figure.hidden),
    ]


def _words(tables: Iterable[Table]) -> Iterator[list[Cell]]:
    lists = dict.fromkeys(each.words for table in tables for each in table.dimensions if each.words)
    for name in lists:
        for word, said in vocabulary().get(name, {}).items():
            yield [name, word, said["fr"], said["en"] if "en" in said else said["fr"]]


def _package(tables: Mapping[str, Table], files: Mapping[str, bytes], about: About, now: datetime) -> dict[str, Any]:
    return {
        "profile": "tabular-data-package",
        "name": about.name,
        "title": about.title,
        "created": now.astimezone(UTC).isoformat(timespec="seconds"),
        "version": about.date.isoformat(),
        "licenses": [{"name": about.licence, "path": about.licence_url}],
        "contributors": [{"title": about.publisher, "role": "publisher"}],
        "vigie": {
            "edition": about.edition,
            "as_known_on": about.as_known_on.astimezone(UTC).isoformat(),
            "digests": dict(about.digests),
        },
        "resources": [
            *(_resource(tables[name], files[f"data/{name}.csv"]) for name in tables),
            *(_plain_resource(name, files[f"{name}.csv"]) for name in ("dictionary", "tables", "vocabulary")),
        ],
    }


def _resource(table: Table, content: bytes) -> dict[str, Any]:
    fields = [
        {"name": column.name, "type": _type(column), "description": what}
        for column, what in [
            *((each, _what(each)) for each in table.dimensions),
            *((each, f"{_what_number(each)} ({_unit(each)})") for each in table.measures),
        ]
    ]
    fields.append({"name": WITHHELD, "type": "string", "description": FLAG})
    schema = {"fields": fields, "missingValues": [""]}
    return {
        **_file(f"data/{table.name}.csv", content), "name": table.name.replace("_", "-"), "title": table.title["en"],
        "description": f"Numerator: {table.numerator} Denominator: {table.denominator} Exclusions: {table.exclusions}",
        "schema": schema,
    }  # fmt: skip


def _plain_resource(name: str, content: bytes) -> dict[str, Any]:
    headings = content.decode("utf-8-sig").split("\r\n", 1)[0].split(SEPARATOR)
    fields = [{"name": heading, "type": "string"} for heading in headings]
    return {**_file(f"{name}.csv", content), "name": name, "schema": {"fields": fields}}


def _file(path: str, content: bytes) -> dict[str, Any]:
    return {
        "profile": "tabular-data-resource", "path": path, "format": "csv", "mediatype": "text/csv", "encoding": "utf-8",
        "dialect": {"delimiter": SEPARATOR, "lineTerminator": "\r\n"}, "bytes": len(content),
        "hash": f"sha256:{sha256(content).hexdigest()}",
    }  # fmt: skip


def _readme(tables: Mapping[str, Table], figures: Mapping[str, Figures], about: About) -> str:
    withheld = sum(len(figure.hidden) for figure in figures.values())
    withheld_is = {language: said.partition(": ")[2] for language, said in EXPLAINED.items()}
    listed = [f"- `data/{name}.csv`: {table.title['fr']} / {table.title['en']}" for name, table in tables.items()]
    rows = sum(len(figure.rows) for figure in figures.values())
    pinned = [f"- {name}: `{value}`" for name, value in sorted(about.digests.items())]
    known = about.as_known_on.astimezone(UTC).strftime("%Y-%m-%d %H:%M UTC")
    return "\n".join([
        f"# {about.title}\n",
        f"- Éditeur / publisher: {about.publisher}",
        f"- Licence: {about.licence} ({about.licence_url})",
        f"- Date: {about.date.isoformat()}; chiffres connus au / as known on: {known}",
        f"- Édition / edition: `{about.edition}`\n",
        "## Lire / How to read\n",
        "CSV : point-virgule, UTF-8, point décimal. Une case vide : il n'y a pas de tel nombre, ou il est masqué ; la dernière",
        f"colonne, `{WITHHELD}`, nomme les colonnes masquées. Est masqué : {withheld_is['fr']}\n",
        "CSV: semicolon, UTF-8, decimal point. An empty cell: there is no such number, or it is withheld; the last column,",
        f"`{WITHHELD}`, names the columns that are withheld. Withheld is {withheld_is['en']}\n",
        f"{withheld:,} nombres sont masqués, sur {rows:,} lignes / numbers are withheld, in {rows:,} rows.\n",
        "`tables.csv` définit chaque tableau (numérateur, dénominateur, exclusions), `dictionary.csv` chaque colonne,",
        "`vocabulary.csv` chaque mot.\n",
        "`tables.csv` defines each table, `dictionary.csv` each column, `vocabulary.csv` each word.\n",
        "## Tableaux / Tables\n", *listed, "",
        "## Ce que l'édition fige / What the edition pins\n", *(pinned or ["- —"]), "",
    ])  # fmt: skip


def _cells(figure: Figures) -> list[list[Cell]]:
    """Rows as written: a withheld number is an empty cell, and the last column names the columns that are withheld."""
    return [
        [*map(_number, values), " ".join(figure.columns[at] for at in range(len(values)) if (row, at) in figure.hidden)]
        for row, values in enumerate(figure.rows)
    ]


def _number(value: Any) -> Any:
    """A number as far as every engine agrees on it: what each adds up in its own order differs beyond."""
    return float(f"{value:.{DIGITS}g}") if isinstance(value, float) else value


def _csv(headings: Sequence[str], rows: Iterable[Sequence[Cell]]) -> bytes:
    return b"".join(csv_chunks([Column(heading) for heading in headings], rows, UTC))


def _json(value: Any) -> bytes:
    return (json.dumps(value, ensure_ascii=False, indent=1, allow_nan=False) + "\n").encode()


def _refuse_small(table: Table, figure: Figures, exempt: Sequence[Exemption]) -> None:
    """A last look at the door: no count from 1 to 4 leaves unless it was exempted by name."""
    free = exempted(table, exempt)
    for measure in (each for each in table.measures if each.kind == "count" and each.name not in free):
        column = figure.columns.index(measure.name)
        for number, row in enumerate(figure.rows):
            if row[column] is not None and 0 < row[column] < SMALLEST_SHOWN:
                raise InputError(
                    f"{table.name}, row {number + 1}: {measure.name} is a small count that is not withheld. Pass the figures"
                    " through disclosure control, or exempt them one by one with the reason"
                )


def _write(path: Path, contents: Mapping[str, bytes], now: datetime) -> None:
    moment = now.astimezone(UTC)
    stamp = (max(moment.year, ZIP_START), moment.month, moment.day, moment.hour, moment.minute, moment.second // 2 * 2)
    partial = ""
    try:
        descriptor, partial = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
        with os.fdopen(descriptor, "wb") as file:
            with ZipFile(file, "w", ZIP_DEFLATED) as archive:
                for name, content in contents.items():
                    entry = ZipInfo(name, stamp)
                    entry.compress_type, entry.create_system, entry.external_attr = ZIP_DEFLATED, 3, 0o644 << 16
                    archive.writestr(entry, content)
            file.flush()
            os.fsync(file.fileno())
        os.chmod(partial, 0o644)
        os.replace(partial, path)
    except OSError as error:
        raise StorageError(
            f"{path}: {error.strerror or error}. Nothing was written: make room on the disk, or give another place"
        ) from error
    finally:
        with suppress(FileNotFoundError):
            os.unlink(partial)
