"""Start: bring the data directory up to date, check the settings, and say how to get in."""

from __future__ import annotations

import os
import sys
from typing import Any

from vigie.errors import InputError, VigieError
from vigie.web import node


def prepare(migrate: bool = True) -> None:
    """Create what is missing, migrate, check. Raises InputError when a setting is bad, StorageError for the disk."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "vigie.web.settings")
    node.prepare(node.directory())
    import django
    from django.core.exceptions import ImproperlyConfigured

    try:
        django.setup()
    except (ImproperlyConfigured, ValueError) as error:
        raise InputError(f"a setting is wrong: {error}. All settings are in docs/reference/settings.md") from error
    _check()
    if migrate:
        _migrate()


def application() -> Any:
    """The WSGI application of a prepared node. Prints its address, and a set-up link while it has no administrator."""
    alone = "VIGIE_PREPARED" not in os.environ
    prepare(migrate=alone)
    from vigie.web.api.handler import Doors

    ready = Doors()
    if alone:
        announce()
    return ready


def announce() -> None:
    """Print where the site is, and a fresh set-up link while there is no administrator."""
    from vigie.web.accounts import services

    url = os.environ.get("VIGIE_URL", "http://127.0.0.1:8000")
    print(f"Vigie: {url}", file=sys.stderr)
    if os.environ.get("VIGIE_DEMO"):
        _announce_demo(url)
        return
    link = services.set_up_link(url)
    if link:
        print(
            f"\n  First start: open this link once to create the administrator of this node\n\n    {link}\n",
            file=sys.stderr,
        )
    sys.stderr.flush()


def _announce_demo(url: str) -> None:
    from vigie.web.demo import persons

    print("\n  Choose who you are. Each link works once, on this machine; stop with Ctrl-C.\n", file=sys.stderr)
    for name, work, link in persons.sign_in_links(url):
        print(f"    {name}, {work}\n      {link}", file=sys.stderr)
    print(
        "\n  The crisis cell sees its own incident, which is simulated. The analyst also sees the real crises of others,"
        "\n  written from public sources.\n",
        file=sys.stderr, flush=True,
    )  # fmt: skip


def _check() -> None:
    from django.core import checks

    faults = checks.run_checks()
    for warning in (fault for fault in faults if not fault.is_serious()):
        print(f"warning: {warning.id}: {warning.msg} {warning.hint or ''}", file=sys.stderr)
    serious = [fault for fault in faults if fault.is_serious()]
    if serious:
        raise InputError("\n".join(f"{fault.id}: {fault.msg} {fault.hint or ''}".strip() for fault in serious))


def _migrate() -> None:
    """Apply what is missing. The plan is asked for first: a start with nothing to do must not pay for a migration."""
    from django.db import connection
    from django.db.migrations.executor import MigrationExecutor

    executor = MigrationExecutor(connection)
    if executor.migration_plan(executor.loader.graph.leaf_nodes()):
        from django.core.management import call_command

        call_command("migrate", verbosity=0, interactive=False)


def main() -> None:
    """Prepare and announce, for several serving processes that must not all do it. Exit code 1 when it cannot."""
    try:
        prepare()
        announce()
    except VigieError as error:
        print("\n".join(f"error: {line}" for line in str(error).splitlines()), file=sys.stderr)
        sys.exit(1)


if __name__ == "__main__":
    main()
