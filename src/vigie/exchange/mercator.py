"""Import of a Mercator cartography (https://github.com/dbarzin/mercator): its tables as JSON, or its RTO workbook.

What is taken, and what is not:
- applications, servers, clusters, storage, databases, directories and networks become applications; processes whose name says
  a care or support service become services; external entities become suppliers. RTO and RPO are in minutes on both sides, and
  0, which is what Mercator holds when nobody filled them in, becomes unknown.
- one server under an application is a hard dependency; several are degradations by an unknown share, because Mercator does
  not say whether one can replace the other. A flow degrades the application that receives it.
- shares kept, fallbacks, endurances, restore efforts and backups are not in Mercator: they stay unknown.
Everything that has no place in the map is counted, with the reason.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import chain, count
from typing import Any

from vigie.cartography import Cartography, Tree, slug, understand
from vigie.errors import CartographyErrors, FileError
from vigie.exchange import mercator_rto

Row = dict[str, Any]

# Tables that become applications of one kind.
INFRASTRUCTURE = {
    "networks": "network",
    "routers": "network",
    "physical_routers": "network",
    "physical_switches": "network",
    "security_devices": "security",
    "storage_devices": "storage",
    "physical_servers": "server",
    "clusters": "virtualisation",
    "logical_servers": "server",
    "databases": "database",
    "domaine_ads": "directory",
    "forest_ads": "directory",
    "annuaires": "directory",
}
# The first word found in the name of a process, or of an application or its block, gives the kind.
SERVICE_WORDS = {
    "urgence": "emergency",
    "emergency": "emergency",
    "réanimation": "intensive_care",
    "bloc": "theatre",
    "maternité": "maternity",
    "hospitalisation": "medicine",
    "ambulatoire": "outpatients",
    "consultation": "outpatients",
    "laboratoire": "laboratory",
    "laboratory": "laboratory",
    "imagerie": "imaging",
    "radiologie": "imaging",
    "médicament": "pharmacy",
    "pharmacie": "pharmacy",
    "stérilisation": "sterilisation",
    "information médicale": "medical_records",
    "restauration": "catering",
    "ressources humaines": "human_resources",
    "human resources": "human_resources",
    "accueil patient": "admissions",
    "finance": "finance",
    "achat": "supply",
    "infrastructure": "technical",
    "pilotage": "direction",
}
APPLICATION_WORDS = {
    "dossier": "clinical",
    "lab": "laboratory",
    "radio": "imaging",
    "rx": "imaging",
    "pharma": "pharmacy",
    "compta": "finance",
    "ressources humaines": "human_resources",
    "informatique": "administration",
    "medical": "clinical",
    "médical": "clinical",
}
LINKS = {
    "m_application_process",
    "logical_server_m_application",
    "m_application_physical_server",
    "database_m_application",
    "database_logical_server",
    "cluster_logical_server",
    "cluster_physical_server",
    "logical_server_physical_server",
}


@dataclass(frozen=True, slots=True)
class Tally:
    """What became of one table: rows read, rows mapped, rows kept aside and why."""

    table: str
    read: int
    mapped: int
    reasons: tuple[str, ...] = ()

    @property
    def aside(self) -> int:
        return self.read - self.mapped


@dataclass(frozen=True, slots=True)
class Imported:
    """The map that came of it, what became of each table, and what a person should know before trusting it."""

    cartography: Cartography
    tables: tuple[Tally, ...]
    warnings: tuple[str, ...]


def import_mercator(content: bytes, name: str) -> Imported:
    """Make a map from Mercator's tables (JSON) or its RTO workbook.

    Raises FileError on what is neither, CartographyErrors where the map made of it would not hold together.
    """
    if content.startswith(b"PK\x03\x04"):
        book = mercator_rto.read(content, name)
        rows: list[Row] = [
            {"id": number, "name": one.name, "rto": one.rto_minutes, "rpo": one.rpo_minutes}
            for number, one in enumerate(book.applications)
        ]
        done = _Import({"m_applications": rows}).run(name)
        return Imported(done.cartography, done.tables, (*book.warnings, *done.warnings))
    return _Import(_tables(content, name)).run(name)


def _tables(content: bytes, name: str) -> dict[str, list[Row]]:
    """Each table of the export: one list of objects; the API's `{"data": [...]}` and its names with hyphens are taken too."""
    try:
        said = json.loads(content)
    except (ValueError, RecursionError) as error:
        raise FileError(
            f"{name}: not JSON ({error}). Export Mercator's tables again, or give its RTO workbook"
        ) from error
    if not isinstance(said, dict):
        raise FileError(f"{name}: not an export of Mercator. It should be one object with one list for each table")
    tables: dict[str, list[Row]] = {}
    for key, value in said.items():
        table = key.lower().replace("-", "_")
        rows = value.get("data") if isinstance(value, dict) else value
        if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
            raise FileError(f'{name}, table "{key}": not a list of objects. Export this table again')
        for number, row in enumerate(rows, start=1):
            if any(isinstance(row[field], (list, dict)) for field in row if field == "id" or field.endswith("_id")):
                raise FileError(
                    f'{name}, table "{key}", item {number}: an id is not a number or a text. Export this table again'
                )
        tables["m_applications" if table == "applications" else table] = rows
    if not tables.keys() & {"m_applications", "processes", *INFRASTRUCTURE}:
        raise FileError(f"{name}: holds none of Mercator's tables (m_applications, processes...). Is it this file?")
    return tables


