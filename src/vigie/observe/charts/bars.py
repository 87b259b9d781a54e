"""Bars: columns over years or months, and horizontal bars of ranked categories.

A wide pale bar behind is the same a year earlier. A hollow striped part is what is still to come. A hatched stub is a number
withheld from the public.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import altair as alt

from vigie.observe.charts.style import (
    ACCENT,
    HIDDEN,
    LATE,
    PALE,
    PAPER,
    SMALL,
    SOFT,
    WIDTH,
    Point,
    Rule,
    across,
    data,
    finished,
    own,
    switch,
    up,
    wrapped,
)

HEIGHT, ROW, NAMES, VALUES, SIDE = 124, 26, 232, 92, 12
PLAIN_LAYERS = 5


def columns(points: Sequence[Point], rules: Sequence[Rule] = (), hidden_word: str = "") -> dict[str, Any]:
    """One column for each period; `rules` are drawn as dashed vertical lines before the column whose label they name."""
    top = _top(points)
    rows = [_mark(index, point, top, hidden_word) for index, point in enumerate(points)]
    order, width = [row["key"] for row in rows], WIDTH - 2 * SIDE
    step = width / max(len(rows), 1)
    names = {row["key"]: point.label for row, point in zip(rows, points, strict=True)}
    axis = alt.Axis(title=None, labelExpr=switch(names), labelAngle=0, ticks=False, labelPadding=8, domainColor=SOFT)
    x = alt.X("key:N", scale=alt.Scale(domain=order, paddingInner=0, paddingOuter=0), axis=axis)
    scale = alt.Scale(domain=[0, top], nice=False)
    y = up("drawn", scale)
    base = alt.Chart(data(rows)).encode(x=x)
    thick = min(step * 0.52, 54)
    layers = [
        base.mark_bar(color=PALE, width=min(step * 0.84, 84)).encode(y=up("before", scale)),
        base.mark_bar(fill=LATE, stroke=SOFT, strokeDash=[3, 2], width=thick).encode(
            y=up("expected", scale), y2=alt.Y2("drawn:Q")
        ),
        base.mark_bar(width=thick).encode(y=y, color=own("fill"), stroke=own("edge", alt.Stroke)),
    ]
    for lines in (1, 2):
        over = base.transform_filter(f"datum.tall == {lines}")
        texts = over.mark_text(baseline="bottom", dy=9 - 13 * lines, fontWeight="bold", lineHeight=14)
        layers.append(texts.encode(y=up("top", scale), text=alt.Text("text:N")))
    places = [(names_index(points, rule.label), rule.text) for rule in rules]
    layers += _rules([(index, text) for index, text in places if index is not None], step)
    size = (width, HEIGHT)
    return finished(layers, size, SIDE, SIDE, 24 + (16 if len(layers) > PLAIN_LAYERS else 0), 30)


def names_index(points: Sequence[Point], label: str) -> int | None:
    """Place of the mark with this label, or None."""
    return next((index for index, point in enumerate(points) if point.label == label), None)


def ranked(points: Sequence[Point], hidden_word: str = "") -> dict[str, Any]:
    """Horizontal bars in the order given: name on the left, value at the end, then the value a year earlier in brackets."""
    top = _top(points)
    rows = [_mark(index, point, top, hidden_word) for index, point in enumerate(points)]
    scale = alt.Scale(domain=[row["key"] for row in rows], paddingInner=0, paddingOuter=0)
    reach = alt.Scale(domain=[0, top], nice=False)
    base = alt.Chart(data(rows)).encode(y=alt.Y("key:N", scale=scale, axis=None))
    layers = [
        base.mark_bar(color=PALE, height=ROW - 6).encode(x=across("before", reach)),
        base.mark_bar(height=ROW - 15).encode(
            x=across("drawn", reach),
            color=own("fill"),
            stroke=own("edge", alt.Stroke),
        ),
        base.mark_text(align="left", dx=7, fontWeight="bold").encode(x=across("end", reach), text=alt.Text("text:N")),
    ]
    for lines, lift in ((1, 0), (2, -6.5)):
        named = base.transform_filter(f"datum.lines == {lines}")
        layers.append(
            named.mark_text(align="right", dx=-10, dy=lift, lineHeight=13, fontSize=SMALL).encode(
                x=alt.XValue(0), text=alt.Text("label:N")
            )
        )
    size = (WIDTH - NAMES - VALUES, ROW * max(len(rows), 1))
    return finished(layers, size, NAMES, VALUES, 4, 4)


def _top(points: Sequence[Point]) -> float:
    return max((each for point in points for each in (point.value, point.expected, point.before) if each), default=1)


def _mark(index: int, point: Point, top: float, hidden_word: str) -> dict[str, Any]:
    hidden = point.state == "hidden"
    drawn = top * 0.05 if hidden else point.value or 0
    label = wrapped(point.label, 34, 2)
    expected = point.expected if point.state == "partial" and point.expected and point.expected > drawn else None
    text = [hidden_word] if hidden else point.text.split("\n")
    return {
        "key": f"{index:03d}",
        "label": label,
        "lines": len(label),
        "drawn": drawn,
        "top": max(drawn, expected or 0),
        "end": max(drawn, point.before or 0),
        "text": text,
        "tall": len(text),
        "fill": HIDDEN if hidden else ACCENT,
        "edge": SOFT if hidden else PAPER,
        "expected": expected,
        "before": point.before,
    }


def _rules(changes: Sequence[tuple[int, str]], step: float) -> list[alt.Chart]:
    """A dashed line before the column that a rule change opens, its letter at the top."""
    layers: list[alt.Chart] = []
    for index, text in changes:
        base = alt.Chart(data([{"text": text}])).encode(x=alt.XValue(step * index))
        line = base.mark_rule(color=SOFT, strokeDash=[5, 3], strokeWidth=1.2)
        layers.append(line.encode(y=alt.YValue(-22), y2=alt.Y2Value(HEIGHT)))
        layers.append(
            base.mark_text(baseline="bottom", fontWeight="bold", color=SOFT).encode(
                y=alt.YValue(-25), text=alt.Text("text:N")
            )
        )
    return layers
