"""Names of what a cartography holds, for sentences and forms. An identifier that it does not know names itself."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field

from vigie.ids import SLUG


@dataclass(frozen=True, slots=True)
class Names:
    """Identifier to French name, for each sort of thing. Empty when no cartography was adopted."""

    applications: Mapping[str, str] = field(default_factory=dict)
    services: Mapping[str, str] = field(default_factory=dict)
    establishments: Mapping[str, str] = field(default_factory=dict)
    suppliers: Mapping[str, str] = field(default_factory=dict)
    teams: Mapping[str, str] = field(default_factory=dict)

    def application(self, identifier: str) -> str:
        return self.applications.get(identifier, identifier)

    def service(self, identifier: str) -> str:
        return self.services.get(identifier, identifier)

    def establishment(self, identifier: str) -> str:
        return self.establishments.get(identifier, identifier)

    def supplier(self, identifier: str) -> str:
        return self.suppliers.get(identifier, identifier)

    def team(self, identifier: str) -> str:
        return self.teams.get(identifier, identifier)


NO_NAMES = Names()


def folded(text: str) -> str:
    """Lower case without accents, as a tired hand types it."""
    plain = unicodedata.normalize("NFKD", text.replace("œ", "oe").replace("Œ", "OE"))
    return "".join(letter for letter in plain if not unicodedata.combining(letter)).casefold()


def identify(text: str, known: Mapping[str, str]) -> str | None:
    """The identifier that `text` means: itself, or the one that bears this name. None when none or several do."""
    wanted = folded(text.strip())
    if wanted in known:
        return wanted
    named = [identifier for identifier, name in known.items() if folded(name) == wanted]
    return named[0] if len(named) == 1 else None


def free_identifier(text: str) -> str | None:
    """`Annuaire AD` as `annuaire-ad`: the identifier of something that no cartography names. None when nothing is left."""
    plain = re.sub(r"[^a-z0-9._-]+", "-", folded(text.strip())).strip("-._")[:64]
    return plain if re.match(SLUG, plain) else None


def nearest(text: str, known: Mapping[str, str]) -> str | None:
    """The identifier that looks most like `text`, to be suggested and never chosen. None when none is near."""
    wanted = folded(text.strip())
    if len(wanted) < 2:
        return None
    scored = ((_likeness(wanted, identifier, name), identifier) for identifier, name in known.items())
    score, identifier = max(scored, default=(0.0, ""))
    return identifier if score >= 0.5 else None


def _likeness(wanted: str, identifier: str, name: str) -> float:
    """Between 0 and 1: shared pairs of letters, and a start in common weighs more."""
    best = 0.0
    for word in (identifier, folded(name), *folded(name).split(), *identifier.split("-")):
        if len(word) > 1:
            first, second = _pairs(wanted), _pairs(word)
            likeness = 2 * len(first & second) / (len(first) + len(second))
            best = max(best, min(1.0, likeness + (0.3 if word.startswith(wanted) else 0.0)))
    return best


def _pairs(word: str) -> set[str]:
    return {word[index : index + 2] for index in range(len(word) - 1)}
