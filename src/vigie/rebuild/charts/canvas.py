"""Canvas: marks laid at pixels, because a Gantt chart is a drawing more than a statistic.

Each function takes rows and gives one Altair layer without any scale: x goes right, y goes down, both in pixels.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import altair as alt

from vigie.observe.charts.style import SMALL, data, own

Row = Mapping[str, Any]


def rects(rows: Sequence[Row]) -> alt.Chart:
    """Rectangles: `x`, `x2`, `y`, `y2`, `fill`, `edge` (colours, or stand-ins for patterns)."""
    return _base(rows).mark_rect(strokeWidth=1).encode(
        x=_x("x"), x2=alt.X2("x2:Q"), y=_y("y"), y2=alt.Y2("y2:Q"), color=own("fill"), stroke=own("edge", alt.Stroke)
    )  # fmt: skip


def rules(rows: Sequence[Row], color: str, width: float = 1, dash: Sequence[int] = ()) -> alt.Chart:
    """Straight lines: `x`, `x2`, `y`, `y2`."""
    mark = _base(rows).mark_rule(color=color, strokeWidth=width, strokeDash=list(dash))
    return mark.encode(x=_x("x"), x2=alt.X2("x2:Q"), y=_y("y"), y2=alt.Y2("y2:Q"))


def texts(rows: Sequence[Row], align: str, color: str, bold: bool = False, size: int = SMALL) -> alt.Chart:
    """Words: `x`, `y` (the middle of the line), `text`."""
    weight = "bold" if bold else "normal"
    mark = _base(rows).mark_text(align=align, baseline="middle", color=color, fontWeight=weight, fontSize=size)
    return mark.encode(x=_x("x"), y=_y("y"), text=alt.Text("text:N"))


def points(rows: Sequence[Row], shape: str, size: float, fill: str, edge: str) -> alt.Chart:
    """Small marks: `x`, `y`."""
    mark = _base(rows).mark_point(shape=shape, size=size, filled=True, fill=fill, stroke=edge, opacity=1)
    return mark.encode(x=_x("x"), y=_y("y"))


def _base(rows: Sequence[Row]) -> alt.Chart:
    return alt.Chart(data([dict(row) for row in rows]))


def _x(field: str) -> alt.X:
    return alt.X(f"{field}:Q", scale=None, axis=None)


def _y(field: str) -> alt.Y:
    return alt.Y(f"{field}:Q", scale=None, axis=None)
