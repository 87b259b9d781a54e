"""Rows: a line of the log as a template shows it, every word already chosen in the reader's language."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils.translation import gettext as _

from vigie.journal import Received
from vigie.journal import facts as f
from vigie.journal.entry import Entry
from vigie.web.desk import Line
from vigie.web.incidents import labels, moments
from vigie.web.incidents.names import Names
from vigie.web.incidents.sentences import replacement, sentence

SHOWN_CHARACTERS = 700  # of one entry in the log; its own page shows the rest
APART = timedelta(minutes=2)  # two times nearer than this are told as one


@dataclass(frozen=True, slots=True)
class Badge:
    """A state: its word, its shape in shapes.svg, the letter inside, and whether the shape is only an outline."""

    state: str
    word: str
    shape: str
    letter: str
    hollow: bool = False


@dataclass(frozen=True, slots=True)
class Beside:
    """What stands beside an entry: a correction that counts, one that is only claimed, or the entry it is about."""

    seq: int
    head: str
    text: str
    badge: Badge | None = None
    gone: bool = False


@dataclass(frozen=True, slots=True)
class Row:
    """One entry of the log. `notes` are short remarks; `claimed` says why it changes nothing ('' when it does)."""

    seq: int
    kind: str
    kind_name: str
    text: str
    cut: bool
    badge: Badge | None
    iso: str
    day: str
    day_name: str
    new_day: bool
    time: str
    later: str
    author: str
    node: str
    notes: tuple[str, ...]
    claimed: str
    fixed: bool
    beside: tuple[Beside, ...]


@dataclass(frozen=True, slots=True)
class Reading:
    """What the lines of an incident are read with: the names of its map, the names of the persons who may be named to this
    reader, the logs that this installation wrote, and the realm of the incident.
    """

    names: Names
    people: Mapping[str, str]
    own: Collection[str]
    realm: str


def rows(lines: Iterable[Line], reading: Reading, above: str | None = None) -> list[Row]:
    """Rows of some lines, in their order.

    `above` is the key of the day under whose heading the first row will stand, None when there is none.
    """
    made: list[Row] = []
    for line in lines:
        row = _row(line, reading, above)
        above = row.day
        made.append(row)
    return made


def badge_of(kind: str, state: str) -> Badge:
    """The badge of a state of `availability`, `trust` or `service_mode`."""
    field = "mode" if kind == "service_mode" else "state"
    shape = "unknown" if state == "unknown" else "shield" if kind == "trust" else state
    letter = str(labels.LETTERS.get(state, "?"))
    return Badge(state, labels.value_name(kind, field, state), shape, letter, hollow=shape == "unknown")


def told(statement: f.Statement, names: Names) -> tuple[Badge | None, str]:
    """A fact as a badge and the rest of its sentence, for what is a state; no badge and the sentence for all else."""
    if isinstance(statement, f.AvailabilityChanged):
        return badge_of("availability", statement.state), _after(
            names.application(statement.application), statement.seen
        )
    if isinstance(statement, f.TrustChanged):
        name = names.application(statement.subject) if statement.subjects()[0] else statement.subject
        return badge_of("trust", statement.state), _after(name, statement.why)
    if isinstance(statement, f.ServiceModeChanged):
        share, fallback = statement.capacity_percent, statement.fallback
        parts = [_("capacité gardée %(n)s %%") % {"n": share}] if share is not None else []
        parts += [_("repli : %(fallback)s") % {"fallback": fallback}] if fallback else []
        return badge_of("service_mode", statement.mode), _after(names.service(statement.service), ", ".join(parts))
    return None, sentence(statement, names)


def _cut(text: str) -> str:
    """The text as far as the log shows it, ended between two words where there are words."""
    if len(text) <= SHOWN_CHARACTERS:
        return text
    head = text[:SHOWN_CHARACTERS]
    return (head[: head.rfind(" ")] if " " in head[-80:] else head) + "…"


def _after(name: str, rest: str) -> str:
    return _("%(name)s : %(rest)s") % {"name": name, "rest": rest} if rest else name


def _row(line: Line, reading: Reading, above: str | None) -> Row:
    received, entry, names = line.received, line.received.entry, reading.names
    own = entry.log in reading.own
    badge, text = told(received.fact, names)
    day, day_name = moments.heading(entry.happened_at, entry.precision)
    return Row(
        seq=received.seq,
        kind=entry.kind,
        kind_name=labels.kind_name(entry.kind),
        text=_cut(text),
        cut=len(text) > SHOWN_CHARACTERS,
        badge=badge,
        iso=entry.happened_at.isoformat(timespec="minutes"),
        day=day,
        day_name=day_name,
        new_day=day != above,
        time=moments.in_log(entry.happened_at, entry.precision),
        later=later(received),
        author=reading.people.get(entry.author, entry.author) if own else entry.author,
        node="" if own else node_name(entry, reading.own),
        notes=tuple(_notes(received, reading.realm)),
        claimed="" if line.standing.counts else str(labels.REASONS.get(line.standing.reason, line.standing.reason)),
        fixed=bool(line.corrections),
        beside=tuple(_beside(line, names)),
    )


def node_name(entry: Entry, own: Collection[str]) -> str:
    """The name of another node; with its key where it bears the name of this one: a name is anybody's, a key is not."""
    namesake = any(log.partition("/")[0] == entry.node for log in own)
    return f"{entry.node}/{entry.incarnation[:8]}" if namesake else entry.node


