"""The pictures of a restart: what they hold, that they are the same each time, and that colour is never alone."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from vigie.observe.charts.render import picture
from vigie.observe.charts.style import HIDDEN, UNKNOWN
from vigie.rebuild.charts.fan import Shares, fan, small_fans
from vigie.rebuild.charts.gantt import LOOKS, Bar, Piece, gantt
from vigie.rebuild.charts.span import Span
from vigie.rebuild.charts.strips import Strip, strips
from vigie.rebuild.step import PHASES

START = datetime(2026, 11, 25, 13, 0, tzinfo=UTC)
PARIS = ZoneInfo("Europe/Paris")
LEGEND = {"restore": "restauration", "gate": "attente", "critical": "chaîne critique", "back": "P50", "late": "P90"}


def hours(count: float) -> datetime:
    return START + timedelta(hours=count)


def tick(instant: datetime) -> str:
    return f"{instant.astimezone(PARIS):%d/%m %H}h"


def rows(spec):
    """Everything that is drawn."""
    return [row for held in spec["datasets"].values() for row in (json.loads(held) if isinstance(held, str) else held)]


BARS = (
    Bar("Infrastructure"),
    Bar("Annuaire", (Piece("restore", hours(0), hours(20), critical=True), Piece("gate", hours(20), hours(26))), hours(26),
        hours(50), "jeudi"),
    Bar("Téléphonie <interne>", (Piece("examine", hours(2), hours(4)),), hours(4)),
)  # fmt: skip


def test_a_row_says_its_name_its_date_and_its_axis():
    svg = picture("g", gantt(BARS, START, PARIS, tick, LEGEND), "Plan", "En mots").svg
    for said in ("Infrastructure", "Annuaire", "Téléphonie &lt;interne&gt;", "jeudi", "chaîne critique", "En mots"):
        assert said in svg, said
    assert re.search(r"\d\d/\d\d \d\dh", svg)


def test_the_same_plan_gives_the_same_picture():
    first, second = (picture("g", gantt(BARS, START, PARIS, tick, LEGEND), "t", "a").svg for _ in range(2))
    assert first == second


def test_phases_differ_by_more_than_colour():
    """By pattern, by height, or by lightness where two are solid: a photocopy keeps them apart."""
    assert set(PHASES) - {"return"} <= set(LOOKS)
    looks = {LOOKS[phase] for phase in ("restore", "validate", "gate", "reconnect", "prove", "foundation")}
    assert len(looks) == 6
    assert LOOKS["gate"][0] == HIDDEN and LOOKS["prove"][0] == UNKNOWN and LOOKS["reconnect"][2] < LOOKS["restore"][2]


def test_a_piece_lies_where_its_hours_are():
    spec = gantt(BARS, START, PARIS, tick, LEGEND)
    (piece,) = [row for row in rows(spec) if row.get("fill") == HIDDEN and row["x"] >= 0]
    span = Span(START, hours(50), spec["width"], PARIS)
    assert (piece["x"], piece["x2"]) == (span.x(hours(20)), span.x(hours(26)))


def test_nothing_to_do_is_still_a_picture():
    assert "<svg" in picture("g", gantt((), START, PARIS, tick, LEGEND), "t", "a").svg
    assert "<svg" in picture("f", strips((), START, PARIS, tick, {}), "t", "a").svg


def test_a_strip_shows_what_was_said_and_what_happened():
    row = Strip("Réanimation", hours(30), hours(80), hours(1), hours(70), "jeudi, lundi au plus tard")
    spec = strips([row], START, PARIS, tick, {"p50": "P50", "p90": "P90", "back": "retour réel"})
    span = Span(START, hours(80), spec["width"], PARIS)
    drawn = {one["x"] for one in rows(spec)}
    assert {span.x(hours(at)) for at in (30, 80, 70, 1)} <= drawn
    assert "jeudi, lundi au plus tard" in picture("f", spec, "t", "a").svg


SHARES = Shares(
    tuple(hours(at) for at in (0, 12, 24, 36)),
    (0.1, 0.1, 0.2, 0.6), (0.1, 0.2, 0.4, 0.9), (0.1, 0.3, 0.6, 1.0), (0.2, 0.4, 0.9, 1.0), (0.2, 0.6, 1.0, 1.0),
    hours(30), hours(200),
)  # fmt: skip


def test_a_fan_puts_each_centile_at_its_height():
    spec = fan(SHARES, PARIS, tick, "{} %".format, {"middle": "médiane", "inner": "1 sur 2", "outer": "9 sur 10"})
    (bands,) = {json.dumps([one["middle"] for one in held]) for held in
                (json.loads(each) if isinstance(each, str) else each for each in spec["datasets"].values())
                if held and "middle" in held[0]}  # fmt: skip
    heights = json.loads(bands)
    assert heights == sorted(heights, reverse=True)
    assert heights[0] - heights[-1] == pytest.approx(0.9 * 210, abs=0.05)
    assert "médiane" in picture("f", spec, "t", "a").svg


def test_a_date_beyond_the_axis_is_not_drawn_at_its_end():
    near, far = (
        fan(SHARES, PARIS, tick, "{} %".format, {}),
        fan(replace(SHARES, p90_at=hours(30)), PARIS, tick, str, {}),
    )
    assert len(rows(far)) == len(rows(near)) + 1


def test_small_fans_share_their_stretch_of_time():
    spec = small_fans(
        [("Réanimation", SHARES, "jeudi"), ("Urgences", SHARES, "lundi")] * 2, 3, PARIS, tick, "{} %".format
    )
    svg = picture("f", spec, "t", "a").svg
    assert svg.count("Urgences") == 2 and "jeudi" in svg
    assert {one["x"] for one in rows(spec) if one.get("text") == "Urgences"} == {308, 0}


@pytest.mark.parametrize("length", [1, 7, 30, 100, 400, 2000, 9000])
def test_an_axis_is_never_crowded_and_never_bare(length):
    ticks = Span(START, hours(length), 600, PARIS).ticks()
    assert 1 <= len(ticks) <= 9
    assert ticks == sorted(ticks) and all(START <= one <= hours(length) for one in ticks)


def test_days_are_marked_at_midnight_across_a_change_of_hour():
    before = datetime(2026, 10, 23, 12, 0, tzinfo=UTC)
    ticks = Span(before, before + timedelta(days=6), 600, PARIS).ticks()
    assert {one.astimezone(PARIS).hour for one in ticks} == {0}


def test_weekends_are_whole_days_of_the_place():
    span = Span(START, hours(8 * 24), 600, PARIS)
    assert len(span.weekends()) == 1
    left, right = span.weekends()[0]
    assert right - left == pytest.approx(600 * 2 / 8, abs=0.1)
