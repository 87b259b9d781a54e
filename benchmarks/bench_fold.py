"""The fold, on decoded entries in memory, beside a loop that keeps the last state of each subject in dictionaries.

The loop is what one would write in ten minutes. It knows nothing of authority, corrections, conflicts, clocks or the past, so
it is a floor and not a rival: what the fold adds to it is the price of these. The figure straight from the database is in
`bench_journal.py`.
"""

from __future__ import annotations

import random
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import Any

from benchmarks.row import Row, judged
from vigie.journal.entry import Entry, Received
from vigie.journal.facts import (
    AvailabilityChanged,
    Capacity,
    Communication,
    Correction,
    Decision,
    Fact,
    Indicator,
    Note,
    Observation,
    ServiceModeChanged,
    Task,
    Transfer,
    TrustChanged,
)
from vigie.respond import Fold

START = datetime(2026, 11, 22, 3, tzinfo=UTC)
INCIDENT = "valmont/2026-11-crypto"
GOAL = 200_000
ROUNDS = 5
# What crisis cells write, out of a hundred entries: mostly free text, then states, actions, decisions.
MIX: dict[Callable[[random.Random], Fact], int] = {
    lambda rng: Note(text="Appel du service de garde."): 30,
    lambda rng: Observation(text="Écran noir au poste 12."): 14,
    lambda rng: AvailabilityChanged(
        application=f"app-{rng.randrange(120)}", state=rng.choice(["down", "restored"])
    ): 18,
    lambda rng: ServiceModeChanged(service=f"svc-{rng.randrange(32)}", mode="degraded", capacity_percent=60): 7,
    lambda rng: Task(task=f"task-{rng.randrange(2000)}", text="Rappeler", state=rng.choice(["assigned", "done"])): 10,
    lambda rng: Decision(text="Délester", decider="Dr Roux"): 5,
    lambda rng: TrustChanged(subject_kind="host", subject=f"host-{rng.randrange(300)}", state="suspect"): 4,
    lambda rng: Communication(audience="ARS", channel="téléphone", text="Point de situation"): 4,
    lambda rng: Transfer(service=f"svc-{rng.randrange(32)}", patients=2, to="CHU"): 3,
    lambda rng: Capacity(service=f"svc-{rng.randrange(32)}", beds_open=rng.randrange(30)): 3,
    lambda rng: Indicator(type="ip", value=f"192.0.2.{rng.randrange(256)}"): 2,
}


def measure(quick: bool) -> list[Row]:
    size = 5_000 if quick else 100_000
    entries = crisis(size)
    fold_seconds = best(lambda: folded(entries).snapshot())
    loop_seconds = best(lambda: last_states(entries))
    fold = folded(entries)
    fold.snapshot()
    one_more = [entry(size + number, random.Random(number)) for number in range(200)]
    one_seconds = spent(lambda: [(fold.add(each), fold.snapshot()) for each in one_more]) / len(one_more)
    past = START + timedelta(seconds=size // 2)
    rate = size / fold_seconds
    return [
        Row(
            what=f"fold {size:,} decoded entries into a situation",
            ours=rate,
            unit="entries/s",
            compared_to="entries/s, dictionaries of last states",
            theirs=size / loop_seconds,
            target=f"at least {GOAL:,}",
            met=judged(rate >= GOAL, quick=quick),
        ),
        Row(
            what=f"the situation after one new entry, {size:,} held",
            ours=one_seconds * 1e6,
            unit="µs",
            compared_to="µs, folded from zero",
            theirs=fold_seconds * 1e6,
            target="never from zero",
            met=judged(one_seconds < fold_seconds / 100, quick=quick),
        ),
        Row(what="what was known half-way, folded anew", ours=best(lambda: fold.snapshot(past)) * 1e3, unit="ms"),
    ]


def crisis(size: int) -> list[Received]:
    """The entries of one incident, as two laptops of one hospital write them; one in a hundred is corrected."""
    rng = random.Random(20261122)
    return [entry(number, rng) for number in range(size)]


def entry(number: int, rng: random.Random) -> Received:
    if number % 100 == 99:
        fact: Fact = Correction(of=digest_of(rng.randrange(number)), why="erreur de saisie")
    else:
        fact = rng.choices(list(MIX), list(MIX.values()))[0](rng)
    node = f"valmont-{number % 2}"
    received_at = START + timedelta(seconds=number)
    happened_at = received_at - timedelta(minutes=rng.choice([0, 0, 0, 5, 45]))
    envelope = Entry(
        "real", INCIDENT, node, sha256(node.encode()).hexdigest()[:16], number // 2, "", happened_at, "exact",
        received_at, 0, "A. Martin", "member", fact.kind, "amber", None, False, None, "c" * 64,
        {other_log(number): number // 2} if number % 50 == 0 else {},
    )  # fmt: skip
    return Received(number + 1, digest_of(number), envelope, fact, received_at)


def other_log(number: int) -> str:
    node = f"valmont-{(number + 1) % 2}"
    return f"{node}/{sha256(node.encode()).hexdigest()[:16]}"


def digest_of(number: int) -> str:
    return sha256(str(number).encode()).hexdigest()


def folded(entries: list[Received]) -> Fold:
    fold = Fold(INCIDENT)
    fold.add_all(entries)
    return fold


def last_states(entries: list[Received]) -> dict[str, dict[Any, Any]]:
    """What one would write without the house: the last thing that arrived wins."""
    states: dict[str, dict[Any, Any]] = {}
    subjects = {"availability": "application", "service_mode": "service", "task": "task", "capacity": "service",
                "trust": "subject"}  # fmt: skip
    for number, _, envelope, fact, _ in entries:
        field = subjects.get(envelope.kind)
        states.setdefault(envelope.kind, {})[getattr(fact, field) if field else number] = fact
    return states


def best(work: Callable[[], Any]) -> float:
    """Seconds of the best of a few rounds: the others measure what else the machine was doing."""
    return min(spent(work) for _ in range(ROUNDS))


def spent(work: Callable[[], Any]) -> float:
    start = time.perf_counter()
    work()
    return time.perf_counter() - start
