"""What is known of what an outage costs in care: each number with its interval, population, source and what it allows.

The numbers are in `data/evidence.yaml`, which says how they were read. docs/reference/evidence.md prints them all.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date as Day
from functools import cache
from importlib import resources
from types import MappingProxyType
from typing import Annotated, Any, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, model_validator

from vigie.care.reading import Words, parsed
from vigie.errors import InputError

Confidence = Literal["high", "medium", "low"]
Sort = Literal[
    "ci95", "prediction95", "iqr", "estimates", "cases", "maximum", "own_poisson", "own_arithmetic", "assumption", "none"
]  # fmt: skip
Url = Annotated[str, StringConstraints(pattern=r"^https?://\S+$")]


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)


class Unit(Words):
    """The words of a unit, and the bounds that a number in it may not leave."""

    least: float | None = None
    most: float | None = None


class Study(_Part):
    """Where numbers come from, on whom, by what design, and what may be concluded from it. `read`: how it was read."""

    citation: Annotated[str, StringConstraints(min_length=10)]
    urls: Annotated[tuple[Url, ...], Field(min_length=1)]
    read_on: Day
    read: Literal["abstract", "press", "official page", "secondary"]
    population: Words
    design: Words
    n: Annotated[int, Field(gt=0)] | None = None
    may: Words
    may_not: Words


class _Row(_Part):
    topic: str
    study: str
    title: Words
    value: float
    unit: str
    low: float | None = None
    high: float | None = None
    interval: Sort
    confidence: Confidence
    note: Words | None = None

    @model_validator(mode="after")
    def _bounded(self) -> Self:
        if (self.low is None) != (self.high is None):
            raise ValueError("one bound without the other: give both, or neither with `interval: none`")
        if self.low is not None and self.interval == "none":
            raise ValueError("bounds that no sort of interval explains: say what low and high are")
        if self.low is None and self.interval != "none":
            raise ValueError(f"interval {self.interval} without its bounds: give low and high")
        if self.low is not None and self.high is not None and not self.low <= self.value <= self.high:
            raise ValueError(f"{self.value} is not between {self.low} and {self.high}")
        return self


class EvidenceFile(_Part):
    """The whole file. Every row names a study, a unit, a topic, a sort of interval and a confidence that are in it."""

    date: Day
    confidences: dict[Confidence, Words]
    intervals: dict[Sort, Words]
    units: dict[str, Unit]
    studies: dict[str, Study]
    topics: dict[str, Words]
    evidence: dict[str, _Row]

    @model_validator(mode="after")
    def _named(self) -> Self:
        known = {"topic": self.topics, "study": self.studies, "unit": self.units, "interval": self.intervals}
        for name, row in self.evidence.items():
            for field, words in {**known, "confidence": self.confidences}.items():
                if getattr(row, field) not in words:
                    raise ValueError(f'{name}: "{getattr(row, field)}" is not a {field} of this file')
            unit = self.units[row.unit]
            for number in (row.value, row.low, row.high):
                if number is not None and not _within(number, unit):
                    raise ValueError(f"{name}: {number} cannot be a {row.unit}")
        if idle := sorted(set(self.studies) - {row.study for row in self.evidence.values()}):
            raise ValueError(f"no number comes from {', '.join(idle)}")
        return self


def _within(number: float, unit: Unit) -> bool:
    return (unit.least is None or number >= unit.least) and (unit.most is None or number <= unit.most)


class Evidence(_Part):
    """One number. `low` and `high` are None where the source gives none (`interval` is then `none`).

    `may_conclude` and `may_not_conclude` say, in French and in English, what the number allows; `note` what is ours in it.
    """

    id: str
    topic: str
    title: Words
    value: float
    unit: str
    low: float | None
    high: float | None
    interval: Sort
    population: Words
    design: Words
    n: int | None
    citation: str
    urls: tuple[str, ...]
    read_on: Day
    read: str
    confidence: Confidence
    may_conclude: Words
    may_not_conclude: Words
    note: Words | None

    @property
    def bounds(self) -> tuple[float, float]:
        """(low, high). Raises InputError where there are none: a point is not to be passed off as a range."""
        if self.low is None or self.high is None:
            raise InputError(f"{self.id} has no interval: its source gives none. Use its value and say so")
        return self.low, self.high


def read_evidence(content: bytes, name: str) -> EvidenceFile:
    """A file in the form of `data/evidence.yaml`. Raises FileError, which says where the fault is."""
    return parsed(EvidenceFile, content, name)


@cache
def evidence_file() -> EvidenceFile:
    """The file that comes with Vigie: rows, studies, and the words for units, intervals and confidences."""
    return read_evidence((resources.files("vigie.care") / "data" / "evidence.yaml").read_bytes(), "evidence.yaml")


@cache
def evidence() -> Mapping[str, Evidence]:
    """Every number by its id, in the order of the file."""
    said = evidence_file()
    return MappingProxyType({name: _joined(name, row, said.studies[row.study]) for name, row in said.evidence.items()})


def _joined(name: str, row: _Row, study: Study) -> Evidence:
    of_row: dict[str, Any] = {field: getattr(row, field) for field in _Row.model_fields if field != "study"}
    of_study = {field: getattr(study, field) for field in Study.model_fields if field not in ("may", "may_not")}
    return Evidence(id=name, **of_row, **of_study, may_conclude=study.may, may_not_conclude=study.may_not)
