"""From what a file says to a cartography: every item on its own, so that one bad line hides no other fault."""

from __future__ import annotations

from collections.abc import Iterable
from copy import deepcopy
from dataclasses import dataclass
from datetime import date
from typing import Any

from pydantic import ValidationError

from vigie.cartography.check import Draft, Finding, findings
from vigie.cartography.model import Application, CareService, Cartography, Establishment, Part, Supplier, Team
from vigie.cartography.shape import explain
from vigie.cartography.tree import Path, Tree
from vigie.errors import Fault

SECTIONS: dict[str, type[Part]] = {
    "establishments": Establishment,
    "suppliers": Supplier,
    "applications": Application,
    "services": CareService,
    "teams": Team,
}
# What an item is checked with when it lacks these: its other faults are worth knowing.
STANDINS: dict[str, Any] = {"name": "?", "kind": "other", "skill": "system", "people": 1}


@dataclass(frozen=True, slots=True)
class Reading:
    """What came of reading a file: the cartography (None where there is an error), and every fault in file order."""

    cartography: Cartography | None
    errors: tuple[Fault, ...]
    warnings: tuple[Fault, ...]


def understand(tree: Tree, today: date | None = None) -> Reading:
    """Check a file's content through and through."""
    found = [Finding(path, what, mend) for path, what, mend in tree.faults]
    if not isinstance(tree.content, dict):
        found.append(Finding((), "not a cartography: it has no sections", f"Sections are {', '.join(SECTIONS)}"))
        return _reading(tree, None, found)
    head = {key: value for key, value in tree.content.items() if key not in SECTIONS}
    found += _faults(Cartography, head, ())
    raw: dict[str, list[Any]] = {}
    draft = Draft()
    for section, kind in SECTIONS.items():
        raw[section] = _items(tree.content.get(section), section, found)
        for number, item in enumerate(raw[section]):
            found += _take(draft, section, number, kind, item)
    found += findings(draft, today)
    whole = None if any(not finding.warning for finding in found) else Cartography.model_validate({**head, **raw})
    return _reading(tree, whole, found)


def check(cartography: Cartography, today: date | None = None) -> Reading:
    """Check a cartography already in memory; places are such as `applications, item 3, rto_minutes`."""
    draft = Draft()
    for section in SECTIONS:
        for number, item in enumerate(getattr(cartography, section)):
            draft.add(section, number, item)
    found = findings(draft, today)
    whole = None if any(not finding.warning for finding in found) else cartography
    places: dict[Path, str] = {finding.path: _words(finding.path) for finding in found if finding.path}
    return _reading(Tree(cartography.name, None, places), whole, found)


def _words(path: Path) -> str:
    return ", ".join(f"item {step + 1}" if isinstance(step, int) else step for step in path)


def _items(value: Any, section: str, found: list[Finding]) -> list[Any]:
    if value is None:
        return []
    if not isinstance(value, list):
        found.append(Finding((section,), f"{section} is not a list", "Start each item with a dash: `- id: ...`"))
        return []
    return value


def _take(draft: Draft, section: str, number: int, kind: type[Part], item: Any) -> list[Finding]:
    """Put one item into the draft: whole, or without what is malformed, or by its id alone. Return its faults of shape."""
    faults = _faults(kind, item, (section, number))
    mended = _without(item, kind, [fault.path[2:] for fault in faults]) if faults and isinstance(item, dict) else item
    try:
        draft.add(section, number, kind.model_validate(mended))
    except ValidationError:
        named = item.get("id") if isinstance(item, dict) else None
        draft.reserve(section, number, named if isinstance(named, str) else None)
    return faults


def _without(item: dict[str, Any], kind: type[Part], paths: list[Path]) -> dict[str, Any]:
    """The item without its malformed fields, and with words in the place of those it cannot go without."""
    standins = {field: word for field, word in STANDINS.items() if field in kind.model_fields}
    copy = standins | deepcopy(item)
    for path in paths:
        within: Any = copy
        for step in path[:-1]:
            within = within[step] if isinstance(within, (dict, list)) and step in _steps(within) else None
        if isinstance(within, dict) and path:
            within.pop(path[-1], None)
            if within is copy and path[-1] in standins:
                copy[path[-1]] = standins[path[-1]]
    return copy


def _steps(within: dict[str, Any] | list[Any]) -> Iterable[Any]:
    return within if isinstance(within, dict) else range(len(within))


def _faults(kind: type[Part], item: Any, path: Path) -> list[Finding]:
    try:
        kind.model_validate(item)
    except ValidationError as error:
        return [Finding((*path, *fault["loc"]), *explain(fault, kind)) for fault in error.errors(include_url=False)]
    return []


def _reading(tree: Tree, whole: Cartography | None, found: list[Finding]) -> Reading:
    rank = {path: number for number, path in enumerate(tree.places)}
    found = sorted(found, key=lambda one: next((rank[up] for up in _upwards(one.path) if up in rank), 0))
    wrong = [one.path for one in found if not one.warning]
    # A field that is malformed is not doubtful as well.
    found = [one for one in found if not one.warning or not any(path[: len(one.path)] == one.path for path in wrong)]

    def faults(warning: bool) -> tuple[Fault, ...]:
        return tuple(Fault(tree.where(one.path), one.what, one.mend) for one in found if one.warning == warning)

    return Reading(whole, faults(False), faults(True))


def _upwards(path: Path) -> Iterable[Path]:
    return (path[:length] for length in range(len(path), -1, -1))
