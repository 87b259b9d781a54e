"""A crisis made by hand: nodes that write, read each other and disagree, without storage, keys or a clock.

    crisis = Crisis()
    left, right = crisis.split()
    left.write(AvailabilityChanged(application="lab", state="down"))
    right.write(AvailabilityChanged(application="lab", state="normal"))
    assert left.merge(right).situation().conflicts

Entries have the shape of real ones: an index in a log, a hybrid clock, what the log had seen of others, and digests
that depend on all of it. Time passes one minute an entry unless a test says otherwise (`crisis.go("04:00")`).
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from hashlib import sha256

from vigie.journal.entry import Entry, Received, encode
from vigie.journal.facts import Fact, NodeEnrolled, Opened, Statement, to_bytes
from vigie.respond import Fold, Situation, situation

START = datetime(2026, 11, 22, 3, 10, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


class Node:
    """One installation: its log, what it has received, in the order it came."""

    def __init__(self, crisis: Crisis, name: str, number: int = 0) -> None:
        self.crisis = crisis
        self.name = name
        self.incarnation = sha256(f"{name} {number}".encode()).hexdigest()[:16]
        self.received: list[Received] = []
        self.index = 0
        self._seen: dict[str, int] = {}
        self._told: dict[str, int] = {}

    @property
    def log(self) -> str:
        return f"{self.name}/{self.incarnation}"

    def write(
        self,
        fact: Statement,
        *,
        happened: datetime | None = None,
        role: str = "member",
        author: str = "A. Martin",
        incident: str | None = None,
        realm: str = "real",
        clock: datetime | None = None,
    ) -> str:
        """Write one fact here; gives its digest. `clock` is a wrong clock of this node."""
        now = self.crisis.tick()
        recorded = clock or now
        news = {log: size for log, size in self._seen.items() if self._told.get(log) != size}
        self._told.update(news)
        payload = to_bytes(fact) if isinstance(fact, Fact) else getattr(fact, "raw", b"")
        entry = Entry(
            realm, incident or self.crisis.incident, self.name, self.incarnation, self.index, "", happened or recorded,
            "exact", recorded, 0, author, role, fact.kind, "amber", None, False, None, sha256(payload).hexdigest(),
            news,
        )  # fmt: skip
        self.index += 1
        digest = sha256(encode(entry)).hexdigest()
        self.received.append(Received(len(self.received) + 1, digest, entry, fact, now))
        return digest

    def merge(self, other: Node | Iterable[Received]) -> Node:
        """Receive what another node holds, or some entries of it. Gives this node."""
        now = self.crisis.tick()
        held = {received.digest for received in self.received}
        for received in other.received if isinstance(other, Node) else other:
            if received.digest not in held:
                self.received.append(received._replace(seq=len(self.received) + 1, received_at=now))
                log = received.entry.log
                if log != self.log:
                    self._seen[log] = max(self._seen.get(log, 0), received.entry.index + 1)
        return self

    def introduce(self, role: str = "hospital", speaks_for: tuple[str, ...] = ()) -> str:
        """The first entry of a log: who it says it is."""
        organisation = speaks_for[0] if speaks_for else self.name
        return self.write(self.enrolment(role, speaks_for), role="administrator", incident=f"{organisation}/register")

    def enrolment(self, role: str = "hospital", speaks_for: tuple[str, ...] = ()) -> NodeEnrolled:
        return NodeEnrolled(
            node=self.name, incarnation=self.incarnation, public_key="00" * 32, role=role, speaks_for=speaks_for
        )

    def trust(self, other: Node, role: str = "hospital", speaks_for: tuple[str, ...] = ()) -> str:
        """An administrator here compares the fingerprint of another node and lets it speak."""
        fact = other.enrolment(role, speaks_for)
        return self.write(fact, role="administrator", incident=f"{self.crisis.owner}/register")

    def situation(self, at: datetime | None = None) -> Situation:
        return situation(
            self.received, (), at or self.crisis.now, incident=self.crisis.incident, local=self.crisis.local
        )

    def fold(self) -> Fold:
        fold = Fold(self.crisis.incident, self.crisis.local)
        fold.add_all(self.received)
        return fold


class Crisis:
    """A hospital, its incident, and a clock that everybody but the wrong ones shares."""

    def __init__(self, incident: str = "valmont/2026-11-crypto") -> None:
        self.incident = incident
        self.owner = incident.partition("/")[0]
        self.now = START
        self.local: set[str] = set()

    def tick(self) -> datetime:
        self.now += MINUTE
        return self.now

    def at(self, clock: str, day: int = 22) -> datetime:
        """An hour of a day of November 2026: `at("04:00")`."""
        hour, minute = (int(part) for part in clock.split(":"))
        return datetime(2026, 11, day, hour, minute, tzinfo=UTC)

    def go(self, clock: str, day: int = 22) -> datetime:
        """Move to that hour, and give it."""
        self.now = self.at(clock, day)
        return self.now

    def hospital(self, number: int = 0) -> Node:
        """A node of the hospital itself."""
        node = Node(self, self.owner, number)
        self.local.add(node.log)
        node.introduce(speaks_for=(self.owner,))
        return node

    def stranger(self, name: str, role: str = "hospital", speaks_for: tuple[str, ...] = ()) -> Node:
        """A node that nobody here enrolled."""
        node = Node(self, name)
        node.introduce(role, speaks_for or (name,))
        return node

    def split(self, *past: Fact) -> tuple[Node, Node]:
        """Two laptops of the hospital that share a past, and then lose sight of each other."""
        left, right = self.hospital(1), self.hospital(2)
        left.write(Opened(title="Rançongiciel"))
        for fact in past:
            left.write(fact)
        left.merge(right)
        right.merge(left)
        return left, right
