"""Statement: what the fold keeps of an entry, and Stamp: what a reader is shown of where a value comes from."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, NamedTuple

# An event that "happened" so long after its entry was received tells of a wrong clock, which is shown, never adopted.
SKEW = timedelta(minutes=10)


class Author:
    """One voice of a log: everything that the standing of an entry depends on, apart from its instant.

    Thousands of entries share one, so that the fold asks the registry once and not for each.
    """

    __slots__ = ("counts", "incarnation", "keeps", "kind", "log", "node", "plain", "realm", "reason", "role", "shelf", "since",
                 "said", "top", "type")  # fmt: skip

    def __init__(self, node: str, incarnation: str, role: str, kind: str, realm: str) -> None:
        self.node, self.incarnation, self.role, self.kind, self.realm = node, incarnation, role, kind, realm
        self.log = f"{node}/{incarnation}"
        self.counts = False
        self.plain = False  # counts, whatever the instant, and is about nothing but its subject
        self.reason = "stranger"
        self.since: datetime | None = None
        self.type: type | None = None
        self.shelf: Any = None
        self.keeps = False  # whether the fold needs the fact itself later
        self.top = -1  # greatest index met
        self.said: list[Statement] = []


class Statement(NamedTuple):
    """One entry, or the correction that stands in its place, in the order of the world.

    Statements compare in that order: `order` is `happened_at`, or the instant of reception when the author's clock ran
    ahead; then the hybrid clock of the author's node; then the digest. `original` is the digest of the entry in whose
    place this one stands (its own when nothing was corrected).
    """

    order: datetime
    recorded_at: datetime
    tick: int
    digest: str
    original: str
    happened_at: datetime
    received_at: datetime
    index: int
    precision: str
    person: str
    author: Author
    fact: Any

    @property
    def skewed(self) -> bool:
        """Whether the author's clock ran ahead, so that the instant of reception was taken instead."""
        return self.order != self.happened_at


@dataclass(frozen=True, slots=True)
class Stamp:
    """Where a value comes from: the entry, who wrote it, when it happened and when it was written down.

    `corrects` is the digest of the original entry when this one is a correction. `skewed` warns that the clock of the
    author's node ran ahead of this one; `precision` says how well `happened_at` is known.
    """

    digest: str
    node: str
    author: str
    happened_at: datetime
    recorded_at: datetime
    precision: str = "exact"
    skewed: bool = False
    corrects: str | None = None


def stamp(said: Statement) -> Stamp:
    """The stamp of a statement."""
    corrects = said.original if said.original != said.digest else None
    return Stamp(
        said.digest, said.author.node, said.person, said.happened_at, said.recorded_at, said.precision, said.skewed,
        corrects,
    )  # fmt: skip


# Whether the log of the first statement had seen the second one when the first was written.
Saw = Callable[[Statement, Statement], bool]
