"""What the server writes on its terminal tells no secret, and one line for each bad request."""

from __future__ import annotations

import io
import logging
from collections.abc import Iterator

import pytest
from django.test import Client

from vigie.web.accounts import links


@pytest.fixture
def written(monkeypatch) -> Iterator[io.StringIO]:
    """What goes to the terminal from here on."""
    said = io.StringIO()
    for handler in logging.getLogger().handlers:
        if handler.name == "terminal":
            monkeypatch.setattr(handler, "stream", said)
    yield said


@pytest.mark.parametrize("place", ["invitation", "set-up", "demo"])
def test_a_refused_form_does_not_tell_its_link(site, written, place):
    token = links.new("invitation", site.bob)
    browser = Client(enforce_csrf_checks=True)
    assert browser.post(f"/{place}/{token}", {"password": "x"}).status_code == 403
    said = written.getvalue()
    assert f"/{place}/…" in said
    assert token not in said


def test_nor_does_a_failure(site, written, monkeypatch):
    def broken(*args: object) -> None:
        raise ZeroDivisionError

    token = links.new("invitation", site.bob)
    monkeypatch.setattr("vigie.web.accounts.links.find", broken)
    assert site.client().get(f"/invitation/{token}").status_code == 500
    said = written.getvalue()
    assert "ZeroDivisionError" in said
    assert token not in said


def test_a_forged_host_is_one_line(site, written):
    for _ in range(3):
        assert site.client().get("/sign-in", headers={"host": "elsewhere.example"}).status_code == 400
    said = written.getvalue()
    assert len(said.splitlines()) == 3, said
    assert "elsewhere.example" in said
