"""A site to measure: a hospital with a long incident, a token for programs and open sessions for screens.

`python -m benchmarks.site DATA ENTRIES SESSIONS` adds the entries and prints the cookies, in a process of its own: Django
reads its settings once a process.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import NamedTuple

import psutil

from tests.support.seed import INCIDENT, seed
from tests.support.server import Server

ROOT = Path(__file__).resolve().parents[1]
STEP_ENTRIES = 1000


class Site(NamedTuple):
    """A running server, a token that may write, and the Cookie headers of signed-in screens."""

    server: Server
    token: str
    cookies: list[str]

    def memory_mb(self) -> float:
        """Memory of the server and its children (RSS, shared pages counted once for each process)."""
        assert self.server.process is not None
        root = psutil.Process(self.server.process.pid)
        return sum(one.memory_info().rss for one in (root, *root.children(recursive=True))) / 2**20


@contextmanager
def prepared(entries: int, sessions: int) -> Iterator[tuple[Path, str, list[str]]]:
    """A data directory with a site in it, its token and its cookies; gone at the end."""
    folder = Path(tempfile.mkdtemp(prefix="vigie-bench-", dir=os.environ.get("VIGIE_BENCH_DIR")))
    try:
        data = folder / "data"
        token = seed(data)
        made = subprocess.run(
            [sys.executable, "-m", "benchmarks.site", str(data), str(entries), str(sessions)],
            cwd=ROOT, capture_output=True, text=True, check=False,
        )  # fmt: skip
        if made.returncode:
            raise RuntimeError(f"the site could not be filled:\n{made.stderr}")
        yield data, token, json.loads(made.stdout.strip().splitlines()[-1])
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def running(entries: int, sessions: int) -> Iterator[Site]:
    """The same, served."""
    with prepared(entries, sessions) as (data, token, cookies):
        server = Server(data).start()
        try:
            yield Site(server, token, cookies)
        finally:
            server.kill()


def fill(data: Path, entries: int, sessions: int) -> None:
    """In the fresh process."""
    os.environ["VIGIE_DATA"] = str(data)
    os.environ["VIGIE_STATE"] = str(data.with_name(f"{data.name}-state"))
    os.environ["DJANGO_SETTINGS_MODULE"] = "vigie.web.settings"
    import django

    django.setup()
    from vigie.web import desk

    journal, at = desk.journal(), datetime.now(UTC) - timedelta(days=20)
    drafts = (_draft(number) for number in range(entries))
    while batch := [draft for _, draft in zip(range(STEP_ENTRIES), drafts, strict=False)]:
        at += timedelta(minutes=5)
        journal.append_all(batch, at)
    for _ in desk.rebuild():
        pass
    print(json.dumps([_cookie() for _ in range(sessions)]))


def _draft(number: int):
    """One entry of a crisis that goes on: notes, states, decisions, observations of 120 applications and 30 services."""
    from vigie.journal import Draft, facts

    application, service = f"app-{number % 120}", f"service-{number % 30}"
    state, mode = ("down", "degraded", "restored")[number % 3], ("degraded", "stopped", "normal")[number % 3]
    fact = (
        facts.Note(
            text=f"Ligne {number} : le laboratoire rappelle, résultats par coursier", applications=(application,)
        ),
        facts.AvailabilityChanged(application=application, state=state, seen="vu au poste de garde"),
        facts.ServiceModeChanged(service=service, mode=mode),
        facts.Decision(text=f"Décision {number} : la coupure est maintenue", decider="A. Lefort", services=(service,)),
        facts.Observation(
            text=f"Constat {number} : trafic vers le serveur {number % 200}", applications=(application,)
        ),
    )[number % 5]
    return Draft(INCIDENT, fact, "a.lefort", "director")


def _cookie() -> str:
    from django.conf import settings
    from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
    from django.contrib.sessions.backends.db import SessionStore

    from vigie.web.accounts.models import Person

    person, session = Person.objects.get(username="a.lefort"), SessionStore()
    session[SESSION_KEY], session[BACKEND_SESSION_KEY] = str(person.pk), settings.AUTHENTICATION_BACKENDS[0]
    session[HASH_SESSION_KEY] = person.get_session_auth_hash()
    session.create()
    return f"Cookie: {settings.SESSION_COOKIE_NAME}={session.session_key}"


if __name__ == "__main__":
    fill(Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]))
