"""Who is who among French establishments: number of the site, legal entity, name, kind, legal status, region.

The register (`finess`) and the yearly statistics (`sae`) both give it; declarations that say less are completed from it.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from hashlib import sha256
from importlib import resources
from pathlib import Path
from typing import Any, NamedTuple

import yaml

from vigie.exchange.importing import KeptAside, Mapped, Reader, folded
from vigie.observe.rows import Row

UNKNOWN = "unknown"


class Establishment(NamedTuple):
    """A site. `kind`, `legal_status`, `region` are words of the vocabulary, `unknown` among them."""

    site: str
    legal_entity: str
    name: str
    kind: str
    legal_status: str
    region: str


@dataclass(frozen=True, slots=True)
class Register:
    """Establishments by the number of their site and of their legal entity."""

    sites: Mapping[str, Establishment]
    entities: Mapping[str, tuple[Establishment, ...]]

    @classmethod
    def of(cls, establishments: Iterable[Establishment]) -> Register:
        """A register of these; of two with one number, what is known of either is kept, the first one's first."""
        sites: dict[str, Establishment] = {}
        for each in establishments:
            sites[each.site] = _joined(sites[each.site], each) if each.site in sites else each
        entities: dict[str, list[Establishment]] = {}
        for each in sites.values():
            entities.setdefault(each.legal_entity, []).append(each)
        return cls(sites, {number: tuple(found) for number, found in entities.items() if number})


def completed(row: Row, register: Register) -> Row:
    """The row with what the register knows and the row does not say: legal entity, name, kind, legal status, region.

    Only what every site of the row (or of its legal entity, when it names no site) agrees upon is filled in; what the row says
    is never changed. A legal entity that is filled in becomes the declarant.
    """
    found = [register.sites[number] for number in row["sites"] if number in register.sites]
    if not found and not row["sites"]:
        found = list(register.entities.get(row["legal_entity"] or "", ()))
    filled: dict[str, Any] = {}
    for name in ("kind", "legal_status", "region"):
        column = "establishment_kind" if name == "kind" else name
        if row[column] == UNKNOWN and (agreed := _agreed(getattr(each, name) for each in found)):
            filled[column] = agreed
    if not row["legal_entity"] and (entity := _agreed(each.legal_entity for each in found)):
        filled["legal_entity"] = filled["declarant"] = entity
    if not row["establishment"] and len(found) == 1:
        filled["establishment"] = found[0].name
    return {**row, **filled}


def completing(reader: Reader, register: Register) -> Reader:
    """A reader whose rows are completed. What is filled in enters the digest: a register that changes makes a new version."""

    def read(paths: Sequence[Path], now: datetime) -> Iterator[Mapped | KeptAside]:
        for each in reader.read(paths, now):
            if not isinstance(each, Mapped) or (row := completed(each.row, register)) == each.row:
                yield each
                continue
            filled = {name: value for name, value in row.items() if value != each.row[name]}
            said = f"{row['source_digest']} {json.dumps(filled, sort_keys=True)}"
            yield Mapped({**row, "source_digest": sha256(said.encode()).hexdigest()})

    return Reader(reader.source, reader.what, read)


def region_of(department: str) -> str:
    """The INSEE code of the region of a department (`69`, `2A`, `9D`, `974`), or `unknown`."""
    code = department.strip().upper()
    return _regions().get(code.zfill(2) if code.isdigit() else code, UNKNOWN)


def kind_of(code: str, label: str, legal_status: str) -> str:
    """The kind of a structure, from its category in the register: the code decides, else the label. Or `unknown`."""
    categories = _categories()
    found = categories["categories"].get(code.strip(), {}).get("kind") or categories["by_label"].get(folded(label))
    if found == "by_status":
        return str(categories["by_status"].get(legal_status, UNKNOWN))
    return found or UNKNOWN


def status_of(code: str = "", label: str = "") -> str:
    """The legal status, from the SAE's code or from the register's words. Or `unknown`."""
    categories = _categories()
    return categories["sae_statuses"].get(code.strip()) or categories["by_status_label"].get(folded(label), UNKNOWN)


def _joined(first: Establishment, second: Establishment) -> Establishment:
    return Establishment(
        *(mine if mine and mine != UNKNOWN else other or mine for mine, other in zip(first, second, strict=True))
    )


def _agreed(values: Iterable[str]) -> str | None:
    """The one word that all say, the unknown ones left out; None when there is none, or more than one."""
    said = {value for value in values if value and value != UNKNOWN}
    return said.pop() if len(said) == 1 else None


@cache
def _regions() -> dict[str, str]:
    return {department: region for region, inside in _data("departments")["regions"].items() for department in inside}


@cache
def _categories() -> dict[str, Any]:
    data = _data("finess_categories")
    by_label = {folded(each["label"]): each["kind"] for each in data["categories"].values()}
    by_label |= {folded(label): kind for label, kind in data["labels"].items()}
    by_status_label = {folded(label): status for label, status in data["finess_statuses"].items()}
    return {**data, "by_label": by_label, "by_status_label": by_status_label}


def _data(name: str) -> Any:
    return yaml.safe_load((resources.files("vigie.exchange") / "data" / f"{name}.yaml").read_text(encoding="utf-8"))
