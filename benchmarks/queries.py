"""How many queries pages cost: `python -m benchmarks.queries DATA ADDRESS QUERY...` prints the most of them.

In a process of its own (Django reads its settings once), after one visit that fills the caches as any first visitor does.
"""

from __future__ import annotations

import os
import sys
import threading


def main(data: str, address: str, readings: list[str]) -> None:
    """Print the largest number of queries, of the desk's database and the journal together."""
    os.environ.update(VIGIE_DATA=data, DJANGO_SETTINGS_MODULE="vigie.web.settings", VIGIE_ALLOWED_HOSTS="testserver")
    import django

    django.setup()
    from django.db import connection
    from django.test import Client
    from django.test.utils import CaptureQueriesContext

    from vigie.web import desk
    from vigie.web.accounts.models import Person

    client, read = Client(), []
    client.force_login(Person.objects.get(username="a.lefort"), backend="vigie.web.accounts.backend.Backend")
    transactions = type(desk.store()).reading

    def counted(store: object) -> object:
        if threading.current_thread() is threading.main_thread():  # not the verification in the background
            read.append(store)
        return transactions(store)

    type(desk.store()).reading = counted  # each reading of the journal is one query
    most = 0
    for reading in readings:
        client.get(address + reading)
        read.clear()
        with CaptureQueriesContext(connection) as queries:
            assert client.get(address + reading).status_code == 200, reading
        most = max(most, len(queries) + len(read))
    print(most)


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], sys.argv[3:])
