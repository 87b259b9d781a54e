"""The internal report on the synthetic sector prints the published figures back: each is looked up in its figures.json."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime

import numpy as np
import pytest

from vigie.journal import open_store
from vigie.observe.declarations import declarations
from vigie.observe.edition import Edition, frontier_of
from vigie.observe.published import published
from vigie.observe.report.content import written
from vigie.observe.report.making import Material, make
from vigie.observe.synthetic_sector import write_sector

# Published figure -> table, measure, and the names of the rows whose numbers are added up.
PLACES: dict[str, tuple[str, str, tuple[str, ...]]] = {
    "declared": ("declarations_per_year", "declarations", ()),
    "declarants": ("declarants", "declarants", ()),
    "declared_twice_or_more": ("repeat_declarants", "declarants", ("two", "three", "four_or_more")),
    "declared_four_times_or_more": ("repeat_declarants", "declarants", ("four_or_more",)),
    "out_of_scope": ("received_and_kept", "declarations", ("out_of_scope",)),
    "first_half": ("declarations_per_half_year", "declarations", ("first",)),
    "same_day_percent": ("by_declaration_delay", "share", ("same_day",)),
    "within_day_percent": ("by_declaration_delay", "share", ("same_day", "one_day")),
    "malicious_percent": ("malicious_share", "share", ("yes",)),
    "ransomware": ("ransomware_share", "ransomware", ()),
    "phishing": ("by_origin", "declarations", ("phishing",)),
    "account_compromise": ("by_origin", "declarations", ("account_compromise",)),
    "system_compromise": ("by_origin", "declarations", ("system_compromise",)),
    "ransomware_several_servers": ("ransomware_by_extent", "declarations", ("several_servers",)),
    "ransomware_one_server": ("ransomware_by_extent", "declarations", ("one_server",)),
    "ransomware_workstation": ("ransomware_by_extent", "declarations", ("workstation",)),
    "ransomware_supplier": ("ransomware_by_extent", "declarations", ("supplier",)),
    "none_percent": ("by_functioning", "share", ("none",)),
    "degraded_percent": ("by_functioning", "share", ("degraded",)),
    "interruption": ("by_functioning", "declarations", ("interruption",)),
    "care_percent": ("by_functioning", "share", ("degraded", "interruption")),
    "danger_potential": ("by_patient_danger", "declarations", ("potential",)),
    "danger_confirmed": ("by_patient_danger", "declarations", ("confirmed",)),
    "data_percent": ("any_data_impact", "share", ("yes",)),
    "integrity": ("by_data_impact", "declarations", ("integrity",)),
    "disclosure": ("by_data_impact", "declarations", ("disclosure",)),
    "support_asked": ("by_support_asked", "declarations", ("yes",)),
    "support_given": ("by_support_given", "declarations", ("yes",)),
    "state_help": ("by_support_giver", "declarations", ("anssi",)),
    "state_help_essential": ("state_interventions_by_essential_entity", "declarations", ("yes",)),
    "supplier_percent": ("by_supplier_involved", "share", ("yes",)),
    "health_percent": ("by_structure_group", "share", ("health",)),
    "social_percent": ("by_structure_group", "share", ("social",)),
    "serious": ("by_significance", "declarations", ("serious",)),
    "routed_to_ansm": ("by_authority", "declarations", ("ansm",)),
}
# In no table: data unavailable or lost overlap; what was known late is what an earlier `as_known_on` shows.
NOT_PRINTED = {"unavailable_or_lost", "known_late", "ransomware_known_late"}
CASES = [(year, name) for year, figures in published().items() for name in figures if name in PLACES]


@pytest.fixture(scope="module")
def editions(tmp_path_factory):
    """`figures.json` of 2024 as known at the end of 2025, and of 2022 as known on 28 February 2023."""
    store = open_store(str(tmp_path_factory.mktemp("sector") / "sector.db"))
    written_sector = write_sector(store, np.random.default_rng(2026))
    table = declarations(store, written_sector.observatory)
    found = {}
    for year, known in ((2024, datetime(2025, 12, 31, tzinfo=UTC)), (2022, datetime(2023, 2, 28, tzinfo=UTC))):
        asked = Edition(year, date(2025, 12, 31), known, "internal", "simulated", ("fr",))
        frontier = frontier_of(store, known)
        found[year] = json.loads(written(make(asked, table, Material(frontier))))
    store.close()
    return found


def looked_up(figures: dict, year: int, name: str) -> int:
    table, measure, names = PLACES[name]
    said = figures["tables"][table]
    place = said["columns"].index(measure)
    rows = [row for row in said["rows"] if row[0] == year and (not names or row[1] in names)]
    assert rows, f"{table} has no row of {year}"
    total = sum(row[place] for row in rows)
    return int(100 * total + 0.5) if measure == "share" else total


def test_every_published_figure_is_looked_for():
    assert {name for figures in published().values() for name in figures} == PLACES.keys() | NOT_PRINTED


@pytest.mark.parametrize(("year", "name"), CASES)
def test_a_published_figure_is_printed_back(editions, year, name):
    assert looked_up(editions[2024], year, name) == published()[year][name].value


def test_the_first_figures_of_2022_are_printed_back_as_known_then(editions):
    assert looked_up(editions[2022], 2022, "declared") == 588
    assert looked_up(editions[2022], 2022, "ransomware") == 27


def test_the_edition_pins_where_each_log_of_the_journal_stood(editions):
    logs = [
        {name: pin for name, pin in editions[year]["edition"]["source"].items() if name.startswith("log ")}
        for year in (2022, 2024)
    ]
    assert logs[0].keys() <= logs[1].keys() and len(logs[1]) == 2
    assert all(int(logs[0][name].split()[0]) < int(logs[1][name].split()[0]) for name in logs[0])
    assert all("part" not in pin for pin in logs[1].values())
