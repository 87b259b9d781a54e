"""Shelf: the subjects of one concept, each with its statements in the order of the world and what follows from them.

A shelf is where the fold is incremental: `put` and `take` are cheap, `publish` concludes what they touched.
"""

from __future__ import annotations

from bisect import bisect_left, insort
from collections.abc import Hashable
from typing import Any

from vigie.respond.concept import Concept, Known
from vigie.respond.conflict import Conflict
from vigie.respond.statement import Saw, Statement, stamp


class Track:
    """All the statements on one subject."""

    __slots__ = ("dirty", "key", "logs", "said")

    def __init__(self, key: Hashable) -> None:
        self.key = key
        self.said: list[Statement] = []
        self.logs: set[str] = set()
        self.dirty = False


class Shelf:
    """The subjects of one concept. Only the subjects that were touched are concluded again."""

    __slots__ = ("_dirty", "_order", "_ranks", "_values", "concept", "conflicts", "published", "subject", "tracks")

    def __init__(self, concept: Concept) -> None:
        self.concept = concept
        self.subject = concept.subject
        self.tracks: dict[Hashable, Track] = {}
        self.conflicts: dict[Hashable, Conflict] = {}
        self.published: Any = {} if concept.mapping else ()
        self._dirty: list[Track] = []
        # Keys in the order they are shown, each with its rank; and what is shown, in that order.
        self._order: list[tuple[Any, Any]] = []
        self._ranks: dict[Hashable, Any] = {}
        self._values: list[Any] = []

    def key(self, said: Statement) -> Hashable:
        """The subject a statement speaks on."""
        return self.subject(said.fact) if self.subject is not None else said.original

    def put(self, key: Hashable, said: Statement) -> None:
        """Add a statement at its place in the order of the world."""
        track = self.tracks.get(key)
        if track is None:
            track = self.tracks[key] = Track(key)
        line = track.said
        if line and said < line[-1]:
            insort(line, said)
        else:
            line.append(said)
        track.logs.add(said.author.log)
        if not track.dirty:
            track.dirty = True
            self._dirty.append(track)

    def take(self, key: Hashable, said: Statement) -> None:
        """Remove a statement, if it is there."""
        track = self.tracks.get(key)
        if track is None:
            return
        place = bisect_left(track.said, said)
        if place < len(track.said) and track.said[place].digest == said.digest:
            del track.said[place]
            track.logs = {one.author.log for one in track.said}
            self._soil(track)

    def soil(self, log: str) -> None:
        """What a log had seen is known better: the subjects on which it speaks beside others are concluded again."""
        for track in self.tracks.values():
            if len(track.logs) > 1 and log in track.logs:
                self._soil(track)

    def publish(self, saw: Saw) -> Any:
        """What is known, as a dictionary by subject or a tuple in the order of the world."""
        if self._dirty:
            touched, self._dirty = self._dirty, []
            moved = [self._conclude(track, saw) for track in touched]
            if not self.concept.mapping:
                self.published = tuple(self._values)
            elif any(moved):
                self.published = dict(zip([key for _, key in self._order], self._values, strict=True))
            else:
                self.published = self.published | {track.key: self._value(track.key) for track in touched if track.said}
        return self.published

    def _soil(self, track: Track) -> None:
        if not track.dirty:
            track.dirty = True
            self._dirty.append(track)

    def _value(self, key: Hashable) -> Any:
        return self._values[bisect_left(self._order, (self._ranks[key], key))]

    def _conclude(self, track: Track, saw: Saw) -> bool:
        """Conclude one subject; True when that moved it among the others."""
        key = track.key
        track.dirty = False
        self.conflicts.pop(key, None)
        before, after = self._ranks.get(key), self._rank(track)
        if before is not None:
            place = bisect_left(self._order, (before, key))
            if before != after:
                del self._order[place], self._values[place]
        if after is None:
            self._ranks.pop(key, None)
            return before is not None
        value, conflict = self.concept.conclude(track.said, len(track.logs), saw)
        if conflict is not None:
            self.conflicts[key] = conflict
        if before == after:
            self._values[place] = value
            return False
        place = bisect_left(self._order, (after, key))
        self._order.insert(place, (after, key))
        self._values.insert(place, value)
        self._ranks[key] = after
        return True

    def _rank(self, track: Track) -> Any:
        """Place of a subject among the others: by name, or by its first statement."""
        if not track.said:
            return None
        return str(track.key) if self.concept.mapping else track.said[0][:4]


class Listing:
    """The shelf of a concept whose statements replace nothing: shown side by side, in the order of the world."""

    __slots__ = ("_shown", "_stale", "concept", "conflicts", "published", "said", "subject")

    def __init__(self, concept: Concept) -> None:
        self.concept = concept
        self.subject = None
        self.conflicts: dict[Hashable, Conflict] = {}
        self.published: tuple[Known, ...] = ()
        self.said: list[Statement] = []
        self._shown: list[Known] = []
        self._stale = False

    def key(self, said: Statement) -> Hashable:
        """Every statement is a subject of its own."""
        return said.original

    def put(self, key: Hashable, said: Statement) -> None:
        """Add a statement at its place in the order of the world."""
        line = self.said
        if line and said < line[-1]:
            place = bisect_left(line, said)
            line.insert(place, said)
            if place < len(self._shown):
                self._shown.insert(place, Known(said.fact, stamp(said)))
        else:
            line.append(said)
        self._stale = True

    def take(self, key: Hashable, said: Statement) -> None:
        """Remove a statement, if it is there."""
        place = bisect_left(self.said, said)
        if place < len(self.said) and self.said[place].digest == said.digest:
            del self.said[place]
            del self._shown[place : place + 1]
            self._stale = True

    def soil(self, log: str) -> None:
        """Nothing here depends on what a log had seen."""

    def publish(self, saw: Saw) -> tuple[Known, ...]:
        """What is known, in the order of the world."""
        if self._stale:
            self._stale = False
            self._shown.extend(Known(said.fact, stamp(said)) for said in self.said[len(self._shown) :])
            self.published = tuple(self._shown)
        return self.published
