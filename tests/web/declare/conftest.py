"""An incident of valmont in which a declaration is prepared."""

from __future__ import annotations

from typing import Any

import pytest

from tests.web.conftest import Site


class Desk:
    """The declaration pages of one incident, as several persons use them."""

    def __init__(self, site: Site, incident: str) -> None:
        self.site, self.incident = site, incident
        self.address = f"/incidents/{incident}/declare/"

    def page(self, person: Any, path: str = "") -> str:
        answer = self.site.client(person).get(self.address + path)
        assert answer.status_code == 200, answer.status_code
        return str(answer.content.decode())

    def post(self, person: Any, path: str = "form", **data: Any) -> Any:
        return self.site.client(person).post(self.address + path, data)

    def facts(self, kind: str = "declaration") -> list[Any]:
        from vigie.web import desk

        return [one.fact for one in desk.store().received(incident=self.incident, kinds=(kind,))]


@pytest.fixture
def declaring(site: Site) -> Desk:
    from vigie.journal.facts import Opened, ServiceModeChanged
    from vigie.web import clock, desk
    from vigie.web.accounts import services

    acting, now = services.acting_as(site.alice), clock.now()
    opened = desk.open_incident(
        acting, Opened(title="Serveurs chiffrés", detected_at=now), realm="real", now=now, name="rancon"
    )
    incident = opened.entry.incident
    desk.write(acting, incident, ServiceModeChanged(service="urgences", mode="degraded"), now=now)
    return Desk(site, incident)
