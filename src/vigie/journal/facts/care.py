"""Facts about care: how services work, what they can take, who was moved, who was put in danger."""

from __future__ import annotations

from typing import Literal

from vigie.ids import ServiceId
from vigie.journal.facts.base import Count, Fact, Line, Percent, RequiredLine, RequiredText, Text

ServiceMode = Literal["normal", "degraded", "stopped", "diverted", "unknown"]


class ServiceModeChanged(Fact):
    """A care service works normally, degraded, not at all, sends patients elsewhere, or is not known.

    `capacity_percent` is the share of usual activity that it can take; None means nobody said.
    """

    kind: Literal["service_mode"] = "service_mode"
    service: ServiceId
    mode: ServiceMode
    fallback: Text = ""
    capacity_percent: Percent | None = None


class Capacity(Fact):
    """Counted capacity of a service, or of the whole establishment when `service` is None. None: nobody counted."""

    kind: Literal["capacity"] = "capacity"
    service: ServiceId | None = None
    beds_open: Count | None = None
    beds_usual: Count | None = None
    visits_per_day: Count | None = None
    visits_per_day_usual: Count | None = None
    activity_percent: Percent | None = None
    comment: Text = ""


class Transfer(Fact):
    """Patients were moved, or are sent elsewhere from now on. Numbers only: identity never enters the journal."""

    kind: Literal["transfer"] = "transfer"
    service: ServiceId | None = None
    patients: Count | None = None
    to: Line = ""
    why: Text = ""


class Postponement(Fact):
    """Care was put off: operations, appointments, sessions. `cumulative` counts from the start of the incident."""

    kind: Literal["postponement"] = "postponement"
    service: ServiceId | None = None
    what: RequiredLine
    count: Count | None = None
    cumulative: bool = False


class SafetyEvent(Fact):
    """A patient was, or could have been, put in danger. No identity, no date of birth, no record number."""

    kind: Literal["safety_event"] = "safety_event"
    danger: Literal["potential", "confirmed"]
    service: ServiceId | None = None
    what: RequiredText
    people: Count | None = None
    cause: Line = ""


class Backlog(Fact):
    """Paper that waits to be typed in: how much, where, and how fast it goes."""

    kind: Literal["backlog"] = "backlog"
    service: ServiceId | None = None
    what: RequiredLine
    sheets: Count | None = None
    sheets_per_day: Count | None = None
    people: Count | None = None
