"""A small sector: hospitals and an observatory, each with its own journal, that send each other what they wrote."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from io import BytesIO
from pathlib import Path
from typing import Any

from tests.journal.conftest import Entropy
from vigie.journal import Bundle, Draft, Identity, Journal, export, merge, open_store
from vigie.journal.facts import Declaration, Fact, NodeEnrolled, Opened, Qualification

START = datetime(2024, 3, 4, 8, 0, tzinfo=UTC)


class Clock:
    """The time of everybody: one minute an entry unless a test goes elsewhere."""

    def __init__(self) -> None:
        self.now = START

    def tick(self) -> datetime:
        self.now += timedelta(minutes=1)
        return self.now

    def go(self, day: str) -> datetime:
        """`go("2024-03-05 09:00")`, UTC."""
        self.now = datetime.fromisoformat(day).replace(tzinfo=UTC)
        return self.now


class Place:
    """One installation: a hospital or the observatory."""

    def __init__(self, folder: Path, clock: Clock, name: str, role: str = "hospital", seed: str = "") -> None:
        self.name, self.role, self.clock = name, role, clock
        entropy = Entropy(seed or name)
        self.store = open_store(str(folder / f"{seed or name}.db"))
        self.journal = Journal(self.store, Identity.create(name, entropy), entropy)
        self.journal.introduce(role, [name], "install", clock.now)

    @property
    def local(self) -> list[str]:
        return self.store.own_logs()

    def write(self, fact: Fact, incident: str = "crise", role: str = "member", **options: Any) -> str:
        """Write in an incident of one's own, or `other/incident`; gives the digest."""
        full = incident if "/" in incident else f"{self.name}/{incident}"
        return self.journal.append(Draft(full, fact, "A. Morel", role, **options), self.clock.tick()).digest

    def declare(self, declaration: str = "d1", incident: str = "crise", **values: Any) -> str:
        return self.write(Declaration(declaration=declaration, **values), incident)

    def qualify(self, incident: str, category: str = "ransomware", **values: Any) -> str:
        said = {"category": category, "origin": "malicious", "why": "vu", **values}
        return self.write(Qualification(**said), incident, "analyst")

    def trust(self, other: Place) -> str:
        own = other.journal.identity
        fact = NodeEnrolled(
            node=own.node, incarnation=own.incarnation, public_key=own.public_key, role=other.role,
            speaks_for=(other.name,),
        )  # fmt: skip
        return self.write(fact, "register", "administrator")

    def receive(self, other: Place) -> None:
        """Merge all that another place holds."""
        target = BytesIO()
        export(other.store, other.journal.identity, target, self.clock.tick())
        list(merge(self.journal, Bundle(target.getvalue()), self.clock.tick()))


class Sector:
    """Two hospitals and the observatory, which trusts them."""

    def __init__(self, folder: Path) -> None:
        self.clock = Clock()
        self.valmont = Place(folder, self.clock, "valmont")
        self.brume = Place(folder, self.clock, "brume")
        self.observatory = Place(folder, self.clock, "observatoire", "observatory")
        for hospital in (self.valmont, self.brume):
            self.observatory.trust(hospital)
            hospital.trust(self.observatory)
            hospital.write(Opened(title="Écrans noirs"))

    def close(self) -> None:
        for place in (self.valmont, self.brume, self.observatory):
            place.store.close()
