"""The synthetic sector: what was published comes back, counted by hand in the table derived from its journals."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import ibis
import numpy as np
import pytest

from vigie.journal import open_store
from vigie.observe.declarations import as_known_on, counted, declarations
from vigie.observe.published import conflicts, count_of, published, sources
from vigie.observe.synthetic_sector import write_sector

Rows = list[dict[str, Any]]
CASES = [(year, name) for year, figures in published().items() for name in figures]


def share(part: int, rows: Rows) -> int:
    """A percentage as it is printed."""
    return (200 * part + len(rows)) // (2 * len(rows))


def how_many(column: str, *words: str) -> Callable[[Rows], int]:
    return lambda rows: sum(row[column] in words for row in rows)


def touching(column: str, *words: str) -> Callable[[Rows], int]:
    return lambda rows: sum(bool(set(row[column]) & set(words)) for row in rows)


def declared_at_least(times: int) -> Callable[[Rows], int]:
    return lambda rows: sum(count >= times for count in Counter(row["declarant"] for row in rows).values())


def delay_days(row: dict[str, Any]) -> int:
    return (row["declared_at"].date() - row["detected_at"].date()).days


def group(*kinds: str) -> Callable[[Rows], int]:
    return how_many("establishment_kind", *kinds)


HEALTH = group("ch", "chu", "chs", "clinic", "espic", "clcc", "army")
DATA = ("unavailability", "loss", "integrity", "disclosure")
COUNTS: dict[str, Callable[[Rows], int]] = {
    "declared": len,
    "declarants": declared_at_least(1),
    "declared_twice_or_more": declared_at_least(2),
    "declared_four_times_or_more": declared_at_least(4),
    "first_half": lambda rows: sum(row["month"] <= 6 for row in rows),
    "same_day_percent": lambda rows: sum(delay_days(row) == 0 for row in rows),
    "within_day_percent": lambda rows: sum(
        (row["declared_at"] - row["detected_at"]).total_seconds() <= 86_400 for row in rows
    ),
    "malicious_percent": how_many("malicious", "yes"),
    "ransomware": how_many("origin", "ransomware"),
    "phishing": how_many("origin", "phishing"),
    "account_compromise": how_many("origin", "account_compromise"),
    "system_compromise": how_many("origin", "system_compromise"),
    "ransomware_several_servers": how_many("ransomware_extent", "several_servers"),
    "ransomware_one_server": how_many("ransomware_extent", "one_server"),
    "ransomware_workstation": how_many("ransomware_extent", "workstation"),
    "ransomware_supplier": how_many("ransomware_extent", "supplier"),
    "none_percent": how_many("functioning", "none"),
    "degraded_percent": how_many("functioning", "degraded"),
    "interruption": how_many("functioning", "interruption"),
    "care_percent": how_many("functioning", "degraded", "interruption"),
    "danger_potential": how_many("patient_danger", "potential"),
    "danger_confirmed": how_many("patient_danger", "confirmed"),
    "data_percent": touching("data_impact", *DATA),
    "unavailable_or_lost": touching("data_impact", "unavailability", "loss"),
    "integrity": touching("data_impact", "integrity"),
    "disclosure": touching("data_impact", "disclosure"),
    "support_asked": how_many("support_asked", "yes"),
    "support_given": how_many("support_given", "yes"),
    "state_help": touching("support_by", "anssi"),
    "state_help_essential": lambda rows: sum(
        "anssi" in row["support_by"] and row["essential_entity"] == "yes" for row in rows
    ),
    "supplier_percent": how_many("supplier_involved", "yes"),
    "health_percent": HEALTH,
    "social_percent": group("nursing_home", "disability", "other_social"),
    "serious": how_many("significance", "serious"),
    "routed_to_ansm": touching("authorities", "ansm"),
}


@pytest.fixture(scope="module")
def table(tmp_path_factory):
    store = open_store(str(tmp_path_factory.mktemp("sector") / "sector.db"))
    written = write_sector(store, np.random.default_rng(2026))
    yield declarations(store, written.observatory)
    store.close()


@pytest.fixture(scope="module")
def years(table) -> dict[int, Rows]:
    known = counted(as_known_on(ibis.memtable(table), None), "simulated").to_pyarrow().to_pylist()
    return {year: [row for row in known if row["year"] == year] for year in published()}


@pytest.mark.parametrize(("year", "name"), [case for case in CASES if case[1] in COUNTS])
def test_a_published_figure_comes_back(years, year, name):
    found = COUNTS[name](years[year])
    expected = published()[year][name].value
    assert (share(found, years[year]) if name.endswith("_percent") else found) == expected


def test_every_figure_is_checked():
    elsewhere = {"out_of_scope", "known_late", "ransomware_known_late"}
    assert {name for _, name in CASES} <= COUNTS.keys() | elsewhere


def test_the_first_count_of_2022_is_got_back_as_it_was_known_in_february_2023(table):
    then = as_known_on(ibis.memtable(table), datetime(2023, 2, 28, tzinfo=UTC))
    rows = [row for row in counted(then, "simulated").to_pyarrow().to_pylist() if row["year"] == 2022]
    assert (len(rows), how_many("origin", "ransomware")(rows)) == (588, 27)


def test_what_does_not_count_is_received_all_the_same(table):
    known = as_known_on(ibis.memtable(table), None).filter(ibis._.year == 2019).to_pyarrow().to_pylist()
    assert how_many("state", "out_of_scope")(known) == published()[2019]["out_of_scope"].value
    assert sum(row["duplicate_of"] in {other["declaration"] for other in known} for row in known) == 392 // 50
    assert len(known) > 392 + 38


def test_nothing_of_it_passes_for_what_happened(table):
    assert counted(ibis.memtable(table)).count().to_pyarrow().as_py() == 0
    assert set(table["legal_entity"].to_pylist()) - {None} and all(
        number.startswith("99") for number in table["legal_entity"].to_pylist()
    )


def test_same_seed_same_facts(tmp_path):
    rows = []
    for number in range(2):
        store = open_store(str(tmp_path / f"{number}.db"))
        written = write_sector(store, np.random.default_rng(5), [2018], {"11": 3, "84": 1})
        rows.append(declarations(store, written.observatory).to_pylist())
        store.close()
    assert rows[0] == rows[1]
    assert {row["region"] for row in rows[0]} == {"11", "84"}


def test_each_figure_says_where_it_is_from():
    for figures in published().values():
        for figure in figures.values():
            assert figure.status == "assumed" or figure.source in sources(), figure
            assert figure.status != "derived" or figure.note, figure
    for conflict in conflicts():
        assert published()[conflict["year"]][conflict["figure"]].value == conflict["chosen"]


@pytest.mark.parametrize(("percent", "whole"), [(50, 581), (58, 592), (41, 327), (1, 369)])
def test_a_percentage_is_met_by_a_count(percent, whole):
    assert round(100 * count_of(percent, whole) / whole) == percent
