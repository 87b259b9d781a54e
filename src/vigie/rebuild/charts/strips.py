"""Strips: a row for each care service, or for each forecast of one, from its P50 to its P90, and what really happened."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, tzinfo
from typing import Any

import altair as alt

from vigie.observe.charts.style import ACCENT, INK, LINE, PALE, PAPER, SOFT, WARM, finished, wrapped
from vigie.rebuild.charts import canvas
from vigie.rebuild.charts.span import Span

NAMES, VALUES, PLOT, ROW, HEAD = 214, 196, 430, 27, 24
NAME_LETTERS = 33


@dataclass(frozen=True, slots=True)
class Strip:
    """One row: its `p50_at` and `p90_at`, and in words. `made_at`: when that was said. `back_at`: when it really was back.

    No date at all: `text` says why.
    """

    name: str
    p50_at: datetime | None = None
    p90_at: datetime | None = None
    made_at: datetime | None = None
    back_at: datetime | None = None
    text: str = ""


def strips(
    rows: Sequence[Strip], start: datetime, zone: tzinfo, tick: Callable[[datetime], str], legend: Mapping[str, str]
) -> dict[str, Any]:
    """The specification of the chart. `legend` words `p50`, `p90`, `made`, `back`: those that are to be explained."""
    span = Span(start, _end(rows, start), PLOT, zone)
    keys, head = _legend(legend)
    height = head + ROW * max(len(rows), 1)
    weekends = [
        {"x": left, "x2": right, "y": head, "y2": height, "fill": "#f7f5ee", "edge": "#f7f5ee"}
        for left, right in span.weekends()
    ]
    marks = [(span.x(one), tick(one)) for one in span.ticks(6)]
    ground = [
        canvas.rects(weekends),
        canvas.rules([{"x": x, "x2": x, "y": head - 2, "y2": height} for x, _ in marks], LINE),
        canvas.texts([{"x": x, "y": head - 11, "text": text} for x, text in marks], "center", SOFT),
    ]
    return finished([*ground, *_rows(rows, span, head), *keys], (PLOT, height), NAMES, VALUES, 6, 8)


def _end(rows: Sequence[Strip], start: datetime) -> datetime:
    ends = [one for row in rows for one in (row.p50_at, row.p90_at, row.back_at, row.made_at) if one]
    return max(ends, default=start)


def _rows(rows: Sequence[Strip], span: Span, head: int) -> list[alt.Chart]:
    names, values, bands, lines, ends, middles, made, back = [], [], [], [], [], [], [], []
    for number, row in enumerate(rows):
        y = head + ROW * number + ROW / 2
        names.append({"x": -8, "y": y, "text": wrapped(row.name, NAME_LETTERS, 1)[0]})
        values.append({"x": span.width + 12, "y": y, "text": row.text})
        if row.p50_at and row.p90_at:
            x, x2 = span.x(row.p50_at), span.x(row.p90_at)
            bands.append({"x": x, "x2": max(x2, x + 1), "y": y - 7, "y2": y + 7, "fill": PALE, "edge": PALE})
            lines.append({"x": x, "x2": x2, "y": y, "y2": y})
            ends.append({"x": x2, "x2": x2, "y": y - 8, "y2": y + 8})
        for at, found in ((row.p50_at, middles), (row.made_at, made), (row.back_at, back)):
            if at:
                found.append({"x": span.x(at), "y": y})
    return [
        canvas.rects(bands),
        canvas.rules(lines, ACCENT, 1.4),
        canvas.rules(ends, ACCENT, 2.2),
        canvas.points(made, "triangle-right", 46, SOFT, SOFT),
        canvas.points(middles, "circle", 82, ACCENT, PAPER),
        canvas.points(back, "diamond", 104, WARM, PAPER),
        canvas.texts(names, "right", INK),
        canvas.texts(values, "left", INK),
    ]


def _legend(words: Mapping[str, str]) -> tuple[list[alt.Chart], int]:
    x, texts = 4.0 - NAMES, []
    marks: dict[str, list[dict[str, Any]]] = {key: [] for key in ("p50", "p90", "made", "back")}
    for key, word in words.items():
        if key == "p90":
            marks[key].append({"x": x + 10, "x2": x + 10, "y": 0, "y2": 16})
        else:
            marks[key].append({"x": x + 10, "y": 8})
        texts.append({"x": x + 26, "y": 8, "text": word})
        x += 26 + 6.6 * len(word) + 18
    layers = [
        canvas.rules(marks["p90"], ACCENT, 2.2),
        canvas.points(marks["made"], "triangle-right", 46, SOFT, SOFT),
        canvas.points(marks["p50"], "circle", 82, ACCENT, PAPER),
        canvas.points(marks["back"], "diamond", 104, WARM, PAPER), canvas.texts(texts, "left", INK),
    ]  # fmt: skip
    return layers, 18 + HEAD + 6
