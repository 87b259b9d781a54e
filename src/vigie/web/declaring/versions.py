"""A declaration as the journal has it: its versions, what they say together, and to whom it was sent."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import NamedTuple

from django.db.models import Q

from vigie.ids import SLUG
from vigie.journal.facts import Declaration, Declared
from vigie.respond.inquiry import together
from vigie.web import desk
from vigie.web.declaring.words import Change, changes
from vigie.web.desk import Filters, Line
from vigie.web.desk.lines import select

# What leaves for an authority is made without privileged entries and without those meant for named readers only.
UNGUARDED = Q(guarded=True)


class Version(NamedTuple):
    """One version: its line, what it says as corrected, and what it changed."""

    line: Line
    fact: Declaration
    number: int
    changes: list[Change]

    @property
    def compared(self) -> bool:
        """Whether there was a version before."""
        return self.number > 1


class Sent(NamedTuple):
    """A line that says to whom the declaration went."""

    line: Line
    fact: Declared


class Held(NamedTuple):
    """A declaration that was sent at least once. `claimed`: none of its versions counts here, and they say so."""

    name: str
    fact: Declaration
    versions: tuple[Version, ...]
    sent: tuple[Sent, ...]
    claimed: bool

    @property
    def last(self) -> Version:
        return self.versions[-1]


def held(incident_id: str, hidden: Q | None = None) -> dict[str, Held]:
    """The declarations of an incident, by name, without the lines that `hidden` hides."""
    by_name: dict[str, list[Line]] = {}
    for line in desk.every(incident_id, Filters(kind="declaration"), hidden):
        if isinstance(line.fact, Declaration):
            by_name.setdefault(line.fact.declaration, []).append(line)
    sent = _sent(incident_id, hidden)
    return {name: _held(name, lines, sent) for name, lines in sorted(by_name.items())}


def next_name(names: Iterable[str]) -> str:
    """`d1`, `d2`...: the first that no declaration bears."""
    taken, number = set(names), 1
    while f"d{number}" in taken:
        number += 1
    return f"d{number}"


def is_name(text: str) -> bool:
    """Whether a declaration may be called so."""
    return len(text) <= 64 and re.match(SLUG, text) is not None


def _held(name: str, lines: list[Line], sent: list[Sent]) -> Held:
    counting = [line for line in lines if line.standing.counts]
    ordered = sorted(counting or lines, key=lambda line: (line.received.entry.happened_at, line.seq))
    versions: list[Version] = []
    before: Declaration | None = None
    for number, line in enumerate(ordered, start=1):
        assert isinstance(line.fact, Declaration)
        after = together([*(version.fact for version in versions), line.fact])
        versions.append(Version(line, line.fact, number, changes(before, after)))
        before = after
    assert before is not None
    own = tuple(one for one in sent if one.fact.declaration in (None, name))
    return Held(name, before, tuple(versions), own, claimed=not counting)


def _sent(incident_id: str, hidden: Q | None) -> list[Sent]:
    lines = desk.every(incident_id, Filters(kind="declared"), hidden)
    return [Sent(line, line.fact) for line in lines if isinstance(line.fact, Declared)]


def count(incident_id: str) -> int:
    """How many entries of an incident are versions of declarations."""
    return select(incident_id, Filters(kind="declaration")).count()
