"""How much an hour of a stopped service weighs in the restart plan. An assumption of this project, not a finding.

The weight of an hour is the usual flow of that hour times a severity: what one unit of that flow not provided costs, against one
outpatient consultation put off (1). Numbers, reasoning and date are in `data/weights.yaml`; a crisis cell replaces the
whole table with its own (`read_weights`). Where nobody has counted a service, a flow is assumed and `Weighing` says so: what
is unknown must not weigh nothing.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date as Day
from functools import cache
from importlib import resources
from typing import Annotated, Self

import numpy as np
from pydantic import BaseModel, ConfigDict, Field, model_validator

from vigie.care.reading import Words, parsed
from vigie.cartography import CareService, vocabulary

WEEK_HOURS = 168
Visits = Annotated[float, Field(ge=0, le=100_000)]
Severity = Annotated[float, Field(gt=0, le=10_000)]


class _Row(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)


class Assumed(_Row):
    """A number that somebody judged, with the range that would not surprise them. Not an observation."""

    value: float
    low: float
    high: float
    why: Words

    @model_validator(mode="after")
    def _ordered(self) -> Self:
        if not self.low <= self.value <= self.high:
            raise ValueError(f"{self.value} is not between {self.low} and {self.high}")
        return self


class KindWeight(_Row):
    """What one unit of a kind of service weighs, and the flow of a weekday, Saturday and Sunday where nobody counted."""

    severity: Severity
    low: Severity
    high: Severity
    week: Annotated[tuple[Visits, ...], Field(min_length=3, max_length=3)]
    unit: Words

    @model_validator(mode="after")
    def _ordered(self) -> Self:
        if not self.low <= self.severity <= self.high:
            raise ValueError(f"severity {self.severity} is not between {self.low} and {self.high}")
        if not any(self.week):
            raise ValueError("week is zero every day: a service that nobody counted would weigh nothing")
        return self


class PathwayWeights(_Row):
    """What each pathway adds to 1 in the factor of a service, and the most that they add together."""

    at_most: Annotated[float, Field(ge=0, le=100)]
    adds: dict[str, Annotated[float, Field(ge=0, le=100)]]

    def factor(self, pathways: tuple[str, ...]) -> float:
        """1 or more. A pathway named twice counts once."""
        return 1 + min(self.at_most, sum(self.adds[pathway] for pathway in dict.fromkeys(pathways)))


class Weights(_Row):
    """The whole table. Every kind of service and every pathway of the vocabulary has its line."""

    date: Day
    by: Words
    kinds: dict[str, KindWeight]
    pathways: PathwayWeights
    fallback_after_endurance: Assumed

    @model_validator(mode="after")
    def _whole(self) -> Self:
        for said, name in ((self.kinds, "service_kinds"), (self.pathways.adds, "pathways")):
            if missing := sorted(set(vocabulary()[name]) - set(said)):
                raise ValueError(f"no line for {', '.join(missing)} ({name})")
            if unknown := sorted(set(said) - set(vocabulary()[name])):
                raise ValueError(f"{', '.join(unknown)}: not in the list {name}")
        if not 0 <= self.fallback_after_endurance.low <= self.fallback_after_endurance.high <= 1:
            raise ValueError("fallback_after_endurance is a share: between 0 and 1")
        return self


@dataclass(frozen=True, slots=True)
class Weighing:
    """How one service was weighed. `severity`, `low`, `high` are per unit of flow, pathways counted in.

    `visits_per_hour` has shape (168,), hour 0 being Monday 0 h; `flow_assumed`: nobody counted it, it is of the table.
    """

    service: str
    severity: float
    low: float
    high: float
    visits_per_hour: np.ndarray
    flow_assumed: bool

    @property
    def per_hour(self) -> np.ndarray:
        """Weighted visits per hour, shape (168,)."""
        return self.visits_per_hour * self.severity


def read_weights(content: bytes, name: str) -> Weights:
    """A table in the form of `data/weights.yaml`. Raises FileError, which names the line of the table to mend."""
    return parsed(Weights, content, name)


@cache
def weights() -> Weights:
    """The table that comes with Vigie."""
    return read_weights((resources.files("vigie.care") / "data" / "weights.yaml").read_bytes(), "weights.yaml")


def weighing(service: CareService, table: Weights | None = None) -> Weighing:
    """How `service` is weighed by `table` (the one that comes with Vigie when None)."""
    table = table or weights()
    row = table.kinds[service.kind]
    factor = table.pathways.factor(service.pathways)
    assumed = service.visits_per_day is None
    if assumed:
        weekday, saturday, sunday = row.week
        service = service.model_copy(update={"visits_per_day": (weekday,) * 5 + (saturday, sunday)})
    flow = np.array([service.visits_per_hour(hour // 24, hour % 24) for hour in range(WEEK_HOURS)], dtype=float)
    flow.setflags(write=False)
    return Weighing(service.id, row.severity * factor, row.low * factor, row.high * factor, flow, assumed)


def service_weight(service: CareService, table: Weights | None = None) -> np.ndarray:
    """Weighted visits per hour of the week, float64 of shape (168,); hour 0 is Monday 0 h, local time of the hospital.

    The weight of an hour during which `service` does nothing; half of it when the service is at half. Never all zero unless
    somebody counted no visit on any day. Raises nothing: every kind and pathway of the vocabulary has its line.
    """
    return weighing(service, table).per_hour


def fallback_after_endurance(table: Weights | None = None) -> Assumed:
    """Of the share that a fallback keeps, the part still kept once its endurance is over (0 to 1)."""
    return (table or weights()).fallback_after_endurance
