"""The sheets of the workbook: which column holds which field, under which French heading.

Row 1 of a sheet is for people, row 2 holds the ids of the fields, rows from 3 on are data. Sheets whose rows belong to an
item of another sheet name it in their first column.
"""

from __future__ import annotations

from typing import Literal, NamedTuple

from vigie.cartography.tree import Path

Holds = Literal["text", "number", "flag", "day", "list"]
LABEL_ROW, ID_ROW, FIRST_ROW = 1, 2, 3
DAYS = ("lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche")
STOPS, DEGRADES = "arrêt", "dégradation"


class Column(NamedTuple):
    """A column: its id in row 2, its heading, what it holds, where that goes, and what helps to fill it in."""

    id: str
    label: str
    holds: Holds = "text"
    terms: str = ""  # a list of the vocabulary
    refers_to: str = ""  # a section whose ids may stand here
    note: str = ""
    width: int = 18
    path: Path = ()

    @property
    def goes_to(self) -> Path:
        return self.path or (self.id,)


class Sheet(NamedTuple):
    """A sheet: its title, the section it fills, and, for rows that belong to an item, the field of that item."""

    title: str
    section: str
    columns: tuple[Column, ...]
    field: str = ""  # empty: each row is an item of the section
    optional: bool = False  # workbooks made before this sheet existed are read as well


ID = Column("id", "Identifiant", note="Minuscules sans accent, chiffres et tirets : dpi, labo-resultats.", width=22)
NAME = Column("name", "Nom", width=46)

