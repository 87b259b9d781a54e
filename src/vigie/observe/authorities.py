"""Who receives a declaration, by what law, and which of its fields: `data/authorities.yaml`, checked as it is read."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib import resources
from typing import Any

import yaml

from vigie.journal.facts import Declaration

RELAYED, ALWAYS = "relayed", "always"


@dataclass(frozen=True, slots=True)
class Authority:
    """One addressee. `fields` are those of the `declaration` fact that it receives, and nothing else does it receive.

    `expected`: `always`, `relayed` (another authority passes it on), or a field and the words that make it likely. `law`,
    `within` and `channel` are texts by language. `since`: when that duty began to apply.
    """

    id: str
    fields: frozenset[str]
    annexes: frozenset[str]
    expected: str | Mapping[str, tuple[str, ...]]
    since: date
    law: Mapping[str, str]
    within: Mapping[str, str]
    channel: Mapping[str, str]

    def awaits(self, fact: Declaration) -> bool:
        """Whether what is declared makes a declaration to this authority likely to be due. Never a legal opinion."""
        if isinstance(self.expected, str):
            return self.expected == ALWAYS
        return any(_said(fact, field) & set(words) for field, words in self.expected.items())

    def part(self, fact: Declaration) -> dict[str, Any]:
        """What this authority may see of a declaration, field by field, in the order of the fact."""
        return {name: value for name, value in fact if name in self.fields}


@cache
def authorities() -> Mapping[str, Authority]:
    """Every addressee, in the order in which they are offered."""
    return {name: _authority(name, said) for name, said in _file()["authorities"].items()}


def as_of() -> date:
    """The day on which the list was last compared with the texts."""
    found: date = _file()["date"]
    return found


def _authority(name: str, said: Mapping[str, Any]) -> Authority:
    expected = said["expected"]
    if not isinstance(expected, str):
        expected = {field: tuple(words) for field, words in expected.items()}
    return Authority(
        id=name,
        fields=frozenset(field for row in said["fields"] for field in row),
        annexes=frozenset(said["annexes"]),
        expected=expected,
        since=said["since"],
        law=said["law"],
        within=said["within"],
        channel=said["channel"],
    )


def _said(fact: Declaration, field: str) -> set[str]:
    value = getattr(fact, field)
    return set(value) if isinstance(value, tuple) else {str(value)}


@cache
def _file() -> dict[str, Any]:
    text = (resources.files("vigie.observe") / "data" / "authorities.yaml").read_text(encoding="utf-8")
    read: dict[str, Any] = yaml.safe_load(text)
    return read
