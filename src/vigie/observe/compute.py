"""Compute: the figures of the tables, from declarations wherever they lie, each column read as few times as can be.

Two steps. The engine that holds the declarations counts them into cells, with plain group-bys that every engine agrees on;
the tables are then computed from the cells, in this process. Figures are therefore the same whatever the engine.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
from difflib import get_close_matches
from functools import cache
from typing import TYPE_CHECKING

import duckdb
import ibis
import pyarrow as pa

from vigie.errors import InputError
from vigie.observe import declarations
from vigie.observe.cells import Family, cells, family_of, schema_of
from vigie.observe.engine import fetched, held_in_memory
from vigie.observe.figures import Row, figures
from vigie.observe.table import Figures, Table
from vigie.observe.tables import TABLES

if TYPE_CHECKING:
    import ibis.expr.types as ir

YEARS = "declarations_per_year"


def compute(
    table: ir.Table | pa.Table,
    names: Collection[str] | None = None,
    year: int | None = None,
    sector: str | None = None,
    as_known_on: datetime | None = None,
    realm: str = "real",
) -> dict[str, Figures]:
    """Figures by name of table, in the order of the report, over declarations as they were known on a day.

    `names`: None is all of them. `year`: None is every year, each in rows of its own. `sector`: only declarations of that
    sector. `as_known_on`: an aware instant; None is what is known now. Raises InputError on a name that is no table.
    """
    wanted = chosen(names)
    source = held_in_memory(table) if isinstance(table, pa.Table) else table
    received = received_in(source, year, sector, as_known_on, realm)
    held = {family: fetched(cells_of(received, family, realm)) for family in families(wanted.values())}
    return from_cells(held, wanted)


def chosen(names: Collection[str] | None) -> dict[str, Table]:
    """The tables of these names, in the order of the report. Raises InputError on a name that is no table."""
    for name in names or ():
        if name not in TABLES:
            near = get_close_matches(name, TABLES, 1)
            hint = f"Did you mean {near[0]}?" if near else "`vigie observe list` names them all"
            raise InputError(f"{name}: no such table. {hint}")
    return {name: table for name, table in TABLES.items() if names is None or name in names}


def families(tables: Iterable[Table]) -> tuple[Family, ...]:
    """The families that these tables are computed from, and the one that tells the years."""
    return tuple(dict.fromkeys(family_of(table) for table in (TABLES[YEARS], *tables)))


def received_in(
    table: ir.Table, year: int | None, sector: str | None, as_known_on: datetime | None, realm: str
) -> ir.Table:
    """The declarations received: one version of each, of one realm, with those that no figure counts still in."""
    received = declarations.as_known_on(table, as_known_on)
    received = received.filter(received.realm == realm)
    if year is not None:
        received = received.filter(received.year == year)
    return received if sector is None else received.filter(received.sector == sector)


def cells_of(received: ir.Table, family: Family, realm: str) -> ir.Table:
    """The cells of a family, as an expression on the engine that holds the declarations."""
    return cells(received if family.scope == "received" else declarations.counted(received, realm), family)


def from_cells(held: Mapping[Family, pa.Table], wanted: Mapping[str, Table]) -> dict[str, Figures]:
    """The figures of tables, from the cells of their families."""
    return as_figures(rows_of(held, wanted), wanted)


def rows_of(held: Mapping[Family, pa.Table], wanted: Mapping[str, Table], parts: int = 1) -> dict[str, list[Row]]:
    """The rows of tables, from the cells of their families, in no order; under `YEARS` always those that tell the years.

    `parts`: of how many files these are the cells. Those of several are added up first, for several tables read them.
    """
    with duckdb.connect() as con:
        for family, found in held.items():
            con.register("found", found.cast(schema_of(family).to_pyarrow()))
            sums = ", ".join(f"sum({name})::BIGINT AS {name}" for name in ("n", *family.sums))
            whole = (
                "found" if parts == 1 else f"(SELECT year, {', '.join(family.keys)}, {sums} FROM found GROUP BY ALL)"
            )
            con.execute(f'CREATE TABLE "{family.name}" AS FROM {whole}')
        return {name: con.execute(query(name)).fetchall() for name in dict.fromkeys((YEARS, *wanted))}


def as_figures(rows: Mapping[str, Sequence[Row]], wanted: Mapping[str, Table]) -> dict[str, Figures]:
    """Rows of tables as figures: completed and in order."""
    years = [row[0] for row in rows[YEARS]]
    return {name: figures(table, rows[name], years) for name, table in wanted.items()}


@cache
def query(name: str) -> str:
    """A table of the report as DuckDB's SQL over the cells of its family. The same each time, and slow to write."""
    table = TABLES[name]
    family = family_of(table)
    rows = table.build(ibis.table(schema_of(family), name=family.name))
    return str(ibis.to_sql(rows.select(*table.columns), dialect="duckdb"))
