"""Import of VERIS incidents on one core, beside what a user would do: json.loads alone, and pandas.json_normalize.

The incidents are made here in the shape and size of those of the VERIS Community Database (about 2 kB each, half of it
prose), so that the measure needs no download. Ours reads, maps, digests, and writes the table with every record in it;
json.loads only reads, and json_normalize reads and flattens.
"""

from __future__ import annotations

import json
import os
import random
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from benchmarks.row import Row, judged
from vigie.exchange.importing import import_into
from vigie.exchange.veris import READER

GOAL = 5_000
ROUNDS = 3
NOW = datetime(2026, 11, 25, tzinfo=UTC)
ACTIONS = {
    "error": ["Misdelivery", "Loss", "Publishing error", "Disposal error"],
    "misuse": ["Privilege abuse", "Possession abuse"],
    "physical": ["Theft", "Tampering"],
    "hacking": ["Use of stolen creds", "SQLi", "Unknown"],
    "malware": ["Ransomware", "Backdoor", "C2"],
    "social": ["Phishing", "Pretexting"],
}
WORDS = [
    "the",
    "hospital",
    "said",
    "that",
    "records",
    "of",
    "patients",
    "were",
    "found",
    "on",
    "a",
    "laptop",
    "in",
    "a",
    "car",
]


def measure(quick: bool) -> list[Row]:
    import pandas

    count = 1_000 if quick else 20_000
    with tempfile.TemporaryDirectory(prefix="vigie-bench-") as folder, one_core():
        source, target = Path(folder) / "incidents.jsonl", Path(folder) / "t.parquet"
        rng = random.Random(7)
        source.write_text(
            "".join(f"{json.dumps(incident(number, rng))}\n" for number in range(count)), encoding="utf-8"
        )
        lines = source.read_bytes().splitlines()

        def ours() -> None:
            target.unlink(missing_ok=True)
            import_into(READER, [source], target, NOW)

        imported = best(ours)
        again = best(lambda: import_into(READER, [source], target, NOW))
        loads = best(lambda: [json.loads(line) for line in lines])
        normal = best(lambda: pandas.json_normalize([json.loads(line) for line in lines]))
    rate = count / imported
    return [
        Row(
            what=f"import {count:,} VERIS incidents into the table, time of one core",
            ours=rate,
            unit="incidents/s",
            compared_to="json.loads and pandas.json_normalize",
            theirs=count / normal,
            target=f"at least {GOAL:,}",
            met=judged(rate >= GOAL, quick=quick),
        ),
        Row(
            what="the same, beside reading alone",
            ours=rate,
            unit="incidents/s",
            compared_to="json.loads alone",
            theirs=count / loads,
        ),
        Row(what="the same file a second time: nothing changes", ours=count / again, unit="incidents/s"),
    ]


def incident(number: int, rng: random.Random) -> dict[str, Any]:
    """One incident as VCDB codes them."""
    chosen = rng.sample(sorted(ACTIONS), rng.choice([1, 1, 1, 2]))
    return {
        "schema_version": "1.3.3",
        "incident_id": f"{number:08X}-E83D-4278-A19A-CEE01610CF43",
        "source_id": "bench",
        "security_incident": "Confirmed",
        "summary": " ".join(rng.choices(WORDS, k=rng.randrange(60, 300))),
        "reference": "https://example.org/a; https://example.org/b",
        "action": {name: {"variety": [rng.choice(ACTIONS[name])], "vector": ["Unknown"]} for name in chosen},
        "actor": {"external": {"country": ["Unknown"], "motive": ["Financial"], "region": ["000000"], "variety": ["Unknown"]}},
        "asset": {"assets": [{"variety": "U - Laptop"}, {"variety": "M - Documents"}]},
        "attribute": {
            "availability": {"variety": ["Loss"]},
            "confidentiality": {
                "data": [{"variety": "Medical", "amount": 120}, {"variety": "Personal"}],
                "data_disclosure": "Potentially",
                "data_total": rng.randrange(10_000),
                "data_victim": ["Patient"],
                "state": ["Stored unencrypted"],
            },
        },
        "discovery_method": {"internal": {"variety": ["Reported by employee"]}},
        "impact": {"overall_rating": "Unknown"},
        "plus": {"analysis_status": "First pass", "created": "2015-03-03T00:28:41Z", "master_id": f"{number}", "github": "4922"},
        "timeline": {"incident": {"year": rng.randrange(2008, 2025), "month": rng.randrange(1, 13), "day": rng.randrange(1, 29)}},
        "victim": {"country": ["US"], "employee_count": "101 to 1000", "industry": rng.choice(["622110", "621111", "923140"]),
                   "region": ["019021"], "state": "OR", "victim_id": f"Clinic {rng.randrange(4000)}"},
    }  # fmt: skip


def best(action: Callable[[], Any]) -> float:
    """Seconds of one core in the fastest of a few rounds: time of the processor, so that who shares the machine does not count."""
    took = []
    for _ in range(ROUNDS):
        began = time.process_time()
        action()
        took.append(time.process_time() - began)
    return min(took)


class one_core:
    """Everything inside runs on one core, where the system can say so."""

    def __enter__(self) -> None:
        self.before = os.sched_getaffinity(0) if hasattr(os, "sched_getaffinity") else None
        if self.before:
            os.sched_setaffinity(0, {min(self.before)})

    def __exit__(self, *said: object) -> None:
        if self.before:
            os.sched_setaffinity(0, self.before)
