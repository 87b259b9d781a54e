"""Precedents: what became of the first forecasts of hospitals attacked before. Shown beside ours, never mixed in."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from vigie.rebuild.learning import parameters


@dataclass(frozen=True, slots=True)
class Precedent:
    """One hospital: days from the attack to what was announced, and to what happened (`at_least`: or more)."""

    case: dict[str, str]
    announced: dict[str, str]
    announced_days: int
    real_days: int
    at_least: bool
    source: str

    @property
    def factor(self) -> float:
        """How many times longer it was than announced."""
        return self.real_days / self.announced_days


@cache
def precedents() -> tuple[Precedent, ...]:
    """Those that are published, in the order of `data/learning.yaml`."""
    return tuple(Precedent(**row) for row in parameters()["outside_view"])
