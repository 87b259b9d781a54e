"""What a file says before it is understood: nested texts, each with its place in the file."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

Path = tuple[str | int, ...]


@dataclass(frozen=True, slots=True)
class Tree:
    """The content of a file: mappings, lists and texts (None where nothing is written), and where each stands.

    `places` maps a path such as ("applications", 3, "rto_minutes") to words such as `line 41`; `faults` are what the reading
    itself found, as (path, what, mend).
    """

    name: str
    content: Any
    places: Mapping[Path, str]
    faults: tuple[tuple[Path, str, str], ...] = field(default=())

    def where(self, path: Path) -> str:
        """The place of a path in words, or of the nearest thing above it that has one."""
        for length in range(len(path), -1, -1):
            if place := self.places.get(path[:length]):
                return f"{self.name}, {place}"
        return self.name
