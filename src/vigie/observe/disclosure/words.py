"""Words of what is withheld: one for all, so that it does not tell a small number from one that protects it."""

from __future__ import annotations

from collections.abc import Iterable

from vigie.observe.table import Figures

WITHHELD = {"fr": "< 5 ou masqué", "en": "under 5 or withheld"}
EXPLAINED = {
    "fr": "« < 5 ou masqué » : nombre de 1 à 4, ou nombre qui permettrait d'en retrouver un par différence.",
    "en": "“under 5 or withheld”: a number from 1 to 4, or one from which such a number could be worked out.",
}


def withheld(language: str = "fr") -> str:
    """What stands in the place of a withheld number."""
    return WITHHELD.get(language, WITHHELD["fr"])


def may_be_shown(figures: Figures, rows: Iterable[int], columns: Iterable[str]) -> bool:
    """Whether a number derived from these cells (a rate, an interval, a change, a point of a chart) may be printed.

    It may not when any of them is withheld: a rate over a known denominator is a count again, an interval as much as a
    rate, and a change gives one year from the other. Raises ValueError for a column that the figures do not have.
    """
    at = [figures.columns.index(name) for name in columns]
    return not any((row, column) in figures.hidden for row in rows for column in at)


def text(figures: Figures, row: int, column: str, language: str = "fr") -> str | None:
    """The words for a withheld position; None when it is not withheld, and may be printed as any number."""
    return withheld(language) if (row, figures.columns.index(column)) in figures.hidden else None
