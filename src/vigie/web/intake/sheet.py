"""The sheet of one declaration: all its versions and what changed, the hospital's words beside the observatory's, the
history of its qualification, the exchange, who was told, the help that was asked for."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any, NamedTuple

from django.db.models import Q
from django.http import HttpRequest
from django.utils.translation import gettext as _

from vigie.journal import facts as f
from vigie.observe.routing import Duty, duties
from vigie.respond import Situation
from vigie.web import desk, scope
from vigie.web.desk import Filters, Line
from vigie.web.desk.lines import select
from vigie.web.desk.models import Declaration, SupportRequest
from vigie.web.desk.tail import tail
from vigie.web.incidents import labels, moments
from vigie.web.incidents.views.common import people
from vigie.web.intake import words
from vigie.web.intake.forms import NEXT
from vigie.web.intake.queue import row

KINDS = ("declaration", "qualification", "routing")  # never cut, whatever else was written
WHOLE = 1_000_000
LINES = 400  # of the exchange, the newest
UNSAID: tuple[object, ...] = (None, "", (), "unknown")
WORDS = {
    "stage": "stages", "nature": "natures", "establishment_kind": "establishment_kinds", "region": "regions",
    "legal_status": "legal_statuses", "essential_entity": "yes_no", "services": "service_kinds",
    "data_impact": "data_impacts", "data_subjects": "data_subjects", "functioning": "functionings",
    "patient_danger": "patient_dangers", "cross_border": "yes_no", "malicious": "yes_no", "origin": "origins",
    "ransomware_extent": "ransomware_extents", "supplier_involved": "yes_no", "support_asked": "yes_no",
}  # fmt: skip
# What stands side by side: the field of the declaration, that of the qualification.
COMPARED = (
    ("origin", "category"), ("malicious", "origin"), ("functioning", "functioning"), ("patient_danger", "patient_danger"),
    ("data_impact", "data_impact"), ("ransomware_extent", "ransomware_extent"), ("supplier_involved", "supplier_involved"),
    ("supplier", "supplier"),
)  # fmt: skip

ALWAYS = ("origin", "functioning", "patient_danger", "data_impact")  # told even where nobody has said


class Version(NamedTuple):
    """One version of a declaration: its stage, who wrote it when, and what it changed (label, before, after)."""

    seq: int
    stage: str
    author: str
    at: str
    changes: list[tuple[str, str, str]]


class Compared(NamedTuple):
    """One thing as the hospital says it, and as the observatory holds it ('' where it leaves the hospital's word)."""

    label: str
    declared: str
    held: str


class Judgement(NamedTuple):
    """One qualification of the history."""

    seq: int
    author: str
    at: str
    says: list[str]
    why: str
    fixed: bool


class Message(NamedTuple):
    """One message of the exchange. `ours`: by the observatory."""

    seq: int
    ours: bool
    author: str
    at: str
    text: str
    awaits: bool


class Told(NamedTuple):
    """One authority: the duty, in words."""

    duty: Duty
    name: str
    state: str
    why: str
    ours: bool
    due: str


class Help(NamedTuple):
    """A request for help, and what may follow."""

    one: SupportRequest
    state: str
    by: str
    age: str
    next: list[tuple[str, Any]]


class Sheet(NamedTuple):
    """Everything that the page shows of a declaration."""

    row: dict[str, Any]
    description: str
    measures: str
    versions: list[Version]
    compared: list[Compared]
    history: list[Judgement]
    messages: list[Message]
    unshown: int
    told: list[Told]
    routed: list[tuple[int, str, str, str]]
    helps: list[Help]
    current: f.Qualification | None


def sheet(request: HttpRequest, one: Declaration, now: datetime) -> Sheet:
    """The sheet, for this reader."""
    hidden = scope.hidden_lines(request) | scope.GUARDED
    # What does not count is in the log, with its author: here it would pass for the observatory's word.
    held = desk.page(one.incident_id, Filters(kinds=KINDS), WHOLE, hidden).lines[::-1]
    lines = [line for line in held if line.standing.counts]
    said, unshown = exchanged(one, hidden)
    known = desk.situation(one.incident_id, None, hidden)
    names = people(one.incident_id.partition("/")[0], request.acting.organisation_id)  # type: ignore[attr-defined]
    mine = [line for line in lines if _is_of(line, one.name)]
    state = known.declared.get(one.name)
    current = _current(known, one)
    helps = SupportRequest.objects.filter(incident=one.incident_id).order_by("asked_at", "name")
    return Sheet(
        row=row(one, now),
        description=state.fact.description if state else "",
        measures=state.fact.measures if state else "",
        versions=versions(mine, names),
        compared=list(_compared(state.fact, current)) if state else [],
        history=[_judgement(line, names) for line in mine if line.received.entry.kind == "qualification"][::-1],
        messages=messages(said, names, one),
        unshown=unshown,
        told=[_told(duty, now) for duty in _duties(one, now)],
        routed=[_routed(line) for line in lines if isinstance(line.fact, f.Routing) and _is_of(line, one.name, None)],
        helps=[_help(each, now) for each in helps],
        current=current,
    )


def told(fact: f.Fact) -> Iterator[tuple[str, str]]:
    """What a declaration says, field by field, in words; what nobody said is left out."""
    for name in type(fact).model_fields:
        value = getattr(fact, name)
        if name not in ("kind", "declaration", "source") and value not in UNSAID:
            yield str(labels.FIELD_NAMES.get(name, name)), _text(name, value)


def versions(lines: list[Line], names: dict[str, str]) -> list[Version]:
    """The versions of a declaration, the oldest first."""
    made: list[Version] = []
    before: dict[str, str] = {}
    for line in lines:
        fact, entry = line.fact, line.received.entry
        if not isinstance(fact, f.Declaration) or not line.standing.counts:
            continue
        now = dict(told(fact))
        changes = [(label, before.get(label, ""), text) for label, text in now.items() if before.get(label) != text]
        before |= now
        stage = words.word("stages", fact.stage)
        made.append(
            Version(line.seq, stage, names.get(entry.author, entry.author), moments.moment(entry.recorded_at), changes)
        )
    return made


def exchanged(one: Declaration, hidden: Q) -> tuple[list[Line], int]:
    """The newest lines of the exchange on a declaration, the oldest first; how many older ones of its incident are not
    among those read."""
    asked = Filters(kind="exchange")
    lines = desk.page(one.incident_id, asked, LINES, hidden).lines[::-1]
    older = select(one.incident_id, asked, hidden).count() - len(lines) if len(lines) == LINES else 0
    return [line for line in lines if _is_of(line, one.name)], max(older, 0)


def messages(lines: list[Line], names: dict[str, str], one: Declaration) -> list[Message]:
    """The exchange with the declarant, the oldest first."""
    made = []
    owner = one.incident_id.partition("/")[0]
    registry = tail.registry()
    for line in lines:
        fact, entry = line.fact, line.received.entry
        if isinstance(fact, f.Exchange) and line.standing.counts:
            ours = entry.role == "analyst" or registry.relation(entry.log, owner) == "observatory"
            author = names.get(entry.author, entry.author)
            at = moments.moment(entry.recorded_at)
            made.append(Message(line.seq, ours, author, at, fact.text, ours and fact.awaits == "answer"))
    # A question that was answered waits no more.
    asked = [number for number, each in enumerate(made) if each.awaits]
    waits = asked[-1:] if one.waiting_since is not None else []
    return [each._replace(awaits=number in waits) for number, each in enumerate(made)]


def _is_of(line: Line, name: str, *others: object) -> bool:
    said = getattr(line.fact or line.received.fact, "declaration", "")
    return said == name or said in others


def _current(known: Situation, one: Declaration) -> f.Qualification | None:
    found = known.qualifications.get(one.name) or known.qualifications.get(None)
    return found.fact if found else None


def _text(name: str, value: Any) -> str:
    if name in WORDS:
        return words.many(WORDS[name], value) if isinstance(value, tuple) else words.word(WORDS[name], value)
    if isinstance(value, datetime):
        return moments.moment(value)
    if name == "degraded_tenths_of_hour":
        return _("%(hours)s h") % {"hours": f"{value / 10:g}".replace(".", ",")}
    if isinstance(value, tuple):
        return ", ".join(value)
    return str(value)


def _compared(fact: f.Declaration, current: f.Qualification | None) -> Iterator[Compared]:
    for declared, held in COMPARED:
        said, judged = getattr(fact, declared), getattr(current, held) if current else None
        if declared == "malicious" and judged:
            judged = {"malicious": "yes", "not_malicious": "no"}.get(judged, "unknown")
        here = "" if judged in UNSAID else _text("origin" if held == "category" else declared, judged)
        there = _("non dit") if said in UNSAID else _text(declared, said)
        if said not in UNSAID or here or declared in ALWAYS:
            yield Compared(str(labels.FIELD_NAMES.get(declared, declared)), there, here)


def _judgement(line: Line, names: dict[str, str]) -> Judgement:
    entry, fact = line.received.entry, line.received.fact
    assert isinstance(fact, f.Qualification)
    says = [words.word("states", fact.state)]
    says += [words.word("origins", fact.category)] if fact.category not in UNSAID else []
    says += [words.word("significances", fact.significance)] if fact.significance != "unknown" else []
    restated = ("functioning", "patient_danger", "data_impact", "ransomware_extent")
    says += [_text(name, said) for name in restated if (said := getattr(fact, name)) not in UNSAID]
    says += [_("cause commune : %(name)s") % {"name": fact.cause_group}] if fact.cause_group else []
    says += [_("double de %(name)s") % {"name": fact.duplicate_of}] if fact.duplicate_of else []
    says += [_("distincte de %(names)s") % {"names": ", ".join(fact.distinct_from)}] if fact.distinct_from else []
    author = names.get(entry.author, entry.author)
    return Judgement(line.seq, author, moments.moment(entry.recorded_at), says, fact.why, bool(line.corrections))


def _duties(one: Declaration, now: datetime) -> tuple[Duty, ...]:
    values = {**one.more, "patient_danger": one.patient_danger, "functioning": one.functioning, "origin": one.origin}
    return duties(values, one.more.get("authorities", ()), one.declared_at or one.first_known_at, now)


def _told(duty: Duty, now: datetime) -> Told:
    rule = duty.rule
    due = "" if duty.state == "done" else moments.duration(abs(duty.due_at - now))
    return Told(
        duty, words.word("authorities", rule.addressee), str(words.DUTIES[duty.state]), rule.words[words.language()],
        rule.by == "observatory", due,
    )  # fmt: skip


def _routed(line: Line) -> tuple[int, str, str, str]:
    fact = line.fact or line.received.fact
    at = getattr(fact, "routed_at", None) or line.received.entry.recorded_at
    said = " · ".join(part for part in (getattr(fact, "receipt", ""), getattr(fact, "why", "")) if part)
    return line.seq, words.word("authorities", getattr(fact, "addressee", "")), moments.moment(at), said


def _help(one: SupportRequest, now: datetime) -> Help:
    following = [(state, labels.VALUES["support.state"][state]) for state in NEXT.get(one.state, ())]
    by = words.word("authorities", one.by) if one.by else ""
    return Help(
        one, labels.value_name("support", "state", one.state), by, moments.duration(now - one.asked_at), following
    )
