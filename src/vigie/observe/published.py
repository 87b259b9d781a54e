"""Published figures of the French observatory, read once from `data/published_figures.yaml`, with source and status."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from importlib import resources
from typing import Any, Literal, NamedTuple

import yaml


class PublishedFigure(NamedTuple):
    """One figure of one year. A name that ends in `_percent` is a percentage rounded to the unit, any other a count.

    `status`: published, derived (arithmetic, in `note`) or assumed (nobody published it: never quote it).
    """

    year: int
    name: str
    value: int
    status: Literal["published", "derived", "assumed"]
    source: str = ""
    note: str = ""


@cache
def published() -> Mapping[int, Mapping[str, PublishedFigure]]:
    """Figures by year, then by name."""
    return {
        year: {name: PublishedFigure(year, name, **said) for name, said in figures.items()}
        for year, figures in _content()["figures"].items()
    }


def sources() -> Mapping[str, Mapping[str, str]]:
    """Title, address and date of each source."""
    return _content()["sources"]


def conflicts() -> tuple[Mapping[str, Any], ...]:
    """Where sources contradict each other: year, figure, the values printed, the one chosen, and why."""
    return tuple(_content()["conflicts"])


def count_of(percent: int, whole: int) -> int:
    """The count whose share of `whole` is printed as that percentage."""
    return (percent * whole + 50) // 100


@cache
def _content() -> Mapping[str, Any]:
    text = (resources.files("vigie.observe") / "data" / "published_figures.yaml").read_text(encoding="utf-8")
    return yaml.safe_load(text)
