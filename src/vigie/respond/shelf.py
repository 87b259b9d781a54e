"""Shelf: the subjects of one concept, each with its statements in the order of the world and what follows from them."""

from __future__ import annotations

from bisect import bisect_left, insort
from collections.abc import Hashable
from typing import Any

from vigie.respond.concept import Concept
from vigie.respond.conflict import Conflict
from vigie.respond.statement import Saw, Statement


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
        self._values: dict[Hashable, Any] = {}
        self._ranks: dict[Hashable, Any] = {}
        self._order: list[tuple[Any, Any]] = []

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
            for track in self._dirty:
                track.dirty = False
                self._conclude(track, saw)
            self._dirty = []
            values = self._values
            self.published = (
                {key: values[key] for _, key in self._order}
                if self.concept.mapping
                else tuple(values[key] for _, key in self._order)
            )
        return self.published

    def _soil(self, track: Track) -> None:
        if not track.dirty:
            track.dirty = True
            self._dirty.append(track)

    def _conclude(self, track: Track, saw: Saw) -> None:
        key = track.key
        self.conflicts.pop(key, None)
        before, after = self._ranks.get(key), self._rank(track)
        if before != after:
            if before is not None:
                del self._order[bisect_left(self._order, (before, key))]
            if after is not None:
                insort(self._order, (after, key))
            self._ranks[key] = after
        if after is None:
            self._values.pop(key, None)
            return
        self._values[key], conflict = self.concept.conclude(track.said, len(track.logs), saw)
        if conflict is not None:
            self.conflicts[key] = conflict

    def _rank(self, track: Track) -> Any:
        """Place of a subject among the others: by name, or by its first statement."""
        if not track.said:
            return None
        return str(track.key) if self.concept.mapping else track.said[0][:4]
