"""Kept: the cells of each file of declarations, kept beside, so that a day more does not count the past again.

A file is known by the digest of the bytes that cells are counted from. A file that did not change keeps its cells; one that
did, or that is new, is counted, and it alone. Cells of several files add up, so a country keeps one file a year and only the
year that a declaration fell in is read again. Only what is known now is kept: the past is asked for rarely, and counted anew.
"""

from __future__ import annotations

import glob
import os
import shutil
import tempfile
from collections.abc import Collection, Iterable
from hashlib import sha256
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from vigie.errors import StorageError
from vigie.observe import vocabulary
from vigie.observe.cells import FAMILIES, Family, schema_of
from vigie.observe.compute import cells_of, chosen, families, from_cells, received_in
from vigie.observe.engine import fetched, open_table, parquet_files
from vigie.observe.table import Figures

VERSION = 1  # of what cells hold; one more whenever a family, a class or a filter changes its meaning
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

    Raises what `open_table` raises, and StorageError when cells cannot be kept.
    """
    wanted = chosen(names)
    parts = [_kept(path, folder, realm, sector) for path in parquet_files(place)]
    held = {family: _whole(family, parts, year) for family in families(wanted.values())}
    return from_cells(held, wanted)


def digest_of(path: Path) -> str:
    """SHA-256 of the bytes of a Parquet file that cells are counted from: the column chunks they read, in order."""
    found = pq.read_metadata(path)
    digest = sha256(f"{VERSION} {vocabulary.digest()}".encode())
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
    received = received_in(open_table(path), None, sector, None, realm)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=folder, prefix=".cells-", ignore_cleanup_errors=True) as partial:
            for family in FAMILIES:
                counted = fetched(cells_of(received, family, realm)).cast(schema_of(family).to_pyarrow())
                pq.write_table(counted, Path(partial) / f"{family.name}.parquet")
            for former in folder.glob(f"{glob.escape(name)}-*"):
                if len(former.name) == len(held.name):
                    shutil.rmtree(former)
            os.replace(partial, held)  # whole or not at all: a folder of this name holds every family
    except OSError as error:
        raise StorageError(
            f"{folder}: the cells could not be kept ({error.strerror or error}). Make room, or give another folder"
        ) from error
    return held


def _whole(family: Family, parts: Iterable[Path], year: int | None) -> pa.Table:
    """The cells of all files. Those alike are not added up here: every table adds up the cells it is given."""
    chosen_year = None if year is None else [("year", "=", year)]
    return pa.concat_tables([pq.read_table(part / f"{family.name}.parquet", filters=chosen_year) for part in parts])
