"""The words of the report, read once from `texts.fr.yaml` and `texts.en.yaml`, and the definitions of tables in French."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from importlib import resources
from typing import Any

import yaml

from vigie.observe.table import Dimension, Table
from vigie.observe.vocabulary import label, vocabulary

LANGUAGES = ("fr", "en")
DEFINED = ("numerator", "denominator", "exclusions")


@cache
def texts(language: str) -> Mapping[str, str]:
    """Every sentence of the report in a language, by key."""
    return dict(yaml.safe_load(_text(f"texts.{language}.yaml")))


def say(language: str, key: str, **values: Any) -> str:
    """A sentence with its values."""
    return texts(language)[key].format(**values) if values else texts(language)[key]


def definition(table: Table, language: str) -> dict[str, str]:
    """Numerator, denominator and exclusions of a table. In French where the table has been translated, else in English."""
    translated = french_definitions().get(table.name, {}) if language == "fr" else {}
    return {part: translated.get(part) or getattr(table, part) for part in DEFINED}


@cache
def layout() -> Mapping[str, Mapping[str, Any]]:
    """Table -> how it stands on the pages, where it does not stand as the others do."""
    return yaml.safe_load(_text("layout.yaml"))


@cache
def french_definitions() -> Mapping[str, Mapping[str, str]]:
    """Table -> numerator, denominator, exclusions, in French."""
    return yaml.safe_load(_text("definitions.fr.yaml")) or {}


def term(dimension: Dimension, value: Any, language: str) -> str:
    """The words for a value of a dimension: those of this dimension, else of its list, else the value itself."""
    if value is None:
        return say(language, "unknown")
    own = texts(language).get(f"term_{dimension.name}_{value}")
    if own:
        return own
    text = str(value)
    if text in vocabulary().get(dimension.words, {}):
        return label(dimension.words, text, language)
    return say(language, "unknown") if text == "unknown" else text


def measure_name(name: str, language: str) -> str:
    """The heading of a column of numbers."""
    return texts(language).get(f"measure_{name}", name.replace("_", " "))


def dimension_name(name: str, language: str) -> str:
    """The heading of a column of names."""
    return texts(language).get(f"dimension_{name}", name.replace("_", " "))


def _text(name: str) -> str:
    return (resources.files("vigie.observe.report") / name).read_text(encoding="utf-8")
