"""kill -9 of the server while people write: every acknowledged entry must be there afterwards.

`python -m benchmarks.kill` kills 50 times during 16 concurrent writers, on SQLite and on PostgreSQL, until at least 10,000
entries were acknowledged, and prints one line for each. Exit code 1 when a single one is lost.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
import threading
import time
from dataclasses import dataclass, field
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from random import Random

from tests.support import postgres
from tests.support.seed import INCIDENT, seed
from tests.support.server import Server
from vigie.journal import open_store, verify


@dataclass
class Tally:
    """What the writers were told. `acknowledged` maps the digest of each receipt to the text written."""

    acknowledged: dict[str, str] = field(default_factory=dict)
    refused: list[str] = field(default_factory=list)
    cut: int = 0


def writer(port: int, token: str, name: str, tally: Tally, stop: threading.Event) -> None:
    """Write one entry after the other until the server dies."""
    connection = HTTPConnection("127.0.0.1", port, timeout=10)
    number = 0
    while not stop.is_set():
        number += 1
        text = f"{name} ligne {number}"
        try:
            connection.request(
                "POST", f"/api/incidents/{INCIDENT}/entries", json.dumps({"fact": {"kind": "note", "text": text}}),
                {"Authorization": f"Bearer {token}", "Content-Type": "application/json", "Idempotency-Key": text},
            )  # fmt: skip
            answer = connection.getresponse()
            body = answer.read()
        except (OSError, HTTPException):
            tally.cut += 1
            return
        if answer.status == 201:
            tally.acknowledged[json.loads(body)["digest"]] = text
        else:
            tally.refused.append(f"{answer.status} {body[:200]!r}")
            return


def assault(server: Server, token: str, kills: int, enough: int, writers: int, rng: Random) -> Tally:
    """Start, let them write, kill, again."""
    tally = Tally()
    for round_number in range(kills):
        server.start()
        stop = threading.Event()
        before = len(tally.acknowledged)
        threads = [
            threading.Thread(target=writer, args=(server.port, token, f"{round_number}-{i}", tally, stop))
            for i in range(writers)
        ]
        for thread in threads:
            thread.start()
        share, deadline = enough / kills, time.monotonic() + 20
        while len(tally.acknowledged) - before < share and time.monotonic() < deadline and not tally.refused:
            time.sleep(0.01)
        time.sleep(rng.uniform(0, 0.05))  # anywhere in a commit
        server.kill()
        stop.set()
        for thread in threads:
            thread.join()
    return tally


def lost(server: Server, tally: Tally) -> tuple[int, bool]:
    """How many acknowledged entries are not in the journal with their text, and whether the journal verifies."""
    store = open_store(server.database_url or str(server.data / "journal.db"))
    held = {received.digest: getattr(received.fact, "text", None) for received in store.received(incident=INCIDENT)}
    intact = verify(store).ok
    store.close()
    return sum(held.get(digest) != text for digest, text in tally.acknowledged.items()), intact


def run(kills: int, enough: int, writers: int, database_url: str | None, data: Path, seed_of_chance: int) -> Tally:
    """One assault on a fresh node; the tally, after printing its line. AssertionError when something is lost."""
    server = Server(data, database_url=database_url)
    token = seed(data, database_url)
    tally = assault(server, token, kills, enough, writers, Random(seed_of_chance))
    missing, intact = lost(server, tally)
    name = "PostgreSQL" if database_url else "SQLite"
    print(
        f"{name}: {kills} x kill -9 during {writers} writers, {len(tally.acknowledged)} acknowledged, {missing} lost,"
        f" {tally.cut} requests cut, journal {'intact' if intact else 'NOT INTACT'}", flush=True,
    )  # fmt: skip
    assert not tally.refused, f"the server refused: {tally.refused[:3]}"
    assert missing == 0 and intact
    return tally


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kills", type=int, default=50)
    parser.add_argument("--acknowledged", type=int, default=10_500)
    parser.add_argument("--writers", type=int, default=16)
    chosen = parser.parse_args()
    sizes = (chosen.kills, chosen.acknowledged, chosen.writers)
    with tempfile.TemporaryDirectory() as directory:
        run(*sizes, None, Path(directory) / "sqlite", 1)
        with postgres.server(durable=True) as server, postgres.database(server) as url:
            run(*sizes, url, Path(directory) / "postgresql", 2)
    return 0


if __name__ == "__main__":
    sys.exit(main())
