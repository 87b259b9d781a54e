"""One line of the table of measures."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, slots=True)
class Row:
    """What was measured, beside what a user would pick instead, measured in the same run.

    `ours` and `theirs` are in `unit`. `theirs` is None when there is nothing to compare with, and `compared_to` then
    stays empty. `target` is the goal in words ("at least half of raw"); `met` says whether this run reached it:
    "yes", "no", or "—" when the row has no goal or when the run was too short to judge it.
    """

    what: str
    ours: float
    unit: str
    compared_to: str = ""
    theirs: float | None = None
    target: str = ""
    met: Literal["yes", "no", "—"] = "—"


def judged(reached: bool, *, quick: bool = False) -> Literal["yes", "no", "—"]:
    """`met` of a row. A quick run is too short to judge by."""
    if quick:
        return "—"
    return "yes" if reached else "no"
