"""What a VERIS coding means in the declarations table, as `data/veris.yaml` says it. Pure: one incident in, values out."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from functools import cache, lru_cache
from importlib import resources
from typing import Any

import yaml

from vigie.exchange.importing import declarant, tidy
from vigie.observe.vocabulary import vocabulary

Incident = Mapping[str, Any]

_CVE = re.compile(r"(?<![A-Za-z])CVE[-\s]?(\d{4})-(\d{4,7})(?!\d)", re.IGNORECASE)
_EPOCH = date(1970, 1, 1).toordinal()
_COUNTRY, _STATE = re.compile("[A-Z]{2}"), re.compile("[A-Z]{2,3}")
_LARGEST = 2**63 - 1
_YEARS = range(1, 10_000)


@cache
def mapping() -> Mapping[str, Any]:
    """The mapping tables, as in `data/veris.yaml`."""
    text = (resources.files("vigie.exchange") / "data" / "veris.yaml").read_text(encoding="utf-8")
    return yaml.safe_load(text)


@cache
def _origins() -> dict[str, tuple[int, str]]:
    """`malware.Ransomware` to its rank and origin; the lower rank wins."""
    return {
        variety: (rank, line["origin"])
        for rank, line in enumerate(mapping()["origins"])
        for variety in line["varieties"]
    }


@cache
def malicious_of(origin: str) -> str:
    """Whether an origin is malicious: yes, no or unknown."""
    return str(vocabulary()["origins"][origin]["malicious"])


def values(incident: Incident) -> dict[str, Any]:
    """The columns that this incident says something about. Values of another type than VERIS has are taken as not said."""
    said = mapping()
    actions, attributes, actors = (_object(incident, name) for name in ("action", "attribute", "actor"))
    origin = _origin(actions, attributes)
    confidentiality, availability = _object(attributes, "confidentiality"), _object(attributes, "availability")
    lost = _texts(availability, "variety")
    return {
        **_who(_object(incident, "victim")),
        **_when(_object(_object(incident, "timeline"), "incident")),
        **said["security_incident"].get(_text(incident, "security_incident"), {}),
        "origin": origin,
        "malicious": malicious_of(origin),
        "ransomware_extent": "unknown" if origin == "ransomware" else None,
        "data_impact": _data_impact(confidentiality, _object(attributes, "integrity"), lost),
        "data_subjects": _mapped(_texts(confidentiality, "data_victim"), said["data_subjects"]),
        "people_affected": _whole(confidentiality.get("data_total")),
        "functioning": next(iter(_mapped(lost, said["functioning"])), "unknown"),
        "hours_degraded": hours(_object(availability, "duration")),
        "supplier_involved": "yes" if "partner" in actors else "unknown",
        "cves": cves(text for each in actions.values() if isinstance(each, dict) and (text := _text(each, "cve"))),
        "actions": list(actions),
        "actors": list(actors),
    }


def hours(duration: Mapping[str, Any]) -> float | None:
    """A VERIS duration in hours; None where it has no value, or a unit that is no length of time (Never, NA, Unknown)."""
    value, unit = duration.get("value"), mapping()["hours"].get(_text(duration, "unit"))
    if unit is None or isinstance(value, bool) or not isinstance(value, (int, float)) or not 0 <= value < _LARGEST:
        return None
    return float(value) * unit


def cves(texts: Iterable[str]) -> list[str]:
    """The CVE identifiers named in these texts, as they are officially written, each once, sorted."""
    return sorted({f"CVE-{year}-{number}" for text in texts for year, number in _CVE.findall(text)})


@lru_cache(maxsize=4_096)
def kind_of(naics: str) -> str:
    """The kind of structure of a NAICS code: that of its longest beginning in the table, else unknown."""
    known = mapping()["naics"]
    return next((known[naics[:end]] for end in range(len(naics), 2, -1) if naics[:end] in known), "unknown")


def _origin(actions: Mapping[str, Any], attributes: Mapping[str, Any]) -> str:
    ranks = _origins()
    nothing = (len(ranks), "unknown")
    best = nothing
    for action, said in actions.items():
        other = ranks.get(f"{action}.*", nothing)
        for variety in _texts(said, "variety") or ("*",):
            best = min(best, ranks.get(f"{action}.{variety}", other))
    origin = best[1]
    altered = mapping()["defacement"]
    if origin in altered["instead_of"]:
        kind, _, variety = altered["attribute"].partition(".")
        if variety in _texts(_object(attributes, kind), "variety"):
            return "defacement"
    return origin


def _data_impact(confidentiality: Incident, integrity: Incident, lost: Sequence[str]) -> list[str]:
    """Impacts on data, each once. `none` stands alone: it was said that data were not disclosed, and nothing else was."""
    tables = mapping()["data_impacts"]
    found = _mapped((_text(confidentiality, "data_disclosure"),), tables["confidentiality"])
    for variety, table in ((_texts(integrity, "variety"), "integrity"), (lost, "availability")):
        found += _mapped(variety, tables[table])
    if len(found) < 2:
        return found
    said = dict.fromkeys(found)
    return [impact for impact in said if impact != "none" or len(said) == 1]


def _who(victim: Mapping[str, Any]) -> dict[str, Any]:
    naics = _text(victim, "industry")
    name = tidy(_text(victim, "victim_id"))
    name = None if name in ("Unknown", "unknown", "") else name
    countries = [code for code in _texts(victim, "country") if _COUNTRY.fullmatch(code)]
    country = countries[0] if len(countries) == 1 else "unknown"
    state = _text(victim, "state")
    known = country in mapping()["states_of"] and _STATE.fullmatch(state)
    region = f"{country}-{state}" if known else "unknown"
    return {
        "establishment": name,
        "declarant": declarant(name, country, region),
        "establishment_kind": kind_of(naics),
        "region": region,
        "country": country,
        "sector": "health" if naics.startswith("62") else "unknown" if naics.strip("0") == "" else "other",
    }


def _when(said: Mapping[str, Any]) -> dict[str, Any]:
    """Year, month and day as coded, however old; the instant (midnight UTC: no source says the hour with its zone) only
    where the three make a date."""
    year, month, day = (_whole(said.get(part)) for part in ("year", "month", "day"))
    year = year if year in _YEARS else None
    month = month if year and month in range(1, 13) else None
    try:
        exact = date(year, month, day) if year and month and day else None
    except ValueError:
        exact = None
    return {
        "year": year,
        "month": month,
        "day": exact.toordinal() - _EPOCH if exact else None,
        "occurred_at": datetime(exact.year, exact.month, exact.day) if exact else None,
    }


def _mapped(words: Iterable[str], table: Mapping[str, str]) -> list[str]:
    found = [table[word] for word in words if word in table]
    return list(dict.fromkeys(found)) if len(found) > 1 else found


def _object(parent: Any, name: str) -> Mapping[str, Any]:
    found = parent.get(name) if isinstance(parent, dict) else None
    return found if isinstance(found, dict) else {}


def _text(parent: Mapping[str, Any], name: str) -> str:
    found = parent.get(name)
    return found if isinstance(found, str) else ""


def _texts(parent: Any, name: str) -> tuple[str, ...]:
    """A list of texts; one text alone stands for a list of one."""
    found = parent.get(name) if isinstance(parent, dict) else None
    if isinstance(found, str):
        return (found,)
    return tuple(each for each in found if isinstance(each, str)) if isinstance(found, list) else ()


def _whole(value: Any) -> int | None:
    return value if isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= _LARGEST else None
