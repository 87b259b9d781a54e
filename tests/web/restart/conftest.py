"""A small hospital whose network was cut, whose directory is compromised, whose record and laboratory are down."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest

from tests.rebuild.maps import small_hospital
from tests.web.incidents.conftest import Crisis, opened
from vigie.journal.facts import AvailabilityChanged, MapAdopted, TrustChanged

# A Thursday, 15:20 in Paris: in the past of any machine that runs the tests.
NOW = datetime(2024, 11, 21, 14, 20, tzinfo=UTC)


@pytest.fixture(autouse=True)
def patient(monkeypatch: pytest.MonkeyPatch, bare_site: Any) -> Iterator[None]:
    """Pages wait for the plan however slow the machine is, and each test has its own; time stands still."""
    from vigie.web import clock
    from vigie.web.restart import computing

    monkeypatch.setattr(computing, "WAIT_SECONDS", 600)
    computing.forget()
    with clock.frozen(NOW):
        yield
    computing.forget()


def adopt(crisis: Crisis) -> None:
    """Adopt the small map."""
    from vigie.cartography import to_bytes
    from vigie.web import desk

    revision = desk.store().put_revision(to_bytes(small_hospital()))
    crisis.write(MapAdopted(revision=revision, name="Petit hôpital"), now=NOW)


def damage(crisis: Crisis) -> Crisis:
    """What was said of it: the portal and the internet, nobody has spoken of, but they fall with the network or stand."""
    crisis.write(TrustChanged(subject_kind="directory", subject="ad", state="compromised"), now=NOW)
    for application in ("ad", "lis", "dpi"):
        crisis.write(AvailabilityChanged(application=application, state="down"), now=NOW)
    return crisis


@pytest.fixture
def crisis(site: Any) -> Crisis:
    """A real incident, its map adopted, its damage told."""
    made = opened(site, "Serveurs chiffrés", "real")
    adopt(made)
    return damage(made)


@pytest.fixture
def exercise(site: Any) -> Crisis:
    made = opened(site, "Annuaire perdu", "exercise")
    adopt(made)
    return damage(made)


@pytest.fixture
def bare(site: Any) -> Crisis:
    """An incident without a map."""
    return opened(site, "Écrans noirs", "real")


def restart_of(crisis: Crisis, person: str = "alice") -> Any:
    """The restart that pages are made from, as this person may know it."""
    from types import SimpleNamespace

    from vigie.web import clock
    from vigie.web.accounts import services
    from vigie.web.incidents.views.common import opened as open_page
    from vigie.web.restart import computing

    owner, _, name = crisis.id.partition("/")
    request = SimpleNamespace(acting=services.acting_as(getattr(crisis.site, person)))
    future = computing.restart(open_page(request, owner, name), clock.now())  # type: ignore[arg-type]
    assert future is not None
    return future.result()


def text_of(answer: Any) -> str:
    """A page with the spaces and apostrophes of a keyboard."""
    said = answer.content.decode()
    return said.translate(str.maketrans({"\u00a0": " ", "\u202f": " ", "\u2019": "'"})).replace("&#x27;", "'")
