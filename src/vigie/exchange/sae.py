"""The SAE, yearly statistics of French health establishments, as denominators: a folder of tables, one or several years.

Which files and columns are read is in `data/sae.yaml`. Full-time beds: LIT_MCO of medicine, CAP_HTP of psychiatry, LIT of
rehabilitation and of long-term care; places: PLA_MCO, CAP_HDJ and CAP_HDN, PLA; emergency visits: PASSU. A row of a table
whose establishment is not in the table of identities cannot be placed in a region: it is left out, counted, and said.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from hashlib import sha256
from importlib import resources
from pathlib import Path
from typing import Any, NamedTuple

import yaml

from vigie.errors import FileError
from vigie.exchange.delimited import Delimited, read
from vigie.exchange.establishments import UNKNOWN, Establishment, kind_of, region_of, status_of
from vigie.exchange.importing import Counts
from vigie.exchange.incoming import Found, find
from vigie.observe.denominators import Cell, Counted, Denominators

SOURCE = "Statistique annuelle des établissements de santé (SAE), bases statistiques, DREES"
_FILE = re.compile(r"(?P<table>[a-z0-9_]+)_(?P<year>(?:19|20)\d\d)(?P<stage>[a-z]?)\.csv(\.gz)?", re.IGNORECASE)
_NUMBER = re.compile(r"\d+(?:[.,]\d+)?")
BEDS, PLACES, VISITS = "beds", "places", "visits"
_MEASURE = {"beds": BEDS, "places": PLACES, "night_places": PLACES, "visits": VISITS}


class YearRead(NamedTuple):
    """What one year gave: who there is, and its totals, all tables together (`beds`) and apart (`beds of psychiatry`).

    `checked`: real files of that year were read with the list of known names before.
    """

    year: int
    checked: bool
    files: tuple[str, ...]
    establishments: tuple[Establishment, ...]
    totals: dict[str, int]


class SaeRead(NamedTuple):
    """Denominators, years, and the counts of rows: read, mapped, kept aside with the reason."""

    denominators: Denominators
    years: tuple[YearRead, ...]
    counts: Counts


@dataclass(slots=True)
class _Tally:
    """What one establishment has, while tables are read. `structures`: its emergency departments."""

    who: Establishment
    numbers: Counter[str] = field(default_factory=Counter)
    structures: int = 0


def read_sae(directory: Path, read_on: date) -> SaeRead:
    """Read every year of a folder (or of its sub-folders) of SAE tables.

    Raises FileError: no table in the folder, a table missing from a year (the sum would be too low), a column under none of
    its known names, or no establishment at all.
    """
    counts = Counts()
    found = _tables(find([directory], [".csv"]))
    if not found:
        raise FileError(
            f"{directory}: no table of the SAE, such as ID_2022r.csv. Unpack the archive of the bases statistiques here"
        )
    read_years = [_year(year, files, read_on, counts) for year, files in sorted(found.items())]
    return SaeRead(
        Denominators(tuple(counted for counted, _ in read_years)), tuple(year for _, year in read_years), counts
    )


@cache
def _known() -> Any:
    return yaml.safe_load((resources.files("vigie.exchange") / "data" / "sae.yaml").read_text(encoding="utf-8"))


def _tables(files: Iterable[Found]) -> dict[int, dict[str, Found]]:
    """For each year, the file of each table that is read. Of two stages of one table, the revised one (r) is taken."""
    names = {name.casefold(): table for table, said in _known()["tables"].items() for name in said["files"]}
    found: dict[int, dict[str, Found]] = {}
    stages: dict[tuple[int, str], str] = {}
    for file in files:
        match = _FILE.fullmatch(file.path.name)
        table = names.get(match["table"].casefold()) if match else None
        if match is None or table is None:
            continue
        key, stage = (int(match["year"]), table), match["stage"].casefold()
        if key not in stages or (stage == "r") > (stages[key] == "r"):
            stages[key] = stage
            found.setdefault(key[0], {})[table] = file
    return found


def _year(year: int, files: dict[str, Found], read_on: date, counts: Counts) -> tuple[Counted, YearRead]:
    tables = _known()["tables"]
    if missing := [said["files"][0] for table, said in tables.items() if table not in files]:
        raise FileError(
            f"SAE {year}: no file {', '.join(f'{name}_{year}r.csv' for name in missing)}. Its sums would be too low: add it"
            f" to the folder, or take the files of {year} away"
        )
    read_tables = {table: read(files[table]) for table in tables}
    tallies = {each.site: _Tally(each) for each in _identities(read_tables["identity"], year, counts)}
    if not tallies:
        raise FileError(f"{read_tables['identity'].name}: no establishment. Check that the download is complete")
    sums: Counter[str] = Counter()
    details: dict[str, int] = {}
    for table in (table for table in tables if table != "identity"):
        added = _add(read_tables[table], table, tallies, counts)
        sums.update(added)
        details |= {f"{measure} of {table.replace('_', '-')}": added[measure] for measure in sorted(added)}
    totals = {"establishments": len(tallies), **{name: sums[name] for name in (BEDS, PLACES, VISITS)}, **details}
    digests = "".join(f"{table} {read_tables[table].digest}\n" for table in sorted(tables))
    counted = Counted("sae", year, SOURCE, sha256(digests.encode()).hexdigest(), read_on, _cells(tallies.values()))
    names = tuple(files[table].name for table in tables)
    who = tuple(tally.who for tally in tallies.values())
    return counted, YearRead(year, year in _known()["checked"], names, who, totals)


def _identities(table: Delimited, year: int, counts: Counts) -> Iterator[Establishment]:
    """The establishments of a year, each once."""
    place = table.places(_known()["tables"]["identity"]["columns"])
    seen: set[str] = set()
    for line, row in table.rows:
        said = {column: row[at].strip() if at < len(row) else "" for column, at in place.items()}
        counts.read += 1
        if said["year"] != str(year):
            raise FileError(
                f"{table.name}, line {line}: the year is {said['year']!r}, the name of the file says {year}. Give the file"
                " under its own name"
            )
        if not said["site"] or said["site"] in seen:
            counts.kept_aside["identity: no FINESS number" if not said["site"] else "identity: given twice"] += 1
            continue
        seen.add(said["site"])
        counts.mapped += 1
        status = status_of(code=said["status"])
        yield Establishment(
            said["site"],
            said["entity"],
            said["name"],
            kind_of(said["category"], "", status),
            status,
            region_of(said["department"]),
        )


def _add(table: Delimited, name: str, tallies: dict[str, _Tally], counts: Counts) -> Counter[str]:
    """Add the numbers of one table to its establishments. Returns what was added."""
    said = _known()["tables"][name]
    place = table.places(said["columns"])
    rows, without = _totals(table, place.get("row"), said.get("totals", ()), place["site"])
    if without:
        counts.read += without
        counts.kept_aside[f"{name}: establishment without a row of totals"] += without
    added: Counter[str] = Counter()
    for line, row in rows:
        counts.read += 1
        tally = tallies.get(row[place["site"]].strip())
        if tally is None:
            counts.kept_aside[f"{name}: establishment not in the table of identities"] += 1
            continue
        counts.mapped += 1
        for column in (column for column in place if column in _MEASURE):
            number = _number(row[place[column]], f"{table.name}, line {line}, column {table.headings[place[column]]}")
            tally.numbers[_MEASURE[column]] += number
            added[_MEASURE[column]] += number
        if name == "emergency":
            tally.structures += 1
            added["structures"] += 1
    return added


def _totals(
    table: Delimited, at: int | None, totals: Sequence[str], site: int
) -> tuple[list[tuple[int, list[str]]], int]:
    """The rows to add up: those that are the total of their establishment, where the table has a row per kind of bed.

    And how many establishments have rows, but none of totals.
    """
    for line, row in table.rows:
        if len(row) != len(table.headings):
            raise FileError(f"{table.name}, line {line}: not as many cells as headings. Download the file again")
    if at is None:
        return list(table.rows), 0
    said = {row[at].strip().upper() for _, row in table.rows}
    word = next((each for each in totals if each in said), None)
    if word is None and table.rows:
        raise FileError(
            f"{table.name}: no row of totals ({table.headings[at]} = {' or '.join(totals)}). Its beds would be lost: add the"
            " word of that year to the list of known names"
        )
    kept = [(line, row) for line, row in table.rows if row[at].strip().upper() == word]
    return kept, len({row[site] for _, row in table.rows} - {row[site] for _, row in kept})


def _number(text: str, where: str) -> int:
    """A count; an empty cell is none. Halves of places are rounded."""
    text = text.strip()
    if not text:
        return 0
    if not _NUMBER.fullmatch(text):
        raise FileError(f"{where}: {text!r} is not a number. Download the file again")
    return round(float(text.replace(",", ".")))


def _cells(tallies: Iterable[_Tally]) -> tuple[Cell, ...]:
    sums: dict[tuple[str, str, str], Counter[str]] = {}
    for tally in tallies:
        numbers = sums.setdefault((tally.who.region, tally.who.legal_status, tally.who.kind), Counter())
        numbers.update(tally.numbers)
        numbers.update(establishments=1, structures=tally.structures, emergency=bool(tally.structures))
    return tuple(
        Cell(*key, *(n[name] for name in ("establishments", BEDS, PLACES, VISITS, "structures", "emergency")))
        for key, n in sorted(sums.items())
    )


def unplaced(counted: Counted) -> dict[str, int]:
    """How many establishments have no known region, legal status or kind: they count in totals, and in no region."""
    return {
        name: sum(cell.establishments for cell in counted.cells if getattr(cell, name) == UNKNOWN)
        for name in ("region", "legal_status", "kind")
    }


def remarks(found: SaeRead) -> tuple[str, ...]:
    """What a reader of the denominators should know: years read by names not checked before, establishments in no class."""
    checked = ", ".join(map(str, _known()["checked"]))
    said = [
        f"{each.year}: read by names of columns checked on {checked}; compare its totals with those that DREES publishes"
        for each in found.years
        if not each.checked
    ]
    for counted in found.denominators.years:
        said += [
            f"{counted.year}: {number:,} establishments of unknown {name.replace('_', ' ')}; they count in totals only"
            for name, number in unplaced(counted).items()
            if number
        ]
    return tuple(said)
