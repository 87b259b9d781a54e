"""Frozen values of the house as plain JSON: data classes, facts, instants. What nobody said stays null."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from datetime import datetime
from typing import Any

from vigie.journal.facts import Fact, iso


def plain(value: Any) -> Any:
    """The value as JSON. A dictionary whose keys are pairs becomes the list of its values, which name their subject."""
    if value is None or isinstance(value, (str, int, float, bool)):
        return value
    if isinstance(value, datetime):
        return iso(value)
    if isinstance(value, Fact):
        return value.model_dump(mode="json")
    if is_dataclass(value):
        return {field.name: plain(getattr(value, field.name)) for field in fields(value)}
    if isinstance(value, Mapping):
        if any(isinstance(key, tuple) for key in value):
            return [plain(one) for one in value.values()]
        return {"" if key is None else str(key): plain(one) for key, one in value.items()}
    return [plain(one) for one in value]
