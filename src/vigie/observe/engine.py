"""Engine: where the declarations lie, and what counts them: a Parquet file in this process, or a database of a country.

duckdb                     Parquet file or folder, in this process (the default)
polars                     the same, counted by Polars
postgresql://user@host/db  the table `declarations` of a PostgreSQL
clickhouse://host/db       the table `declarations` of a ClickHouse
spark://host:7077          the table `declarations` of a Spark, or a Parquet folder it reads; spark://local[2] starts one here
"""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

import ibis
import psycopg
import pyarrow as pa
import pyarrow.parquet as pq
from ibis.common.exceptions import IbisError

from vigie.errors import FileError, InputError, StorageError
from vigie.observe import shelf

if TYPE_CHECKING:
    import ibis.expr.types as ir
    from ibis.backends import BaseBackend

DECLARATIONS = "declarations"
IN_PROCESS = ("duckdb", "polars")
SERVERS = {"postgresql": "postgres", "postgres": "postgres", "clickhouse": "clickhouse", "spark": "pyspark"}
MEMORY = "1GB"  # beyond it DuckDB goes on with files in the temporary directory


def open_table(place: str | Path, engine: str = "duckdb") -> ir.Table:
    """The declarations table of a Parquet file, a folder of them, or the URL of an engine.

    A file is counted by `engine`, in this process or by Spark. Raises FileError on what is no declarations table, InputError
    on an engine that is none, StorageError on one that does not answer.
    """
    if "://" in str(place):
        return _declarations_of(connect(str(place)), str(place))
    if "://" in engine and not engine.startswith("spark://"):
        raise InputError(
            f"{place}: {engine.partition('://')[0]} reads its own table `{DECLARATIONS}` and no file. Copy the file into it"
            " with `vigie observe load`, then leave the file out"
        )
    paths = parquet_files(Path(place))
    backend = connect(engine)
    if backend.name == "polars":
        return backend.read_parquet([*map(str, paths)], table_name=DECLARATIONS)
    return backend.read_parquet([*map(str, paths)] if len(paths) > 1 else str(paths[0]), table_name=DECLARATIONS)


def parquet_files(place: Path) -> tuple[Path, ...]:
    """The Parquet files of a path, in order of their names, each checked to be a declarations table by its columns."""
    paths = tuple(sorted(place.glob("*.parquet"))) if place.is_dir() else (place,)
    if not place.exists():
        raise FileError(f"{place}: no such file. Check the name, or make it with `vigie import`")
    if not paths:
        raise FileError(f"{place}: no .parquet file in this folder. Give the folder or file that an import wrote")
    for path in paths:
        try:
            shelf.check(pq.read_schema(path), path.name)
        except OSError as error:
            raise FileError(f"{path}: {error.strerror or error}. Check the name and the rights of the file") from error
        except pa.ArrowInvalid as error:
            raise FileError(f"{path.name}: not a Parquet file ({error}). Give a file that an import wrote") from error
    return paths


def connect(engine: str = "duckdb", *, threads: int | None = None, memory: str = MEMORY) -> BaseBackend:
    """An engine by name or URL, ready. `threads` and `memory` are for DuckDB; None: as many threads as there are cores."""
    if engine == "duckdb":
        spill = str(Path(tempfile.gettempdir()) / "vigie-duckdb")
        settings = {"memory_limit": memory, "temp_directory": spill, "preserve_insertion_order": False}
        return ibis.duckdb.connect(**settings, **({"threads": threads} if threads else {}))
    kind = SERVERS.get(engine.partition("://")[0]) if "://" in engine else engine
    if kind not in {*IN_PROCESS, *SERVERS.values()}:
        known = ", ".join([*IN_PROCESS, *(f"{name}://..." for name in SERVERS)])
        raise InputError(f"{engine}: no such engine. Known: {known}")
    try:
        return _spark(engine) if kind == "pyspark" else _server(kind, engine)
    except ImportError as error:
        extra = "spark" if kind == "pyspark" else kind
        raise InputError(
            f"{extra} is not installed here ({error}). Install it: pip install 'vigie[{extra}]'"
        ) from error
    except (psycopg.Error, OSError, IbisError) as error:
        raise StorageError(
            f"{_shown(engine)} does not answer ({_first_line(error)}). Check its address and rights"
        ) from error


def held_in_memory(table: pa.Table) -> ir.Table:
    """An Arrow table as DuckDB sees it, without a copy."""
    backend: Any = connect()
    backend.con.register(DECLARATIONS, table)
    return backend.table(DECLARATIONS)


def fetched(rows: ir.Table) -> pa.Table:
    """What an expression gives, as Arrow."""
    backend: Any = rows.get_backend()
    if backend.name == "duckdb":  # straight from the driver, without the pandas that ibis goes through
        return backend.con.sql(backend.compile(rows)).to_arrow_table()
    if backend.name == "pyspark":
        return backend.raw_sql(backend.compile(rows)).toArrow()
    try:
        return rows.to_pyarrow()
    except (psycopg.Error, OSError) as error:
        raise StorageError(f"{backend.name} stopped answering ({_first_line(error)}). Try again") from error


def _declarations_of(backend: BaseBackend, url: str) -> ir.Table:
    if DECLARATIONS not in backend.list_tables():
        raise InputError(
            f"{_shown(url)} has no table `{DECLARATIONS}`. Copy one into it: vigie observe load DB.parquet --into URL"
        )
    found = backend.table(DECLARATIONS)
    missing = [column for column in shelf.SCHEMA.names if column not in found.columns]
    if missing:
        raise InputError(f"{_shown(url)}: its table `{DECLARATIONS}` lacks {', '.join(missing)}. Load it again")
    return found


def _server(kind: str, url: str) -> BaseBackend:
    if kind == "polars":
        return ibis.polars.connect()
    backend: BaseBackend = ibis.connect(url.replace("postgresql://", "postgres://", 1))
    return backend


def _spark(url: str) -> BaseBackend:
    from pyspark.sql import SparkSession

    master = url.removeprefix("spark://")
    builder = SparkSession.builder.master(master if master.startswith("local") else url).appName("vigie")
    for name, value in {
        "spark.sql.session.timeZone": "UTC",
        "spark.sql.ansi.enabled": "false",
        "spark.ui.enabled": "false",
        "spark.ui.showConsoleProgress": "false",
        "spark.sql.shuffle.partitions": "4" if master.startswith("local") else "200",
    }.items():
        builder = builder.config(name, value)
    return ibis.pyspark.connect(builder.getOrCreate())


def _shown(url: str) -> str:
    """A URL without the password in it."""
    before, at, after = url.rpartition("@")
    return f"{before.rpartition(':')[0]}:***@{after}" if at and before.count(":") > 1 else url


def _first_line(error: BaseException) -> str:
    return str(error).strip().split("\n")[0]