class _Import:
    """One import: ids given so far, rows mapped, reasons, warnings."""

    def __init__(self, tables: dict[str, list[Row]]) -> None:
        self.tables = tables
        self.ids: dict[tuple[str, Any], str] = {}
        self.taken: set[str] = set()
        self.mapped: Counter[str] = Counter()
        self.reasons: dict[str, Counter[str]] = {}
        self.warnings: list[str] = []
        self.hard: dict[str, list[str]] = {}
        self.soft: dict[str, list[str]] = {}

    def run(self, name: str) -> Imported:
        suppliers = self._suppliers()
        sites = self._sites()
        applications = list(self._applications())
        applications += [row for table, kind in INFRASTRUCTURE.items() for row in self._infrastructure(table, kind)]
        services = self._services(sites[0]["id"])
        self._dependencies()
        self._flows()
        for one in applications:
            one["depends_on"] = self.hard.get(one["id"], [])
            one["degraded_by"] = [{"application": other} for other in self.soft.get(one["id"], [])]
        content = {
            "name": sites[0]["name"],
            "establishments": sites,
            "suppliers": suppliers,
            "applications": applications,
            "services": services,
        }
        reading = understand(Tree(name, content, {}))
        if reading.cartography is None:
            raise CartographyErrors(reading.errors)
        return Imported(reading.cartography, self._tally(), tuple(self.warnings))

    def _aside(self, table: str, reason: str) -> None:
        self.reasons.setdefault(table, Counter())[reason] += 1

    def _named(self, table: str) -> Iterable[tuple[Row, str, str]]:
        """The rows of a table that have a name: row, a fresh id, and the name."""
        for row in self.tables.get(table, []):
            title = _clean(row.get("name"), 200)
            base = slug(title)
            if not base:
                self._aside(table, "no name")
                continue
            tries = chain(
                (base, f"{base[:45]}-{slug(table.removesuffix('s'))[:18]}"), (f"{base[:58]}-{n}" for n in count(2))
            )
            new = next(one for one in tries if one not in self.taken)
            self.taken.add(new)
            self.ids[table, row.get("id")] = new
            self.mapped[table] += 1
            yield row, new, title

    def _suppliers(self) -> list[Row]:
        rows, certified = [], []
        every = self.tables.get("entities", [])
        outside = [row for row in every if row.get("is_external") or row.get("entity_type") == "Fournisseur"]
        for row in every:
            if row not in outside:
                self._aside("entities", "inside the hospital, not a supplier")
        self.tables = {**self.tables, "entities": outside}
        for row, new, title in self._named("entities"):
            rows.append({"id": new, "name": title, "contact": _clean(row.get("contact_point"), 300)})
            if "HDS" in str(row.get("security_level")):
                certified.append(title)
        self.tables = {**self.tables, "entities": every}
        if certified:
            self.warnings.append(
                f"these suppliers are said to be HDS, without number or dates: {', '.join(certified)}. Add their certificates"
            )
        return rows

    def _sites(self) -> list[Row]:
        sites: list[Row] = [{"id": new, "name": title} for _, new, title in self._named("sites")]
        if len(sites) > 1:
            self.warnings.append(
                f"Mercator does not say which site a process belongs to: all services are put at {sites[0]['id']}"
            )
        return sites or [{"id": "site", "name": "Import Mercator"}]

    def _infrastructure(self, table: str, kind: str) -> Iterable[Row]:
        for row, new, title in self._named(table):
            yield {"id": new, "name": title, "kind": kind, "description": _clean(row.get("description"), 4_000)}

    def _applications(self) -> Iterable[Row]:
        blocks = {row.get("id"): str(row.get("name")) for row in self.tables.get("application_blocks", [])}
        servers = {row.get("id"): _clean(row.get("name"), 300) for row in self.tables.get("logical_servers", [])}
        zeros = []
        for row, new, title in self._named("m_applications"):
            times = {f"{field}_minutes": _minutes(row.get(field)) for field in ("rto", "rpo")}
            zeros += [new] if any(time == 0 for time in times.values()) else []
            yield {
                "id": new,
                "name": title,
                "kind": _kind(f"{title} {blocks.get(row.get('application_block_id'), '')}", APPLICATION_WORDS)
                or "other",
                "description": _clean(row.get("description"), 4_000),
                "supplier": self.ids.get(("entities", row.get("entity_resp_id"))),
                "product": _clean(row.get("product"), 300),
                "version": _clean(row.get("version"), 300),
                "hosts": [
                    servers[n] for n in self._of(row, "logical_server_m_application", "logical_server") if n in servers
                ],
                **{field: time or None for field, time in times.items()},
            }
        if zeros:
            self.warnings.append(
                f"RTO or RPO of 0 taken as unknown, as Mercator writes what nobody filled in: {', '.join(zeros)}"
            )

    def _services(self, site: str) -> list[Row]:
        kinds = {row.get("id"): _kind(str(row.get("name")), SERVICE_WORDS) for row in self.tables.get("processes", [])}
        needs: dict[Any, list[str]] = {}
        for link in self._links("m_application_process"):
            if (used := self.ids.get(("m_applications", link.get("m_application_id")))) is None:
                self._aside("m_application_process", "names an application that is not there")
            elif not kinds.get(link.get("process_id")):
                self._aside("m_application_process", "its process is not a service here")
            else:
                self.mapped["m_application_process"] += 1
                needs.setdefault(link["process_id"], []).append(used)
        every = self.tables.get("processes", [])
        self.tables = {**self.tables, "processes": [row for row in every if kinds[row.get("id")]]}
        for row in every:
            if not kinds[row.get("id")]:
                self._aside("processes", "its name says no care or support service")
        services = [
            {
                "id": new,
                "name": title,
                "kind": kinds[row.get("id")],
                "establishment": site,
                "needs": [{"application": used} for used in dict.fromkeys(needs.get(row.get("id"), []))],
            }
            for row, new, title in self._named("processes")
        ]
        self.tables = {**self.tables, "processes": every}
        return services

    def _links(self, table: str) -> list[Row]:
        """The rows of a link table, and those that the API writes inside the application itself."""
        inside = {"m_application_process": "processes"}.get(table, "")
        rows = [
            {"m_application_id": row.get("id"), "process_id": other}
            for row in self.tables.get("m_applications", [])
            for other in _ids(row.get(inside))
        ]
        return self.tables.get(table, []) + rows

    def _of(self, row: Row, link: str, other: str) -> list[Any]:
        """The ids on the other side of a link table, from one application."""
        linked = [
            one.get(f"{other}_id") for one in self.tables.get(link, []) if one.get("m_application_id") == row.get("id")
        ]
        return linked + _ids(row.get(f"{other}s"))

    def _dependencies(self) -> None:
        hosts: dict[str, list[str]] = {}
        for row in self.tables.get("m_applications", []):
            one = self.ids.get(("m_applications", row.get("id")), "")
            for link, other in (
                ("logical_server_m_application", "logical_server"),
                ("m_application_physical_server", "physical_server"),
            ):
                self._lean(hosts, one, f"{other}s", self._of(row, link, other), link)
            self._lean(
                self.hard,
                one,
                "databases",
                self._of(row, "database_m_application", "database"),
                "database_m_application",
            )
        pairs = (
            ("database_logical_server", "database", "logical_server"),
            ("cluster_physical_server", "cluster", "physical_server"),
            ("cluster_logical_server", "logical_server", "cluster"),
            ("logical_server_physical_server", "logical_server", "physical_server"),
        )
        for link, above, below in pairs:
            for row in self.tables.get(link, []):
                one = self.ids.get((f"{above}s", row.get(f"{above}_id")), "")
                self._lean(hosts, one, f"{below}s", [row.get(f"{below}_id")], link)
        for one, others in hosts.items():
            for other in dict.fromkeys(others):
                chosen = self.hard if len(set(others)) == 1 else self.soft
                self._join(chosen, one, other)

    def _lean(self, onto: dict[str, list[str]], one: str, table: str, numbers: list[Any], link: str) -> None:
        for number in numbers:
            other = self.ids.get((table, number))
            if not one or other is None:
                self._aside(link, "names something that is not there")
                continue
            self.mapped[link] += 1
            if other not in onto.setdefault(one, []):
                onto[one].append(other)

    def _join(self, onto: dict[str, list[str]], one: str, other: str) -> bool:
        """Let `one` depend on `other`, unless that would close a circle."""
        if one == other or self._reaches(other, one):
            return False
        if other not in self.hard.get(one, []) and other not in self.soft.get(one, []):
            onto.setdefault(one, []).append(other)
        return True

    def _reaches(self, start: str, goal: str) -> bool:
        seen, waiting = set(), [start]
        while waiting:
            one = waiting.pop()
            if one == goal:
                return True
            if one not in seen:
                seen.add(one)
                waiting += [*self.hard.get(one, []), *self.soft.get(one, [])]
        return False

    def _flows(self) -> None:
        for row in self.tables.get("fluxes", []):
            source = self.ids.get(("m_applications", row.get("application_source_id")))
            target = self.ids.get(("m_applications", row.get("application_dest_id")))
            if source is None or target is None:
                self._aside("fluxes", "not between two applications")
            elif self._join(self.soft, target, source):
                self.mapped["fluxes"] += 1
            else:
                self._aside("fluxes", "would close a circle of dependencies")

    def _tally(self) -> tuple[Tally, ...]:
        tallies = []
        for table, rows in self.tables.items():
            reasons = tuple(f"{why} ({times})" for why, times in self.reasons.get(table, Counter()).items())
            used = table in {"m_applications", "processes", "entities", "sites", "fluxes", *INFRASTRUCTURE, *LINKS}
            if table == "application_blocks":
                tallies.append(Tally(table, len(rows), len(rows), ("used for the kinds of applications",)))
            else:
                tallies.append(
                    Tally(table, len(rows), self.mapped[table], reasons if used else ("no place in the map",))
                )
        return tuple(sorted(tallies, key=lambda one: (one.mapped == 0, one.table)))


def _ids(value: Any) -> list[Any]:
    """Ids from the API's lists, which hold numbers or objects."""
    return [one.get("id") if isinstance(one, dict) else one for one in value] if isinstance(value, list) else []


def _kind(words: str, kinds: dict[str, str]) -> str:
    return next((kind for word, kind in kinds.items() if word in words.lower()), "")


def _minutes(value: Any) -> int | None:
    """A whole number of minutes, or None where there is none that makes sense."""
    try:
        minutes = int(value)
    except (TypeError, ValueError, OverflowError):
        return None
    return minutes if 0 <= minutes <= 5_256_000 else None


def _clean(value: Any, longest: int) -> str:
    """A text without control characters, cut at its longest."""
    text = " ".join(str(value).split()) if value is not None else ""
    return "".join(letter for letter in text if letter.isprintable())[:longest]
