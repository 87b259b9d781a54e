"""The template for one's own past declarations: which columns it has, in words that a person knows.

One row is one declaration. It is written by `declarations_template_writing`, read by `declarations_template_reading`; a
correction is made in the file, which is then imported again: the key tells which declaration it is, and a new version opens.
"""

from __future__ import annotations

from functools import cache
from typing import Literal, NamedTuple

from vigie.exchange.importing import folded

Holds = Literal["text", "finess", "moment", "number", "hours", "word", "words", "codes", "sites"]
SHEETS = {"fr": "Déclarations", "en": "Declarations"}
TERMS = {"fr": "Vocabulaire", "en": "Vocabulary"}
READ_ME = {"fr": "Lisez-moi", "en": "Read me"}
EXAMPLE = {"fr": "EXEMPLE (ligne ignorée)", "en": "EXAMPLE (ignored row)"}


class Column(NamedTuple):
    """A column: the name it has in the declarations table, its headings, what it holds, and what helps to fill it in.

    `words`: its list in the vocabulary; `example`: as the example row shows it, a word by its id.
    """

    name: str
    fr: str
    en: str
    holds: Holds
    help_fr: str = ""
    help_en: str = ""
    words: str = ""
    example: str = ""

    def heading(self, language: str) -> str:
        """The heading in a language."""
        return self.fr if language == "fr" else self.en

    def help(self, language: str) -> str:
        """What helps to fill it in, in a language."""
        return self.help_fr if language == "fr" else self.help_en


_DATE_FR = "2024-12-31, 2024-12-31 14:30, 31/12/2024 ou 31/12/2024 14:30 (le jour d'abord), heure légale."
_DATE_EN = "2024-12-31, 2024-12-31 14:30, 31/12/2024 or 31/12/2024 14:30 (the day first), legal time."
_LIST_FR = "Plusieurs : séparés par des points-virgules."
_LIST_EN = "Several: separated by semicolons."
KEY = Column(
    "key",
    "Votre référence",
    "Your reference",
    "text",
    "Obligatoire, propre à chaque déclaration et stable : c'est elle qui la reconnaît quand vous réimportez le fichier.",
    "Required, one a declaration, and stable: it is how a declaration is recognised when you import the file again.",
)
COLUMNS: tuple[Column, ...] = (
    KEY,
    Column("establishment", "Établissement", "Establishment", "text", example="CH de Valmont-sur-Orne"),
    Column(
        "legal_entity",
        "FINESS entité juridique",
        "FINESS legal entity",
        "finess",
        "Neuf caractères, zéros compris.",
        "Nine characters, zeros included.",
        example="990000002",
    ),
    Column("sites", "FINESS sites touchés", "FINESS sites touched", "sites", _LIST_FR, _LIST_EN, example="990000010"),
    Column(
        "establishment_kind",
        "Type de structure",
        "Kind of structure",
        "word",
        words="establishment_kinds",
        example="ch",
    ),
    Column("legal_status", "Statut juridique", "Legal status", "word", words="legal_statuses", example="public"),
    Column("region", "Région", "Region", "word", "Nom ou code INSEE.", "Name or INSEE code.", "regions", "28"),
    Column("essential_entity", "Entité essentielle (ou OSE)", "Essential entity", "word", words="yes_no", example="no"),
    Column("occurred_at", "Survenu le", "Occurred on", "moment", _DATE_FR, _DATE_EN, example="2024-03-04 22:00"),
    Column("detected_at", "Constaté le", "Detected on", "moment", _DATE_FR, _DATE_EN, example="2024-03-05 06:15"),
    Column(
        "declared_at",
        "Déclaré le",
        "Declared on",
        "moment",
        f"{_DATE_FR} Le mois seul (2024-12) est accepté.",
        f"{_DATE_EN} The month alone (2024-12) is accepted.",
        example="2024-03-05",
    ),
    Column("nature", "Nature", "Nature", "word", words="natures", example="incident"),
    Column("state", "État de qualification", "Qualification state", "word", words="states", example="qualified"),
    Column(
        "malicious",
        "Malveillant",
        "Malicious",
        "word",
        "Vide : suit l'origine.",
        "Empty: follows the origin.",
        "yes_no",
        "yes",
    ),
    Column("origin", "Origine", "Origin", "word", words="origins", example="ransomware"),
    Column(
        "ransomware_extent",
        "Étendue du rançongiciel",
        "Extent of ransomware",
        "word",
        words="ransomware_extents",
        example="one_server",
    ),
    Column("significance", "Gravité retenue", "Significance", "word", words="significances", example="serious"),
    Column(
        "data_impact",
        "Effet sur les données",
        "Impact on data",
        "words",
        f"{_LIST_FR} « Aucun » si c'est sûr ; vide si inconnu.",
        f"{_LIST_EN} “None” when sure; empty when unknown.",
        "data_impacts",
        "unavailability",
    ),
    Column(
        "data_subjects", "Données de qui", "Whose data", "words", _LIST_FR, _LIST_EN, "data_subjects", "patients; staff"
    ),
    Column("people_affected", "Personnes concernées (nombre)", "People affected (number)", "number", example="1200"),
    Column(
        "functioning",
        "Effet sur le fonctionnement",
        "Impact on functioning",
        "word",
        words="functionings",
        example="degraded",
    ),
    Column(
        "patient_danger",
        "Mise en danger des patients",
        "Patient danger",
        "word",
        words="patient_dangers",
        example="potential",
    ),
    Column(
        "hours_degraded",
        "Heures en mode dégradé",
        "Hours in degraded mode",
        "hours",
        "Vide si inconnu, jamais 0 par défaut.",
        "Empty when unknown, never 0 by default.",
        example="36",
    ),
    Column(
        "services",
        "Services de soins touchés",
        "Care services touched",
        "words",
        _LIST_FR,
        _LIST_EN,
        "service_kinds",
        "emergency; laboratory",
    ),
    Column("support_asked", "Accompagnement demandé", "Support asked", "word", words="yes_no", example="yes"),
    Column("support_given", "Accompagnement reçu", "Support given", "word", words="yes_no", example="yes"),
    Column("support_by", "Accompagné par", "Support by", "words", _LIST_FR, _LIST_EN, "authorities", "cert-sante"),
    Column(
        "authorities", "Autorités saisies", "Authorities told", "words", _LIST_FR, _LIST_EN, "authorities", "ars; cnil"
    ),
    Column("supplier_involved", "Prestataire en cause", "Supplier involved", "word", words="yes_no", example="no"),
    Column("supplier", "Nom du prestataire", "Name of the supplier", "text"),
    Column(
        "cause_group",
        "Cause commune",
        "Shared cause",
        "text",
        "Le même nom pour toutes les déclarations d'une même cause.",
        "The same name for all declarations of one cause.",
    ),
    Column(
        "cves",
        "Vulnérabilités exploitées (CVE)",
        "Exploited vulnerabilities (CVE)",
        "codes",
        _LIST_FR,
        _LIST_EN,
        example="CVE-2023-46805",
    ),
)


@cache
def by_heading() -> dict[str, Column]:
    """Each column under its French heading, its English one and its name, folded."""
    return {folded(text): column for column in COLUMNS for text in (column.name, column.fr, column.en)}


def is_example(key: str) -> bool:
    """Whether a row is the example of the template, which is never imported."""
    return folded(key) in {folded(text) for text in EXAMPLE.values()}
