"""A site of its own for each test: a fresh data directory, and five persons that every access test knows."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

os.environ["DJANGO_SETTINGS_MODULE"] = "vigie.web.settings"
os.environ["VIGIE_DATA"] = tempfile.mkdtemp(prefix="vigie-tests-")
os.environ.pop("DATABASE_URL", None)

import django
from django.test.utils import override_settings, setup_test_environment
from django.utils import translation

from tests.web.support import PASSWORD
from vigie.web import node

node.prepare(node.directory())
django.setup()
setup_test_environment()

if TYPE_CHECKING:
    from django.test import Client

    from vigie.web.accounts.models import Person

FAST_HASHER = "django.contrib.auth.hashers.MD5PasswordHasher"


@dataclass
class Site:
    """A hospital's node, set up, with its persons.

    `alice` directs the crisis cell of valmont, `bob` is a member of it, `charlie` directs that of the other hospital,
    rivage, `agnes` is an analyst of the observatory, `admin` administers valmont and reads no log.
    """

    data: Path
    alice: Person
    bob: Person
    charlie: Person
    agnes: Person
    admin: Person

    def client(self, person: Person | None = None, **options: object) -> Client:
        """A browser in which `person` has signed in (nobody when None). Server errors come back as answers."""
        from django.test import Client

        browser = Client(raise_request_exception=False, **options)
        if person is not None:
            browser.force_login(person, backend="vigie.web.accounts.backend.Backend")
        return browser


@pytest.fixture(autouse=True)
def french() -> Iterator[None]:
    """A page read in English leaves its language to the thread: the next test begins in French, as a new thread does."""
    with translation.override("fr"):
        yield


@pytest.fixture(scope="session")
def migrated() -> Path:
    """A migrated, empty SQLite database that each test starts from a copy of."""
    from django.core.management import call_command
    from django.db import connections

    call_command("migrate", verbosity=0)
    # In WAL mode the main file is whole only once the last connection is closed.
    connections.close_all()
    return Path(str(connections.settings["default"]["NAME"]))


@pytest.fixture
def bare_site(migrated: Path, tmp_path: Path) -> Iterator[Path]:
    """The data directory of a node that nobody has set up yet."""
    from django.core.cache import cache
    from django.db import connections

    from vigie.web.accounts import memory

    data = tmp_path / "data"
    node.prepare(data)
    shutil.copy(migrated, data / "desk.db")
    connections.close_all()
    connections.settings["default"]["NAME"] = str(data / "desk.db")
    cache.clear()
    memory.forget()
    _forget_journal()
    with override_settings(VIGIE_DATA=data, PASSWORD_HASHERS=[FAST_HASHER]):
        yield data
    _forget_journal()
    connections.close_all()
    connections.settings["default"]["NAME"] = str(migrated)


@pytest.fixture
def client(bare_site: Path) -> Client:
    """A browser in which nobody has signed in."""
    from django.test import Client

    return Client(raise_request_exception=False)


@pytest.fixture
def site(bare_site: Path) -> Site:
    """The node of hospital valmont with its persons."""
    node.create(
        bare_site, node="valmont", role="hospital", organisation="valmont", name="Centre hospitalier de Valmont"
    )
    return Site(bare_site, **_persons())


def _persons() -> dict[str, Person]:
    from vigie.web import clock
    from vigie.web.accounts.models import Membership, Organisation, Person

    now = clock.now()
    organisations = {
        id: Organisation.objects.create(id=id, name=name, kind=kind, created_at=now)
        for id, name, kind in (
            ("valmont", "Centre hospitalier de Valmont", "hospital"),
            ("rivage", "Hôpital du Rivage", "hospital"),
            ("observatoire", "Observatoire", "observatory"),
        )
    }
    made = {}
    for key, username, name, organisation, role in (
        ("alice", "a.lefort", "Alice Lefort", "valmont", "director"),
        ("bob", "b.roux", "Bob Roux", "valmont", "member"),
        ("charlie", "c.morel", "Charlie Morel", "rivage", "director"),
        ("agnes", "agnes", "Agnès Petit", "observatoire", "analyst"),
        ("admin", "d.admin", "Dominique Admin", "valmont", "administrator"),
    ):
        person = Person(username=username, name=name, created_at=now)
        person.set_password(PASSWORD)
        person.save()
        Membership.objects.create(person=person, organisation=organisations[organisation], role=role)
        made[key] = person
    return made


def _forget_journal() -> None:
    """The desk keeps one journal for a process: each test must open its own."""
    from vigie.web import desk

    getattr(desk, "reset", lambda: None)()
