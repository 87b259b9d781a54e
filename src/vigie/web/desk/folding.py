"""Text as a search sees it: no accents, no capitals; as a column takes it; and the words of a fact that a search looks through."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from typing import Any

from vigie.journal.facts import Fact, Statement

# Machine values: nobody searches for them as words, and they would be screened or matched by accident.
NOT_WORDS = frozenset({"kind", "sha256", "revision", "of", "public_key", "new_public_key"})


def folded(text: str) -> str:
    """`Défaillance ÉLECTRIQUE` as `defaillance electrique`."""
    if text.isascii():
        return text.lower()
    parts = unicodedata.normalize("NFKD", text.casefold())
    return "".join(letter for letter in parts if not unicodedata.combining(letter))


def fit(text: str, characters: int | None = None) -> str:
    """The text as a database column takes it. Peers may send longer ones, or the character that PostgreSQL refuses:
    an entry that could not be listed would stop everything that comes after it.
    """
    return text.replace("\0", "\N{REPLACEMENT CHARACTER}")[:characters]


def words(fact: Statement) -> Iterator[str]:
    """Every text of a fact, field by field, the replacement of a correction included. Nothing for what was erased."""
    if isinstance(fact, Fact):
        yield from _texts(fact.__dict__)


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        if value:
            yield value
    elif isinstance(value, dict):
        for name, part in value.items():
            if name not in NOT_WORDS:
                yield from _texts(part)
    elif isinstance(value, (list, tuple)):
        for part in value:
            yield from _texts(part)
    elif isinstance(value, Fact):
        yield from _texts(value.__dict__)
