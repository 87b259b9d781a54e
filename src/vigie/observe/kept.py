"""Kept: the cells of each file of declarations, kept beside, so that a day more does not count the past again.

A file is known by the digest of the bytes that cells are counted from. A file that did not change keeps its cells; one that
did, or that is new, is counted, and it alone. Files that share no year share no row of any table, so the rows of their tables
are kept too. Only what is known now is kept: the past is asked for rarely, and counted anew.
"""

from __future__ import annotations

import glob
import json
import os
import shutil
import tempfile
from collections.abc import Collection, Iterable, Mapping, Sequence
from functools import cache
from hashlib import sha256
from importlib import resources
from pathlib import Path
from typing import Any, cast

import ibis
import pyarrow as pa
import pyarrow.parquet as pq

from vigie.errors import StorageError
from vigie.observe import vocabulary
from vigie.observe.cells import FAMILIES, Family, family_of, schema_of
from vigie.observe.columns import SCHEMA
from vigie.observe.compute import YEARS, as_figures, cells_of, chosen, families, received_in, rows_of
from vigie.observe.engine import DECLARATIONS, open_table, parquet_files
from vigie.observe.figures import Row
from vigie.observe.table import Figures
from vigie.observe.tables import TABLES

CODE = {"cells.py", "compute.py", "declarations.py", "kept.py"}
ROWS = "rows.json"
# Columns that no figure reads: they name, trace or repeat. What changes in them alone changes no cell.
UNREAD = frozenset({
    "declaration", "version", "incident", "known_from", "source_key", "source_place", "source_digest", "entries", "record",
    "node", "establishment", "legal_entity", "sites", "occurred_at", "recorded_at", "day", "supplier",
})  # fmt: skip


def compute_kept(
    place: Path,
    folder: Path,
    names: Collection[str] | None = None,
    year: int | None = None,
    sector: str | None = None,
    realm: str = "real",
) -> dict[str, Figures]:
    """What `compute` gives for a file or folder as known now, counting only the files whose cells are not in `folder` yet.

    Raises what `open_table` raises, and StorageError when the folder cannot be written.
    """
    wanted = chosen(names)
    parts = [_kept(path, folder, realm, sector) for path in parquet_files(place)]
    rows: dict[str, list[Row]] = {name: [] for name in TABLES}
    for together in _by_years(parts):
        for name, found in _rows(together).items():
            rows[name] += [tuple(row) for row in found if year is None or row[0] == year]
    return as_figures(rows, wanted)


@cache
def definitions() -> str:
    """SHA-256 of what decides what a cell and a table hold: their code and the vocabulary."""
    code = sha256(vocabulary.digest().encode())
    here = resources.files("vigie.observe")
    for place in (here, here / "tables"):
        for file in sorted(place.iterdir(), key=lambda each: each.name):
            if file.name in CODE or place is not here and file.name.endswith(".py"):
                code.update(file.read_bytes())
    return code.hexdigest()


def digest_of(path: Path) -> str:
    """SHA-256 of the bytes of a Parquet file that cells are counted from: the column chunks they read, in order."""
    found = pq.read_metadata(path)
    digest = sha256(definitions().encode())
    with path.open("rb") as file:
        for group in range(found.num_row_groups):
            rows = found.row_group(group)
            for number in range(rows.num_columns):
                chunk = rows.column(number)
                if chunk.path_in_schema.partition(".")[0] not in UNREAD:
                    digest.update(f"{chunk.path_in_schema} {chunk.num_values}".encode())
                    start = chunk.dictionary_page_offset or chunk.data_page_offset
                    file.seek(start)
                    digest.update(file.read(chunk.total_compressed_size))
    return digest.hexdigest()


def _kept(path: Path, folder: Path, realm: str, sector: str | None) -> Path:
    """The folder of a file's cells. When it is not there the file is counted, and the cells of what it was are removed."""
    name = "-".join([path.stem, realm, sector or "all"])
    held = folder / f"{name}-{digest_of(path)}"
    if held.is_dir():
        return held
    con = cast(Any, open_table(path).get_backend()).con
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=folder, prefix=".cells-", ignore_cleanup_errors=True) as partial:
            for family in FAMILIES:
                counted = con.sql(_query(family, realm, sector)).to_arrow_table().cast(schema_of(family).to_pyarrow())
                pq.write_table(counted, Path(partial) / f"{family.name}.parquet")
            for former in folder.glob(f"{glob.escape(name)}-*"):
                if len(former.name) == len(held.name):
                    shutil.rmtree(former)
            os.replace(partial, held)  # whole or not at all: a folder of this name holds every family
    except OSError as error:
        raise _not_kept(folder, error) from error
    return held


@cache
def _query(family: Family, realm: str, sector: str | None) -> str:
    """The cells of a family as DuckDB's SQL over `declarations`: the same for every file, and slow to write."""
    table = ibis.table(ibis.Schema.from_pyarrow(SCHEMA), name=DECLARATIONS)
    return str(ibis.to_sql(cells_of(received_in(table, None, sector, None, realm), family, realm), dialect="duckdb"))


def _by_years(parts: Sequence[Path]) -> list[list[Path]]:
    """Files that share a year, directly or through others, together."""
    groups: list[tuple[set[int | None], list[Path]]] = []
    for part in parts:
        years = set(_cells(family_of(TABLES[YEARS]), [part])["year"].to_pylist())
        meeting = [group for group in groups if group[0] & years]
        joined = [path for _, paths in meeting for path in paths]
        groups = [group for group in groups if group not in meeting]
        groups.append((years.union(*(found for found, _ in meeting)), [*joined, part]))
    return [paths for _, paths in groups]


def _rows(parts: Sequence[Path]) -> Mapping[str, Sequence[Sequence[Any]]]:
    """The rows of all tables over files that share years; those computed last are kept beside the cells of the first."""
    of, place = "".join(part.name for part in parts), parts[0] / ROWS
    if place.exists():
        kept = json.loads(place.read_text(encoding="utf-8"))
        if kept["of"] == of:
            return kept["rows"]
    rows = rows_of({family: _cells(family, parts) for family in families(TABLES.values())}, TABLES, len(parts))
    partial = place.with_suffix(".partial")
    try:
        partial.write_text(json.dumps({"of": of, "rows": rows}), encoding="utf-8")
        os.replace(partial, place)
    except OSError as error:
        raise _not_kept(place, error) from error
    return rows


def _cells(family: Family, parts: Iterable[Path]) -> pa.Table:
    """The cells of several files, one after the other: a table adds up the cells it is given."""
    return pa.concat_tables([pq.read_table(part / f"{family.name}.parquet", partitioning=None) for part in parts])


def _not_kept(place: Path, error: OSError) -> StorageError:
    return StorageError(
        f"{place}: what was counted could not be kept ({error.strerror or error}). Make room, or give another folder"
    )
