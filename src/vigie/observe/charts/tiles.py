"""Regions as a tile map: one square each, at about its place, with its short name and its number. No outline of anything."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

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
    across,
    data,
    finished,
    own,
    up,
    wrapped,
)

TILE, GAP = 56, 5
STEPS = (PAPER, "#e6eef8", PALE, SECOND, ACCENT)  # none, then four classes of equal width


class Tile(NamedTuple):
    """A region: `short` name, `place` (column, row), `value`, what is written, and whether it is withheld."""

    short: str
    place: tuple[int, int]
    value: float | None
    text: str
    hidden: bool = False


def tiles(regions: Sequence[Tile], classes: Mapping[str, str], hidden_word: str = "") -> dict[str, Any]:
    """Draw the regions. `classes`: colour -> the words of the key beside the map (see `key`)."""
    rows = [_row(region, regions, hidden_word) for region in regions]
    wide, down = (max((row[axis] for row in rows), default=0) + 1 for axis in ("column", "row"))
    size = TILE + GAP
    base = alt.Chart(data(rows)).encode(x=across("x", None), y=up("y", None))
    ink = own("ink")
    layers: list[alt.Chart] = [
        base.mark_rect(strokeWidth=1).encode(
            x2=alt.X2("x2:Q"), y2=alt.Y2("y2:Q"), color=own("fill"), stroke=own("edge", alt.Stroke)
        ),
        base.transform_filter("datum.hidden")
        .mark_text(fontSize=15, fontWeight="bold", dx=TILE / 2, dy=TILE / 2 + 9, stroke=PAPER, strokeWidth=5)
        .encode(text=alt.Text("text:N")),
        base.transform_filter("datum.hidden")
        .mark_text(fontSize=SMALL, dx=TILE / 2, dy=TILE / 2 - 12, stroke=PAPER, strokeWidth=5)
        .encode(text=alt.Text("short:N")),
        *(
            base.transform_filter(f"datum.lines == {lines}")
            .mark_text(fontSize=SMALL - 1 if lines > 1 else SMALL, dx=TILE / 2, dy=TILE / 2 - lift, lineHeight=11)
            .encode(text=alt.Text("short:N"), color=ink)
            for lines, lift in ((1, 12), (2, 16))
        ),
        base.mark_text(fontSize=15, fontWeight="bold", dx=TILE / 2, dy=TILE / 2 + 9).encode(
            text=alt.Text("text:N"), color=ink
        ),
    ]
    layers += _key(classes, wide * size + 26)
    size = (WIDTH - 8, down * size)
    return finished(layers, size, 4, 4, 4, 4)


def key(values: Sequence[float]) -> list[tuple[str, float, float]]:
    """Colour, lowest and highest value of each class: zero, then four of equal width, whole numbers at their ends."""
    top = max([*values, 1])
    ends = [0, *(round(top * part / 4) for part in (1, 2, 3)), top]
    spans = [(STEPS[0], 0.0, 0.0)]
    for index in range(4):
        low, high = ends[index] + 1, ends[index + 1]
        if low <= high:
            spans.append((STEPS[index + 1], low, high))
    return spans


def _row(region: Tile, regions: Sequence[Tile], hidden_word: str) -> dict[str, Any]:
    spans = key([each.value for each in regions if each.value])
    colour = next((colour for colour, low, high in reversed(spans) if region.value and region.value >= low), STEPS[0])
    size, (column, line) = TILE + GAP, region.place
    x, y = column * size, line * size
    return {
        "short": wrapped(region.short, 9, 2),
        "lines": len(wrapped(region.short, 9, 2)),
        "text": hidden_word if region.hidden else region.text,
        "column": column,
        "row": line,
        "hidden": region.hidden,
        "x": x,
        "y": y,
        "x2": x + TILE,
        "y2": y + TILE,
        "fill": HIDDEN if region.hidden else colour,
        "edge": SOFT if region.hidden or colour == PAPER else PAPER,
        "ink": PAPER if not region.hidden and colour in (ACCENT,) else "#14181f",
    }


def _key(classes: Mapping[str, str], left: float) -> list[alt.Chart]:
    rows = [
        {"x": left, "x2": left + 22, "y": 8 + 26 * index, "y2": 26 + 26 * index, "fill": colour, "text": words}
        for index, (colour, words) in enumerate(classes.items())
    ]
    base = alt.Chart(data(rows)).encode(x=across("x", None), y=up("y", None))
    return [
        base.mark_rect(stroke=SOFT, strokeWidth=0.8).encode(x2=alt.X2("x2:Q"), y2=alt.Y2("y2:Q"), color=own("fill")),
        base.mark_text(align="left", fontSize=SMALL, dx=30, dy=9).encode(text=alt.Text("text:N")),
    ]
