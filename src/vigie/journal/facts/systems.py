"""Facts about the information system: what works, what can be trusted, what was cut, what can be restored."""

from __future__ import annotations

from typing import Literal

from vigie.ids import ApplicationId, ServiceId
from vigie.journal.facts.base import Count, Fact, Instant, Line, RequiredLine, RequiredText, Text

Availability = Literal["normal", "degraded", "down", "isolated", "restoring", "validating", "restored"]
Trust = Literal["unknown", "suspect", "compromised", "clean"]


class AvailabilityChanged(Fact):
    """An application became more or less available.

    Any step is allowed, because a crisis goes backwards too. Whether the application can be *trusted* is another fact.
    `seen` is what the author saw, in words.
    """

    kind: Literal["availability"] = "availability"
    application: ApplicationId
    state: Availability
    seen: Text = ""


class TrustChanged(Fact):
    """An application, host, account, directory or partner link is held to be unknown, suspect, compromised or clean."""

    kind: Literal["trust"] = "trust"
    subject_kind: Literal["application", "host", "account", "directory", "partner_link"]
    subject: RequiredLine
    state: Trust
    why: Text = ""

    def subjects(self) -> tuple[tuple[str, ...], tuple[str, ...]]:
        return ((self.subject,) if self.subject_kind in ("application", "directory") else ()), ()


class Containment(Fact):
    """Something was cut off, or joined again, on purpose: what, by whom."""

    kind: Literal["containment"] = "containment"
    action: Literal["cut", "isolated", "powered_off", "blocked", "reconnected"]
    what: RequiredLine
    by: Line = ""
    applications: tuple[ApplicationId, ...] = ()


class CredentialReset(Fact):
    """Secrets were renewed: a scope in words and, where known, how many accounts."""

    kind: Literal["credential_reset"] = "credential_reset"
    scope: RequiredLine
    accounts: Count | None = None
    privileged: bool = False


class RestorePoint(Fact):
    """A backup of an application was examined: can it be restored, and does it predate the intrusion?

    `verdict` is about the copy taken at `taken_at`; `intrusion_estimated_at` is the date it was held against, if any.
    """

    kind: Literal["restore_point"] = "restore_point"
    application: ApplicationId
    taken_at: Instant
    verdict: Literal["clean", "suspect", "unusable", "not_examined"]
    intrusion_estimated_at: Instant | None = None
    evidence: Text = ""


class Gate(Fact):
    """A trust gate was passed, refused or withdrawn, with its signer and the evidence seen."""

    kind: Literal["gate"] = "gate"
    gate: Literal[
        "directory_rebuilt", "restore_point_clean", "supplier_flow_authorised", "external_reconnection", "other"
    ]
    outcome: Literal["passed", "refused", "withdrawn"]
    subject: Line = ""
    signer: RequiredLine
    evidence: RequiredText


class Estimate(Fact):
    """Somebody promised a return for a date. Promises are kept beside what really happened.

    `earliest_at`..`latest_at` is the interval promised; one date is an interval of length zero.
    """

    kind: Literal["estimate"] = "estimate"
    application: ApplicationId | None = None
    service: ServiceId | None = None
    what: Line = ""
    promised_by: RequiredLine
    earliest_at: Instant
    latest_at: Instant
