"""Details of an entry: every field of its fact, and its envelope, as pairs of words."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from vigie.cartography import label
from vigie.journal import Received
from vigie.journal import facts as f
from vigie.web.incidents import labels, moments, returns
from vigie.web.incidents.names import Names
from vigie.web.incidents.sentences import bytes_text, hundredths

Pair = tuple[str, str]
SUBJECT = {"application": "application", "service": "service", "supplier": "supplier", "team": "team"}
MAP_WORDS = {"skill": "skills", "shift": "shifts"}
SUBJECTS = {"applications": "application", "services": "service", "establishments": "establishment"}


def fact_details(statement: f.Statement, names: Names) -> Iterator[Pair]:
    """What the fact says, field by field; nothing for what was erased or cannot be read."""
    if not isinstance(statement, f.Fact):
        return
    for name in type(statement).model_fields:
        value = getattr(statement, name)
        if name not in ("kind", "replacement") and value not in (None, "", ()):
            yield str(labels.FIELD_NAMES.get(name, name)), _text(statement.kind, name, value, names)


def envelope_details(received: Received) -> Iterator[Pair]:
    """Where the entry comes from, its three times, its marking, its place in the log."""
    entry = received.entry
    yield _("S'est passé"), moments.moment(entry.happened_at, entry.precision)
    yield _("Écrit"), moments.moment(entry.recorded_at)
    yield _("Reçu ici"), moments.moment(received.received_at)
    yield _("Auteur"), f"{entry.author} ({_role(entry.role)})"
    yield _("Nœud"), entry.log
    yield _("Place dans le journal du nœud"), str(entry.index)
    yield (
        _("Diffusion"),
        labels.MARKINGS.get(entry.tlp, entry.tlp) + (f", PAP:{entry.pap.upper()}" if entry.pap else ""),
    )
    if entry.privileged:
        yield _("Secret"), _("Couvert par le secret (avocat)")
    yield _("Empreinte de l'entrée"), received.digest
    if entry.previous:
        yield _("Empreinte de la précédente"), entry.previous
    yield _("Engagement sur le contenu"), entry.commitment


def _role(role: str) -> str:
    names = {
        "member": _("membre de la cellule de crise"),
        "director": _("directeur de la cellule de crise"),
        "analyst": _("analyste de l'observatoire"),
        "administrator": _("administrateur"),
        "node": _("programme"),
    }
    return names.get(role, role)


def _text(kind: str, name: str, value: Any, names: Names) -> str:
    if isinstance(value, bool):
        return _("oui") if value else _("non")
    if isinstance(value, datetime):
        return moments.moment(value)
    if name in SUBJECT:
        return _named(getattr(names, SUBJECT[name])(value), value)
    if kind == "forecast" and name in SUBJECTS:
        return " ; ".join(returns.named(one, names) for one in value)
    if name in MAP_WORDS:
        return label(MAP_WORDS[name], value, (get_language() or "fr")[:2])
    if name in SUBJECTS:
        return ", ".join(_named(getattr(names, SUBJECTS[name])(one), one) for one in value)
    if name == "hand_overs":
        return " ; ".join(
            _("%(moment)s, de %(giver)s à %(taker)s")
            % {"moment": moments.moment(one.at), "giver": one.from_person, "taker": one.to_person}
            for one in value
        )
    if isinstance(value, tuple):
        return " ; ".join(value)
    if name.endswith("_bytes"):
        return bytes_text(value)
    if name in ("amount_minor", "severity_hundredths"):
        return hundredths(value)
    if name == "addressee":
        return labels.authority_name(value)
    return labels.value_name(kind, name, value)


def _named(name: str, identifier: str) -> str:
    return name if name == identifier else f"{name} ({identifier})"
