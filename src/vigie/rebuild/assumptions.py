"""Assumptions: what the planner takes where nobody has said, read once from `data/assumptions.yaml`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any

import yaml

from vigie.cartography import Effort, vocabulary


@dataclass(frozen=True, slots=True)
class Hours:
    """Hours of work of one person: lowest, likely, highest."""

    low: float
    likely: float
    high: float

    @property
    def mean(self) -> float:
        """The mean of a PERT distribution, (low + 4 likely + high) / 6 (Malcolm et al. 1959)."""
        return (self.low + 4 * self.likely + self.high) / 6

    def times(self, factor: float) -> Hours:
        """The same, so many times longer."""
        return Hours(self.low * factor, self.likely * factor, self.high * factor)


NO_TIME = Hours(0, 0, 0)


@cache
def assumptions() -> Mapping[str, Any]:
    """The file, as it stands."""
    text = (resources.files("vigie.rebuild") / "data" / "assumptions.yaml").read_text(encoding="utf-8")
    return yaml.safe_load(text)


def hours_of(given: Mapping[str, float] | Effort) -> Hours:
    """Three points from the file or from a map."""
    if isinstance(given, Effort):
        return Hours(given.low_hours, given.likely_hours, given.high_hours)
    return Hours(float(given["low"]), float(given["likely"]), float(given["high"]))


def layer_of(kind: str) -> str:
    """infrastructure, care or management, for a kind of application."""
    return str(vocabulary()["application_kinds"][kind].get("layer", "management"))
