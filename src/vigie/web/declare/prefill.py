"""What the form begins with: the last version sent, or what the journal and the adopted cartography already say."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from vigie.cartography import Cartography, Establishment
from vigie.observe.vocabulary import vocabulary
from vigie.respond import Situation
from vigie.respond.inquiry import DeclarationState
from vigie.web.declare.forms import terms, texts_of, values_of_fact
from vigie.web.incidents import moments
from vigie.web.incidents.maps import cartography_of
from vigie.web.incidents.names import folded

NAME = "declaration"
NEXT = {
    "early_warning": "notification",
    "notification": "intermediate",
    "intermediate": "intermediate",
    "final": "final",
}


@dataclass(frozen=True, slots=True)
class Start:
    """The values that a form begins with, as a browser sends them, and in words where each comes from."""

    declaration: str
    values: dict[str, list[str]]
    sources: dict[str, str]


def current(situation: Situation) -> DeclarationState | None:
    """The declaration of an incident; where several were imported, the one written to last."""
    states = sorted(situation.declared.values(), key=lambda state: state.by.recorded_at)
    return states[-1] if states else None


def start(situation: Situation, person: str) -> Start:
    """What a form begins with for this person."""
    state = current(situation)
    if state is not None:
        values = values_of_fact(state.fact)
        values["stage"] = [NEXT[state.fact.stage]]
        source = _("repris de l'envoi du %(when)s") % {"when": moments.moment(state.by.recorded_at)}
        return Start(state.fact.declaration, values, dict.fromkeys(set(values) - {"stage"}, source))
    found = _Found({}, {})
    _from_journal(found, situation)
    if (known := cartography_of(situation)) is not None:
        _from_cartography(found, situation, known)
    found.say("declarer", person, _("vous, d'après votre compte"))
    return Start(NAME, {"stage": ["early_warning"], "nature": ["incident"], **found.values}, found.sources)


@dataclass(frozen=True, slots=True)
class _Found:
    values: dict[str, list[str]]
    sources: dict[str, str]

    def say(self, name: str, value: Any, source: str) -> None:
        """Note a value, where it says anything."""
        if texts := texts_of(name, value):
            self.values[name], self.sources[name] = texts, source


def _from_journal(found: _Found, situation: Situation) -> None:
    log = _("d'après la main courante")
    if (opened := situation.lifecycle) is not None:
        found.say("detected_at", opened.detected_at, _("d'après l'ouverture de l'incident"))
        found.say("description", opened.summary, _("d'après l'ouverture de l'incident"))
        found.say("on_behalf_of", opened.on_behalf_of, _("d'après l'ouverture de l'incident"))
    modes = {state.mode for state in situation.services.values()}
    if modes & {"stopped", "diverted"}:
        found.say("functioning", "interruption", log)
    elif "degraded" in modes:
        found.say("functioning", "degraded", log)
    cves = dict.fromkeys(known.fact.cve for known in situation.vulnerabilities if known.fact.cve)
    found.say("cves", tuple(cves), log)


def _from_cartography(found: _Found, situation: Situation, known: Cartography) -> None:
    source = _("d'après la cartographie « %(name)s »") % {"name": known.name}
    named = situation.lifecycle.establishments if situation.lifecycle else ()
    touched = [one for one in known.establishments if one.id in named] or list(known.establishments)
    if len(touched) == 1 or (touched and len({one.finess_ej for one in touched}) == 1):
        _identity(found, touched, source)
    kinds = {one.id: one.kind for one in known.services}
    words = vocabulary()["service_kinds"]
    hit = (kinds.get(one) for one, state in situation.services.items() if state.mode not in ("normal", "unknown"))
    found.say("services", tuple(dict.fromkeys(kind for kind in hit if kind in words)), source)


def _identity(found: _Found, touched: list[Establishment], source: str) -> None:
    first = touched[0]
    found.say("establishment", first.name, source)
    found.say("legal_entity", first.finess_ej, source)
    found.say("sites", tuple(one.finess_et for one in touched if one.finess_et), source)
    if first.kind in vocabulary()["establishment_kinds"]:
        found.say("establishment_kind", first.kind, source)
    found.say("legal_status", first.legal_status, source)
    region = folded(first.region)
    code = next((code for code, name in terms("regions") if region in (code, folded(name))), None)
    found.say("region", code, source)
    if first.essential_entity is not None:
        found.say("essential_entity", "yes" if first.essential_entity else "no", source)
