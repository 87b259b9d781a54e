"""Routing: which authority must be told of a declaration, by whom and by when, from the rules of `data/routing.yaml`.

It proposes and reminds: a routing is done when an entry says so. What is the hospital's duty is never the observatory's.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime, timedelta
from functools import cache
from importlib import resources
from typing import Any, Literal, NamedTuple

import yaml

State = Literal["done", "proposed", "missing"]
WITHOUT_DELAY = timedelta(hours=1)  # after this, what had to be done "without delay" is shown as missing


class Rule(NamedTuple):
    """Who must be told (`addressee`, a word of the authorities), `by` whom, within `within` of the declaration, and why."""

    name: str
    addressee: str
    by: Literal["observatory", "hospital"]
    within: timedelta
    when: Mapping[str, tuple[str, ...]]
    words: Mapping[str, str]
    source: str
    date: str

    def applies(self, row: Mapping[str, Any]) -> bool:
        """Whether a row of the declarations table meets all its conditions. What is unknown meets none."""
        return all(_holds(row.get(column), words) for column, words in self.when.items())


class Duty(NamedTuple):
    """A rule that applies to a declaration, where it stands, and by when it had to be done."""

    rule: Rule
    state: State
    due_at: datetime


@cache
def rules() -> tuple[Rule, ...]:
    """The rules, in the order of the file."""
    text = (resources.files("vigie.observe") / "data" / "routing.yaml").read_text(encoding="utf-8")
    return tuple(_rule(name, said) for name, said in yaml.safe_load(text)["rules"].items())


def duties(row: Mapping[str, Any], done: Collection[str], since: datetime, now: datetime) -> tuple[Duty, ...]:
    """What must be told of a declaration: `done` are the authorities already told, `since` when it was declared."""
    made = []
    for rule in rules():
        if rule.applies(row):
            due = since + rule.within
            state: State = "done" if rule.addressee in done else "proposed" if now <= due else "missing"
            made.append(Duty(rule, state, due))
    return tuple(made)


def _rule(name: str, said: Mapping[str, Any]) -> Rule:
    when = {column: tuple(words) for column, words in said["when"].items()}
    within = timedelta(hours=said["hours"]) or WITHOUT_DELAY
    words = {language: said[language] for language in ("fr", "en")}
    return Rule(name, said["addressee"], said["by"], within, when, words, said["source"], str(said["date"]))


def _holds(value: Any, words: Collection[str]) -> bool:
    held = value if isinstance(value, (list, tuple)) else (value,)
    return any(one in words for one in held)
