"""Interval dots: a value as a dot, its interval as a line through it, one row for each name."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import altair as alt

from vigie.observe.charts.style import ACCENT, LINE, SMALL, SOFT, WIDTH, Point, across, data, finished, switch, wrapped

ROW, NAMES, VALUES = 26, 190, 150


def dots(
    points: Sequence[Point], ticks: dict[float, str], mean: float | None = None, hidden_word: str = ""
) -> dict[str, Any]:
    """Draw the points in the order given. `ticks`: values marked across; the first and last are the limits of the scale.
    `mean`: a dashed line, the value of all together.
    """
    rows = [_row(index, point, hidden_word) for index, point in enumerate(points)]
    marks = list(ticks)
    scale = alt.Scale(domain=[marks[0], marks[-1]], nice=False)
    words = switch({f"{value:g}": text for value, text in ticks.items()})
    axis = alt.Axis(
        title=None, values=marks, labelExpr=words, domain=False, ticks=False, labelColor=SOFT, gridColor=LINE
    )
    y = alt.Y("key:N", scale=alt.Scale(domain=[row["key"] for row in rows], paddingInner=0, paddingOuter=0), axis=None)
    base = alt.Chart(data(rows)).encode(y=y)
    width = WIDTH - NAMES - VALUES
    layers = [
        base.transform_filter("isValid(datum.low)")
        .mark_rule(color=ACCENT, strokeWidth=2)
        .encode(x=across("low", scale, axis), x2=alt.X2("high:Q")),
        base.transform_filter("isValid(datum.value)")
        .mark_point(filled=True, size=90, opacity=1, color=ACCENT, stroke="#ffffff")
        .encode(x=across("value", scale, axis)),
        base.mark_text(align="right", dx=-12, fontSize=SMALL).encode(x=alt.XValue(0), text=alt.Text("label:N")),
        base.mark_text(align="left", dx=10, fontSize=SMALL, fontWeight="bold").encode(
            x=alt.XValue(width), text=alt.Text("text:N")
        ),
    ]
    if mean is not None:
        layers.insert(
            0,
            alt.Chart(data([{"mean": mean}]))
            .mark_rule(color=SOFT, strokeDash=[5, 3])
            .encode(x=across("mean", scale, axis)),
        )
    return finished(layers, (width, ROW * max(len(rows), 1)), NAMES, VALUES, 6, 26)


def _row(index: int, point: Point, hidden_word: str) -> dict[str, Any]:
    return {
        "key": f"{index:03d}",
        "label": wrapped(point.label, 28, 1)[0],
        "value": point.value,
        "low": point.low,
        "high": point.high,
        "text": hidden_word if point.state == "hidden" else point.text,
    }
