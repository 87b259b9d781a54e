"""Samples: a small declarations table in which everything that can be awkward happens at least once."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import numpy as np
import pyarrow as pa

from vigie.observe.declarations import row, table_of
from vigie.observe.synthetic import synthetic_table

YEARS = [2022, 2023, 2024]
CORRECTED = datetime(2024, 6, 1, 12, tzinfo=UTC)
NOON = datetime(2024, 5, 2, 12, tzinfo=UTC)


def sample(count: int = 1_500) -> pa.Table:
    """Drawn declarations, all counted as real, and the awkward ones below."""
    drawn = synthetic_table(count, np.random.default_rng(20261125), YEARS, realm="real")
    return pa.concat_tables([drawn, table_of(awkward())])


def awkward() -> list[dict[str, Any]]:
    """Rows that say little, much, twice, or what cannot be."""
    made = [
        {"year": None, "month": None},
        {"year": 2024, "month": None, "origin": "word of tomorrow", "malicious": "yes", "region": "US-OH", "country": "US"},
        {"declared_at": NOON, "detected_at": NOON + timedelta(hours=3)},  # seen after it was declared
        {"declared_at": NOON, "detected_at": NOON - timedelta(seconds=59), "functioning": "interruption"},
        {"declared_at": NOON, "detected_at": NOON - timedelta(hours=12)},
        {"declared_at": NOON, "detected_at": NOON - timedelta(hours=12, minutes=1), "functioning": "none", "hours_degraded": 3.0},
        {"declared_at": NOON, "detected_at": NOON - timedelta(days=1), "functioning": "degraded", "hours_degraded": 0.1},
        {"declared_at": NOON, "detected_at": NOON - timedelta(days=7, minutes=1), "functioning": "degraded"},
        {"data_impact": ["loss", "none"], "data_subjects": ["patients"], "people_affected": 0},
        {"data_impact": ["disclosure", "integrity", "disclosure"], "people_affected": 5_000_000_000},
        {"origin": "ransomware", "malicious": "yes", "ransomware_extent": None, "declarant": "A", "essential_entity": "yes"},
        {"origin": "ransomware", "malicious": "no", "ransomware_extent": "supplier", "declarant": "A", "essential_entity": "no"},
        {"origin": "phishing", "ransomware_extent": "one_server", "declarant": "A", "cause_group": "c1"},
        {"support_given": "yes", "support_by": [], "establishment_kind": "army", "cause_group": "c1"},
        {"support_by": ["anssi", "police"], "establishment_kind": "laboratory", "essential_entity": "yes"},
        {"support_by": ["fssi"], "authorities": ["other"], "services": ["imaging", "theatre"], "support_asked": "yes"},
        {"actions": ["hacking", "malware"], "actors": ["external"], "source": "veris"},
        {"actions": ["unknown"], "actors": ["internal", "partner"], "source": "hhs", "country": "US", "region": "US-NY"},
        {"cves": ["CVE-2026-1", "CVE-2024-3400"], "sector": "health"},
        {"nature": "threat"},
        {"state": "out_of_scope", "nature": "near_miss"},
        {"duplicate_of": "sample:0", "state": "out_of_scope"},
        {"realm": "exercise", "origin": "ransomware"},
    ]  # fmt: skip
    rows = [_row(number, **{"year": 2024, "month": 5, **said}) for number, said in enumerate(made)]
    corrected = _row(900, year=2024, month=5, malicious="no", known_until=CORRECTED)
    return [
        *rows,
        corrected,
        {**corrected, "malicious": "yes", "version": 2, "known_from": CORRECTED, "known_until": None},
    ]


def _row(number: int, **said: Any) -> dict[str, Any]:
    name = f"sample:{number}"
    known = {
        "known_from": datetime(2024, 5, 3, tzinfo=UTC),
        "recorded_at": NOON,
        "source": "template",
        "source_key": name,
    }
    return row(**{"declaration": name, "incident": name, "source_digest": f"{number:064x}", **known, **said})
