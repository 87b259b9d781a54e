"""Import of EuRepoC, the European Repository of Cyber Incidents: its global database as one CSV, 81 columns in version 1.1.

Cells that hold several values are lists as Python writes them; they are read as literals, never run. An incident has one
row whatever the number of its receivers: it is of the health sector when one of them is, and has a country or a name only
when all receivers share it.
"""

from __future__ import annotations

import ast
import json
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime
from functools import cache
from hashlib import sha256
from importlib import resources
from pathlib import Path
from typing import Any

import yaml

from vigie.exchange.csv_records import columns, sheet
from vigie.exchange.importing import KeptAside, Mapped, Reader, counted_on, declarant, tidy
from vigie.exchange.incoming import Found, find
from vigie.observe.rows import row
from vigie.observe.vocabulary import vocabulary

SOURCE = "eurepoc"
# Longer cells are no list of a database, and reading literals costs more than their length.
LITERAL_CHARACTERS = 100_000


@cache
def mapping() -> Mapping[str, Any]:
    """The mapping tables, as in `data/eurepoc.yaml`."""
    return yaml.safe_load((resources.files("vigie.exchange") / "data" / "eurepoc.yaml").read_text(encoding="utf-8"))


def read(paths: Sequence[Path], now: datetime) -> Iterator[Mapped | KeptAside]:
    """Each incident of these files, in order: a row, or kept aside with its reason. Raises FileError."""
    seen: dict[str, str] = {}
    for file in find(paths, (".csv",)):
        yield from _file(file, seen, now)


READER = Reader(SOURCE, "incidents of the European Repository of Cyber Incidents", read)


def words(cell: str) -> list[str]:
    """The texts of a cell, whether it is a Python list (of lists), texts parted by semicolons, or one text."""
    text = cell.strip()
    if text.startswith("[") and len(text) <= LITERAL_CHARACTERS:
        try:
            return [each.strip() for each in _flat(ast.literal_eval(text))]
        except (ValueError, SyntaxError, MemoryError, RecursionError):
            return [text]
    return [part.strip() for part in text.split(";")]


def _flat(value: Any) -> Iterator[str]:
    if isinstance(value, (list, tuple)):
        for each in value:
            yield from _flat(each)
    elif value is not None:
        yield str(value)


def _file(file: Found, seen: dict[str, str], now: datetime) -> Iterator[Mapped | KeptAside]:
    opened = sheet(file)
    required = mapping()["required"]
    columns(opened.headings, {name: [name] for name in required}, required, file.name)
    headings = [heading.strip() for heading in opened.headings]
    for record in opened.records:
        place = f"{file.name}:{record.line}"
        if record.fault:
            yield KeptAside(SOURCE, place, "not a record", record.fault, "\n".join(record.cells))
            continue
        said = dict(zip(headings, record.cells, strict=True))
        kept = json.dumps(said, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
        key = said["ID"].strip()
        if not key:
            yield KeptAside(SOURCE, place, "no ID", "an incident without ID cannot be told from others", kept)
        elif key in seen:
            yield KeptAside(SOURCE, place, "same ID", f"same ID as {seen[key]}", kept)
        else:
            seen[key] = place
            yield Mapped(_row(said, key, place, kept, now))


def _row(said: Mapping[str, str], key: str, place: str, record: str, now: datetime) -> dict[str, Any]:
    started = _date(said["start_date"])
    types, impacts = words(said["incident_type"]), words(said.get("MITRE_impact", ""))
    origin = _origin(types, impacts)
    country, name = _country(said["receiver_country"]), _name(said.get("receiver_name", ""))
    identifier = f"{SOURCE}:{key}"
    return row(
        declaration=identifier,
        incident=identifier,
        source=SOURCE,
        source_key=key,
        source_place=place,
        source_digest=sha256(record.encode()).hexdigest(),
        record=record,
        known_from=now,
        recorded_at=now,
        establishment=name,
        declarant=declarant(name, country, "unknown"),
        country=country,
        sector=_sector(said),
        occurred_at=datetime(started.year, started.month, started.day) if started else None,
        **counted_on(started),
        state="qualified",
        origin=origin,
        malicious=vocabulary()["origins"][origin]["malicious"],
        ransomware_extent="unknown" if origin == "ransomware" else None,
        data_impact=_data_impact(said, types, impacts),
        functioning=_functioning(said.get("disruption", "")),
    )


def _origin(types: Sequence[str], impacts: Sequence[str]) -> str:
    for line in mapping()["origins"]:
        if set(line.get("types", ())) & set(types) or set(line.get("impacts", ())) & set(impacts):
            return line["origin"]
    return "other_malicious"


def _data_impact(said: Mapping[str, str], types: Sequence[str], impacts: Sequence[str]) -> list[str]:
    """Impacts on data, each once; [none] only where the database says that no data were stolen and nothing else was hit."""
    tables = mapping()["data_impacts"]
    found = [tables["types"][word] for word in types if word in tables["types"]]
    found += [tables["impacts"][word] for word in impacts if word in tables["impacts"]]
    if not found and said.get("data_theft", "").strip() == "none":
        return ["none"]
    return list(dict.fromkeys(found))


def _functioning(disruption: str) -> str:
    return next(
        (word for begins, word in mapping()["functioning"].items() if disruption.strip().startswith(begins)), "unknown"
    )


def _sector(said: Mapping[str, str]) -> str:
    if mapping()["health"] in words(said["receiver_category_subcode"]):
        return "health"
    known = set(words(said["receiver_category"])) - set(mapping()["unknown_categories"])
    return "other" if known else "unknown"


def _country(cell: str) -> str:
    codes = {mapping()["countries"].get(word, "unknown") for word in words(cell)}
    return codes.pop() if len(codes) == 1 else "unknown"


def _name(cell: str) -> str | None:
    """The receiver, when there is one and it is named."""
    names = {tidy(word) for word in words(cell)} - {None, "Not available", "Unknown"}
    return names.pop() if len(names) == 1 else None


def _date(text: str) -> date | None:
    try:
        return date.fromisoformat(text.strip()[:10])
    except ValueError:
        return None
