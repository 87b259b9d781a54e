"""Loading: a declarations table copied into a country's PostgreSQL, whole or not at all."""

from __future__ import annotations

import psycopg
import pyarrow as pa
from psycopg import sql

from vigie.errors import InputError, StorageError
from vigie.observe.columns import BIG, COLUMNS, INSTANT, LIST, REAL, SCHEMA, TEXT, WHOLE
from vigie.observe.engine import DECLARATIONS, SERVERS

TYPES = {TEXT: "text", WHOLE: "integer", BIG: "bigint", REAL: "double precision", INSTANT: "timestamp", LIST: "text[]"}
NEW = f"{DECLARATIONS}_new"
BATCH = 10_000


def load(engine: str, table: pa.Table) -> int:
    """Put the table in place of `declarations` in a PostgreSQL, in one transaction; loading again changes nothing.

    Readers see the old table until the new one is whole. Gives the number of rows. Raises InputError on another engine,
    StorageError when the database refuses: what was there is then unchanged.
    """
    if SERVERS.get(engine.partition("://")[0]) != "postgres":
        raise InputError(f"{engine.partition('://')[0]}: only a PostgreSQL is loaded from here. Give postgresql://...")
    try:
        with psycopg.connect(engine) as connection, connection.cursor() as cursor:
            names = {"new": sql.Identifier(NEW), "held": sql.Identifier(DECLARATIONS)}
            columns = sql.SQL(", ").join(
                sql.SQL("{} {}").format(sql.Identifier(column.name), sql.SQL(TYPES[column.type])) for column in COLUMNS
            )
            cursor.execute(sql.SQL("DROP TABLE IF EXISTS {new}").format(**names))
            cursor.execute(sql.SQL("CREATE TABLE {new} ({columns})").format(columns=columns, **names))
            with cursor.copy(sql.SQL("COPY {new} FROM STDIN").format(**names)) as copy:
                for batch in table.select(SCHEMA.names).to_batches(max_chunksize=BATCH):
                    for row in zip(*(column.to_pylist() for column in batch.columns), strict=True):
                        copy.write_row(row)
            cursor.execute(sql.SQL("DROP TABLE IF EXISTS {held}").format(**names))
            cursor.execute(sql.SQL("ALTER TABLE {new} RENAME TO {held}").format(**names))
            cursor.execute(sql.SQL("CREATE INDEX ON {held} (year)").format(**names))
            cursor.execute(sql.SQL("ANALYZE {held}").format(**names))
    except psycopg.Error as error:
        raise StorageError(f"the declarations could not be loaded ({str(error).strip().splitlines()[0]})") from error
    return table.num_rows
