"""The words a cartography may use, read once from `data/vocabulary.yaml`."""

from __future__ import annotations

import difflib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any

import yaml
from pydantic import GetCoreSchemaHandler, GetJsonSchemaHandler
from pydantic_core import PydanticCustomError, core_schema

LISTS = (
    "establishment_kinds",
    "legal_statuses",
    "service_kinds",
    "application_kinds",
    "supplier_kinds",
    "backup_states",
    "skills",
    "pathways",
    "hourly_profiles",
    "shifts",
)
DAYS, HOURS = 7, 24


@cache
def vocabulary() -> Mapping[str, Mapping[str, Mapping[str, Any]]]:
    """Each list of terms: `vocabulary()["skills"]["network"]["fr"]` is `Réseau`."""
    text = (resources.files("vigie.cartography") / "data" / "vocabulary.yaml").read_text(encoding="utf-8")
    content = yaml.safe_load(text)
    return {name: content[name] for name in LISTS}


def label(name: str, term: str, language: str = "fr") -> str:
    """The words for a term, `label("skills", "network")` is `Réseau`; the term itself where the list has none."""
    words = vocabulary()[name].get(term, {})
    return str(words.get(language, term))


@cache
def shift_hours(term: str) -> tuple[bool, ...]:
    """The 168 hours of a week, the first being Monday 0 h to 1 h, each True where somebody of this shift is at work.

    Hours are those of the clock on the wall. A shift whose `to` is not after its `from` goes on into the next day. Raises
    KeyError for a word that is not in the list `shifts`.
    """
    said = vocabulary()["shifts"][term]
    start, end = said["from"], said["to"]
    length = end - start if end > start else end - start + HOURS
    worked = {(day * HOURS + start + hour) % (DAYS * HOURS) for day in said["days"] for hour in range(length)}
    return tuple(hour in worked for hour in range(DAYS * HOURS))


def nearest(word: str, among: Mapping[str, object] | set[str] | list[str]) -> str:
    """A hint for a message: `Did you mean "x"?` or, where nothing is near, an empty string."""
    near = difflib.get_close_matches(word.lower(), list(among), n=2, cutoff=0.6)
    return f"Did you mean {' or '.join(near)}?" if near else ""


@dataclass(frozen=True, slots=True)
class Term:
    """Annotates a text that must be a word of one list; the JSON schema names the list."""

    list: str

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> core_schema.CoreSchema:
        return core_schema.no_info_after_validator_function(self._known, handler(source))

    def __get_pydantic_json_schema__(
        self, schema: core_schema.CoreSchema, handler: GetJsonSchemaHandler
    ) -> dict[str, Any]:
        return {**handler(schema), "vocabulary": self.list}

    def _known(self, term: str) -> str:
        terms = vocabulary()[self.list]
        if term not in terms:
            hint = nearest(term, terms) or f"One of: {', '.join(terms)}"
            context = {"term": term, "name": self.list, "hint": hint}
            raise PydanticCustomError("unknown_term", "{term} is not a word of the list {name}", context)
        return term
