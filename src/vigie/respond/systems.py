"""What is known of the information system: availability, trust, what was cut, what can be restored or was promised."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from vigie.respond.concept import Concept, Conclusion, Known, Step, listed, register, steps
from vigie.respond.conflict import choose, conflict, standing
from vigie.respond.statement import Saw, Stamp, Statement, stamp

# Greater is worse. What is not known is never good news: it ranks above every state in which one can work.
AVAILABILITY = {
    "normal": 0, "restored": 1, "degraded": 2, "validating": 3, "restoring": 4, "isolated": 5, "down": 6
}  # fmt: skip
USABLE = frozenset({"normal", "restored"})
TRUST = {"clean": 0, "unknown": 1, "suspect": 2, "compromised": 3}
VERDICT = {"clean": 0, "not_examined": 1, "suspect": 2, "unusable": 3}
OUTCOME = {"passed": 0, "withdrawn": 1, "refused": 1}


@dataclass(frozen=True, slots=True)
class ApplicationState:
    """Whether an application works: its state and since when, what the author saw, the last states (latest first).

    `lost_since`: since when it has not been normal or restored, through all the states between; None when it is.
    """

    id: str
    state: str
    since: datetime
    lost_since: datetime | None
    seen: str
    by: Stamp
    history: tuple[Step, ...]


@dataclass(frozen=True, slots=True)
class TrustState:
    """Whether an application, host, account, directory or partner link can be trusted."""

    subject_kind: str
    subject: str
    state: str
    since: datetime
    why: str
    by: Stamp


@dataclass(frozen=True, slots=True)
class Promise:
    """The estimate in force for one thing, and the ones it replaced (latest first)."""

    application: str | None
    service: str | None
    what: str
    in_force: Known
    past: tuple[Known, ...]

    @property
    def slipped_hours(self) -> float:
        """How far the latest date has moved since the first promise, in hours; negative when it came nearer."""
        first = self.past[-1] if self.past else self.in_force
        return (self.in_force.fact.latest_at - first.fact.latest_at).total_seconds() / 3600


def _application(used: Statement, said: Sequence[Statement]) -> ApplicationState:
    history = steps(used, said, lambda fact: fact.state)
    return ApplicationState(
        used.fact.application, used.fact.state, history[0].since, _lost_since(used, said), used.fact.seen, stamp(used),
        history,
    )  # fmt: skip


def _lost_since(used: Statement, said: Sequence[Statement]) -> datetime | None:
    since = None
    for one in reversed(said):
        if one[:4] <= used[:4]:
            if one.fact.state in USABLE:
                break
            since = one.order
    return since


def _trust(used: Statement, said: Sequence[Statement]) -> TrustState:
    fact = used.fact
    since = steps(used, said, lambda fact: fact.state)[0].since
    return TrustState(fact.subject_kind, fact.subject, fact.state, since, fact.why, stamp(used))


def _promise(said: Sequence[Statement], logs: int, saw: Saw) -> Conclusion:
    heads = standing(said, logs, saw)
    used, contradicted = choose(heads, _dates, _dates)
    past = tuple(Known(one.fact, stamp(one)) for one in reversed(said) if one is not used)
    fact = used.fact
    promise = Promise(fact.application, fact.service, fact.what, Known(fact, stamp(used)), past)
    name = fact.application or fact.service or fact.what
    shown = conflict("estimate", name, heads, lambda one: one.latest_at.isoformat(), used) if contradicted else None
    return promise, shown


def _dates(fact) -> tuple[datetime, datetime]:
    return fact.latest_at, fact.earliest_at


def _staffing(fact) -> tuple[object, ...]:
    """How many, and of whom: what is not told is left out."""
    end = fact.until_at and f"{fact.until_at:%Y-%m-%d %H:%M}"
    return tuple(part for part in (fact.people, fact.skill, fact.shift, fact.supplier, end) if part not in (None, ""))


def _scarcity(fact) -> tuple[int, bool, float]:
    """Fewer people is worse, then people who leave, the sooner the worse."""
    return -fact.people, fact.until_at is not None, -fact.until_at.timestamp() if fact.until_at else 0.0


CONCEPTS: tuple[Concept, ...] = (
    register(
        "availability", "applications", lambda fact: fact.application, lambda fact: fact.state,
        lambda fact: AVAILABILITY[fact.state], _application, mapping=True,
    ),
    register(
        "trust", "trust", lambda fact: (fact.subject_kind, fact.subject), lambda fact: fact.state,
        lambda fact: TRUST[fact.state], _trust, lambda fact: f"{fact.subject_kind} {fact.subject}", mapping=True,
    ),
    register(
        "containment", "containment", lambda fact: fact.what, lambda fact: fact.action,
        lambda fact: fact.action != "reconnected",
    ),
    listed("credential_reset", "credential_resets"),
    register(
        "restore_point", "restore_points", lambda fact: (fact.application, fact.taken_at), lambda fact: fact.verdict,
        lambda fact: VERDICT[fact.verdict], name=lambda fact: f"{fact.application} {fact.taken_at:%Y-%m-%d %H:%M}",
    ),
    register(
        "gate", "gates", lambda fact: (fact.gate, fact.subject), lambda fact: fact.outcome,
        lambda fact: OUTCOME[fact.outcome], name=lambda fact: f"{fact.gate} {fact.subject}".strip(),
    ),
    Concept(
        ("estimate",), "estimates", lambda fact: (fact.application, fact.service, fact.what), _promise,
    ),
    register(
        "workforce", "workforce", lambda fact: (fact.team, fact.from_at), _staffing, _scarcity,
        name=lambda fact: f"{fact.team} {fact.from_at:%Y-%m-%d %H:%M}",
    ),
    listed("forecast", "forecasts"),
)  # fmt: skip
