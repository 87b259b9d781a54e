"""The four sections of the declaration, their fields in the order in which they are asked, and the words around them."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from vigie.web.incidents import labels

Label = str | Promise

SECTIONS: dict[str, tuple[Label, tuple[str, ...]]] = {
    "identification": (
        _("Identification"),
        (
            *("stage", "nature", "establishment", "legal_entity", "sites", "establishment_kind", "legal_status"),
            *("region", "essential_entity", "declarer", "declarer_contact"),
        ),
    ),
    "description": (
        _("Description"),
        ("detected_at", "occurred_at", "description", "measures", "services"),
    ),
    "impact": (
        _("Conséquences : données, personnes, système, structure"),
        (
            *("data_impact", "data_subjects", "people_affected", "functioning", "patient_danger"),
            *("degraded_tenths_of_hour", "cross_border"),
        ),
    ),
    "causes": (
        _("Causes"),
        ("malicious", "origin", "ransomware_extent", "supplier_involved", "supplier", "cves", "support_asked"),
    ),
}
FIELDS = tuple(name for _title, names in SECTIONS.values() for name in names)
# What a field is called where it is read, and what is asked where it is filled in.
TITLES: dict[str, Label] = {
    **labels.FIELD_NAMES,
    "services": _("Services de soins touchés"),
    "detected_at": _("Constaté le"),
    "degraded_tenths_of_hour": _("Durée du mode dégradé"),
    "supplier": _("Nom du prestataire"),
}
NAMES: dict[str, Label] = {
    **TITLES,
    "stage": _("À quelle étape ?"),
    "nature": _("De quoi s'agit-il ?"),
    "degraded_tenths_of_hour": _("Durée du mode dégradé, en heures"),
    "people_affected": _("Combien de personnes sont touchées dans leurs données ?"),
    "support_asked": _("Demandez-vous un appui ?"),
    "malicious": _("Est-ce un acte malveillant ?"),
    "cross_border": _("Un effet hors de France est-il possible ?"),
    "supplier_involved": _("Un prestataire est-il en cause ?"),
    "measures": _("Qu'a-t-on déjà fait ?"),
}
HELP: dict[str, Label] = {
    "stage": _("Chaque version complète la précédente : dites tout de suite ce que vous savez."),
    "establishment": _("Le nom que connaît l'agence régionale de santé."),
    "legal_entity": _("Neuf caractères. Votre service des affaires générales le connaît."),
    "sites": _("Un numéro FINESS par ligne, neuf caractères."),
    "essential_entity": _("Votre direction le sait : OSE, ou entité essentielle au sens de NIS 2."),
    "declarer": _("La personne que l'on peut rappeler."),
    "declarer_contact": _("Un téléphone qui marche cette nuit, ou une adresse hors du réseau atteint."),
    "occurred_at": _("Vide si personne ne sait quand cela a commencé."),
    "description": _("Ce que l'on voit, où, depuis quand. Jamais le nom d'un patient."),
    "measures": _("Ce que vous avez coupé, arrêté, mis à l'abri, et qui vous avez appelé."),
    "data_impact": _("Des données que l'on ne peut plus lire sont indisponibles, même si rien n'a fui."),
    "people_affected": _("Un ordre de grandeur suffit. Vide si personne n'a compté."),
    "functioning": _("Mode dégradé : on soigne sans l'informatique. Interruption : on ne soigne plus, ou ailleurs."),
    "degraded_tenths_of_hour": _("Par exemple 36,5. Vide tant que cela dure ou que personne ne sait."),
    "ransomware_extent": _("Seulement si des fichiers ont été chiffrés contre rançon."),
    "cves": _("Une par ligne, par exemple CVE-2023-3519. Seulement si on la croit exploitée."),
    "support_asked": _("La nuit et les jours fériés, téléphonez aussi : un formulaire ne réveille personne."),
}
STAGES: dict[str, Label] = {
    "early_warning": _("alerte précoce : dans les 24 heures, avec ce que l'on sait"),
    "notification": _("déclaration : dans les 72 heures, avec une première évaluation"),
    "intermediate": _("point d'étape : ce qui a changé depuis"),
    "final": _("rapport final : quand c'est fini, un mois après au plus"),
}
UNKNOWN: Label = _("pas encore su")
EMPTY: Label = _("vide : pas encore su")
