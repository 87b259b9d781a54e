"""The words of the declarations table: `data/vocabulary.yaml`, `data/regions.yaml`, and care services as maps say them."""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cache
from hashlib import sha256
from importlib import resources
from typing import Any

import yaml

from vigie.cartography.vocabulary import vocabulary as words_of_maps

Terms = Mapping[str, Mapping[str, Any]]


@cache
def vocabulary() -> Mapping[str, Terms]:
    """Each list of terms: `vocabulary()["origins"]["ransomware"]["fr"]` is `Rançongiciel`."""
    words = {**yaml.safe_load(_text("vocabulary.yaml")), **yaml.safe_load(_text("regions.yaml"))}
    words["service_kinds"] = words_of_maps()["service_kinds"]
    return {name: terms for name, terms in words.items() if name != "date"}


def label(words: str, term: str, language: str = "fr") -> str:
    """The words for a term, `label("origins", "ransomware")`; the term itself where the list has none."""
    found = vocabulary().get(words, {}).get(term, {})
    return str(found.get(language, found.get("fr", term)))


def digest() -> str:
    """SHA-256 of all the words: an edition pins it."""
    return sha256(json.dumps(vocabulary(), sort_keys=True, ensure_ascii=False).encode()).hexdigest()


def _text(name: str) -> str:
    return (resources.files("vigie.observe") / "data" / name).read_text(encoding="utf-8")
