"""Charts: the same bytes each time, said in words, nothing hidden drawn."""

from __future__ import annotations

import re
from xml.etree import ElementTree

import altair as alt
import pytest

from vigie.observe.charts import bars, dots, funnel, heat, lines, render, shares, tiles
from vigie.observe.charts.style import Point, Rule, wrapped

YEARS = [
    Point("2021", 733, "733"),
    Point("2022", None, "", "hidden"),
    Point("2023", 40, "40\n(≈52)", "partial", expected=52),
]
PARTS = {
    "Malveillante": [Point("2021", 0.6, "60 %"), Point("2022", None, "")],
    "Non renseigné": [Point("2021", 0.4, "40 %"), Point("2022", None, "")],
}
SPECS = {
    "columns": lambda: bars.columns(YEARS, [Rule("2022", "Décret n° 2022-715"), Rule("1999", "trop tôt")], "1 à 4"),
    "ranked": lambda: bars.ranked(YEARS, "1 à 4"),
    "lines": lambda: lines.lines({"Part": YEARS}, {0: "0", 800: "800"}, [Rule("2022", "Décret")]),
    "shares": lambda: shares.shares(PARTS, "Non renseigné"),
    "tiles": lambda: tiles.tiles([tiles.Tile("IDF", (0, 0), 12, "12"), tiles.Tile("COR", (1, 0), None, "", True)], {}, "1 à 4"),
    "funnel": lambda: funnel.funnel(
        [funnel.Spot("IDF", 400, 0.2, True)], [funnel.Limit(10, 0, 0.4, 0, 0.5), funnel.Limit(500, 0.1, 0.2, 0.1, 0.3)], 0.15,
        ("Établissements", "Taux"), ({0: "0", 500: "500"}, {0: "0", 0.5: "0,5"}),
    ),
    "dots": lambda: dots.dots([Point("Public", 0.4, "0,40", low=0.3, high=0.5)], {0: "0", 1: "1"}, 0.2),
    "heat": lambda: heat.heat({"2021": YEARS}, "1 à 4"),
}  # fmt: skip


@pytest.mark.parametrize("shape", SPECS)
def test_a_chart_is_the_same_each_time_and_says_what_it_shows(shape):
    first, again = (
        render.picture("t", SPECS[shape](), "Un titre & demi", "Été : 733 <déclarations>") for _ in range(2)
    )
    assert first.svg == again.svg
    root = ElementTree.fromstring(first.svg)
    assert root.get("role") == "img"
    assert [root[0].text, root[1].text] == ["Un titre & demi", "Été : 733 <déclarations>"]
    assert "NaN" not in first.svg and "undefined" not in first.svg
    assert len(re.findall(r'\bid="', first.svg)) == len(set(re.findall(r'\bid="[^"]*"', first.svg)))


@pytest.mark.parametrize("shape", SPECS)
def test_a_specification_is_one_that_altair_knows(shape):
    alt.LayerChart.from_dict(SPECS[shape](), validate=True)


@pytest.mark.parametrize("shape", ["columns", "ranked", "heat"])
def test_a_hidden_mark_is_hatched_and_says_its_word(shape):
    svg = render.picture("t", SPECS[shape](), "", "").svg
    assert 'fill="url(#t-hidden)"' in svg and 'id="t-hidden"' in svg
    assert ">1 à 4</text>" in svg


def test_what_is_still_to_come_is_hollow():
    svg = render.picture("t", SPECS["columns"](), "", "").svg
    assert 'fill="url(#t-late)"' in svg and "stroke-dasharray" in svg
    assert "(≈52)" in svg


def test_a_rule_change_is_said_where_it_falls_and_not_elsewhere():
    svg = render.picture("t", SPECS["columns"](), "", "").svg
    assert "Décret n° 2022-715" in svg and "trop tôt" not in svg


def test_quotes_in_a_label_break_nothing():
    svg = render.picture("t", bars.columns([Point("L'été \\ d'août", 1, "1")]), "", "").svg
    assert "L'été \\ d'août" in svg.replace("&#39;", "'")


def test_words_are_wrapped_and_what_is_cut_says_so():
    assert wrapped("un deux trois", 7) == ["un deux", "trois"]
    assert wrapped("un deux trois quatre", 5, 2) == ["un", "deux…"]
