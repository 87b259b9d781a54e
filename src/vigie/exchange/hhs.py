"""Import of the breach portal of the US Office for Civil Rights: reports of 500 people or more, as the portal exports them.

Both lists (under investigation, archive) have these columns under headings that vary. A report has no identifier: its key
is made of name, state, date, individuals and type, with a rank for those that are alike in all five. A report counts in the
year of its submission.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime
from functools import cache
from hashlib import sha256
from importlib import resources
from pathlib import Path
from typing import Any, NamedTuple

import yaml

from vigie.exchange.csv_records import columns, repaired, sheet
from vigie.exchange.importing import KeptAside, Mapped, Reader, counted_on, declarant, folded, tidy
from vigie.exchange.incoming import Found, find
from vigie.observe.rows import row
from vigie.observe.vocabulary import vocabulary

SOURCE = "hhs"
_STATE = re.compile("[A-Z]{2}")
# The portal turned an apostrophe into this in thousands of places; between a letter and an s it was nothing else.
_APOSTROPHE = re.compile(r"(?<=[A-Za-z])ƒ\?\?(?=s\b)")


@cache
def mapping() -> Mapping[str, Any]:
    """The mapping tables, as in `data/hhs.yaml`."""
    return yaml.safe_load((resources.files("vigie.exchange") / "data" / "hhs.yaml").read_text(encoding="utf-8"))


def read(paths: Sequence[Path], now: datetime) -> Iterator[Mapped | KeptAside]:
    """Each report of these files, in order: a row, or kept aside with its reason. Raises FileError."""
    seen: dict[str, str] = {}
    for file in find(paths, (".csv", ".txt", ".tsv")):
        yield from _file(file, seen, now)


READER = Reader(SOURCE, "breach reports of the US HHS Office for Civil Rights", read)


class _Report(NamedTuple):
    """A report as it was read: its cells by column, made tidy, and the whole record as it stood."""

    said: Mapping[str, str]
    submitted: date | None
    key: str
    place: str
    record: str
    digest: str


def _file(file: Found, seen: dict[str, str], now: datetime) -> Iterator[Mapped | KeptAside]:
    opened = sheet(file)
    places = columns(opened.headings, mapping()["columns"], mapping()["required"], file.name)
    headings = [tidy(heading) or f"column {rank}" for rank, heading in enumerate(opened.headings, start=1)]
    titles = headings.copy()
    for column, index in places.items():
        titles[index] = column
    ranks: Counter[str] = Counter()
    mine: dict[str, str] = {}
    for record in opened.records:
        place = f"{file.name}:{record.line}"
        if record.fault:
            yield KeptAside(SOURCE, place, "not a record", record.fault, "\n".join(record.cells))
            continue
        kept = _json(dict(zip(headings, record.cells, strict=True)))
        said = dict(zip(titles, (tidy(repaired(cell)) or "" for cell in record.cells), strict=True))
        submitted = _date(said["date"])
        if said["date"] and submitted is None:
            yield KeptAside(SOURCE, place, "date not understood", f"submission date {said['date']!r} is no date", kept)
            continue
        key = _key(said, submitted, ranks)
        if key in seen:
            yield KeptAside(SOURCE, place, "same report", f"same report as {seen[key]}", kept)
            continue
        mine[key] = place
        yield Mapped(_row(_Report(said, submitted, key, place, kept, sha256(_json(said).encode()).hexdigest()), now))
    seen |= mine


def _key(said: Mapping[str, str], submitted: date | None, ranks: Counter[str]) -> str:
    """A key that another export of the same report has too; reports alike in all five are told apart by their rank."""
    words = "|".join(folded(said[column]) for column in ("name", "state", "breach"))
    alike = f"{words}|{submitted or ''}|{_people(said['individuals'])}"
    ranks[alike] += 1
    return sha256(f"{alike}|{ranks[alike]}".encode()).hexdigest()[:24]


def _row(report: _Report, now: datetime) -> dict[str, Any]:
    said, submitted = report.said, report.submitted
    state = said["state"].upper()
    region = f"US-{state}" if _STATE.fullmatch(state) else "unknown"
    types = [part.strip().casefold() for part in said["breach"].split(",") if part.strip()]
    origin = next((line["origin"] for line in mapping()["origins"] if set(line["types"]) & set(types)), "unknown")
    impacts = (impact for each in types for impact in mapping()["data_impacts"].get(each, ()))
    name = _APOSTROPHE.sub("’", said["name"]) or None
    kind = said.get("kind", "").casefold()
    identifier = f"{SOURCE}:{report.key}"
    return row(
        declaration=identifier,
        incident=identifier,
        source=SOURCE,
        source_key=report.key,
        source_place=report.place,
        source_digest=report.digest,
        record=report.record,
        known_from=now,
        recorded_at=now,
        establishment=name,
        declarant=declarant(name, "US", region),
        establishment_kind=mapping()["kinds"].get(kind, "unknown"),
        region=region,
        country="US",
        sector="health",
        declared_at=datetime(submitted.year, submitted.month, submitted.day) if submitted else None,
        **counted_on(submitted),
        state="qualified",
        origin=origin,
        malicious=vocabulary()["origins"][origin]["malicious"],
        data_impact=list(dict.fromkeys(impacts)),
        data_subjects=["patients"] if kind == "healthcare provider" else [],
        people_affected=_people(said["individuals"]),
        supplier_involved=_associate(said.get("associate", "")),
        authorities=["other"],
    )


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def _associate(said: str) -> str:
    """Old exports name the associate in this column: a name is a yes, a blank is nothing said."""
    word = said.casefold()
    return "unknown" if word in ("", "unknown", "n/a", "na") else "no" if word in ("no", "n", "false") else "yes"


def _date(text: str) -> date | None:
    for form in mapping()["dates"]:
        try:
            found = datetime.strptime(text.split(" ")[0].split("T")[0], form).date()
        except ValueError:
            continue
        if found.year >= 1900:
            return found
    return None


def _people(text: str) -> int | None:
    digits = re.sub(r"[,\s]", "", text)
    return int(digits) if re.fullmatch(r"[0-9]{1,15}", digits) else None