ESTABLISHMENTS = Sheet(
    "Établissements",
    "establishments",
    (
        ID,
        NAME,
        Column("kind", "Type", terms="establishment_kinds"),
        Column("finess_ej", "FINESS entité juridique", note="Neuf caractères, zéros compris."),
        Column("finess_et", "FINESS site", note="Neuf caractères, zéros compris."),
        Column("legal_status", "Statut", terms="legal_statuses"),
        Column("region", "Région"),
        Column("beds", "Lits", "number", width=8),
        Column("essential_entity", "Entité essentielle (NIS 2)", "flag"),
    ),
)
SUPPLIERS = Sheet(
    "Fournisseurs",
    "suppliers",
    (
        ID,
        NAME,
        Column("kind", "Type", terms="supplier_kinds"),
        Column("hds_number", "Certificat HDS", path=("hds", "number")),
        Column("hds_valid_from", "HDS : début", "day", path=("hds", "valid_from")),
        Column("hds_valid_until", "HDS : fin", "day", path=("hds", "valid_until")),
        Column("last_audit", "Dernier audit", "day"),
        Column(
            "exposed_services",
            "Services exposés sur internet",
            "list",
            note="Séparés par des points-virgules.",
            width=34,
        ),
        Column("contact", "Contact en crise", width=34),
    ),
)
APPLICATIONS = Sheet(
    "Applications",
    "applications",
    (
        ID,
        NAME,
        Column("kind", "Type", terms="application_kinds"),
        Column("description", "Description", width=30),
        Column("supplier", "Fournisseur", refers_to="suppliers"),
        Column("hosted_by", "Hébergé par", refers_to="suppliers", note="Vide : sur les machines de l'hôpital."),
        Column("product", "Produit"),
        Column("version", "Version", width=10),
        Column("hosts", "Serveurs", "list", note="Séparés par des points-virgules."),
        Column("health_data", "Données de santé", "flag", width=10),
        Column(
            "rto_minutes", "DMIA / RTO (minutes)", "number", note="Délai maximal de retour. Vide si inconnu, jamais 0."
        ),
        Column(
            "rpo_minutes",
            "PDMA / RPO (minutes)",
            "number",
            note="Âge des données qu'on accepte de perdre. Vide si inconnu.",
        ),
        Column("backup_state", "Sauvegarde", terms="backup_states", path=("backup", "state")),
        Column(
            "backup_clean",
            "Dernière copie prouvée saine",
            "day",
            path=("backup", "last_clean_restore_point"),
        ),
        Column("backup_tested", "Dernier test de restauration", "day", path=("backup", "last_tested_restore")),
        Column(
            "backup_keys_offline",
            "Catalogue et clés hors ligne",
            "flag",
            path=("backup", "catalogue_and_keys_offline"),
        ),
    ),
)
DEPENDENCIES = Sheet(
    "Dépendances",
    "applications",
    (
        Column("application", "Application", refers_to="applications", width=26),
        Column("needs", "a besoin de", refers_to="applications", width=26),
        Column("effect", "Sans elle", note=f"{STOPS} : elle ne marche plus. {DEGRADES} : elle marche en partie."),
        Column(
            "share_kept", "Part conservée (0 à 1)", "number", note="Seulement pour une dégradation. Vide si inconnue."
        ),
    ),
    field="depends_on",
)
EFFORT = Sheet(
    "Charges",
    "applications",
    (
        Column("application", "Application", refers_to="applications", width=26),
        Column("skill", "Compétence", terms="skills"),
        Column("low_hours", "Heures, au mieux", "number"),
        Column("likely_hours", "Heures, probable", "number"),
        Column("high_hours", "Heures, au pire", "number"),
    ),
    field="restore_effort",
)
SERVICES = Sheet(
    "Services",
    "services",
    (
        ID,
        Column("establishment", "Établissement", refers_to="establishments"),
        NAME,
        Column("kind", "Type", terms="service_kinds"),
        Column("beds", "Lits", "number", width=8),
        *(
            Column(f"visits_{day}", f"Activité {day}", "number", width=10, path=("visits_per_day", number))
            for number, day in enumerate(DAYS)
        ),
        Column("visit_unit", "Unité d'activité", note="passages, séances, dossiers, repas..."),
        Column("hourly_profile", "Profil horaire", terms="hourly_profiles"),
        Column(
            "pathways", "Filières vitales", "list", note="Séparées par des points-virgules : stroke; sepsis.", width=30
        ),
    ),
)
NEEDS = Sheet(
    "Besoins",
    "services",
    (
        Column("service", "Service", refers_to="services", width=24),
        Column("application", "Application", refers_to="applications", width=26),
        Column(
            "share_kept",
            "Part d'activité conservée (0 à 1)",
            "number",
            note="Sans cette application, tout le reste marchant.",
        ),
        Column("endurance_hours", "Tenue (heures)", "number", note="Combien de temps le mode dégradé peut être tenu."),
        Column("fallback", "Mode dégradé", width=80),
    ),
    field="needs",
)
TEAMS = Sheet(
    "Équipes",
    "teams",
    (
        ID,
        NAME,
        Column("skill", "Compétence", terms="skills"),
        Column("people", "Personnes présentes", "number", note="En même temps, pas l'effectif total.", width=12),
        Column("shift", "Horaires", terms="shifts"),
        Column("supplier", "Fournisseur", refers_to="suppliers", note="Vide : des gens de l'hôpital."),
        Column(
            "arrives_after_hours",
            "Arrive après (heures)",
            "number",
            note="Délai prévu au contrat entre l'appel et la présence. Vide : déjà sur place, ou inconnu pour un fournisseur.",
        ),
    ),
    optional=True,
)
# Items before what belongs to them.
SHEETS = (ESTABLISHMENTS, SUPPLIERS, APPLICATIONS, DEPENDENCIES, EFFORT, SERVICES, NEEDS, TEAMS)
# The sheet that names the map: one row, like an item.
MAP = Sheet("Carte", "", (Column("name", "Nom de la carte", width=60), Column("fictional", "Fictive", "flag")))
READ_ME, EXAMPLE, TERMS = "Lisez-moi", "Exemple", "Vocabulaire"


def split(text: str) -> list[str]:
    r"""The items of a cell, `a; b\; c` being `a` and `b; c`."""
    items, current, escaped = [], "", False
    for letter in text:
        if escaped:
            current, escaped = current + letter, False
        elif letter == "\\":
            escaped = True
        elif letter == ";":
            items, current = [*items, current.strip()], ""
        else:
            current += letter
    return [item for item in [*items, current.strip()] if item]


def join(items: tuple[str, ...]) -> str:
    """The cell that `split` reads back as these items."""
    return "; ".join(item.replace("\\", "\\\\").replace(";", "\\;") for item in items)
