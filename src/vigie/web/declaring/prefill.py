"""What the journal and the map already say: what a declaration begins with, each value with where it comes from.

Nothing is taken from privileged entries, nor from those marked TLP:RED: a declaration leaves the house. What is not
known stays "not known yet": the absence of bad news in the log is no good news.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from django.utils import timezone
from django.utils.translation import gettext as _

from vigie.cartography import Cartography
from vigie.journal.facts import Declaration, Opened
from vigie.observe.vocabulary import vocabulary
from vigie.respond import Situation
from vigie.web import desk
from vigie.web.declaring import sections
from vigie.web.declaring.forms import FEW, YES_NO
from vigie.web.declaring.versions import UNGUARDED, Held
from vigie.web.declaring.words import is_said
from vigie.web.desk import Filters
from vigie.web.incidents import maps, moments
from vigie.web.incidents.names import folded

TICKED = ("data_impact", "data_subjects", "services")
WORDS = (*YES_NO, *FEW)
AFTER = {
    "early_warning": "notification",
    "notification": "intermediate",
    "intermediate": "intermediate",
    "final": "final",
}
STOPPED, SLOWED = ("stopped", "diverted"), ("degraded",)


class Prefill(NamedTuple):
    """First values, as a browser would send them, and for some of them where they come from."""

    values: dict[str, list[str]]
    sources: dict[str, str]


class _Told(NamedTuple):
    value: Any
    source: str


def prefill(incident_id: str, organisation: str, person: str, before: Held | None) -> Prefill:
    """What the next version begins with: what was declared already, else what journal and map say."""
    if before is not None:
        told = _declared(before)
    else:
        situation = desk.situation(incident_id, None, UNGUARDED)
        other, _asked = behalf(incident_id)
        told = _from_journal(situation)
        told["establishment"] = (
            _Told(other, _("ouverture de l'incident")) if other else _Told(organisation, _("votre organisation"))
        )
        told |= {} if other else _from_map(situation)  # the map is of whoever writes
    told.setdefault("declarer", _Told(person, _("votre compte")))
    values = blank()
    for name, one in told.items():
        if is_said(one.value):
            values[name] = as_typed(name, one.value)
    sources = {name: one.source for name, one in told.items() if one.source and is_said(one.value)}
    return Prefill(values, sources)


def behalf(incident_id: str) -> tuple[str, str]:
    """For whom an incident was opened by somebody else, and who asked for it; empty where it is nobody but oneself."""
    lines = list(desk.every(incident_id, Filters(kind="opened"), UNGUARDED))
    counting = [line for line in lines if line.standing.counts] or lines
    opened = [line.fact for line in counting if isinstance(line.fact, Opened) and line.fact.on_behalf_of]
    return (opened[0].on_behalf_of, opened[0].source) if opened else ("", "")


def blank() -> dict[str, list[str]]:
    """A form in which nobody has said anything."""
    values = {name: [""] for name in sections.FIELDS}
    values |= {name: ["unknown"] for name in (*TICKED, *WORDS)}
    return {**values, "stage": ["early_warning"], "nature": ["incident"], "addressees": []}


def as_typed(name: str, value: Any) -> list[str]:
    """A value of the fact, as a browser would send it."""
    if name in TICKED:
        return list(value)
    if isinstance(value, tuple):
        return ["\n".join(value)]
    if name == "degraded_tenths_of_hour":
        return [f"{value / 10:g}".replace(".", ",")]
    if hasattr(value, "isoformat"):
        return [f"{timezone.localtime(value):%Y-%m-%dT%H:%M}"]
    return [str(value)]


def _declared(before: Held) -> dict[str, _Told]:
    """What all versions say together; the stage is the one that comes next."""
    told = {name: _Told(getattr(before.fact, name), "") for name in sections.FIELDS}
    told["stage"] = _Told(AFTER[before.last.fact.stage], "")
    return told


def _from_journal(situation: Situation) -> dict[str, _Told]:
    lifecycle = situation.lifecycle
    told: dict[str, _Told] = {}
    if lifecycle is not None:
        told["detected_at"] = _Told(lifecycle.detected_at, _("ouverture de l'incident"))
        told["description"] = _Told(lifecycle.summary, _("ouverture de l'incident"))
    cves = tuple(dict.fromkeys(one.fact.cve for one in situation.vulnerabilities))
    told["cves"] = _Told(cves, _("vulnérabilités notées au journal"))
    told["functioning"] = _Told(_functioning(one.mode for one in situation.services.values()), _("mode des services"))
    dangers = {one.fact.danger for one in situation.safety_events}
    danger = "confirmed" if "confirmed" in dangers else "potential" if dangers else None
    told["patient_danger"] = _Told(danger, _("événements de sécurité des soins notés au journal"))
    if situation.leaks:
        told["data_impact"] = _Told(("disclosure",), _("fuite de données notée au journal"))
    confirmed = [
        leak.figures["confirmed_people"].value for leak in situation.leaks if "confirmed_people" in leak.figures
    ]
    told["people_affected"] = _Told(max(confirmed, default=None), _("fuite de données notée au journal"))
    return told


def _functioning(modes: Iterable[str]) -> str | None:
    """The worst that the services say; None where none says anything bad, for that proves nothing."""
    said = set(modes)
    if said & {*STOPPED}:
        return "interruption"
    return "degraded" if said & {*SLOWED} else None


def _from_map(situation: Situation) -> dict[str, _Told]:
    """Who the hospital is, and which kinds of service are touched, from the map with which the incident is read."""
    known = maps.cartography_of(situation)
    if known is None or situation.map is None:
        return {}
    adopted = _("cartographie adoptée le %(day)s") % {"day": moments.moment(situation.map.by.happened_at, "day")}
    told = {name: _Told(value, adopted) for name, value in _identity(known, situation).items()}
    kinds = {one.id: one.kind for one in known.services}
    touched = [kinds.get(one.id, "") for one in situation.services.values() if one.mode in (*STOPPED, *SLOWED)]
    services = tuple(sorted({kind for kind in touched if kind in vocabulary()["service_kinds"]}))
    if services:
        told["services"] = _Told(services, _("mode des services"))
    return told


def _identity(known: Cartography, situation: Situation) -> Mapping[str, Any]:
    named = situation.lifecycle.establishments if situation.lifecycle else ()
    touched = [one for one in known.establishments if one.id in named]
    main = (touched or list(known.establishments) or [None])[0]
    if main is None:
        return {}
    only = [main] if len(known.establishments) == 1 else []
    essential = {True: "yes", False: "no", None: None}[main.essential_entity]
    return {
        "establishment": known.name,
        "legal_entity": main.finess_ej,
        "sites": tuple(one.finess_et for one in (touched or only) if one.finess_et),
        "establishment_kind": _word("establishment_kinds", main.kind),
        "legal_status": _word("legal_statuses", main.legal_status),
        "region": _region(main.region),
        "essential_entity": essential,
    }


def _word(words: str, term: str | None) -> str | None:
    return term if term in vocabulary()[words] else None


def _region(text: str) -> str | None:
    """The code of a region that a map names, `Normandie (fictif)` included."""
    wanted = folded(re.sub(r"\(.*?\)", "", text).strip())
    return next((code for code, one in vocabulary()["regions"].items() if folded(one["fr"]) == wanted and wanted), None)


def current(values: Mapping[str, Sequence[str]], first: Prefill) -> dict[str, str]:
    """Of the fields whose value is still the one that was filled in: where it comes from."""
    return {name: said for name, said in first.sources.items() if list(values.get(name, ())) == first.values[name]}


def is_unsaid(fact: Declaration) -> list[str]:
    """The fields of a declaration that nobody has filled in."""
    return [name for name in sections.FIELDS if not is_said(getattr(fact, name))]
