"""Changes of the rules of declaration, read once from `data/rule_changes.yaml`: marked on charts, stepped across by trends."""

from __future__ import annotations

from datetime import date
from functools import cache
from importlib import resources
from typing import NamedTuple

import yaml


class RuleChange(NamedTuple):
    """One change. `sure`: day or month, how well the date is known. `scope`: health, social or all."""

    when: date
    sure: str
    scope: str
    fr: str
    en: str
    source: str

    def said(self, language: str = "fr") -> str:
        """The change in words."""
        return self.fr if language == "fr" else self.en


@cache
def rule_changes() -> tuple[RuleChange, ...]:
    """Every known change, in the order of dates."""
    text = (resources.files("vigie.observe") / "data" / "rule_changes.yaml").read_text(encoding="utf-8")
    return tuple(sorted(RuleChange(**each) for each in yaml.safe_load(text)["changes"]))


def changes_between(first_year: int, last_year: int, scopes: tuple[str, ...] = ("all",)) -> tuple[RuleChange, ...]:
    """The changes that fall inside these years and touch one of these scopes (`all` touches each)."""
    return tuple(
        each
        for each in rule_changes()
        if first_year <= each.when.year <= last_year
        and (each.scope == "all" or each.scope in scopes or "all" in scopes)
    )