def later(received: Received) -> str:
    """When an entry was written down and when it arrived, where that was not when it happened."""
    entry = received.entry
    told_at: datetime = entry.happened_at
    parts = []
    if abs(entry.recorded_at - entry.happened_at) > APART:
        parts.append(_("écrit %(when)s") % {"when": moments.short(entry.recorded_at, entry.happened_at)})
        told_at = entry.recorded_at
    if abs(received.received_at - entry.recorded_at) > APART:
        parts.append(_("reçu %(when)s") % {"when": moments.short(received.received_at, told_at)})
    return ", ".join(parts)


def _notes(received: Received, realm: str) -> Iterable[str]:
    entry = received.entry
    if entry.realm != realm:
        yield str(labels.REALMS.get(entry.realm, entry.realm)).upper()
    if entry.tlp != "amber":
        yield labels.MARKINGS.get(entry.tlp, entry.tlp)
    if entry.privileged:
        yield _("secret")
    if entry.recorded_at - received.received_at > timedelta(minutes=10):
        yield _("horloge en avance")


def _beside(line: Line, names: Names) -> Iterable[Beside]:
    for mend in line.corrections:
        yield _mend(mend, names, _("Corrigée par l'entrée %(seq)s"), _("Retirée par l'entrée %(seq)s"))
    for mend in line.claims:
        yield _mend(mend, names, _("Correction annoncée, sans effet (entrée %(seq)s)"))
    if line.original is not None:
        badge, text = told(line.original.fact, names)
        head = _("L'entrée %(seq)s disait") % {"seq": line.original.seq}
        yield Beside(line.original.seq, head, _cut(text), badge, gone=True)


def _mend(mend: Received, names: Names, replaced: str, withdrawn: str = "") -> Beside:
    fact = mend.fact
    if not isinstance(fact, f.Correction):
        return Beside(mend.seq, replaced % {"seq": mend.seq}, sentence(fact, names))
    put = replacement(fact)
    why = _("Motif : %(why)s") % {"why": fact.why}
    if put is None:
        return Beside(mend.seq, (withdrawn or replaced) % {"seq": mend.seq}, why, gone=True)
    badge, text = told(put, names)
    return Beside(mend.seq, replaced % {"seq": mend.seq}, f"{_cut(text)}\n{why}", badge)
