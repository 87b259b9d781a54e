"""Mercator's RTO workbook (its report `applications_by_activity.xlsx`), and the trap in it.

Mercator fills the column RPO from the RTO (its class `App\\Http\\Controllers\\Report\\RTO`, read at commit 5f80102): a workbook in
which both are equal on every row says nothing about the RPO, which is then left unknown, loudly.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from vigie.cartography import open_workbook
from vigie.errors import FileError

ROWS_LIMIT = 20_000
UNITS = {"d": 1440, "j": 1440, "t": 1440, "h": 60, "s": 60, "m": 1}  # day, jour, Tag; hour, heure, Stunde; minute
PART = re.compile(r"(\d{1,6})\s*([^\W\d_]+)")


@dataclass(frozen=True, slots=True)
class Timed:
    """An application with its times in minutes; None: unknown."""

    name: str
    rto_minutes: int | None
    rpo_minutes: int | None


@dataclass(frozen=True, slots=True)
class RtoReport:
    """The applications of the workbook, and what a person must know before using them."""

    applications: tuple[Timed, ...]
    warnings: tuple[str, ...]


def read(content: bytes, name: str) -> RtoReport:
    """Read the workbook. Raises FileError where it is not Mercator's RTO report."""
    with open_workbook(content, name) as (book, _):
        page = book.worksheets[0]
        page.reset_dimensions()
        rows = [row for _, row in zip(range(ROWS_LIMIT), page.iter_rows(max_col=8, values_only=True), strict=False)]
        title = page.title
    head = [str(cell or "").strip().upper() for cell in rows[0]] if rows else []
    if head[1:3] != ["RTO", "RPO"]:
        raise FileError(
            f"{name}, sheet {title}, row 1: not Mercator's RTO report, whose columns B and C are RTO and RPO. "
            "For a map in Vigie's own workbook use `vigie cartography convert`"
        )
    found = {}
    for number, row in enumerate(rows[1:], start=2):
        if str(row[0] or "").strip():
            where = f"{name}, sheet {title}, row {number}"
            found[str(row[0]).strip()] = (
                _minutes(row[1], f"{where}, column RTO"),
                _minutes(row[2], f"{where}, column RPO"),
            )
    return _judge(found, name)


def _judge(found: dict[str, tuple[int | None, int | None]], name: str) -> RtoReport:
    told = [(rto, rpo) for rto, rpo in found.values() if rto is not None or rpo is not None]
    copied = bool(told) and all(rto == rpo for rto, rpo in told)
    warnings: Sequence[str] = ()
    if copied:
        warnings = (
            f"{name}: RPO EQUALS RTO ON EVERY ROW ({len(told)} applications). This report of Mercator copies the RTO into the "
            "column RPO: every RPO is left unknown. Export the tables as JSON to get the true ones",
        )
    applications = tuple(Timed(title, rto, None if copied else rpo) for title, (rto, rpo) in found.items())
    return RtoReport(applications, tuple(warnings))


def _minutes(cell: Any, where: str) -> int | None:
    """`1 jour 4 heures` as 1680; None where nothing is written. Raises FileError on anything else."""
    text = str(cell if cell is not None else "").strip()
    if not text:
        return None
    parts = PART.findall(text)
    if not parts or PART.sub("", text).strip() or any(unit[0].lower() not in UNITS for _, unit in parts):
        raise FileError(f'{where}: "{text[:60]}" is not a duration. Mercator writes `1 jour 4 heures`')
    return sum(int(count) * UNITS[unit[0].lower()] for count, unit in parts)
