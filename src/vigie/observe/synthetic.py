"""A synthetic declarations table of any size, drawn by numpy: for benchmarks and demonstrations, never for figures.

Shares are plausible, none is a measurement. Its realm is `simulated`, so that it never passes for what happened. For a
sector whose margins are those published, through real journals, see `synthetic_sector.py`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.random import Generator

from vigie.observe.columns import ARROW, COLUMNS, LIST, SCHEMA, UNSAID
from vigie.observe.vocabulary import vocabulary

PIECE = 250_000
LEGAL_TIME = "Europe/Paris"
MINUTE, HOUR, DAY = 60_000_000, 3_600_000_000, 86_400_000_000  # microseconds
STATUS_OF = {
    "ch": "public", "chu": "public", "chs": "public", "army": "public", "clinic": "commercial", "espic": "non_profit",
    "clcc": "non_profit", "nursing_home": "public", "disability": "non_profit", "laboratory": "commercial",
    "imaging_centre": "commercial", "practice": "commercial",
}  # fmt: skip
KINDS = {
    "ch": 0.34, "chu": 0.10, "chs": 0.05, "clinic": 0.13, "espic": 0.07, "clcc": 0.015, "army": 0.005,
    "nursing_home": 0.12, "disability": 0.08, "laboratory": 0.03, "imaging_centre": 0.02, "practice": 0.04,
}  # fmt: skip
ORIGINS = {
    "ransomware": 0.05, "system_compromise": 0.12, "account_compromise": 0.15, "phishing": 0.10, "malware": 0.04,
    "denial_of_service": 0.02, "information_theft": 0.02, "infrastructure_failure": 0.14, "application_bug": 0.13,
    "telecom_loss": 0.08, "supplier_failure": 0.08, "human_error": 0.04, "unknown": 0.03,
}  # fmt: skip
FUNCTIONINGS = {"none": 0.50, "degraded": 0.36, "interruption": 0.06, "unknown": 0.08}
DANGERS = {"none": 0.72, "potential": 0.11, "confirmed": 0.003, "unknown": 0.167}
EXTENTS = {"workstation": 0.40, "one_server": 0.43, "several_servers": 0.10, "supplier": 0.05, "unknown": 0.02}
DATA_IMPACTS = (
    (),
    ("none",),
    ("unavailability",),
    ("loss",),
    ("disclosure",),
    ("integrity",),
    ("unavailability", "loss"),
)
DATA_SHARES = (0.08, 0.37, 0.30, 0.04, 0.13, 0.04, 0.04)
SERVICES = ((), ("emergency",), ("imaging",), ("laboratory",), ("pharmacy",), ("surgery", "imaging"), ("admissions",))
SERVICE_SHARES = (0.40, 0.10, 0.12, 0.12, 0.10, 0.06, 0.10)
CVES = ((), ("CVE-2023-4966",), ("CVE-2024-3400",), ("CVE-2021-44228", "CVE-2022-41082"))


@dataclass(frozen=True, slots=True)
class Declarants:
    """Fictitious establishments: codes of their kind and region, and how often each declares, summing to 1."""

    kinds: np.ndarray
    regions: np.ndarray
    weights: np.ndarray


def declarants(count: int, rng: Generator, regions: Mapping[str, float] | None = None) -> Declarants:
    """`count` establishments; `regions` gives the weight of each region (None: all alike). A few declare much."""
    weights = rng.gamma(0.7, size=count) + 0.05
    places = {code: (regions or {}).get(code, 0.0 if regions else 1.0) for code in _regions()}
    return Declarants(_draw(rng, count, KINDS.values()), _draw(rng, count, places.values()), weights / weights.sum())


def synthetic_table(
    count: int,
    rng: Generator,
    years: Sequence[int],
    among: Declarants | None = None,
    first: int = 0,
    realm: str = "simulated",
) -> pa.Table:
    """`count` rows (versions; a twelfth of the declarations have two) declared in `years`, in no particular order.

    `first` is the number of the first declaration, so that pieces do not meet; `among` the establishments that declare
    (None: one for every five rows, at least four thousand). Same arguments and state of `rng`, same table. Digests are
    drawn, not computed.
    """
    second = count // 13
    made = _Piece(count - second, rng, list(years), among or declarants(max(4_000, count // 5), rng), first)
    earlier = rng.permutation(made.count)[:second]
    return _with_earlier(made.columns(realm), earlier, made.requalified)


def synthetic_pieces(
    count: int, rng: Generator, years: Sequence[int], realm: str = "simulated", piece: int = PIECE
) -> Iterator[pa.Table]:
    """The same in pieces for `shelf.write_pieces`: ten million rows in bounded memory, from one set of establishments."""
    among = declarants(max(4_000, min(count // 5, 200_000)), rng)
    for first in range(0, count, piece):
        yield synthetic_table(min(piece, count - first), rng, years, among, first, realm)


class _Piece:
    """The declarations of one piece, drawn once; each method gives some columns."""

    def __init__(self, count: int, rng: Generator, years: list[int], among: Declarants, first: int) -> None:
        self.count, self.rng, self.years, self.among = count, rng, years, among
        self.numbers = np.arange(first, first + count)
        self.who = np.searchsorted(np.cumsum(among.weights)[:-1], rng.random(count))
        self.origin = _draw(rng, count, ORIGINS.values())
        days = rng.integers(0, 365, count) * DAY
        begin = np.array([np.datetime64(f"{year}-01-01", "us").astype(np.int64) for year in years])
        local = (
            begin[rng.integers(0, len(years), count)] + days + (rng.normal(13, 3, count) % 24 * HOUR).astype(np.int64)
        )
        self.declared = _from_legal(local)
        # Seven in ten the same day, eight in ten within a day; the rest after days or weeks.
        hours = np.where(rng.random(count) < 0.8, rng.exponential(6, count) % 24, 24 + rng.exponential(120, count))
        self.detected = self.declared - (hours * HOUR).astype(np.int64)
        self.occurred = self.detected - (rng.exponential(30, count) * HOUR).astype(np.int64)
        self.requalified = self.declared + (rng.gamma(1.5, 8, count) * DAY).astype(np.int64)

    def columns(self, realm: str) -> dict[str, Any]:
        """Every column of the current versions."""
        made = {
            **self._identity(realm),
            **self._who(),
            **self._when(),
            **self._what(),
            **self._impact(),
            **self._help(),
        }
        return {column.name: made.get(column.name, _unsaid(column.name, self.count)) for column in COLUMNS}

    def _identity(self, realm: str) -> dict[str, Any]:
        keys = pc.utf8_lpad(pa.array(self.numbers).cast(pa.string()), 9, "0")
        names = pc.binary_join_element_wise("synthetic:", keys, "")
        return {
            "declaration": names, "incident": names, "source_key": keys, "realm": pa.repeat(realm, self.count),
            "source": pa.repeat("synthetic", self.count), "source_digest": _hexadecimal(self.rng, self.count),
            "version": pa.repeat(pa.scalar(1, pa.int32()), self.count), "source_place": pa.repeat("synthetic", self.count),
        }  # fmt: skip

    def _who(self) -> dict[str, Any]:
        kinds, known = list(KINDS), vocabulary()["establishment_kinds"]
        number = pc.utf8_lpad(pa.array(self.who).cast(pa.string()), 7, "0")
        entity = pc.binary_join_element_wise("99", number, "")
        kind = self.among.kinds[self.who]
        social = np.array([known[name]["group"] == "social" for name in kinds])
        return {
            "establishment": pc.binary_join_element_wise("Établissement", number, " "), "legal_entity": entity,
            "declarant": entity, "sites": pa.ListArray.from_arrays(np.arange(self.count + 1, dtype=np.int32), entity),
            "establishment_kind": _words(kind, kinds),
            "legal_status": _words(kind, [STATUS_OF[name] for name in kinds]),
            "region": _words(self.among.regions[self.who], _regions()), "country": pa.repeat("FR", self.count),
            "sector": _words(social[kind].astype(int), ["health", "social"]),
            "essential_entity": _words((kind > 1).astype(int), ["yes", "no"]),
        }  # fmt: skip

    def _when(self) -> dict[str, Any]:
        local = pc.local_timestamp(_instants(self.declared).cast(pa.timestamp("us", LEGAL_TIME)))
        unseen = self.rng.random(self.count) < 0.03
        return {
            "occurred_at": _instants(self.occurred, self.rng.random(self.count) < 0.25),
            "detected_at": _instants(self.detected, unseen), "declared_at": _instants(self.declared),
            "recorded_at": _instants(self.declared), "known_from": _instants(self.declared + MINUTE),
            "known_until": pa.nulls(self.count, pa.timestamp("us")), "year": pc.year(local).cast(pa.int32()),
            "month": pc.month(local).cast(pa.int32()), "day": local.cast(pa.date32()).cast(pa.int32()),
        }  # fmt: skip

    def _what(self) -> dict[str, Any]:
        rng, count, origins = self.rng, self.count, list(ORIGINS)
        known = vocabulary()["origins"]
        ransomware = self.origin == origins.index("ransomware")
        extent = np.where(ransomware, _draw(rng, count, EXTENTS.values()), -1)
        twin = np.where(rng.random(count) < 0.02, np.maximum(self.numbers - 1, 0), -1)
        duplicate = pc.binary_join_element_wise(
            "synthetic:", pc.utf8_lpad(pa.array(twin).cast(pa.string()), 9, "0"), ""
        )
        return {
            "stage": _words(_draw(rng, count, (0.1, 0.6, 0.1, 0.2)), ["early_warning", "notification", "intermediate", "final"]),
            "nature": _words(_draw(rng, count, (0.97, 0.01, 0.01, 0.01)), list(vocabulary()["natures"])),
            "state": _words(_draw(rng, count, (0.1, 0.87, 0.03)), ["qualified", "closed", "out_of_scope"]),
            "duplicate_of": pc.if_else(pa.array(twin < 0), pa.scalar(None, pa.string()), duplicate),
            "malicious": _words(self.origin, [known[name]["malicious"] for name in origins]),
            "origin": _words(self.origin, origins), "ransomware_extent": _words(extent, list(EXTENTS)),
            "significance": _words(_draw(rng, count, (0.5, 0.4, 0.1)), ["not_significant", "significant", "serious"]),
        }  # fmt: skip

    def _impact(self) -> dict[str, Any]:
        rng, count = self.rng, self.count
        functioning = _draw(rng, count, FUNCTIONINGS.values())
        degraded = (functioning == 1) | (functioning == 2)
        hours = np.round(rng.lognormal(2.6, 1.1, count), 1)
        people = rng.lognormal(5, 2.2, count).astype(np.int64)
        return {
            "data_impact": _lists(_draw(rng, count, DATA_SHARES), DATA_IMPACTS),
            "data_subjects": _lists(_draw(rng, count, (0.4, 0.4, 0.2)), ((), ("patients",), ("patients", "staff"))),
            "people_affected": pa.array(people, mask=rng.random(count) < 0.8),
            "functioning": _words(functioning, list(FUNCTIONINGS)),
            "patient_danger": _words(_draw(rng, count, DANGERS.values()), list(DANGERS)),
            "hours_degraded": pa.array(hours, mask=~degraded | (rng.random(count) < 0.2)),
            "services": _lists(_draw(rng, count, SERVICE_SHARES), SERVICES),
        }  # fmt: skip

    def _help(self) -> dict[str, Any]:
        rng, count = self.rng, self.count
        asked = rng.random(count) < 0.25
        given = asked & (rng.random(count) < 0.6)
        supplier = np.where(rng.random(count) < 0.2, (rng.pareto(1.2, count) * 3).astype(np.int64) % 400, -1)
        called = pc.binary_join_element_wise("prestataire", pa.array(supplier).cast(pa.string()), "-")
        nobody = pa.array(supplier < 0)
        return {
            "support_asked": _words((~asked).astype(int), ["yes", "no"]),
            "support_given": _words((~given).astype(int), ["yes", "no"]),
            "support_by": _lists(np.where(given, 1 + (rng.random(count) < 0.3), 0), ((), ("cert-sante",), ("cert-sante", "anssi"))),
            "authorities": _lists(_draw(rng, count, (0.8, 0.2)), (("cert-sante", "ars", "fssi"), ("cert-sante", "ars", "cnil"))),
            "supplier_involved": _words((supplier < 0).astype(int), ["yes", "no"]),
            "supplier": pc.if_else(nobody, pa.scalar(None, pa.string()), called),
            "cause_group": pc.if_else(pa.array((supplier < 0) | (rng.random(count) < 0.5)), pa.scalar(None, pa.string()), called),
            "cves": _lists(_draw(rng, count, (0.94, 0.02, 0.02, 0.02)), CVES),
        }  # fmt: skip


def _with_earlier(columns: dict[str, Any], earlier: np.ndarray, requalified: np.ndarray) -> pa.Table:
    """The table, with an earlier version of some declarations: what was known before the observatory qualified them."""
    current = pa.Table.from_arrays([columns[name].cast(ARROW[_type(name)]) for name in SCHEMA.names], schema=SCHEMA)
    before, until = current.take(pa.array(earlier)), _instants(requalified[earlier])
    was = np.zeros(current.num_rows, dtype=bool)
    was[earlier] = True
    size = len(earlier)
    for name, word in (("state", "new"), ("origin", "unknown"), ("malicious", "unknown"), ("significance", "unknown")):
        before = _set(before, name, pa.repeat(word, size))
    for name in ("ransomware_extent", "cause_group", "duplicate_of"):
        before = _set(before, name, pa.nulls(size, pa.string()))
    before = _set(_set(before, "known_until", until), "nature", pa.repeat("incident", size))
    mask = pa.array(was)
    later = pc.if_else(mask, _instants(requalified), current["known_from"])
    current = _set(current, "version", pc.if_else(mask, pa.scalar(2, pa.int32()), pa.scalar(1, pa.int32())))
    return pa.concat_tables([_set(current, "known_from", later), before])


def _set(table: pa.Table, name: str, values: Any) -> pa.Table:
    return table.set_column(SCHEMA.get_field_index(name), SCHEMA.field(name), values)


def _type(name: str) -> str:
    return next(column.type for column in COLUMNS if column.name == name)


def _regions() -> list[str]:
    return [code for code in vocabulary()["regions"] if code != "unknown"]


def _draw(rng: Generator, count: int, shares: Any) -> np.ndarray:
    """Codes 0, 1... with these shares (they need not add up to 1)."""
    upto = np.cumsum(np.array(list(shares), dtype=float))
    return np.searchsorted(upto[:-1] / upto[-1], rng.random(count), side="right")


def _words(codes: np.ndarray, words: list[str]) -> pa.Array:
    """Words by code; -1 is null."""
    indices = pa.array(codes.astype(np.int8), mask=codes < 0)
    return pa.DictionaryArray.from_arrays(indices, pa.array(words, pa.string())).cast(pa.string())


def _lists(codes: np.ndarray, words: Sequence[tuple[str, ...]]) -> pa.Array:
    return pa.array([list(each) for each in words], ARROW[LIST]).take(pa.array(codes))


def _instants(microseconds: np.ndarray, unknown: np.ndarray | None = None) -> pa.Array:
    return pa.array(microseconds // MINUTE * MINUTE, mask=unknown).cast(pa.timestamp("us"))


def _from_legal(local: np.ndarray) -> np.ndarray:
    """Microseconds of UTC of wall clock microseconds in legal time; an hour that does not exist is the next one."""
    zoned = pc.assume_timezone(
        pa.array(local).cast(pa.timestamp("us")), LEGAL_TIME, ambiguous="earliest", nonexistent="latest"
    )
    return zoned.cast(pa.timestamp("us")).cast(pa.int64()).to_numpy()


def _hexadecimal(rng: Generator, count: int) -> pa.Array:
    digits = np.frombuffer(b"0123456789abcdef", dtype=np.uint8)[rng.integers(0, 16, count * 64, dtype=np.uint8)]
    offsets = np.arange(0, (count + 1) * 64, 64, dtype=np.int32)
    return pa.StringArray.from_buffers(count, pa.py_buffer(offsets), pa.py_buffer(digits))


def _unsaid(name: str, count: int) -> pa.Array:
    kind, value = ARROW[_type(name)], UNSAID[name]
    return pa.nulls(count, kind) if value is None else pa.repeat(pa.scalar(value, kind), count)
