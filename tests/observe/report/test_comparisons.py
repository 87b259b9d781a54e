"""Parts are compared as shares and together; shared causes widen what is chance, and are told coarsely in public."""

from __future__ import annotations

import pytest

from tests.observe.report.editions import asked
from vigie.observe.report.clusters import clusters
from vigie.observe.report.comparisons import comparisons, holm, share_p_values
from vigie.observe.report.views import view_of
from vigie.observe.rows import row, table_of
from vigie.observe.table import Figures
from vigie.observe.tables import TABLES


def shown(before: dict[str, int], after: dict[str, int], hidden: tuple = ()):
    """`by_legal_status` of 2021 and 2022."""
    rows = [
        (year, name, count, sum(counts.values()), count / sum(counts.values()))
        for year, counts in ((2021, before), (2022, after))
        for name, count in counts.items()
    ]
    rows = [(*each[:2], None, None, None) if each[:2] in hidden else each for each in rows]
    marks = frozenset((index, place) for index, each in enumerate(rows) if each[:2] in hidden for place in (2, 3, 4))
    columns = ("year", "legal_status", "declarations", "total", "share")
    return view_of(TABLES["by_legal_status"], Figures("by_legal_status", columns, tuple(rows), marks), 2022)


def test_a_total_that_moves_moves_no_part():
    found = comparisons(shown({"public": 100, "commercial": 50}, {"public": 300, "commercial": 150}))
    assert (found.looked, found.beyond) == (2, ())


def test_a_part_that_moves_is_named_with_its_shares():
    found = comparisons(shown({"public": 100, "commercial": 100}, {"public": 150, "commercial": 50}))
    assert {each.key for each in found.beyond} == {("public",), ("commercial",)}
    assert (found.beyond[0].before, found.beyond[0].after) == (0.5, 0.75)


def test_wholes_and_what_is_withheld_are_not_compared():
    assert comparisons(shown({"public": 40}, {"public": 90})).looked == 0
    withheld = shown({"public": 100, "commercial": 100}, {"public": 150, "commercial": 50}, ((2022, "commercial"),))
    assert [each.key for each in comparisons(withheld).beyond] == [("public",)]


def test_holm_looks_at_all_together():
    assert holm([0.001, 0.013, 0.02]) == [True, True, True]
    assert holm([0.02, 0.03, 0.04]) == [False, False, False]
    assert holm([]) == []


def test_declarations_of_one_cause_are_worth_fewer():
    alone, grouped = (share_p_values([93], [733], [15], [592], each)[0] for each in (1, 14.5))
    assert alone < 1e-9 and grouped > 0.05


@pytest.mark.parametrize("audience", ["internal", "public"])
def test_the_dispersion_is_that_of_known_causes(audience):
    """One cause of thirty, and thirty declarations alone: (900 + 30) / 60 = 15.5."""
    rows = [row(declaration=f"a{index}", year=2022, cause_group="c" if index < 30 else None) for index in range(40)]
    rows += [row(declaration=f"b{index}", year=2021) for index in range(20)]
    found = clusters(table_of(rows), asked(audience=audience), None)
    assert found["dispersion"]["all"] == 15.5 and found["linked"]
    few = clusters(table_of(rows[20:33] + rows[40:]), asked(audience=audience), None)
    # Ten of one cause and twenty-three alone: (100 + 23) / 33 = 3.73, in public rounded up to a half.
    assert few["dispersion"]["all"] == pytest.approx(123 / 33 if audience == "internal" else 4.0)


def test_in_public_a_dispersion_never_says_that_there_is_no_cause():
    rows = [row(declaration=f"a{index}", year=2022) for index in range(20)]
    assert clusters(table_of(rows), asked(audience="public"), None)["dispersion"]["all"] == 1.5
    assert clusters(table_of(rows), asked(), None)["dispersion"]["all"] == 1
    assert clusters(table_of(rows[:0]), asked(), None) is None
