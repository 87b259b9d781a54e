"""Conflict: two logs that had not read each other say different things of the same subject.

Each log speaks with one voice on a subject: its latest statement in the order of the world. A voice is *settled* by a
later voice when either of the two logs had seen the other's. The voices that nothing settles still stand; when they do
not say the same, that is a conflict for a person to settle, by any later statement of a log that has seen them.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from vigie.respond.statement import Saw, Stamp, Statement, stamp


@dataclass(frozen=True, slots=True)
class Claim:
    """One side of a conflict: the value in the words of the fact, and where it comes from."""

    value: str
    by: Stamp


@dataclass(frozen=True, slots=True)
class Conflict:
    """What two or more logs say of one subject without having read each other.

    `kind` is the kind of fact, `subject` its identifier as shown (`lab`, `account jdoe`), `sides` the statements,
    latest first, and `used` the digest of the one the board uses: the worse.
    """

    kind: str
    subject: str
    sides: tuple[Claim, ...]
    used: str


def standing(said: Sequence[Statement], logs: int, saw: Saw) -> list[Statement]:
    """The voices that nothing later settles, latest first. `said` is in the order of the world, from `logs` logs."""
    latest = said[-1]
    if logs == 1:
        return [latest]
    voices = {latest.author.log: latest}
    for one in reversed(said):
        voices.setdefault(one.author.log, one)
        if len(voices) == logs:
            break
    heads: list[Statement] = []
    later: list[Statement] = []
    for voice in sorted(voices.values(), reverse=True, key=lambda one: one[:4]):
        if not any(saw(other, voice) or saw(voice, other) for other in later):
            heads.append(voice)
        later.append(voice)
    return heads


def choose(
    heads: list[Statement], value: Callable[[Any], Any], badness: Callable[[Any], Any]
) -> tuple[Statement, bool]:
    """The statement to use and whether the others contradict it: the worse; among equals the latest."""
    latest = heads[0]
    if len(heads) == 1 or all(value(one.fact) == value(latest.fact) for one in heads[1:]):
        return latest, False
    return max(heads, key=lambda one: (badness(one.fact), one[:4])), True


def conflict(kind: str, subject: str, heads: list[Statement], words: Callable[[Any], str], used: Statement) -> Conflict:
    """The conflict between some statements."""
    return Conflict(kind, subject, tuple(Claim(words(one.fact), stamp(one)) for one in heads), used.digest)
