"""The printed log of a shift: the document that goes in the binder, and one day before a judge.

It is data for `log.typ`: every sentence is made here, in the reader's language, and nothing of it is ever read as markup.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from django.utils import timezone
from django.utils.translation import get_language, gettext_lazy, ngettext
from django.utils.translation import gettext as _

from vigie.journal import Checkpoint, Received
from vigie.journal.entry import MARKINGS, Entry
from vigie.journal.facts import Correction
from vigie.web.accounts.models import Organisation
from vigie.web.desk.lines import Line
from vigie.web.desk.models import Incident
from vigie.web.desk.verification import Verified
from vigie.web.exports.rows import state
from vigie.web.incidents import moments
from vigie.web.incidents.labels import KIND_NAMES, REALMS, REASONS
from vigie.web.incidents.rows import Reading, node_name
from vigie.web.incidents.sentences import replacement, sentence

APART = timedelta(minutes=2)  # two times nearer than this are told as one
# One word each: the column is narrow.
ROLES = {
    "member": gettext_lazy("membre"),
    "director": gettext_lazy("directeur"),
    "analyst": gettext_lazy("analyste"),
    "administrator": gettext_lazy("administrateur"),
    "node": gettext_lazy("programme"),
}


class Shift(NamedTuple):
    """A stretch of time, by the hour of reception. None: from the first entry, to the last one."""

    start: datetime | None
    end: datetime | None


class Binder(NamedTuple):
    """What a print is made from, besides its lines."""

    incident: Incident
    shift: Shift
    reading: Reading
    verified: Verified
    checkpoint: Checkpoint | None
    hidden_count: int
    by: str
    now: datetime


def document(lines: Iterable[Line], binder: Binder) -> dict[str, Any]:
    """The document for `typesetting.pdf`."""
    reading = binder.reading
    shown = list(lines)
    entries: list[dict[str, Any]] = []
    day = ""
    for line in shown:
        made = _entry(line, reading)
        made["day"], day = ("" if made["day"] == day else made["day"]), made["day"]
        entries.append(made)
    return {
        "language": (get_language() or "fr").split("-")[0],
        "title": binder.incident.title,
        "author": binder.by,
        "incident": binder.incident.id,
        "organisation": _organisation(binder.incident.owner),
        "realm_mark": _realm_mark(binder.incident.realm),
        "tlp": _marking(shown),
        "shift": _span(binder.shift),
        "fingerprint": binder.checkpoint.fingerprint if binder.checkpoint else "—",
        "log": _log(binder.checkpoint),
        "printed": _("Imprimé par {person} le {moment}").format(person=binder.by, moment=moments.moment(binder.now)),
        "summary": _summary(shown, binder),
        "entries": entries,
        "words": _words(binder.checkpoint),
    }


def _words(checkpoint: Checkpoint | None) -> dict[str, Any]:
    typed = checkpoint.fingerprint.replace(" ·", "") if checkpoint else ""
    return {
        "document": _("Main courante"),
        "checkpoint": _("Point de contrôle"),
        "page": _("Page"),
        "nothing": _("Aucune entrée n'a été reçue pendant ce quart."),
        "columns": [_("N°"), _("Heure"), _("Ce qui est écrit"), _("Auteur")],
        "signatures": [_("Remis par"), _("Reçu par")],
        "signature": _("Nom, heure, signature"),
        "proof": _(
            "Chaque page porte l'empreinte signée du journal : sa taille et sa racine. Si rien n'a été réécrit depuis, "
            "cette commande ne trouve aucun défaut : vigie journal verify journal.db --printed '{fingerprint}'"
        ).format(fingerprint=typed),
    }


def _summary(lines: list[Line], binder: Binder) -> list[tuple[str, str]]:
    incident = binder.incident
    opened = (
        _("ouvert le {moment}").format(moment=moments.moment(incident.opened_at))
        if incident.opened_at
        else _("personne ne l'a encore ouvert")
    )
    rows = [
        (_("Incident"), f"{incident.id}, {opened}"),
        (_("Quart"), _("{span}, selon l'heure de réception").format(span=_span(binder.shift))),
        (_("Entrées"), _counts(lines, incident)),
        (_("Intégrité"), _integrity(binder.verified)),
    ]
    if binder.hidden_count:
        rows.append(
            (
                _("Réserve"),
                ngettext(
                    "{count} entrée protégée de ce quart ne figure pas dans cet exemplaire",
                    "{count} entrées protégées de ce quart ne figurent pas dans cet exemplaire",
                    binder.hidden_count,
                ).format(count=binder.hidden_count),
            )
        )
    return rows


def _counts(lines: list[Line], incident: Incident) -> str:
    parts = [
        ngettext("{count} entrée dans ce quart", "{count} entrées dans ce quart", len(lines)).format(count=len(lines))
    ]
    if lines:
        parts[0] += " " + _("(n° {first} à {last})").format(first=lines[0].seq, last=lines[-1].seq)
    parts.append(_("{count} depuis l'ouverture").format(count=incident.entries_count))
    for count, one, several in (
        (sum(bool(line.corrections) for line in lines), _("{count} corrigée"), _("{count} corrigées")),
        (sum(not line.standing.counts for line in lines), _("{count} alléguée"), _("{count} alléguées")),
        (sum(line.is_erased for line in lines), _("{count} effacée"), _("{count} effacées")),
    ):
        if count:
            parts.append((one if count == 1 else several).format(count=count))
    return ", ".join(parts)


def _integrity(verified: Verified) -> str:
    if verified.fault:
        return _("DÉFAUT : {fault}").format(fault=verified.fault)
    return _("journal vérifié jusqu'à l'entrée {seq}, sans défaut").format(seq=verified.upto_seq)


def _entry(line: Line, reading: Reading) -> dict[str, Any]:
    received, entry, names = line.received, line.received.entry, reading.names
    word = state(line)
    return {
        "seq": str(received.seq),
        "day": moments.day(entry.happened_at),
        "time": moments.in_log(entry.happened_at, entry.precision),
        "arrived": _arrived(received),
        "kind": str(KIND_NAMES.get(entry.kind, entry.kind)),
        "state": "" if word == _("compte") else word.upper(),
        "marking": _line_marking(line, reading.realm),
        "text": sentence(received.fact, names),
        "notes": list(_notes(line, reading)),
        "digest": " ".join(received.digest[at : at + 8] for at in range(0, 64, 8)),
        "author": _author(entry, reading),
        "role": str(ROLES.get(entry.role, entry.role)),
        "node": "" if entry.log in reading.own else _("nœud {node}").format(node=node_name(entry, reading.own)),
    }


def _arrived(received: Received) -> str:
    """When it was written down and received, where that is not when it happened."""
    entry, parts = received.entry, []
    if abs(entry.recorded_at - entry.happened_at) > APART:
        parts.append(_("écrit {when}").format(when=moments.short(entry.recorded_at, entry.happened_at)))
    if abs(received.received_at - entry.recorded_at) > APART:
        parts.append(_("reçu {when}").format(when=moments.short(received.received_at, entry.happened_at)))
    return ", ".join(parts)


def _author(entry: Entry, reading: Reading) -> str:
    """Who signed: by name where this installation wrote it, a namesake elsewhere is somebody else."""
    return reading.people.get(entry.author, entry.author) if entry.log in reading.own else entry.author


def _notes(line: Line, reading: Reading) -> Iterable[str]:
    names = reading.names
    if not line.standing.counts:
        yield _("Alléguée : {reason}").format(reason=REASONS.get(line.standing.reason, line.standing.reason))
    if line.original is not None:
        yield _("À propos du n° {seq} : {text}").format(seq=line.original.seq, text=sentence(line.original.fact, names))
    for mend in line.corrections:
        corrected = _("Corrigée par le n° {seq} ({who}, {when}) : {why}")
        withdrawn = _("Retirée par le n° {seq} ({who}, {when}) : {why}")
        replaced = isinstance(mend.fact, Correction) and replacement(mend.fact) is not None
        yield _mended(corrected if replaced else withdrawn, mend, reading)
    for claim in line.claims:
        yield _mended(_("Correction alléguée, sans effet, n° {seq} ({who}, {when}) : {why}"), claim, reading)


def _mended(pattern: str, mend: Received, reading: Reading) -> str:
    fact = mend.fact
    assert isinstance(fact, Correction)
    who, when = _author(mend.entry, reading), moments.moment(mend.entry.recorded_at)
    said = pattern.format(seq=mend.seq, who=who, when=when, why=fact.why)
    put = replacement(fact)
    return f"{said} → {sentence(put, reading.names)}" if put is not None else said


def _line_marking(line: Line, realm: str) -> str:
    entry = line.received.entry
    parts = [str(REALMS.get(entry.realm, entry.realm)).upper()] if entry.realm != realm else []
    parts += [f"TLP:{entry.tlp.upper()}"] if entry.tlp != "amber" else []
    if entry.pap:
        parts.append(f"PAP:{entry.pap.upper()}")
    if entry.privileged:
        parts.append(_("privilégié"))
    return " · ".join(parts)


def _marking(lines: list[Line]) -> str:
    """The closest marking among the lines: the whole document is kept as its most guarded entry."""
    ranks = [MARKINGS.index(line.received.entry.tlp) for line in lines if line.received.entry.tlp in MARKINGS]
    return f"TLP:{MARKINGS[max(ranks, default=MARKINGS.index('amber'))].upper()}"


def _realm_mark(realm: str) -> str:
    word = (
        "" if realm == "real" else {"exercise": _("EXERCICE"), "simulated": _("SIMULATION")}.get(realm, realm.upper())
    )
    return " — ".join([word] * 3) if word else ""


def _span(shift: Shift) -> str:
    if shift.start is None and shift.end is None:
        span = _("tout le journal")
    elif shift.start is None or shift.end is None:
        pattern = _("à partir du {moment}") if shift.end is None else _("jusqu'au {moment}")
        span = pattern.format(moment=moments.moment(shift.start or shift.end))
    else:
        start, end = moments.moment(shift.start), moments.short(shift.end, shift.start)
        span = _("{start} – {end}").format(start=start, end=end)
    return f"{span} ({timezone.get_current_timezone_name()})"


def _log(checkpoint: Checkpoint | None) -> str:
    if checkpoint is None:
        return _("ce nœud n'a encore rien signé")
    signed = moments.moment(datetime.fromisoformat(checkpoint.at))
    return _("{log}, signé le {moment}").format(log=checkpoint.log, moment=signed)


def _organisation(owner: str) -> str:
    return Organisation.objects.filter(pk=owner).values_list("name", flat=True).first() or owner
