"""The figures, cell by cell: counted from shared cells, counted row by row, and counted by hand are the same."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.observe.tables.plain import plain
from tests.observe.tables.samples import CORRECTED, YEARS, sample
from vigie.errors import InputError
from vigie.observe import declarations
from vigie.observe.columns import SCHEMA
from vigie.observe.compute import compute, received_in
from vigie.observe.engine import fetched, held_in_memory
from vigie.observe.figures import figures
from vigie.observe.tables import TABLES
from vigie.observe.tables.prepared import prepared

TABLE = sample()
FIGURES = compute(TABLE)
BY_HAND = plain(TABLE.to_pylist())


@pytest.mark.parametrize("name", TABLES)
def test_counted_by_hand_it_is_the_same(name):
    width = len(TABLES[name].dimensions)
    made = {row[:width]: row[width:] for row in FIGURES[name].rows}
    hand = BY_HAND[name]
    assert hand
    for key, values in hand.items():
        for found, expected in zip(made[key], values, strict=True):
            assert found == (expected if expected is None else pytest.approx(expected, rel=1e-12)), key
    for key in made.keys() - hand.keys():  # words that did not occur
        assert all(
            not value for value, measure in zip(made[key], TABLES[name].measures, strict=True) if measure.additive
        )


@pytest.mark.parametrize("name", TABLES)
def test_counted_row_by_row_it_is_the_same(name):
    received = received_in(held_in_memory(TABLE), None, None, None, "real")
    table = TABLES[name]
    counted = received if table.scope == "received" else declarations.counted(received)
    found = fetched(table.build(prepared(counted)).select(*table.columns))
    rows = zip(*(column.to_pylist() for column in found.columns), strict=True)
    assert figures(table, rows, [*YEARS, None]) == FIGURES[name]


def test_one_year_is_a_slice_of_all():
    one = compute(TABLE, year=2023)
    for name, all_years in FIGURES.items():
        rows = {row for row in all_years.rows if row[0] == 2023}
        missing = rows - {*one[name].rows}
        assert {*one[name].rows} <= rows
        assert not any(row[len(TABLES[name].dimensions)] for row in missing), name  # zeros of words seen another year


def test_a_correction_is_unknown_the_day_before():
    after = compute(TABLE, ["malicious_share"], year=2024, as_known_on=CORRECTED)["malicious_share"].rows
    before = compute(TABLE, ["malicious_share"], year=2024, as_known_on=CORRECTED - timedelta(seconds=1))
    counts = [{row[1]: row[2] for row in rows} for rows in (before["malicious_share"].rows, after)]
    assert counts[1]["yes"] >= counts[0]["yes"] + 1


def test_one_sector_is_less_than_all():
    health = compute(TABLE, ["by_sector"], sector="health")["by_sector"]
    assert {row[1] for row in health.rows if row[2]} == {"health"}
    assert sum(row[2] for row in health.rows) == sum(row[2] for row in FIGURES["by_sector"].rows if row[1] == "health")


def test_rows_are_in_the_order_of_the_words_and_unknown_is_last():
    rows = [row[1] for row in FIGURES["by_functioning"].rows if row[0] == 2023]
    assert rows == ["none", "degraded", "interruption", "unknown"]
    regions = [row[1] for row in FIGURES["by_region"].rows if row[0] == 2024]
    assert regions[0] == "32"
    assert regions[-3:] == ["US-NY", "US-OH", "unknown"]
    assert FIGURES["declarations_per_year"].rows[-1] == (None, 1)


def test_a_word_that_did_not_occur_is_a_zero_and_a_share_of_nothing_is_none():
    rows = {row[:2]: row[2:] for row in compute(TABLE, ["ransomware_by_extent"])["ransomware_by_extent"].rows}
    assert rows[(None, "workstation")] == (0, 0, None)
    assert rows[(2024, "unknown")][0] >= 1


def test_no_declaration_gives_tables_with_no_row():
    assert all(not each.rows for each in compute(SCHEMA.empty_table()).values())
    assert all(not each.rows for each in compute(TABLE, year=1999).values())


def test_chosen_tables_alone_are_computed():
    made = compute(TABLE, ["by_region", "declarants"])
    assert [*made] == ["declarants", "by_region"]
    assert made["declarants"] == FIGURES["declarants"]


def test_a_name_that_is_no_table_is_refused_with_the_nearest():
    with pytest.raises(InputError, match="by_regions: no such table. Did you mean by_region?"):
        compute(TABLE, ["by_regions"])
