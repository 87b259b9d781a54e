"""`python -m tests.web.observatory.prepared`: fill VIGIE_DATA with an observatory, its analyst, declarations, an edition.

Prints the cookie of a browser in which the analyst has signed in. A process of its own: beside a browser that is driven, the
ORM refuses to work.
"""

from __future__ import annotations

import os

os.environ["DJANGO_SETTINGS_MODULE"] = "vigie.web.settings"

import django

from vigie.web import node


def main() -> None:
    data = node.directory()
    node.prepare(data)
    django.setup()
    from django.core.management import call_command
    from django.test import Client

    from tests.web.observatory.conftest import CASES, Sector, edition
    from vigie.observe.report.content import read, written
    from vigie.web import clock
    from vigie.web.accounts.models import Membership, Organisation, Person
    from vigie.web.observatory import editions
    from vigie.web.observatory.checking import plain

    call_command("migrate", verbosity=0)
    node.create(data, node="valmont", role="observatory", organisation="valmont", name="Observatoire")
    now = clock.now()
    organisation = Organisation.objects.create(id="valmont", name="Observatoire", kind="observatory", created_at=now)
    person = Person.objects.create(username="agnes", name="Agnès Petit", created_at=now)
    Membership.objects.create(person=person, organisation=organisation, role="analyst")
    sector = Sector(None)
    for case in CASES:
        sector.declare(*case)
    raw = edition()
    editions.show(written(plain(read(raw))), "agnes", now)
    browser = Client()
    browser.force_login(person, backend="vigie.web.accounts.backend.Backend")
    print(browser.cookies["vigie_session"].value)


if __name__ == "__main__":
    main()
