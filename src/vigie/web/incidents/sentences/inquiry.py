"""Sentences of the inquiry and of the law."""

from __future__ import annotations

from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from vigie.journal import facts as f
from vigie.web.incidents import labels
from vigie.web.incidents.names import Names
from vigie.web.incidents.sentences.words import bytes_text, join, of, people, value


@of(f.Declared)
def _declared(fact: f.Declared, names: Names) -> str:
    return join(
        _("Déclaré à %(who)s : %(stage)s")
        % {"who": labels.authority_name(fact.addressee), "stage": value(fact, "stage")},
        _("Récépissé n° %(number)s") % {"number": fact.receipt} if fact.receipt else "",
        fact.text,
    )


@of(f.Artefact)
def _artefact(fact: f.Artefact, names: Names) -> str:
    size = f" ({bytes_text(fact.size_bytes)})" if fact.size_bytes is not None else ""
    hands = len(fact.hand_overs)
    return join(
        _("Preuve : %(name)s%(size)s, recueillie par %(who)s")
        % {"name": fact.name, "size": size, "who": fact.collector},
        _("Gardée : %(place)s") % {"place": fact.place} if fact.place else "",
        ngettext("%(n)d passage de main", "%(n)d passages de main", hands) % {"n": hands} if hands else "",
        _("SHA-256 %(digest)s") % {"digest": f"{fact.sha256[:16]}…"} if fact.sha256 else "",
    )


@of(f.Indicator)
def _indicator(fact: f.Indicator, names: Names) -> str:
    return join(_("À rechercher, %(type)s : %(value)s") % {"type": value(fact, "type"), "value": fact.value}, fact.role)


@of(f.ExploitedVulnerability)
def _exploited(fact: f.ExploitedVulnerability, names: Names) -> str:
    product = f" ({fact.product})" if fact.product else ""
    return _("%(cve)s%(product)s : exploitation %(certainty)s.") % {
        "cve": fact.cve,
        "product": product,
        "certainty": value(fact, "certainty"),
    }


@of(f.Technique)
def _technique(fact: f.Technique, names: Names) -> str:
    return join(_("Technique %(id)s observée") % {"id": fact.technique}, fact.seen)


@of(f.Leak)
def _leak(fact: f.Leak, names: Names) -> str:
    stages = ((_("prétendu"), "claimed"), (_("publié"), "published"), (_("confirmé"), "confirmed"))
    told = [_("%(stage)s : %(extent)s") % {"stage": name, "extent": _extent(fact, key)} for name, key in stages]
    severity = fact.severity_hundredths
    return join(
        _("Fuite de données : %(what)s") % {"what": fact.what},
        " ; ".join(told),
        _("Gravité ENISA %(score)s") % {"score": number_format(severity / 100, 2)} if severity is not None else "",
    )


def _extent(fact: f.Leak, stage: str) -> str:
    persons, volume = getattr(fact, f"{stage}_people"), getattr(fact, f"{stage}_bytes")
    told = [people(persons)] if persons is not None else []
    told += [bytes_text(volume)] if volume is not None else []
    return ", ".join(told) or _("inconnu")


@of(f.Qualification)
def _qualification(fact: f.Qualification, names: Names) -> str:
    return join(
        _("Qualifié : %(category)s, origine %(origin)s, importance : %(significance)s")
        % {
            "category": fact.category,
            "origin": value(fact, "origin"),
            "significance": value(fact, "significance"),
        },
        _("Fournisseur : %(name)s") % {"name": names.supplier(fact.supplier)} if fact.supplier else "",
        _("Incidents liés : %(names)s") % {"names": ", ".join(fact.linked_incidents)} if fact.linked_incidents else "",
        _("État : %(state)s") % {"state": value(fact, "state")},
        *_restated(fact),
        fact.why,
    )


def _restated(fact: f.Qualification) -> list[str]:
    """What the observatory puts in the place of the declarant's words."""
    impacts = ", ".join(labels.value_name("qualification", "data_impact", each) for each in fact.data_impact)
    return [
        _("Étendue : %(what)s") % {"what": value(fact, "ransomware_extent")} if fact.ransomware_extent else "",
        _("Données : %(what)s") % {"what": impacts} if impacts else "",
        _("Fonctionnement : %(what)s") % {"what": value(fact, "functioning")} if fact.functioning else "",
        _("Patients : %(what)s") % {"what": value(fact, "patient_danger")} if fact.patient_danger else "",
        _("Un prestataire est en cause : %(said)s") % {"said": value(fact, "supplier_involved")}
        if fact.supplier_involved
        else "",
        _("Cause commune : %(name)s") % {"name": fact.cause_group} if fact.cause_group else "",
        _("Double de %(name)s") % {"name": fact.duplicate_of} if fact.duplicate_of else "",
        _("Distincte de %(names)s") % {"names": ", ".join(fact.distinct_from)} if fact.distinct_from else "",
    ]
