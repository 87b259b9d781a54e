"""The FINESS register of French establishments: who a number is, and how many there are of each kind.

Read: an extract with a line of headings (any order; the names below are known), or the official stock of establishments
(`structureet` lines without headings, behind a first line `finess;etalab;...` that gives its date).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import date
from pathlib import Path
from typing import NamedTuple

from vigie.errors import FileError
from vigie.exchange.delimited import Delimited, read
from vigie.exchange.establishments import Establishment, Register, kind_of, region_of, status_of
from vigie.exchange.importing import Counts
from vigie.exchange.incoming import find
from vigie.observe.denominators import Cell, Counted

SOURCE = "Fichier national des établissements sanitaires et sociaux (FINESS), Agence du numérique en santé"
NAMES = {
    "site": ("nofinesset", "et_finess", "finess_et", "finess"),
    "entity": ("nofinessej", "ej_finess", "finess_ej"),
    "department": ("departement_code", "departement", "dep"),
}
OPTIONAL = {
    "long_name": ("rs_longue", "rslongue"),
    "short_name": ("rs_courte", "rs", "et_rs"),
    "code": ("categetab", "categ_code", "categorie_code"),
    "label": ("categorie_libelle", "libcategetab", "categ_lib"),
    "status": ("statut_juridique_lib", "libsph", "sph_lib"),
}
# The official stock has no headings; these are the places of its lines that are read, and how many cells a line has.
STOCK_MARK, STOCK_LINE, STOCK_CELLS = "finess", "structureet", 32
STOCK = {
    "site": 1, "entity": 2, "short_name": 3, "long_name": 4, "department": 13, "code": 18, "label": 19, "status": 27,
}  # fmt: skip


class FinessRead(NamedTuple):
    """The register, the year it is of (None: the file does not say), and the counts of rows."""

    register: Register
    counted: Counted | None
    counts: Counts


def read_finess(path: Path, read_on: date, year: int | None = None) -> FinessRead:
    """Read a file of the register. `year` is that of the extract, where the file does not say; without it, no denominators.

    Raises FileError when it is no register, or holds no establishment.
    """
    (file,) = find([path], [".csv"])[:1]
    table = read(file)
    counts = Counts()
    stock = table.headings[0].strip().casefold() == STOCK_MARK
    if stock:
        year = year or _stock_year(table)
    establishments = tuple(_establishments(table, counts, stock))
    if not establishments:
        raise FileError(f"{table.name}: no establishment could be read. Give the list of establishments of FINESS")
    counted = Counted("finess", year, SOURCE, table.digest, read_on, cells(establishments)) if year else None
    return FinessRead(Register.of(establishments), counted, counts)


def cells(establishments: Iterable[Establishment]) -> tuple[Cell, ...]:
    """How many establishments there are per region, legal status and kind; a register says nothing of beds."""
    counted = Counter((each.region, each.legal_status, each.kind) for each in establishments)
    return tuple(Cell(*key, number) for key, number in sorted(counted.items()))


def _establishments(table: Delimited, counts: Counts, stock: bool) -> Iterator[Establishment]:
    if stock:
        place = STOCK
        rows = [(line, row) for line, row in table.rows if row[0].strip().casefold() == STOCK_LINE]
    else:
        optional = {column: at for column, names in OPTIONAL.items() if (at := table.place(names)) is not None}
        place, rows = {**table.places(NAMES), **optional}, list(table.rows)
    seen: set[str] = set()
    for _, row in rows:
        counts.read += 1
        said = {column: row[at].strip() if at < len(row) else "" for column, at in place.items()}
        fault = _fault(row, said, seen, STOCK_CELLS if stock else len(table.headings))
        if fault:
            counts.kept_aside[fault] += 1
            continue
        seen.add(said["site"])
        counts.mapped += 1
        status = status_of(label=said.get("status", ""))
        yield Establishment(
            said["site"],
            said["entity"],
            said.get("long_name") or said.get("short_name", ""),
            kind_of(said.get("code", ""), said.get("label", ""), status),
            status,
            region_of(said["department"]),
        )


def _fault(row: list[str], said: dict[str, str], seen: set[str], width: int) -> str:
    if len(row) != width:
        return "a line with more or fewer cells than the others"
    if not said["site"]:
        return "no FINESS number"
    return "FINESS number given twice" if said["site"] in seen else ""


def _stock_year(table: Delimited) -> int | None:
    """The year in the first line, `finess;etalab;94;2020-03-04`."""
    try:
        return date.fromisoformat(table.headings[-1].strip()).year
    except ValueError:
        return None
