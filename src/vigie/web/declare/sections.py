"""The four sections of the declaration, their fields in the order in which they are asked, and what helps to answer."""

from __future__ import annotations

from typing import NamedTuple

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from vigie.web.incidents import labels

Label = str | Promise


class Section(NamedTuple):
    """A section of the form: the end of its address, its title, and the fields of the fact that it asks."""

    id: str
    title: Label
    fields: tuple[str, ...]


SECTIONS = (
    Section(
        "identification",
        _("Qui déclare"),
        (
            *("stage", "nature", "establishment", "legal_entity", "sites", "establishment_kind", "legal_status"),
            *("region", "essential_entity", "declarer", "declarer_contact", "on_behalf_of"),
        ),
    ),
    Section(
        "description", _("Ce qui s'est passé"), ("detected_at", "occurred_at", "description", "measures", "services")
    ),
    Section(
        "impact",
        _("Conséquences sur les données, les personnes, le système et la structure"),
        (
            *("data_impact", "data_subjects", "people_affected", "functioning", "patient_danger"),
            *("degraded_tenths_of_hour", "cross_border"),
        ),
    ),
    Section(
        "causes",
        _("Causes"),
        ("malicious", "origin", "ransomware_extent", "supplier_involved", "supplier", "cves", "support_asked"),
    ),
)
FIELDS = tuple(name for section in SECTIONS for name in section.fields)
LABELS: dict[str, Label] = {
    **labels.FIELD_NAMES,
    "stage": _("Étape"),
    "services": _("Services de soins touchés"),
    "degraded_tenths_of_hour": _("Durée du mode dégradé, en heures"),
    "support_asked": _("Demandez-vous un appui ?"),
    "malicious": _("Est-ce un acte malveillant ?"),
}
HELP: dict[str, Label] = {
    "stage": _("Chaque envoi complète le précédent : envoyez tout de suite ce que vous savez."),
    "legal_entity": _("FINESS juridique, neuf caractères."),
    "sites": _("FINESS géographique, un par ligne, neuf caractères."),
    "essential_entity": _("Au sens de la directive NIS 2, ou opérateur de services essentiels."),
    "declarer": _("La personne que l'on peut rappeler."),
    "declarer_contact": _("Un téléphone qui marche cette nuit, ou une adresse hors du réseau atteint."),
    "on_behalf_of": _("Seulement si vous écrivez pour un établissement qui n'a plus de réseau."),
    "description": _("Ce que l'on voit, où, depuis quand. Jamais le nom d'un patient."),
    "measures": _("Ce que vous avez coupé, arrêté, mis à l'abri, et qui vous avez appelé."),
    "people_affected": _("Un ordre de grandeur suffit."),
    "functioning": _("Mode dégradé : on soigne sans l'informatique. Interruption : on ne soigne plus, ou ailleurs."),
    "degraded_tenths_of_hour": _("Par exemple 36,5."),
    "cves": _("Une par ligne, par exemple CVE-2023-3519, si on la croit exploitée."),
    "support_asked": _("La nuit, téléphonez aussi : un formulaire ne réveille personne."),
}
UNKNOWN: Label = _("pas encore su")
LEFT_EMPTY: Label = _("Vide : pas encore su.")
