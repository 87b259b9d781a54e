"""Heat strip: one row for each year, one cell for each month, darker where there were more, the number written in it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import altair as alt

from vigie.observe.charts.style import (
    ACCENT,
    HIDDEN,
    PALE,
    PAPER,
    SECOND,
    SMALL,
    SOFT,
    WIDTH,
    Point,
    data,
    finished,
    own,
    switch,
)

ROW, LEFT = 24, 52
STEPS = ("#f3f6fb", "#dfe9f6", PALE, "#8fb2dc", SECOND, "#2f5a98", ACCENT)


def heat(years: Mapping[str, Sequence[Point]], hidden_word: str = "") -> dict[str, Any]:
    """Draw the months (labels of the points) of each year. A hidden month is hatched; a month that is not known is empty;
    a month whose last declarations are still to come has a dashed edge.
    """
    top = max((point.value for points in years.values() for point in points if point.value), default=1)
    rows = [
        _cell(line, index, point, top, hidden_word)
        for line, points in enumerate(years.values())
        for index, point in enumerate(points)
    ]
    months = {f"{index:02d}": point.label for index, point in enumerate(next(iter(years.values()), ()))}
    names = {f"{line:02d}": year for line, year in enumerate(years)}
    x = alt.X(
        "month:N",
        scale=alt.Scale(domain=list(months), padding=0),
        axis=alt.Axis(
            title=None, labelExpr=switch(months), labelAngle=0, ticks=False, domain=False, orient="top", labelPadding=6
        ),
    )
    y = alt.Y(
        "year:N",
        scale=alt.Scale(domain=list(names), padding=0),
        axis=alt.Axis(title=None, labelExpr=switch(names), ticks=False, domain=False, labelPadding=8),
    )
    base = alt.Chart(data(rows)).encode(x=x, y=y)
    layers = [
        base.mark_rect(strokeWidth=2, stroke=PAPER).encode(color=own("fill")),
        base.transform_filter("datum.late").mark_rect(fillOpacity=0, stroke=SOFT, strokeDash=[3, 2]),
        base.transform_filter("datum.hidden")
        .mark_text(fontSize=SMALL, stroke=PAPER, strokeWidth=5)
        .encode(text=alt.Text("text:N")),
        base.mark_text(fontSize=SMALL).encode(text=alt.Text("text:N"), color=own("ink")),
    ]
    width = WIDTH - LEFT - 8
    return finished(layers, (width, ROW * max(len(years), 1)), LEFT, 8, 28, 6)


def _cell(line: int, index: int, point: Point, top: float, hidden_word: str) -> dict[str, Any]:
    hidden = point.state == "hidden"
    step = 0 if not point.value else min(len(STEPS) - 1, int(point.value / top * (len(STEPS) - 0.001)))
    fill = HIDDEN if hidden else (PAPER if point.value is None else STEPS[step])
    return {
        "year": f"{line:02d}",
        "month": f"{index:02d}",
        "fill": fill,
        "text": hidden_word if hidden else point.text,
        "hidden": hidden,
        "late": point.state == "partial",
        "ink": PAPER if not hidden and step >= len(STEPS) - 2 else "#14181f",
    }
