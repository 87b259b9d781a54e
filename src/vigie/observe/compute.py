"""Compute: the figures of the tables, from declarations wherever they lie, each column read as few times as can be.

Two steps. The engine that holds the declarations counts them into cells, with plain group-bys that every engine agrees on;
the tables are then computed from the cells, in this process. Figures are therefore the same whatever the engine.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime
from difflib import get_close_matches
from typing import TYPE_CHECKING, Any

import ibis
import pyarrow as pa

from vigie.errors import InputError
from vigie.observe import declarations
from vigie.observe.cells import Family, cells, family_of
from vigie.observe.figures import figures
from vigie.observe.table import Figures, Table
from vigie.observe.tables import TABLES
from vigie.observe.tables.prepared import prepared

if TYPE_CHECKING:
    import ibis.expr.types as ir


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
    source = ibis.memtable(table) if isinstance(table, pa.Table) else table
    received = prepared(received_in(source, year, sector, as_known_on, realm))
    families = {family_of(each) for each in wanted.values()} | {family_of(TABLES["declarations_per_year"])}
    held = {family.name: counted_cells(received, family, realm).to_pyarrow() for family in families}
    return from_cells(held, wanted)


def chosen(names: Collection[str] | None) -> dict[str, Table]:
    """The tables of these names, in the order of the report. Raises InputError on a name that is no table."""
    if names is None:
        return dict(TABLES)
    for name in names:
        if name not in TABLES:
            near = get_close_matches(name, TABLES, 1)
            hint = f"Did you mean {near[0]}?" if near else "`vigie observe list` names them all"
            raise InputError(f"{name}: no such table. {hint}")
    return {name: table for name, table in TABLES.items() if name in names}


def received_in(
    table: ir.Table, year: int | None, sector: str | None, as_known_on: datetime | None, realm: str
) -> ir.Table:
    """The declarations received: one version of each, of one realm, with those that no figure counts still in."""
    received = declarations.as_known_on(table, as_known_on)
    received = received.filter(received.realm == realm)
    if year is not None:
        received = received.filter(received.year == year)
    return received if sector is None else received.filter(received.sector == sector)


def counted_cells(received: ir.Table, family: Family, realm: str) -> ir.Table:
    """The cells of a family, as an expression on the engine that holds the declarations."""
    return cells(received if family.scope == "received" else declarations.counted(received, realm), family)


def from_cells(held: Mapping[str, pa.Table], wanted: Mapping[str, Table]) -> dict[str, Figures]:
    """The figures of tables, from the cells of their families."""
    con = ibis.duckdb.connect()
    for name, found in held.items():
        con.con.register("found", found)
        con.raw_sql(f'CREATE TABLE "{name}" AS FROM found')
    found_years = con.table(family_of(TABLES["declarations_per_year"]).name).year
    years: list[Any] = con.to_pyarrow(found_years.name("year").as_table().distinct())["year"].to_pylist()
    made = {}
    for name, table in wanted.items():
        rows = table.build(con.table(family_of(table).name)).select(*table.columns)
        found = con.to_pyarrow(rows)
        made[name] = figures(table, zip(*(column.to_pylist() for column in found.columns), strict=True), years)
    con.disconnect()
    return made
