"""What every fact shares, and the small types facts are made of."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated, Any

from pydantic import AfterValidator, AwareDatetime, BaseModel, ConfigDict, Field, PlainSerializer, StringConstraints


def iso(instant: datetime) -> str:
    """An aware instant as UTC text with microseconds, `2026-11-22T03:10:00.000000Z`: one spelling for one instant."""
    if instant.tzinfo is not UTC:
        instant = instant.astimezone(UTC)
    return instant.isoformat(timespec="microseconds")[:26] + "Z"


YEARS = range(1900, 9000)  # outside, a time zone can push a date over the edge of the calendar


def _to_utc(instant: datetime) -> datetime:
    if instant.year not in YEARS:
        raise ValueError(f"the year {instant.year} is not one of a crisis: give one from {YEARS[0]} to {YEARS[-1]}")
    return instant.astimezone(UTC)


Instant = Annotated[AwareDatetime, AfterValidator(_to_utc), PlainSerializer(iso, return_type=str)]
Line = Annotated[str, StringConstraints(strip_whitespace=True, max_length=300)]
RequiredLine = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=300)]
Text = Annotated[str, StringConstraints(strip_whitespace=True, max_length=20_000)]
RequiredText = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=20_000)]
Digest = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]
Count = Annotated[int, Field(ge=0, le=10_000_000_000)]
Amount = Annotated[int, Field(ge=-(10**15), le=10**15)]
ByteCount = Annotated[int, Field(ge=0, le=10**15)]
# Shares and scores are written as per-mille or hundredths in words a person uses; JSON floats are avoided on purpose:
# two programs may print one float two ways, and the bytes of a fact are evidence.
Percent = Annotated[int, Field(ge=0, le=200)]


class Fact(BaseModel):
    """One thing that somebody states. Frozen; unknown fields are refused; `source` is where the author has it from."""

    model_config = ConfigDict(frozen=True, extra="forbid", str_strip_whitespace=True)

    kind: str
    source: Text = ""

    def subjects(self) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """The applications and the care services this fact is about: (application ids, service ids)."""
        return _ids(self, "application", "applications"), _ids(self, "service", "services")


def _ids(fact: BaseModel, single: str, several: str) -> tuple[str, ...]:
    values: dict[str, Any] = fact.__dict__
    one = values.get(single)
    return ((one,) if one else ()) + tuple(values.get(several) or ())
