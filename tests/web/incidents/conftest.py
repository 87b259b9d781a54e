"""An incident in progress at valmont, and one exercise, written through the desk as pages do."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import pytest

from vigie.journal.facts import Fact, MapAdopted, Opened, parse

if TYPE_CHECKING:
    from django.test import Client

    from vigie.journal import Receipt


# In the past of any machine that runs the tests: a journal's clock never goes back.
OPENED_AT = datetime(2024, 11, 20, 12, 0, tzinfo=UTC)


@dataclass
class Crisis:
    """The site with an open incident. `write` writes as Alice, who directs the cell; `get` and `post` are her browser."""

    site: Any
    id: str
    browser: Client

    @property
    def path(self) -> str:
        return f"/incidents/{self.id}/"

    def write(
        self, fact: Fact | dict[str, Any], *, by: str = "alice", now: datetime | None = None, **marks: Any
    ) -> Receipt:
        from vigie.web import clock, desk
        from vigie.web.accounts import services

        acting = services.acting_as(getattr(self.site, by))
        known = parse(fact) if isinstance(fact, dict) else fact
        return desk.write(acting, self.id, known, now=now or clock.now(), **marks)

    def get(self, tail: str = "", **options: Any) -> Any:
        return self.browser.get(self.path + tail, **options)

    def text(self, tail: str = "", **options: Any) -> str:
        answer = self.get(tail, **options)
        assert answer.status_code == 200, answer.content[:500]
        return answer.content.decode()

    def post(self, tail: str, data: dict[str, Any], **options: Any) -> Any:
        return self.browser.post(self.path + tail, data, **options)

    def facts(self) -> list[Fact]:
        from vigie.web import desk

        return [received.fact for received in desk.store().received(incident=self.id)]

    def adopt_reference_hospital(self) -> None:
        from vigie.cartography import to_bytes
        from vigie.cartography.files import reference_hospital
        from vigie.web import desk

        revision = desk.store().put_revision(to_bytes(reference_hospital()))
        self.write(MapAdopted(revision=revision, name="Hôpital de référence"), now=OPENED_AT)


def opened(site: Any, title: str, realm: str) -> Crisis:
    from vigie.web import clock, desk
    from vigie.web.accounts import services

    with clock.frozen(OPENED_AT):
        receipt = desk.open_incident(services.acting_as(site.alice), Opened(title=title), realm=realm, now=OPENED_AT)
    return Crisis(site, receipt.entry.incident, site.client(site.alice))


@pytest.fixture
def crisis(site: Any) -> Crisis:
    return opened(site, "Serveurs chiffrés", "real")


@pytest.fixture
def exercise(site: Any) -> Crisis:
    return opened(site, "Annuaire perdu", "exercise")
