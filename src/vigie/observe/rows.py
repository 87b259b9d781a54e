"""Rows of the declarations table: made one by one with their names checked, and put together as one Arrow table."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime
from operator import itemgetter
from typing import Any

import pyarrow as pa

from vigie.errors import InputError
from vigie.observe.columns import ARROW, BY_NAME, COLUMNS, INSTANT, LIST, SCHEMA, UNSAID

Row = dict[str, Any]
_INSTANTS = tuple(column.name for column in COLUMNS if column.type == INSTANT)
_LISTS = tuple(column.name for column in COLUMNS if column.type == LIST)


def empty() -> pa.Table:
    """The declarations table with no row."""
    return SCHEMA.empty_table()


def row(**values: Any) -> Row:
    """One row: what is given, and for the rest what stands when nobody has said anything (`UNSAID`).

    Aware instants become UTC without a zone, sequences lists. Raises InputError on a name that is no column.
    """
    if not values.keys() <= BY_NAME.keys():
        unknown = ", ".join(sorted(values.keys() - BY_NAME.keys()))
        raise InputError(f"{unknown}: no such column of the declarations table. See docs/reference/declarations.md")
    made: Row = {**UNSAID, **values}
    for name in _INSTANTS:
        if made[name] is not None:
            made[name] = naive(made[name])
    for name in _LISTS:
        made[name] = list(made[name])
    return made


_cells = itemgetter(*(column.name for column in COLUMNS))


def table_of(rows: Iterable[Row]) -> pa.Table:
    """Complete rows as a table, in the order given. Raises InputError that names the column a value does not fit."""
    try:
        held = tuple(zip(*map(_cells, rows), strict=True)) or ((),) * len(COLUMNS)
    except KeyError as error:
        raise InputError(f"{error.args[0]}: missing in a row. Make rows with `row(...)`, which fills it") from None
    arrays = []
    for column, values in zip(COLUMNS, held, strict=True):
        try:
            arrays.append(pa.array(values, ARROW[column.type]))
        except (pa.ArrowInvalid, pa.ArrowTypeError, OverflowError) as error:
            raise InputError(f"{column.name}: a value is no {column.type} ({error})") from None
    return pa.Table.from_arrays(arrays, schema=SCHEMA)


def naive(instant: datetime) -> datetime:
    """An aware instant as UTC without a zone, as the table holds it; one without a zone is taken for UTC already."""
    return instant if instant.tzinfo is None else instant.astimezone(UTC).replace(tzinfo=None)
