"""A crisis at the desk: an incident of Valmont, its director who writes, and a clock that only moves when told."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import pytest

NIGHT = datetime(2026, 11, 22, 2, 10, tzinfo=UTC)


@dataclass
class Crisis:
    """An incident to write into. Each entry comes a minute after the one before."""

    acting: object
    incident: str
    at: datetime

    def write(self, fact, **options):
        from vigie.web import desk

        self.at += timedelta(minutes=1)
        return desk.write(options.pop("acting", self.acting), self.incident, fact, now=self.at, **options)


@pytest.fixture
def crisis(site) -> Crisis:
    """Valmont's crisis, opened by its director Alice at 03:10 in Paris."""
    from vigie.journal.facts import Opened
    from vigie.web import clock, desk
    from vigie.web.accounts.services import acting_as

    acting = acting_as(site.alice)
    with clock.frozen(NIGHT - timedelta(days=1)):
        desk.journal()  # the node introduces itself the day before
    receipt = desk.open_incident(acting, Opened(title="Rançongiciel"), realm="real", now=NIGHT, name="crise")
    return Crisis(acting, receipt.entry.incident, NIGHT)
