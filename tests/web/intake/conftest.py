"""Declarations of two hospitals at a node that speaks for both, and the analyst's browser."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from tests.web.support import speak_for
from vigie.journal.facts import Opened, parse

# In the past of any machine that runs the tests: a journal's clock never goes back.
DAY = datetime(2024, 11, 20, 3, 0, tzinfo=UTC)


@dataclass
class Intake:
    """The site with what was declared. `declare` gives the address of a declaration, `agnes` and `charlie` browse."""

    site: Any
    agnes: Any
    at: datetime = DAY

    def write(self, person: Any, incident: str, fact: dict[str, Any] | Any, **marks: Any) -> Any:
        """Write one entry, a minute after the one before."""
        from vigie.web import desk
        from vigie.web.accounts.services import acting_as

        self.at += timedelta(minutes=1)
        known = parse(fact) if isinstance(fact, dict) else fact
        return desk.write(acting_as(person), incident, known, now=self.at, **marks)

    def declare(self, person: Any, name: str, **said: Any) -> str:
        """Open an incident of a person's hospital and declare it; returns `organisation/name/d1`."""
        from vigie.web import desk
        from vigie.web.accounts.services import acting_as

        self.at += timedelta(minutes=1)
        acting = acting_as(person)
        receipt = desk.open_incident(acting, Opened(title=name), realm="real", now=self.at, name=name)
        incident = receipt.entry.incident
        fact = {"kind": "declaration", "declaration": "d1", "establishment": acting.organisation_name, **said}
        self.write(person, incident, fact)
        desk.follow()
        return f"{incident}/d1"

    def page(self, path: str, browser: Any = None, status: int = 200) -> str:
        """The text of a page."""
        answer = (browser or self.agnes).get(path)
        assert answer.status_code == status, answer.content[:800]
        return answer.content.decode()

    def one(self, path: str) -> Any:
        """The row of a declaration."""
        from vigie.web import desk
        from vigie.web.desk.models import Declaration

        desk.follow()
        return Declaration.objects.get(pk="#".join(path.rsplit("/", 1)))

    def qualify(self, path: str, browser: Any = None, **said: Any) -> Any:
        """Send the qualification form as it would be filled."""
        form = {
            "state": "qualified", "category": "phishing", "significance": "significant", "why": "Vu avec l'établissement",
            "seen": self.one(path).last_seq,
        } | said  # fmt: skip
        return (browser or self.agnes).post(f"/intake/{path}/qualify", form)


@pytest.fixture
def intake(site: Any) -> Intake:
    from vigie.web import clock, desk

    with clock.frozen(DAY - timedelta(days=1)):
        desk.journal()
        speak_for("valmont", "rivage")
    return Intake(site, site.client(site.agnes))


@pytest.fixture
def queries() -> Callable[[Callable[[], Any]], int]:
    """How many queries a call makes of the desk's database."""
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    def count(call: Callable[[], Any]) -> int:
        with CaptureQueriesContext(connection) as seen:
            call()
        return len(seen)

    return count
