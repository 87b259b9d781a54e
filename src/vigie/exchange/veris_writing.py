"""Declarations as VERIS incidents (1.4.1 or 1.3.3). One that came from VERIS is the record it was; another gets the nearest coding.

What the table does not say is coded Unknown, never left to be taken for a no. Names of establishments and of suppliers are
left out: VERIS files are shared. A declaration that the schema cannot hold is left out with its reason.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Literal, NamedTuple

from vigie.exchange.veris_mapping import mapping
from vigie.observe.vocabulary import label, vocabulary

Row = Mapping[str, Any]
Version = Literal["1.4.1", "1.3.3"]
# Years that each schema accepts.
YEARS = {"1.4.1": range(1950, 2051), "1.3.3": range(1950, 2022)}
UNKNOWN = ["Unknown"]
SUBJECTS = {"patients": "Patient", "staff": "Employee", "other": "Other"}
AVAILABILITY = {"loss": "Loss", "unavailability": "Interruption"}


class Written(NamedTuple):
    """How many declarations became incidents, and why the others did not."""

    written: int
    left_out: Mapping[str, int]


def write_lines(rows: Iterable[Row], write: Any, version: Version = "1.4.1") -> Written:
    """Write one incident a line through `write(bytes)`, in the order of the rows."""
    written, left_out = 0, Counter[str]()
    for row in rows:
        incident = incident_of(row, version)
        if isinstance(incident, str):
            left_out[incident] += 1
            continue
        written += 1
        write(json.dumps(incident, ensure_ascii=False, sort_keys=True).encode() + b"\n")
    return Written(written, left_out)


def incident_of(row: Row, version: Version = "1.4.1") -> dict[str, Any] | str:
    """The VERIS incident of a declaration; the reason, where the schema has no place for it."""
    if row["source"] == "veris" and row["record"]:
        return json.loads(row["record"])
    dated = _timeline(row, version)
    if dated is None:
        return "no year" if row["year"] is None else f"a year that VERIS {version} does not take"
    action, _, variety = vocabulary()["origins"][row["origin"]]["veris"].partition(".")
    attribute = dict(_attributes(row))
    return {
        "schema_version": version,
        "incident_id": row["declaration"],
        "source_id": "vigie",
        "security_incident": _certainty(row),
        "summary": f"{label('origins', row['origin'], 'en')}. Coded from a declaration; free text and names are left out.",
        "timeline": {"incident": dated},
        "victim": _victim(row, version),
        "action": {action: _action(action, variety, row["cves"])},
        "actor": _actor(row),
        "asset": {"assets": [{"variety": "Unknown"}], **({"cloud": UNKNOWN} if version == "1.4.1" else {})},
        **({"attribute": attribute} if attribute else {}),
        "discovery_method": {"unknown": True},
        "plus": {"master_id": row["declaration"]},
    }


def _timeline(row: Row, version: Version) -> dict[str, int] | None:
    """When it happened, else when it was detected, else the date on which it counts; as finely as it is known."""
    instant = row["occurred_at"] or row["detected_at"]
    year = instant.year if instant else row["year"]
    if year not in YEARS[version]:
        return None
    if instant:
        return {"year": year, "month": instant.month, "day": instant.day}
    return {"year": year, **({"month": row["month"]} if row["month"] else {})}


def _certainty(row: Row) -> str:
    if row["state"] == "out_of_scope":
        return "False positive"
    if row["nature"] in ("near_miss", "threat"):
        return "Near miss"
    return "Confirmed" if row["state"] in ("qualified", "closed") else "Suspected"


def _victim(row: Row, version: Version) -> dict[str, Any]:
    country, _, state = row["region"].partition("-")
    known = row["country"] != "unknown"
    return {
        "country": [row["country"]] if known else UNKNOWN,
        "region": ["000000"],
        "employee_count": "Unknown",
        "industry": mapping()["naics_of"].get(row["establishment_kind"], "62" if row["sector"] == "health" else "000"),
        **({"government": ["NA"]} if version == "1.4.1" else {}),
        **({"state": state if country == "US" else row["region"]} if state and country == row["country"] else {}),
    }


def _action(action: str, variety: str, cves: list[str]) -> dict[str, Any]:
    if action == "unknown":
        return {"notes": "The origin is not known in VERIS terms"}
    said: dict[str, Any] = {"variety": [variety], "vector": UNKNOWN}
    if action == "social":
        said["target"] = UNKNOWN
    if action == "environmental":
        del said["vector"]
    if action in ("hacking", "malware") and cves:
        said["cve"] = ";".join(cves)
    return said


def _actor(row: Row) -> dict[str, Any]:
    """Who did it, as far as the origin says: an outsider, somebody of the house, a supplier, nature."""
    abroad = {"country": UNKNOWN, "region": ["000000"]}
    if row["origin"] == "insider":
        return {"internal": {"variety": UNKNOWN, "motive": UNKNOWN}}
    if row["malicious"] == "yes":
        return {"external": {"variety": UNKNOWN, "motive": UNKNOWN, **abroad}}
    if row["origin"] == "supplier_failure":
        return {"partner": {"motive": ["NA"], "industry": "000", **abroad}}
    if row["origin"] == "power_or_disaster":
        return {"external": {"variety": ["Force majeure"], "motive": ["NA"], **abroad}}
    if row["malicious"] == "no":
        return {"internal": {"variety": UNKNOWN, "motive": ["NA"]}}
    return {"unknown": {"notes": "Not said"}}


def _attributes(row: Row) -> Iterator[tuple[str, dict[str, Any]]]:
    """Confidentiality, integrity, availability, each where the declaration says something of it."""
    impacts = row["data_impact"]
    if "disclosure" in impacts or impacts == ["none"] or row["people_affected"] is not None:
        subjects = [SUBJECTS[each] for each in row["data_subjects"] if each in SUBJECTS]
        word = "Yes" if "disclosure" in impacts else "No" if impacts == ["none"] else "Unknown"
        total = row["people_affected"]
        yield (
            "confidentiality",
            {
                "data_disclosure": word,
                **({"data_total": total} if total is not None else {}),
                **({"data_victim": subjects} if subjects else {}),
            },
        )
    varieties = ["Defacement"] if row["origin"] == "defacement" else []
    if varieties or "integrity" in impacts:
        yield "integrity", {"variety": varieties or ["Modify data"]}
    lost = [AVAILABILITY[each] for each in impacts if each in AVAILABILITY]
    if row["origin"] == "ransomware" and impacts != ["none"]:
        lost = ["Obscuration", *(each for each in lost if each != "Interruption")]
    elif row["functioning"] in ("degraded", "interruption") and "Interruption" not in lost:
        lost.append("Degradation" if row["functioning"] == "degraded" else "Interruption")
    if lost or row["hours_degraded"] is not None:
        hours = row["hours_degraded"]
        lasting = {"duration": {"unit": "Hours", "value": hours}} if hours is not None else {}
        yield "availability", {"variety": lost or UNKNOWN, **lasting}
