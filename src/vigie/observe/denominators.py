"""What rates are divided by: establishments, beds, places and emergency visits, per year, region, legal status and kind.

Made from official statistics by `vigie import sae`, kept as a small JSON file that says where it comes from. An edition of the
report pins its digest. No number is guessed: a year without denominators borrows those of the nearest earlier one, and says so.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from hashlib import sha256
from pathlib import Path
from typing import Any, NamedTuple

from vigie.errors import FileError, InputError

FORMAT, VERSION = "vigie.denominators", 1
SIZE_LIMIT = 20_000_000  # bytes; ten years of the SAE take 300,000
DIMENSIONS = ("region", "legal_status", "kind")
MEASURES = (
    *("establishments", "beds", "places", "emergency_visits"),
    *("emergency_structures", "emergency_establishments"),
)


class Cell(NamedTuple):
    """What there is of one kind and one status in one region. `beds` are full-time ones, `places` part-time ones.

    `emergency_structures` counts general and paediatric emergency departments apart, `emergency_establishments` does not.
    None: this register does not say.
    """

    region: str
    legal_status: str
    kind: str
    establishments: int
    beds: int | None = None
    places: int | None = None
    emergency_visits: int | None = None
    emergency_structures: int | None = None
    emergency_establishments: int | None = None


class Counted(NamedTuple):
    """A year of one register. `register`: sae or finess; `digest`: SHA-256 of the files it was read from."""

    register: str
    year: int
    source: str
    digest: str
    read_on: date
    cells: tuple[Cell, ...]


class Exposure(NamedTuple):
    """A denominator, and the year and register it really comes from: print them beside the rate."""

    value: int
    year: int
    register: str
    source: str


@dataclass(frozen=True, slots=True)
class Denominators:
    """Every year known, in the order of registers and years."""

    years: tuple[Counted, ...] = ()

    def __post_init__(self) -> None:
        order = sorted(self.years, key=lambda each: (each.register, each.year))
        keys = [(each.register, each.year) for each in order]
        if len(set(keys)) != len(keys):
            raise InputError("denominators: a year is given twice for one register. Keep one, or use `merged`")
        object.__setattr__(self, "years", tuple(order))

    @property
    def digest(self) -> str:
        """SHA-256 of the file that holds them: an edition pins it."""
        return sha256(dumped(self).encode()).hexdigest()

    def used_for(self, year: int, register: str = "sae") -> Counted | None:
        """The year itself, or the nearest earlier one: `.year` says which. None: there is neither."""
        earlier = [each for each in self.years if each.register == register and each.year <= year]
        return earlier[-1] if earlier else None

    def exposure(self, year: int, measure: str = "establishments", register: str = "sae", **where: str) -> Exposure:
        """The sum of a measure over the cells that match `where`: `region="84"`, `legal_status="public"`, `kind="ch"`.

        Raises InputError: no such measure or dimension, no year to use, or a register that does not say.
        """
        _known(measure, where)
        found = self._used(year, register)
        values = [
            getattr(cell, measure)
            for cell in found.cells
            if all(getattr(cell, name) == value for name, value in where.items())
        ]
        if None in values:
            raise InputError(f"the register {register} of {found.year} does not say {measure}. Use another register")
        return Exposure(sum(values), found.year, register, found.source)

    def by(
        self, dimension: str, year: int, measure: str = "establishments", register: str = "sae", **where: str
    ) -> dict[str, Exposure]:
        """The exposure of each region, legal status or kind that there is, in the order of words. Raises InputError."""
        _known(measure, {**where, dimension: ""})
        words = sorted({getattr(cell, dimension) for cell in self._used(year, register).cells})
        return {word: self.exposure(year, measure, register, **{**where, dimension: word}) for word in words}

    def merged(self, others: Iterable[Counted]) -> Denominators:
        """These with other years: a year of a register that was known already is replaced."""
        held = {(each.register, each.year): each for each in (*self.years, *others)}
        return Denominators(tuple(held.values()))

    def _used(self, year: int, register: str) -> Counted:
        found = self.used_for(year, register)
        if found is None:
            known = ", ".join(str(each.year) for each in self.years if each.register == register) or "none"
            raise InputError(
                f"no denominators for {year} nor any year before it ({register}: {known}). Import those of an earlier year"
                f" with `vigie import sae`"
            )
        return found


def dumped(denominators: Denominators) -> str:
    """The text of the file: same content, same bytes; one line a cell, so that two versions can be compared."""
    head = {"format": FORMAT, "version": VERSION, "columns": list(Cell._fields)}
    parts = [_json(head)[:-1], ', "years": [']
    for number, each in enumerate(denominators.years):
        said = {**each._asdict(), "read_on": each.read_on.isoformat()}
        del said["cells"]
        rows = ",\n    ".join(_json(list(cell)) for cell in each.cells)
        parts += ["," if number else "", f'\n  {_json(said)[:-1]}, "cells": [\n    {rows}]}}']
    return "".join([*parts, "\n]}\n"])


def loaded(text: str, name: str = "denominators.json") -> Denominators:
    """Read what `dumped` wrote. Raises FileError: not such a file, made by a later Vigie, or edited by hand."""
    try:
        said = json.loads(text)
        if said.get("format") != FORMAT:
            raise FileError(f"{name}: not a file of denominators. Make one with `vigie import sae`")
        if said["version"] > VERSION:
            raise FileError(f"{name}: made by a later Vigie (version {said['version']}). Update this installation")
        return Denominators(tuple(_counted(year, said["columns"]) for year in said["years"]))
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise FileError(
            f"{name}: damaged, or changed by hand ({error}). Make it again with `vigie import sae`"
        ) from error


def load(path: Path) -> Denominators:
    """The denominators of a file. Raises FileError."""
    try:
        if path.stat().st_size > SIZE_LIMIT:
            raise FileError(f"{path}: larger than {SIZE_LIMIT:,} bytes. Is it this file?")
        return loaded(path.read_text(encoding="utf-8"), path.name)
    except OSError as error:
        raise FileError(f"{path}: {error.strerror or error}. Check the name and the rights of the file") from error


def _counted(year: dict[str, Any], columns: list[str]) -> Counted:
    cells = tuple(sorted(Cell(**dict(zip(columns, row, strict=True))) for row in year["cells"]))
    for cell in cells:
        numbers = [each for each in cell[len(DIMENSIONS) :] if each is not None]
        if not all(isinstance(each, int) and each >= 0 for each in numbers):
            raise ValueError(f"{cell.region}, {cell.legal_status}, {cell.kind}: a number is not a count")
    return Counted(**{**year, "read_on": date.fromisoformat(year["read_on"]), "cells": cells})


def _known(measure: str, where: dict[str, str]) -> None:
    if measure not in MEASURES:
        raise InputError(f"{measure!r} is no denominator. Choose among {', '.join(MEASURES)}")
    if odd := where.keys() - set(DIMENSIONS):
        raise InputError(f"{sorted(odd)[0]!r} is no dimension of denominators. Choose among {', '.join(DIMENSIONS)}")


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)
