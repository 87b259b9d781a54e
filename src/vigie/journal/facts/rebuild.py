"""Facts of the restart: who is there to work, and what the planner announced."""

from __future__ import annotations

from collections import Counter
from datetime import datetime, timedelta
from typing import Annotated, Any, Literal, Self

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    PlainSerializer,
    SerializerFunctionWrapHandler,
    model_serializer,
    model_validator,
)

from vigie.ids import ApplicationId, ServiceId, Slug, SupplierId, TeamId
from vigie.journal.facts.base import Count, Digest, Fact, Instant, Line, RequiredLine, Text


class Workforce(Fact):
    """From `from_at` on, `people` people of a team are there together (0: nobody). Reinforcements, absences, suppliers.

    `team` is one of the map or a new one; `skill` and `shift` are words of the cartography (an empty shift is that of the
    team in the map). `until_at` None: until somebody says otherwise; after it, and after an absence, the team is
    again as the map says, but people of a supplier who came as told are gone. A later statement on the same team and the same
    `from_at` replaces this one.
    """

    kind: Literal["workforce"] = "workforce"
    team: TeamId
    skill: Slug
    people: Count
    shift: Line = ""
    supplier: SupplierId | None = None
    from_at: Instant
    until_at: Instant | None = None
    why: Text = ""

    @model_validator(mode="after")
    def _ends_after_it_begins(self) -> Self:
        if self.until_at is not None and self.until_at <= self.from_at:
            raise ValueError(
                f"until_at ({self.until_at:%Y-%m-%d %H:%M} UTC) is not after from_at ({self.from_at:%Y-%m-%d %H:%M} UTC): "
                "leave it out if nobody knows the end"
            )
        return self


def _next_minute(instant: datetime) -> datetime:
    # Nobody forecasts seconds. Up, so that rounding never promises earlier than what was computed.
    whole = instant.replace(second=0, microsecond=0)
    return whole if whole == instant else whole + timedelta(minutes=1)


def _short(instant: datetime) -> str:
    return f"{instant.isoformat(timespec='minutes')[:16]}Z"


# An instant to the minute in seventeen letters: a forecast holds hundreds of them, and its bytes are kept for good.
Minute = Annotated[Instant, AfterValidator(_next_minute), PlainSerializer(_short, return_type=str)]


class _Date(BaseModel):
    """A return date as an interval. Written without what is unknown."""

    model_config = ConfigDict(frozen=True, extra="forbid", str_strip_whitespace=True)

    p50_at: Minute | None = None
    p90_at: Minute | None = None
    gate: Line = ""

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.p90_at is not None and self.p50_at is None:
            raise ValueError(f"{self._name()}: p90_at without p50_at: give both, p50_at alone, or neither")
        if self.p50_at is not None and self.p90_at is not None and self.p50_at > self.p90_at:
            raise ValueError(f"{self._name()}: p50_at ({_short(self.p50_at)}) is after p90_at ({_short(self.p90_at)})")
        return self

    def _name(self) -> str:
        return next(str(value) for field, value in self.__dict__.items() if field in ("service", "application"))

    @model_serializer(mode="wrap")
    def _written(self, handler: SerializerFunctionWrapHandler) -> dict[str, Any]:
        return {field: value for field, value in handler(self).items() if value not in (None, "")}


class ServiceDate(_Date):
    """When a care service is back (used inside `forecast`): as likely before as after `p50_at`, nine times in ten before
    `p90_at`. `p90_at` None: no date can be given, `gate` says what blocks. `waits_for` is what holds it most."""

    service: ServiceId
    waits_for: ApplicationId | None = None


class ApplicationDate(_Date):
    """When an application is back (used inside `forecast`), as `ServiceDate`."""

    application: ApplicationId


class Forecast(Fact):
    """What the planner announced, kept for good so that it can be held against what happened.

    `method` is the software version and the seed, `plan` the SHA-256 of the plan. `effort_ratio_percent` is the median
    ratio of real to estimated effort, learned from the finished tasks; None: nothing learned yet. In `services` and
    `applications`, a date that is missing is one that nobody could give. Instants are to the minute, rounded up.
    """

    kind: Literal["forecast"] = "forecast"
    method: RequiredLine
    plan: Digest | None = None
    finished_tasks: Count
    total_tasks: Count
    effort_ratio_percent: Annotated[int, Field(ge=0, le=100_000)] | None = None
    services: tuple[ServiceDate, ...] = ()
    applications: tuple[ApplicationDate, ...] = ()

    @model_validator(mode="after")
    def _adds_up(self) -> Self:
        if self.finished_tasks > self.total_tasks:
            raise ValueError(f"finished_tasks ({self.finished_tasks}) is more than total_tasks ({self.total_tasks})")
        for what, names in (
            ("service", [one.service for one in self.services]),
            ("application", [one.application for one in self.applications]),
        ):
            for name, times in Counter(names).items():
                if times > 1:
                    raise ValueError(f"the {what} {name} has {times} dates: keep one")
        return self

    def subjects(self) -> tuple[tuple[str, ...], tuple[str, ...]]:
        # Every application is in every forecast: finding them all again under each one would bury what was said of it.
        return (), tuple(one.service for one in self.services)
