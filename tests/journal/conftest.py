"""A node with its own journal, and the two databases a journal lives in."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from io import BytesIO
from pathlib import Path

import pytest

from vigie.journal import Bundle, Draft, Identity, Journal, Receipt, Store, export, merge, open_store
from vigie.journal.facts import Fact, Note

NOW = datetime(2026, 11, 22, 3, 10, tzinfo=UTC)


class Entropy:
    """Repeatable bytes: a test that fails today fails tomorrow."""

    def __init__(self, seed: str) -> None:
        self.seed, self.count = seed, 0

    def __call__(self, size: int) -> bytes:
        self.count += 1
        return hashlib.shake_256(f"{self.seed}{self.count}".encode()).digest(size)


class Node:
    """A node that writes one line a minute."""

    def __init__(self, name: str, store: Store, seed: str = "") -> None:
        self.name, self.store = name, store
        entropy = Entropy(seed or name)
        self.journal = Journal(store, Identity.create(name, entropy), entropy)
        self.now = NOW
        self.journal.introduce("hospital", [name], "install", NOW)

    @property
    def log(self) -> str:
        return f"{self.name}/{self.journal.identity.incarnation}"

    def write(self, fact: Fact | str, incident: str = "", **options: object) -> Receipt:
        self.now += timedelta(minutes=1)
        said = Note(text=fact) if isinstance(fact, str) else fact
        draft = Draft(incident or f"{self.name}/crisis", said, "A. Morel", **options)  # type: ignore[arg-type]
        return self.journal.append(draft, self.now)

    def bundle(self, incident: str | None = None, **options: object) -> bytes:
        target = BytesIO()
        export(self.store, self.journal.identity, target, self.now, incident=incident, **options)  # type: ignore[arg-type]
        return target.getvalue()

    def merge(self, content: bytes) -> int:
        self.now += timedelta(minutes=1)
        return [step.new for step in merge(self.journal, Bundle(content), self.now)][-1]

    def digests(self) -> set[str]:
        return {received.digest for received in self.store.received()}


@pytest.fixture
def node(tmp_path: Path) -> Iterator[Callable[..., Node]]:
    """`node("alpha")` makes a node with a SQLite journal of its own."""
    made: list[Node] = []

    def make(name: str = "alpha", seed: str = "", file: str = "") -> Node:
        fresh = Node(name, open_store(str(tmp_path / f"{file or name}.db")), seed)
        made.append(fresh)
        return fresh

    yield make
    for each in made:
        each.store.close()


@pytest.fixture(params=["sqlite", "postgresql"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Store]:
    """An empty journal, in each of the two databases."""
    url = str(tmp_path / "journal.db") if request.param == "sqlite" else request.getfixturevalue("postgres_url")
    opened = open_store(url)
    yield opened
    opened.close()
