"""Facts of the crisis cell: what was seen, decided, asked for, said, and who was on duty."""

from __future__ import annotations

from typing import Literal

from vigie.ids import ApplicationId, EstablishmentId, ServiceId, Slug
from vigie.journal.facts.base import Amount, Fact, Instant, Line, RequiredLine, RequiredText, Text


class Opened(Fact):
    """An incident is opened. `detected_at` is when somebody first saw it; None means that nobody can say yet."""

    kind: Literal["opened"] = "opened"
    title: RequiredLine
    summary: Text = ""
    establishments: tuple[EstablishmentId, ...] = ()
    detected_at: Instant | None = None
    on_behalf_of: Line = ""


class Closed(Fact):
    """An incident is closed; it can be opened again."""

    kind: Literal["closed"] = "closed"
    outcome: RequiredText


class Note(Fact):
    """Anything worth keeping that no other kind says."""

    kind: Literal["note"] = "note"
    text: RequiredText
    applications: tuple[ApplicationId, ...] = ()
    services: tuple[ServiceId, ...] = ()


class Observation(Fact):
    """Somebody saw or measured something. `checked` says whether a second person or source confirms it."""

    kind: Literal["observation"] = "observation"
    text: RequiredText
    checked: Literal["unchecked", "confirmed", "denied"] = "unchecked"
    applications: tuple[ApplicationId, ...] = ()
    services: tuple[ServiceId, ...] = ()


class Decision(Fact):
    """A decision: what, who decided, what else was on the table, when it is to be looked at again."""

    kind: Literal["decision"] = "decision"
    text: RequiredText
    decider: RequiredLine
    options: tuple[RequiredLine, ...] = ()
    review_at: Instant | None = None
    applications: tuple[ApplicationId, ...] = ()
    services: tuple[ServiceId, ...] = ()


class Task(Fact):
    """An action with an owner. The facts that share `task` are the life of one action."""

    kind: Literal["task"] = "task"
    task: Slug
    text: RequiredText
    state: Literal["assigned", "done", "dropped"]
    owner: Line = ""
    due_at: Instant | None = None


class Roster(Fact):
    """Somebody takes or leaves a role of the crisis cell."""

    kind: Literal["roster"] = "roster"
    role: RequiredLine
    person: RequiredLine
    action: Literal["takes", "leaves"]
    reachable_at: Line = ""


class Handover(Fact):
    """A shift is handed over, or its hand-over is acknowledged by name. `text` says what must not be forgotten."""

    kind: Literal["handover"] = "handover"
    action: Literal["given", "acknowledged"]
    person: RequiredLine
    text: Text = ""


class Communication(Fact):
    """Something was said to an audience, by a channel."""

    kind: Literal["communication"] = "communication"
    audience: RequiredLine
    channel: RequiredLine
    text: RequiredText


class Cost(Fact):
    """Money spent or lost, in minor units of a currency (cents), with what it covers."""

    kind: Literal["cost"] = "cost"
    what: RequiredLine
    amount_minor: Amount
    currency: Literal["EUR", "GBP", "USD", "CHF"]
    estimate: bool = True
