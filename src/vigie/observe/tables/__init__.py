"""The tables of the report, in the order of its chapters."""

from __future__ import annotations

from vigie.observe.table import Table
from vigie.observe.tables import causes, comparison, delays, help, impacts, origins, volume, who

CHAPTERS: dict[str, dict[str, str]] = {
    "volume": {"fr": "Volume", "en": "Volume"},
    "who": {"fr": "Qui déclare", "en": "Who declares"},
    "origins": {"fr": "Origines", "en": "Origins"},
    "impacts": {"fr": "Impacts", "en": "Impacts"},
    "help": {"fr": "Accompagnement et autorités", "en": "Help and authorities"},
    "causes": {"fr": "Causes", "en": "Causes"},
    "delays": {"fr": "Délais", "en": "Delays"},
    "comparison": {"fr": "Comparaison", "en": "Comparison"},
}
TABLES: dict[str, Table] = {
    each.name: each
    for chapter in (volume, who, origins, impacts, help, causes, delays, comparison)
    for each in vars(chapter).values()
    if isinstance(each, Table)
}
