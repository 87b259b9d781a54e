"""Asked: what an analyst wants to see, read from the address, and the address of it. What makes no sense is said, not guessed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime, time, timedelta
from typing import Any, NamedTuple
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from vigie.observe.report.texts import dimension_name, say
from vigie.observe.vocabulary import label, vocabulary
from vigie.web.observatory.live import Slice

LEGAL_TIME = ZoneInfo("Europe/Paris")
# Name in the address, and the list of the vocabulary that it is one of.
LISTS = {
    "sector": "sectors", "region": "regions", "group": "structure_groups", "malicious": "yes_no", "realm": "realms",
}  # fmt: skip
NARROWING = ("sector", "region", "group", "malicious")
EARLIEST = date(1970, 1, 1)


class Asked(NamedTuple):
    """The year looked at (None: the last one there is), what is counted, the day as known on, and what was not understood."""

    year: int | None = None
    slice: Slice = Slice()
    day: date | None = None
    refused: tuple[str, ...] = ()

    def query(self, **changed: Any) -> str:
        """The address of this, `?year=2024&region=53`, with some of it changed; empty when nothing is asked."""
        said = {
            "year": self.year, **{name: getattr(self.slice, name) for name in LISTS}, "known": self.day and self.day.isoformat(),
        } | changed  # fmt: skip
        if said["realm"] == "real":
            said["realm"] = ""
        kept = {name: value for name, value in said.items() if value}
        return f"?{urlencode(kept)}" if kept else ""


class Choice(NamedTuple):
    """One field of the filters: its name, its label, its options (value, words) and the one chosen."""

    name: str
    label: str
    options: tuple[tuple[str, str], ...]
    chosen: str


def asked(query: Mapping[str, str]) -> Asked:
    """What an address asks. What is no year, no word of a list and no date is left out, and said in `refused`."""
    refused: list[str] = []
    words = {}
    for name, listed in LISTS.items():
        value = query.get(name, "")
        if value and value not in vocabulary()[listed]:
            refused.append(_("« {value} » n'est pas dans la liste.").format(value=value[:40]))
            value = ""
        words[name] = value
    year, day = query.get("year", ""), query.get("known", "")
    if year and not (year.isdecimal() and len(year) == 4):
        refused.append(_("« {value} » n'est pas une année.").format(value=year[:40]))
        year = ""
    known = _day(day)
    if day and known is None:
        refused.append(_("« {value} » n'est pas une date.").format(value=day[:40]))
    words["realm"] = words["realm"] or "real"
    return Asked(int(year) if year else None, Slice(**words, at=known and _end_of(known)), known, tuple(refused))


def choices(wanted: Asked, years: Sequence[int], year: int, language: str) -> list[Choice]:
    """The fields of the filters as they stand."""
    found = [
        Choice("year", say(language, "year"), tuple((str(each), str(each)) for each in reversed(years)), str(year))
    ]
    titles = {
        "sector": dimension_name("sector", language), "region": dimension_name("region", language),
        "group": dimension_name("structure_group", language), "malicious": dimension_name("malicious", language),
        "realm": _("Domaine"),
    }  # fmt: skip
    for name, listed in LISTS.items():
        own = () if name == "realm" else (("", _("Tout")),)
        options = (*own, *((term, _word(name, listed, term, language)) for term in vocabulary()[listed]))
        found.append(Choice(name, titles[name], options, getattr(wanted.slice, name)))
    return found


def said(wanted: Asked, language: str) -> list[str]:
    """The filters in force, in words: what the figures are limited to."""
    return [
        _word(name, LISTS[name], getattr(wanted.slice, name), language)
        for name in NARROWING
        if getattr(wanted.slice, name)
    ]


def _word(name: str, listed: str, term: str, language: str) -> str:
    if name == "malicious":
        return say(language, f"term_malicious_{term}")
    return label(listed, term, language)


def _day(text: str) -> date | None:
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return None
    return day if EARLIEST <= day < date.max else None


def _end_of(day: date) -> datetime:
    """The last instant of a day in legal time, as the report's `--as-known-on` takes it."""
    return datetime.combine(day + timedelta(days=1), time(), LEGAL_TIME) - timedelta(microseconds=1)
