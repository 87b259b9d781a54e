"""Strangers hold few threads: slow senders, floods of the sign-in page and large uploads leave the server to others."""

from __future__ import annotations

import socket
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from typing import Any

import pytest

from tests.support.server import Server
from tests.web.support import ask, session_of
from vigie.web import bodies

SLOW = 50
# The cookie and the type make Django read the body before it decides anything.
HEADERS = "\r\n".join(
    (
        "Host: 127.0.0.1",
        f"Cookie: vigie_csrf={'a' * 32}",
        "Content-Type: application/x-www-form-urlencoded",
        "Content-Length: 1000",
    )
)


@contextmanager
def _slow(server: Server, path: str) -> Iterator[None]:
    """Fifty connections that announce a body and never send it."""
    with ExitStack() as stack:
        for _ in range(SLOW):
            one = stack.enter_context(socket.create_connection(("127.0.0.1", server.port), timeout=10))
            one.sendall(f"POST {path} HTTP/1.1\r\n{HEADERS}\r\n\r\na".encode())
        yield


def _status(url: str) -> int:
    try:
        with urllib.request.urlopen(url, timeout=10) as answer:
            return answer.status
    except urllib.error.HTTPError as refused:
        return refused.code


@pytest.mark.parametrize("path", ["/sign-in", "/break-glass", "/api/incidents"])
def test_slow_senders_do_not_stop_the_server(serve, path):
    server = serve()
    with _slow(server, path):
        assert [_status(f"{server.url}/healthz") for _ in range(3)] == [200, 200, 200]
        assert _status(f"{server.url}/sign-in") == 200


def test_whoever_floods_sign_in_leaves_broken_glass_open(serve):
    server = serve()
    with _slow(server, "/sign-in"):
        refused = urllib.request.Request(f"{server.url}/break-glass", data=b"code=x")
        with pytest.raises(urllib.error.HTTPError) as answer:
            urllib.request.urlopen(refused, timeout=10)
        assert answer.value.code == 403  # it was read: it lacks what protects forms


@pytest.fixture
def full() -> Iterator[None]:
    """Strangers hold every door."""
    doors = [bodies.SIGN_IN, bodies.SIGN_IN, bodies.OTHERS, bodies.OTHERS]
    for door in doors:
        door.acquire()
    yield
    for door in doors:
        door.release()


def test_a_stranger_finds_the_door_taken_and_is_told_when_to_come_back(site, full):
    status, headers, page = ask("POST", "/sign-in")
    assert (status, headers["Retry-After"]) == (503, "2")
    assert "la porte est prise" in page
    assert "<script" not in page
    assert "door is taken" in ask("POST", "/sign-in", HTTP_ACCEPT_LANGUAGE="en")[2]


def test_reading_never_waits(site, full):
    assert ask("GET", "/sign-in")[0] == 200


def test_whoever_is_signed_in_never_waits(site, full):
    assert ask("POST", "/screen/lock", session=session_of(site, site.bob))[0] == 403  # read: it lacks a form's token
    assert ask("POST", "/screen/lock", session="0" * 32)[0] == 503


def test_a_closed_account_is_a_stranger(site, full):
    session = session_of(site, site.bob)
    site.bob.is_active = False
    site.bob.save()
    assert ask("POST", "/screen/lock", session=session)[0] == 503


def test_a_stranger_sends_little(site):
    large = b"a" * (bodies.LIMIT_BYTES + 1)
    status, headers, page = ask("POST", "/sign-in", data=large)
    assert (status, headers["Connection"]) == (413, "close")
    assert "Envoi trop grand" in page
    assert ask("POST", "/sign-in", data=large, session=session_of(site, site.bob))[0] == 403


def test_every_door_is_given_back(site):
    for _ in range(5):
        assert ask("POST", "/sign-in")[0] == 403


def test_a_busy_database_is_a_pause(site, monkeypatch):
    from django.db import OperationalError

    def busy(request: Any) -> bool:
        raise OperationalError("database is locked")

    monkeypatch.setattr(bodies, "_is_signed_in", busy)
    status, headers, _ = ask("POST", "/sign-in")
    assert (status, headers["Retry-After"]) == (503, "2")
