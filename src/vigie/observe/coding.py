"""Coding: the words of a declaration as those of the vocabulary. A word that is in no list is kept as the nearest honest
one (`other`, `unknown`) and remarked upon, so that nothing is lost in silence."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from datetime import date, datetime
from typing import NamedTuple
from zoneinfo import ZoneInfo

from vigie.observe.vocabulary import vocabulary

LEGAL_TIME = ZoneInfo("Europe/Paris")
EPOCH = date(1970, 1, 1)
SECTOR_OF = {"health": "health", "ambulatory": "health", "social": "social", "other": "other"}
UNSAID = (None, "", "unknown")


class Remark(NamedTuple):
    """A word that is not in the vocabulary: where it was `said`, and what it counts as."""

    declaration: str
    column: str
    said: str
    kept: str


class Coder:
    """The vocabulary as one declaration is read with it; `remarks` gathers what it does not know."""

    def __init__(self, declaration: str, remarks: set[Remark]) -> None:
        self.declaration = declaration
        self.remarks = remarks

    def word(self, column: str, terms: str, said: str | None, otherwise: str) -> str:
        """The word said; `unknown` when nothing was, `otherwise` when it is in no list."""
        if said in UNSAID:
            return "unknown"
        assert said is not None
        if said in vocabulary()[terms]:
            return said
        self.remark(column, said, otherwise)
        return otherwise

    def words(self, column: str, terms: str, said: Iterable[str], otherwise: str = "") -> list[str]:
        """The words said, each once, in order; those in no list count as `otherwise`, or are left out."""
        found = set()
        for each in said:
            if each in vocabulary()[terms]:
                found.add(each)
            else:
                self.remark(column, each, otherwise)
                found.update([otherwise] * bool(otherwise))
        return sorted(found)

    def remark(self, column: str, said: str, kept: str) -> None:
        """Note what is not counted as it was said."""
        self.remarks.add(Remark(self.declaration, column, said, kept))


def counts_on(instant: datetime | None) -> dict[str, int | None]:
    """Year, month and day (from 1970-01-01) of an aware instant in legal time: at 23:30 UTC on New Year's Eve it is January."""
    if instant is None:
        return {"year": None, "month": None, "day": None}
    local = instant.astimezone(LEGAL_TIME).date()
    return {"year": local.year, "month": local.month, "day": (local - EPOCH).days}


def sector(kind: str) -> str:
    """The sector of a kind of structure."""
    return SECTOR_OF.get(vocabulary()["establishment_kinds"][kind]["group"], "unknown")


def folded(name: str) -> str:
    """A name as names are compared: no capitals, accents or signs, single spaces."""
    plain = unicodedata.normalize("NFKD", name.casefold().replace("œ", "oe").replace("æ", "ae"))
    kept = "".join(letter if letter.isalnum() else " " for letter in plain if not unicodedata.combining(letter))
    return " ".join(kept.split())


def declarant(legal_entity: str | None, name: str, country: str, region: str) -> str | None:
    """What declarants are counted by; None when nobody can tell."""
    plain = folded(name)
    return legal_entity or (f"{plain}|{country}|{region}" if plain else None)
