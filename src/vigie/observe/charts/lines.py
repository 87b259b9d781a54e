"""Lines over years, each with its interval as a band and its name beside its last point."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import altair as alt

from vigie.observe.charts.style import (
    ACCENT,
    INK,
    SECOND,
    SMALL,
    SOFT,
    WARM,
    WIDTH,
    Point,
    Rule,
    data,
    finished,
    own,
    switch,
    up,
    wrapped,
)

HEIGHT, LEFT, NAMES = 124, 44, 150
COLOURS = (ACCENT, WARM, SECOND, SOFT)
SHAPES = ("circle", "square", "diamond", "triangle-up", "cross", "triangle-down")


def lines(
    series: Mapping[str, Sequence[Point]], axis_words: Mapping[float, str], rules: Sequence[Rule] = ()
) -> dict[str, Any]:
    """One line for each name of `series`; its points share the periods of the others. `axis_words`: values marked on the
    left and what is written there; the first and the last are the limits of the scale.
    """
    periods = [point.label for point in next(iter(series.values()), ())]
    width = WIDTH - LEFT - NAMES
    rows = _rows(series)
    keys = {f"{index:03d}": period for index, period in enumerate(periods)}
    x = alt.X(
        "key:N",
        scale=alt.Scale(domain=list(keys), type="point", padding=0.35),
        axis=alt.Axis(title=None, labelExpr=switch(keys), labelAngle=0, ticks=False, labelPadding=8),
    )
    ends = list(axis_words)
    scale = alt.Scale(domain=[ends[0], ends[-1]], nice=False)
    words = {f"{value:g}": text for value, text in axis_words.items()}
    axis = alt.Axis(
        title=None, values=ends, labelExpr=switch(words), domain=False, ticks=False, labelPadding=8, labelColor=SOFT
    )
    y = up("value", scale, axis)
    base = alt.Chart(data(rows)).encode(x=x)
    colour = own("colour", alt.Color)
    known = base.transform_filter("isValid(datum.value)").encode(color=colour, detail=alt.Detail("name:N"))
    layers = [
        base.mark_area(opacity=0.16)
        .transform_filter("isValid(datum.low)")
        .encode(y=up("low", scale, axis), y2=alt.Y2("high:Q"), color=colour, detail=alt.Detail("name:N")),
        known.mark_line(strokeWidth=2.4).encode(y=y),
        known.mark_point(size=58, filled=True, opacity=1).encode(y=y, shape=own("shape", alt.Shape)),
        known.mark_text(dy=-13, fontSize=SMALL, fontWeight="bold", color=INK).encode(
            y=y, text=alt.Text("text:N"), color=alt.ColorValue(INK)
        ),
    ]
    names = alt.Chart(data(_ends(rows))).mark_text(
        align="left", baseline="middle", fontSize=SMALL, fontWeight="bold", lineHeight=14
    )
    layers.append(names.encode(x=alt.XValue(width + 4), y=y, text=alt.Text("words:N")))
    layers += _rules(rules, periods, width)
    return finished(layers, (width, HEIGHT), LEFT, NAMES, 30, 30)


def _rows(series: Mapping[str, Sequence[Point]]) -> list[dict[str, Any]]:
    return [
        _row(name, rank, index, point)
        for rank, (name, points) in enumerate(series.items())
        for index, point in enumerate(points)
    ]


def _row(name: str, rank: int, index: int, point: Point) -> dict[str, Any]:
    return {
        "name": name,
        "key": f"{index:03d}",
        "value": point.value,
        "text": point.text,
        "low": point.low,
        "high": point.high,
        "colour": COLOURS[rank % len(COLOURS)],
        "shape": SHAPES[rank % len(SHAPES)],
    }


def _ends(rows: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """The last known point of each line, with its name in lines."""
    last: dict[str, dict[str, Any]] = {}
    for row in rows:
        if row["value"] is not None:
            last[row["name"]] = {**row, "words": wrapped(row["name"], 22)}
    return list(last.values())


def _rules(rules: Sequence[Rule], periods: Sequence[str], width: float) -> list[alt.Chart]:
    """A dashed line half-way before the year that a rule change opens, its letter above."""
    layers: list[alt.Chart] = []
    step = width / max(len(periods) - 1 + 0.7, 1)
    for rule in rules:
        if rule.label not in periods:
            continue
        at = max(0.0, step * (periods.index(rule.label) - 0.5 + 0.35))
        base = alt.Chart(data([{"text": rule.text}])).encode(x=alt.XValue(at))
        line = base.mark_rule(color=SOFT, strokeDash=[5, 3], strokeWidth=1.2)
        layers.append(line.encode(y=alt.YValue(-12), y2=alt.Y2Value(HEIGHT)))
        layers.append(
            base.mark_text(baseline="bottom", fontWeight="bold", color=SOFT).encode(
                y=alt.YValue(-14), text=alt.Text("text:N")
            )
        )
    return layers
