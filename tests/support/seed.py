"""Set a node up without a browser: `python -m tests.support.seed DATA` prints an API token that may write its crisis.

Run in a process of its own, because Django's settings are read once a process.
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

INCIDENT = "valmont/crise"
PASSWORD = "la-phrase-de-l-astreinte"


def seed(data: Path, database_url: str | None = None) -> str:
    """Make hospital valmont with one incident in a data directory, and return a token for it."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("VIGIE_", "DATABASE_URL"))}
    environment["VIGIE_STATE"] = str(data.with_name(f"{data.name}-state"))
    if database_url:
        environment["DATABASE_URL"] = database_url
    root = Path(__file__).resolve().parents[2]
    done = subprocess.run(
        [sys.executable, "-m", "tests.support.seed", str(data)],
        cwd=root,
        env=environment,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, f"the node could not be set up:\n{done.stderr}"
    return done.stdout.strip().splitlines()[-1]


def main(data: Path) -> None:
    """In the fresh process."""
    os.environ["VIGIE_DATA"] = str(data)
    from vigie.web import start

    start.prepare()
    from vigie.journal.facts import Opened
    from vigie.web import clock, desk
    from vigie.web.accounts import links, services, tokens
    from vigie.web.accounts.models import Organisation
    from vigie.web.permissions import TOKEN_SCOPES

    person = services.set_up(
        links.find("set-up", links.new("set-up")), name="A. Lefort", username="a.lefort", password=PASSWORD,
        organisation="valmont", organisation_name="Centre hospitalier de Valmont", role="hospital", cell=True,
    )  # fmt: skip
    acting = services.acting_as(person)
    desk.open_incident(acting, Opened(title="Écrans noirs"), realm="real", name="crise", now=clock.now())
    token = tokens.create(
        acting, name="essai", organisation=Organisation.objects.get(), person=person, node="",
        scopes=[scope.value for scope in TOKEN_SCOPES],
    )  # fmt: skip
    print(token)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
