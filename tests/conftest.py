"""Fixtures that any test may use. Each one starts what it needs itself, and fails with the remedy when it cannot."""

from __future__ import annotations

import os
import signal
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from tests.support import browser as chromium
from tests.support import postgres
from tests.support.server import Server

# A developer's own settings must not reach the tests, nor the tests a developer's own journal.
for name in list(os.environ):
    if name.startswith(("DATABASE_URL", "VIGIE_")) and name not in {postgres.OVERRIDE, chromium.OVERRIDE}:
        del os.environ[name]
_nowhere = tempfile.TemporaryDirectory(prefix="vigie-tests-")
os.environ["VIGIE_DATA"] = _nowhere.name
os.environ["VIGIE_STATE"] = f"{_nowhere.name}-state"  # notes of journals that a test made say nothing to a developer


def pytest_configure() -> None:
    """A test run that is told to end (a time limit, a cancelled build) stops its servers, as it does on Ctrl-C."""
    signal.signal(signal.SIGTERM, signal.default_int_handler)


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[str]:
    """URL of a running PostgreSQL, shared by all the tests: make a database of your own in it."""
    with postgres.server() as url:
        yield url


@pytest.fixture
def postgres_url(postgres_server: str) -> Iterator[str]:
    """URL of a fresh, empty PostgreSQL database."""
    with postgres.database(postgres_server) as url:
        yield url


@pytest.fixture(scope="session")
def spark() -> Iterator[str]:
    """URL of a Spark that runs in this process, on two cores. The first that asks for it waits some ten seconds."""
    from pyspark.sql import SparkSession

    yield "spark://local[2]"
    if session := SparkSession.getActiveSession():
        session.stop()


@pytest.fixture
def serve(tmp_path: Path) -> Iterator[Callable[..., Server]]:
    """`serve()` or `serve(database_url=...)` starts a real server on a fresh data directory; all end with the test."""
    started: list[Server] = []

    def start(**settings: object) -> Server:
        server = Server(tmp_path / f"node-{len(started)}", **settings)  # type: ignore[arg-type]
        started.append(server)
        return server.start()

    yield start
    for server in started:
        server.kill()


# One browser a module and not one for all: while Playwright runs it keeps an event loop in this thread, and Django's
# ORM and asyncio.run refuse to work beside one.
@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """A headless Chromium."""
    with chromium.running() as running:
        yield running


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """A page of a fresh French visitor. A broken script or a breach of the content security policy fails the test."""
    context = browser.new_context(
        locale="fr-FR", timezone_id="Europe/Paris", viewport={"width": 1280, "height": 900}, accept_downloads=True
    )
    page = context.new_page()
    broken: list[str] = []
    page.on("pageerror", lambda error: broken.append(str(error)))
    page.on("console", lambda said: broken.append(said.text) if "Content Security Policy" in said.text else None)
    yield page
    context.close()
    assert not broken, "the browser complained:\n" + "\n".join(broken)
