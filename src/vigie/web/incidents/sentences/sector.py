"""Sentences of what is declared and of what the observatory does with it."""

from __future__ import annotations

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from vigie.journal import facts as f
from vigie.observe.vocabulary import label
from vigie.web.incidents import labels
from vigie.web.incidents.names import Names
from vigie.web.incidents.sentences.words import join, listed, number, of, people, value


@of(f.Declaration)
def _declaration(fact: f.Declaration, names: Names) -> str:
    who = fact.establishment or fact.legal_entity or _("établissement non nommé")
    return join(
        _("Déclaration %(id)s (%(stage)s, %(nature)s) : %(who)s")
        % {"id": fact.declaration, "stage": value(fact, "stage"), "nature": value(fact, "nature"), "who": who},
        _("Pour le compte de %(name)s") % {"name": fact.on_behalf_of} if fact.on_behalf_of else "",
        *_effects(fact),
        *_causes(fact),
        fact.description,
        _("Mesures : %(text)s") % {"text": fact.measures} if fact.measures else "",
    )


def _effects(fact: f.Declaration) -> list[str]:
    impacts = [labels.value_name("declaration", "data_impact", each) for each in fact.data_impact]
    hours = fact.degraded_tenths_of_hour
    return [
        _("Données : %(what)s") % {"what": listed(impacts) if impacts else _("pas encore su")},
        people(fact.people_affected) if fact.people_affected is not None else "",
        _("Fonctionnement : %(what)s") % {"what": value(fact, "functioning")},
        _("Mode dégradé : %(hours)s h") % {"hours": number(round(hours / 10))} if hours is not None else "",
        _("Patients : %(what)s") % {"what": value(fact, "patient_danger")},
    ]


def _causes(fact: f.Declaration) -> list[str]:
    origin = label("origins", fact.origin, (get_language() or "fr")[:2]) if fact.origin else _("pas encore sue")
    return [
        _("Origine : %(origin)s (malveillante : %(malicious)s)")
        % {"origin": origin, "malicious": value(fact, "malicious")},
        _("Étendue : %(what)s") % {"what": value(fact, "ransomware_extent")} if fact.ransomware_extent else "",
        _("Prestataire : %(name)s") % {"name": fact.supplier} if fact.supplier else "",
        ", ".join(fact.cves),
        _("Appui demandé") if fact.support_asked == "yes" else "",
    ]


@of(f.Exchange)
def _exchange(fact: f.Exchange, names: Names) -> str:
    asked = fact.awaits == "answer"
    said = _("Question sur %(id)s : %(text)s") if asked else _("Réponse ou message sur %(id)s : %(text)s")
    return join(said % {"id": fact.declaration, "text": fact.text})


@of(f.Support)
def _support(fact: f.Support, names: Names) -> str:
    by = _(" par %(who)s") % {"who": labels.authority_name(fact.by)} if fact.by else ""
    return join(
        _("Appui %(id)s : %(state)s%(by)s") % {"id": fact.support, "state": value(fact, "state"), "by": by}, fact.what
    )


@of(f.Routing)
def _routing(fact: f.Routing, names: Names) -> str:
    return join(
        _("Transmis à %(who)s") % {"who": labels.authority_name(fact.addressee)},
        _("Déclaration %(id)s") % {"id": fact.declaration} if fact.declaration else "",
        _("Récépissé n° %(number)s") % {"number": fact.receipt} if fact.receipt else "",
        fact.why,
    )
