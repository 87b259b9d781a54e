"""The worked figures of docs/background/honest-numbers.md, computed again."""

from __future__ import annotations

import re
from datetime import date

import numpy as np
import pytest

from tests.house.tree import ROOT
from vigie.observe.delay import delays, distribution
from vigie.observe.durations import median_interval
from vigie.observe.funnel import funnel
from vigie.observe.rates import binomial_interval, change, clustering, poisson_interval, said
from vigie.observe.recapture import ASSUMPTIONS, recapture
from vigie.observe.report.comparisons import holm, share_p_values
from vigie.observe.trends import trend

PAGE = (ROOT / "docs" / "background" / "honest-numbers.md").read_text(encoding="utf-8")
PUBLISHED = {2018: 327, 2019: 392, 2020: 369, 2021: 733, 2022: 592, 2023: 581, 2024: 749}


def rows(*headings: str) -> list[list[str]]:
    """The rows of the page's table that has these headings."""
    head = r"\| " + r" \| ".join(map(re.escape, headings)) + r" \|[^\n]*\n\|[-|]+\|\n((?:\|.*\|\n)+)"
    found = re.search(head, PAGE)
    assert found, headings
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in found[1].splitlines()]


def near(text: str, value: float | None) -> bool:
    """Whether a printed number is this value, to its last digit."""
    if text == "unknown" or value is None:
        return text == "unknown" and value is None
    decimals = len(text.partition(".")[2])
    return abs(float(text) - value) <= 0.5001 * 10**-decimals


@pytest.mark.parametrize("row", rows("count", "exposure", "per", "rate", "from", "to"), ids=" ".join)
def test_rates(row):
    found = poisson_interval(int(row[0]), float(row[1]), per=float(row[2]))
    assert all(map(near, row[3:], found)), found


@pytest.mark.parametrize("row", rows("of", "among", "share", "from", "to"), ids=" ".join)
def test_shares(row):
    found = binomial_interval(int(row[0]), int(row[1]))
    assert all(map(near, row[2:], found)), found


@pytest.mark.parametrize("row", rows("before", "after", "printed"), ids=" ".join)
def test_changes(row):
    assert said(change(int(row[0]), int(row[1])), "en") == row[2]


@pytest.mark.parametrize(
    "row",
    rows("before", "after", "causes of one", "suppliers", "declarations each", "dispersion", "printed"),
    ids=" ".join,
)
def test_changes_of_groups(row):
    dispersion = clustering([1] * int(row[2]) + [int(row[4])] * int(row[3]))
    assert near(row[5], dispersion)
    assert said(change(int(row[0]), int(row[1]), dispersion=dispersion), "en") == row[6]


@pytest.mark.parametrize("row", rows("before", "among", "after", "of them", "shared causes", "p"), ids=" ".join)
def test_parts(row):
    before, among, after, of_them = ([int(each)] for each in row[:4])
    assert near(row[5], share_p_values(before, among, after, of_them, float(row[4]))[0])


@pytest.mark.parametrize("row", rows("p-values of a table", "named"), ids=" ".join)
def test_parts_together(row):
    assert sum(holm([float(each) for each in row[0].split()])) == int(row[1])


@pytest.mark.parametrize(
    "row", rows("years", "stepped across", "% per year", "from", "to", "p", "dispersion"), ids=" ".join
)
def test_trends(row):
    steps = [date.fromisoformat(row[1])] if row[1] else []
    found = trend(list(PUBLISHED), list(PUBLISHED.values()), steps=steps, exclude=[2021] if "2021" in row[0] else [])
    assert all(map(near, row[2:], (*found.percent_per_year, found.p_value, found.dispersion))), found


@pytest.mark.parametrize("row", rows("within days", "plain share", "corrected share"), ids=" ".join)
def test_delays(row):
    events = np.array([90] * 10 + [98] * 4)
    took = np.array([0, 0, 0, 0, 0, 0, 2, 2, 5, 5, 0, 0, 0, 2])
    found = distribution(delays(events, events + took, 100), longest_days=5)
    assert near(row[1], (took <= int(row[0])).mean())
    assert near(row[2], found.within(int(row[0])))


def test_regions():
    table = rows("region", "declarations", "establishments", "rate per 100", "95 % limits", "99.8 % limits", "place")
    found = funnel([row[0] for row in table], [int(row[1]) for row in table], [float(row[2]) for row in table], per=100)
    for row, point in zip(table, found.points, strict=True):
        printed = [row[3], *row[4].split(" to "), *row[5].split(" to ")]
        assert all(map(near, printed, (point.rate, *point.inner, *point.outer))), point
        assert row[6] == point.place
    assert near(re.search(r"here ([\d.]+) times", PAGE)[1], found.dispersion)


@pytest.mark.parametrize(
    "row", rows("declared only", "both", "public only", "all", "from", "to", "declared share"), ids=" ".join
)
def test_two_lists(row):
    found = recapture(*map(int, row[:3]))
    assert all(map(near, row[3:], (*found.total, found.listed_share.value))), found


@pytest.mark.parametrize("row", rows("odds ratio", "all", "from", "to"), ids=" ".join)
def test_dependence(row):
    found = dict(recapture(300, 40, 25).under_dependence)[float(row[0])]
    assert all(map(near, row[1:], found)), found


def test_durations():
    text = re.search(r"Hours ([\d, and]+): median (\d+), from (\d+) to (\d+);\s+the mean would be (\d+)", PAGE)
    hours = [float(each) for each in re.findall(r"\d+", text[1])]
    assert median_interval(hours) == tuple(map(float, text.groups()[1:4]))
    assert near(text[5], np.mean(hours))


def test_the_page_names_every_assumption():
    assert len(ASSUMPTIONS) == 4
    assert "closed population, independence, equal chances, perfect linkage" in PAGE


def test_a_test_on_poisson_counts_would_have_been_fooled():
    """As the page says: with the scatter ignored, the first and the last of its trends have p below 0.001 (z above 3.3)."""
    years, counts = list(PUBLISHED), list(PUBLISHED.values())
    for exclude in ([], [2021]):
        found = trend(years, counts, exclude=exclude)
        slope = np.log1p(found.percent_per_year.value / 100)
        kept = np.array(found.years, dtype=float)
        fitted = np.array(found.fitted)
        centred = kept - (fitted * kept).sum() / fitted.sum()
        assert slope * np.sqrt((fitted * centred**2).sum()) > 3.3
