"""Rows: what the store gives and takes, and how instants, hashes and ranges are written in its columns."""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from typing import Any, NamedTuple

from vigie.journal.clock import Tick
from vigie.journal.keys import Checkpoint
from vigie.journal.merkle import Frontier

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
SALT_BYTES = 16
MICROSECOND = timedelta(microseconds=1)


def micros(instant: datetime) -> int:
    """Microseconds since 1970, exactly."""
    return (instant - EPOCH) // MICROSECOND


def instant(value: int) -> datetime:
    """The instant that `micros` came from."""
    return EPOCH + value * MICROSECOND


class Row(NamedTuple):
    """An entry as it lies in the store. `body` is salt and payload; None once erased or never received."""

    seq: int
    digest: bytes
    raw: bytes
    body: bytes | None
    received_at: datetime


class NewRow(NamedTuple):
    """An entry about to be stored."""

    digest: bytes
    log: int
    index: int
    incident: str
    kind: str
    key: str | None
    raw: bytes
    body: bytes | None


class Head(NamedTuple):
    """The head of a log: how much of it is held, and for this node's own, what the next entry needs and its newest checkpoint.

    Older checkpoints are kept only where a peer or a printed page remembers them: whoever alters the file cannot then fall back
    on an older signature.
    """

    log: int
    node: str
    incarnation: str
    public_key: str
    size: int
    tip: str
    peaks: bytes
    clock: Tick | None
    checkpoint: Checkpoint | None

    @property
    def frontier(self) -> Frontier:
        """The growing edge of the tree."""
        return Frontier.from_bytes(self.size, self.peaks)


class StoredSegment(NamedTuple):
    """Leaves of a foreign log, in the tree of one checkpoint: proof that they belong to it."""

    id: int
    log: int
    checkpoint: Checkpoint
    indexes: list[int]
    digests: list[bytes]
    proof: list[bytes]
    history: list[Any]


def row_of(row: tuple[Any, ...]) -> Row:
    """A row of SELECT."""
    seq, digest, raw, body, received = row
    return Row(seq, blob(digest), blob(raw), blob(body) if body is not None else None, instant(received))


def blob(value: Any) -> bytes:
    """Bytes of a column, whatever type somebody made of it: damage is for `verify` to name, not to stumble on."""
    return bytes(value) if isinstance(value, bytes | memoryview) else str(value).encode()


def segment_of(row: tuple[Any, ...]) -> StoredSegment:
    """A row of the table of segments."""
    number, log, checkpoint, indexes, digests, proof, history = row
    members = [i for start, end in json.loads(indexes) for i in range(start, end + 1)]
    return StoredSegment(
        number, log, Checkpoint(**json.loads(checkpoint)), members, pieces(bytes(digests)), pieces(bytes(proof)),
        json.loads(history),
    )  # fmt: skip


def pieces(data: bytes) -> list[bytes]:
    """Hashes out of their concatenation."""
    return [data[i : i + 32] for i in range(0, len(data), 32)]


def ranges(numbers: Iterable[int]) -> list[list[int]]:
    """Ascending numbers as [first, last] ranges."""
    found: list[list[int]] = []
    for number in numbers:
        if found and found[-1][1] == number - 1:
            found[-1][1] = number
        else:
            found.append([number, number])
    return found


HEAD_COLUMNS = "node, incarnation, public_key, size, tip, peaks, clock_us, clock_tick, root, made_at, signature"


def head_of(log: int, row: tuple[Any, ...]) -> Head:
    """A row of HEAD_COLUMNS."""
    node, incarnation, public_key, size, tip, peaks, clock_us, clock_tick, root, made_at, signature = row[:11]
    clock = Tick(instant(clock_us), clock_tick) if clock_us is not None else None
    checkpoint = (
        Checkpoint(node, incarnation, size, bytes(root).hex(), made_at, bytes(signature).hex()) if made_at else None
    )
    return Head(log, node, incarnation, public_key, size, tip, bytes(peaks), clock, checkpoint)
