"""The declarations table as CSV or workbook, one declaration a row, for those who may see it: it names establishments.

What the public gets is the protected tables of an edition (`opendata`), never this.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, tzinfo
from pathlib import Path
from typing import IO, Any

import pyarrow as pa

from vigie.exchange.tables import Cell, Column, csv_chunks, write_xlsx
from vigie.observe import columns as table_columns

BATCH = 2_000
JOINT = " | "
_WIDE = {"declaration": 40, "incident": 40, "establishment": 40, "record": 60}
COLUMNS = tuple(Column(column.name, _WIDE.get(column.name, 18)) for column in table_columns.COLUMNS)


def csv_of(table: pa.Table, zone: tzinfo = UTC) -> Iterator[bytes]:
    """The table as CSV, piece by piece; lists are joined by ` | `, instants are in ISO 8601 with the offset of `zone`."""
    return csv_chunks(COLUMNS, _rows(table), zone)


def xlsx_of(table: pa.Table, target: Path | IO[bytes], notes: Sequence[tuple[str, str]], zone: tzinfo = UTC) -> int:
    """Write the table as a workbook, with a sheet that says what each column is; return the number of rows.

    Raises StorageError.
    """
    meaning = [(column.name, column.what) for column in table_columns.COLUMNS]
    return write_xlsx(target, "Declarations", COLUMNS, _rows(table), zone, [*notes, *meaning])


def _rows(table: pa.Table) -> Iterator[list[Cell]]:
    for batch in table.to_batches(max_chunksize=BATCH):
        for row in batch.to_pylist():
            yield [_cell(row[column.title]) for column in COLUMNS]


def _cell(value: Any) -> Cell:
    if isinstance(value, list):
        return JOINT.join(value)
    return value.replace(tzinfo=UTC) if isinstance(value, datetime) else value
