"""Gantt chart of a restart: a row for each application, a piece for each step, told apart by pattern and height too."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, tzinfo
from typing import Any

import altair as alt

from vigie.observe.charts.style import (
    ACCENT,
    HIDDEN,
    INK,
    LINE,
    PALE,
    PAPER,
    SMALL,
    SOFT,
    UNKNOWN,
    WARM,
    finished,
    wrapped,
)
from vigie.rebuild.charts import canvas
from vigie.rebuild.charts.span import Span

NAMES, VALUES, PLOT, ROW, HEAD = 244, 128, 602, 20, 24
NAME_LETTERS = 37
WEEKEND = "#f4f1e8"
# Phase: how it is filled, its edge, and the share of the height of the row that it takes.
LOOKS: dict[str, tuple[str, str, float]] = {
    "foundation": (SOFT, SOFT, 0.62),
    "prove": (UNKNOWN, SOFT, 0.62),
    "examine": (UNKNOWN, SOFT, 0.62),
    "restore": (ACCENT, ACCENT, 0.62),
    "validate": (PALE, ACCENT, 0.62),
    "gate": (HIDDEN, SOFT, 0.62),
    "reconnect": (WARM, WARM, 0.28),
    "folded": (PAPER, SOFT, 0.4),
}


@dataclass(frozen=True, slots=True)
class Piece:
    """One step on a row. `critical`: it is of the chain that decides the end."""

    phase: str
    starts_at: datetime
    ends_at: datetime
    critical: bool = False


@dataclass(frozen=True, slots=True)
class Bar:
    """One row. `back_at` is marked by a diamond, `late_at` (P90) by a line that ends there, or by an arrow where it is
    beyond the chart; `text` is written at the right.

    Without pieces it is the heading of a group.
    """

    name: str
    pieces: tuple[Piece, ...] = ()
    back_at: datetime | None = None
    late_at: datetime | None = None
    text: str = ""


def gantt(
    bars: Sequence[Bar], start: datetime, zone: tzinfo, tick: Callable[[datetime], str], legend: Mapping[str, str]
) -> dict[str, Any]:
    """The specification of the chart. `tick` words an instant of the axis; `legend` names phases, and `critical`,
    `back`, `late`, `beyond`, in the order in which they are explained above the chart.
    """
    span = Span(start, _end(bars, start), PLOT, zone)
    keys, head = _legend(legend)
    height = head + ROW * max(len(bars), 1)
    layers = [*_ground(span, head, height, tick), *_rows(bars, span, head), *keys]
    return finished(layers, (PLOT, height), NAMES, VALUES, 6, 8)


def _end(bars: Sequence[Bar], start: datetime) -> datetime:
    """Until the last P90, but never more than twice the length of the plan: what is surer to happen must stay readable."""
    ends = [one for bar in bars for one in (bar.back_at, *(piece.ends_at for piece in bar.pieces)) if one]
    last = max(ends, default=start)
    return min(max((bar.late_at for bar in bars if bar.late_at), default=last), last + (last - start))


def _ground(span: Span, head: int, height: int, tick: Callable[[datetime], str]) -> list[alt.Chart]:
    """Weekends, the lines of the axis and its words, above the rows."""
    weekends = [
        {"x": left, "x2": right, "y": head, "y2": height, "fill": WEEKEND, "edge": WEEKEND}
        for left, right in span.weekends()
    ]
    marks = [(span.x(one), tick(one)) for one in span.ticks()]
    lines = [{"x": x, "x2": x, "y": head - 2, "y2": height} for x, _ in marks]
    words = [{"x": x, "y": head - 11, "text": text} for x, text in marks]
    return [canvas.rects(weekends), canvas.rules(lines, LINE), canvas.texts(words, "center", SOFT)]


def _rows(bars: Sequence[Bar], span: Span, head: int) -> list[alt.Chart]:
    names, titles, values, pieces, critical, late, ends, beyond, backs = [], [], [], [], [], [], [], [], []
    for number, bar in enumerate(bars):
        middle = head + ROW * number + ROW / 2
        if not bar.pieces and bar.back_at is None:
            titles.append({"x": 4 - NAMES, "y": middle, "text": bar.name})
            continue
        names.append({"x": -8, "y": middle, "text": wrapped(bar.name, NAME_LETTERS, 1)[0]})
        values.append({"x": span.width + 10, "y": middle, "text": bar.text})
        for piece in bar.pieces:
            pieces.append(_piece(piece, span, middle))
            if piece.critical:
                critical.append(_under(piece, span, middle))
        if bar.late_at and bar.back_at:
            x, x2 = span.x(bar.back_at), span.x(bar.late_at)
            late.append({"x": x, "x2": x2, "y": middle, "y2": middle})
            if bar.late_at > span.end:
                beyond.append({"x": x2, "y": middle})
            else:
                ends.append({"x": x2, "x2": x2, "y": middle - 4, "y2": middle + 4})
        if bar.back_at:
            backs.append({"x": span.x(bar.back_at), "y": middle})
    return [
        canvas.rules(late, SOFT, 1.2, (3, 2)),
        canvas.rules(ends, SOFT, 1.6),
        canvas.points(beyond, "triangle-right", 40, SOFT, SOFT),
        canvas.rects(pieces),
        canvas.rects(critical),
        canvas.points(backs, "diamond", 64, PAPER, INK),
        canvas.texts(names, "right", INK),
        canvas.texts(titles, "left", ACCENT, bold=True, size=SMALL + 1),
        canvas.texts(values, "left", INK),
    ]


def _piece(piece: Piece, span: Span, middle: float) -> dict[str, Any]:
    fill, edge, share = LOOKS[piece.phase]
    left = span.x(piece.starts_at)
    half = ROW * share / 2
    # An hour in a span of weeks is still a line that can be seen.
    right = max(span.x(piece.ends_at), left + 1.5)
    return {"x": left, "x2": right, "y": middle - half, "y2": middle + half, "fill": fill, "edge": edge}


def _under(piece: Piece, span: Span, middle: float) -> dict[str, Any]:
    left = span.x(piece.starts_at)
    right = max(span.x(piece.ends_at), left + 1.5)
    return {"x": left, "x2": right, "y": middle + 7, "y2": middle + 9, "fill": INK, "edge": INK}


def _legend(words: Mapping[str, str]) -> tuple[list[alt.Chart], int]:
    """What the patterns mean, in rows above the chart; the height that they take together with the axis."""
    x, line = 0.0, 0
    rects, late, ends, beyond, backs, texts = [], [], [], [], [], []
    for key, word in words.items():
        wide = 26 + 6.6 * len(word) + 18
        if x + wide > NAMES + PLOT and x:
            x, line = 0.0, line + 1
        left, middle = x - NAMES + 4, 8 + 18 * line
        if key in LOOKS:
            fill, edge, share = LOOKS[key]
            half = ROW * share / 2
            rects.append(
                {"x": left, "x2": left + 20, "y": middle - half, "y2": middle + half, "fill": fill, "edge": edge}
            )
        elif key == "critical":
            rects.append({"x": left, "x2": left + 20, "y": middle + 2, "y2": middle + 4, "fill": INK, "edge": INK})
        elif key == "back":
            backs.append({"x": left + 10, "y": middle})
        elif key == "beyond":
            beyond.append({"x": left + 10, "y": middle})
        elif key == "late":
            late.append({"x": left, "x2": left + 20, "y": middle, "y2": middle})
            ends.append({"x": left + 20, "x2": left + 20, "y": middle - 4, "y2": middle + 4})
        texts.append({"x": left + 26, "y": middle, "text": word})
        x += wide
    layers = [
        canvas.rects(rects), canvas.rules(late, SOFT, 1.2, (3, 2)), canvas.rules(ends, SOFT, 1.6),
        canvas.points(beyond, "triangle-right", 40, SOFT, SOFT), canvas.points(backs, "diamond", 64, PAPER, INK),
        canvas.texts(texts, "left", INK),
    ]  # fmt: skip
    return layers, 18 * (line + 1) + HEAD + 6
