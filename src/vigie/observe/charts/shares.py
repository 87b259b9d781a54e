"""Parts of a whole over years: stacked columns of 100 %, each part named beside the last one, its share written in it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import altair as alt

from vigie.observe.charts.style import (
    PAPER,
    PARTS,
    SMALL,
    SOFT,
    UNKNOWN,
    WIDTH,
    Point,
    data,
    finished,
    own,
    switch,
    up,
    wrapped,
)

HEIGHT, LEFT, NAMES = 128, 8, 178
READABLE = 0.08  # a thinner part has no room for its number; the table has it
DARK = (PARTS[0], PARTS[4])


def shares(parts: Mapping[str, Sequence[Point]], unknown: str = "") -> dict[str, Any]:
    """Stack `parts` (name -> share, 0 to 1, for each period) from the bottom in the order given. The part named `unknown`
    is drawn dotted. A period without shares (nothing declared, or hidden) stays empty and says so in its point's `text`.
    """
    periods = [point.label for point in next(iter(parts.values()), ())]
    width = WIDTH - LEFT - NAMES
    rows = _rows(parts, unknown)
    names = {f"{index:03d}": period for index, period in enumerate(periods)}
    letters = max(8, int(width / max(len(periods), 1) / 6.6))
    axis = alt.Axis(
        title=None, labelExpr=switch(names, letters), labelAngle=0, ticks=False, labelPadding=8, domainColor=SOFT
    )
    x = alt.X("key:N", scale=alt.Scale(domain=list(names), paddingInner=0.26, paddingOuter=0.13), axis=axis)
    scale = alt.Scale(domain=[0, 1], nice=False)
    y = up("low", scale)
    base = alt.Chart(data(rows)).encode(x=x)
    middle = up("middle", scale)
    ink = own("ink")
    layers = [
        base.mark_bar(strokeWidth=1.2).encode(
            y=y, y2=alt.Y2("high:Q"), color=own("fill"), stroke=own("edge", alt.Stroke)
        ),
        base.transform_filter(f"datum.share >= {READABLE}")
        .mark_text(fontSize=SMALL, fontWeight="bold")
        .encode(y=middle, text=alt.Text("text:N"), color=ink),
        alt.Chart(data(_names(rows)))
        .mark_text(align="left", baseline="middle", fontSize=SMALL, lineHeight=13)
        .encode(x=alt.XValue(width + 8), y=up("place", scale), text=alt.Text("words:N")),
        alt.Chart(data(_placed(rows)))
        .mark_rule(color=SOFT, strokeWidth=0.8)
        .encode(x=alt.XValue(width - 6), x2=alt.X2Value(width + 5), y=up("middle", scale), y2=alt.Y2("place:Q")),
    ]
    return finished(
        layers,
        (width, HEIGHT),
        LEFT,
        NAMES,
        8,
        16 + 14 * max((len(wrapped(each, letters)) for each in periods), default=1),
    )


def _rows(parts: Mapping[str, Sequence[Point]], unknown: str) -> list[dict[str, Any]]:
    rows, floors = [], dict.fromkeys(range(max((len(points) for points in parts.values()), default=0)), 0.0)
    for rank, (name, points) in enumerate(parts.items()):
        fill = UNKNOWN if name == unknown else PARTS[rank % len(PARTS)]
        for index, point in enumerate(points):
            if not point.value:
                continue
            low, floors[index] = floors[index], floors[index] + point.value
            rows.append(
                {
                    "name": name,
                    "key": f"{index:03d}",
                    "index": index,
                    "low": low,
                    "high": floors[index],
                    "middle": (low + floors[index]) / 2,
                    "share": point.value,
                    "text": "" if name == unknown else point.text,
                    "fill": fill,
                    "edge": SOFT if name == unknown else PAPER,
                    "ink": PAPER if fill in DARK else "#14181f",
                }
            )
    return rows


def _placed(rows: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """Each part with the middle of its last drawn piece, and the place of its name: pushed up where names would meet."""
    last = max((row["index"] for row in rows), default=0)
    held = [row for row in rows if row["index"] == last]
    lines = {row["name"]: wrapped(row["name"], 27, 3) for row in held}
    place, placed = 0.0, []
    for row in sorted(held, key=lambda row: row["middle"]):
        half = (13 * len(lines[row["name"]]) + 3) / 2 / HEIGHT
        place = max(row["middle"], place + half)
        words = lines[row["name"]]
        placed.append({"words": words, "middle": row["middle"], "place": place, "lines": len(words)})
        place += half
    ceiling = 1 + 6 / HEIGHT
    for each in reversed(placed):
        half = (13 * each["lines"] + 3) / 2 / HEIGHT
        each["place"] = min(each["place"], ceiling - half)
        ceiling = each["place"] - half
    return placed


def _names(rows: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """Names in lines; a name of several lines is lifted by half a line for each, so that its middle stands at its place."""
    return [
        {"words": each["words"], "place": each["place"] + 6.5 * (each["lines"] - 1) / HEIGHT} for each in _placed(rows)
    ]
