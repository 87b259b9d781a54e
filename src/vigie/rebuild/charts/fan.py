"""Fan chart: the share of its usual activity that a care service keeps, hour after hour, and how sure that is.

The band is darker where it is likelier; the median is a line. Small ones stand side by side, with fewer words.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, tzinfo
from typing import Any, NamedTuple

import altair as alt

from vigie.observe.charts.style import (
    ACCENT,
    INK,
    LINE,
    PALE,
    PAPER,
    SECOND,
    SMALL,
    SOFT,
    WARM,
    data,
    finished,
    wrapped,
)
from vigie.rebuild.charts import canvas
from vigie.rebuild.charts.span import Span

LARGE, LITTLE = (560, 210), (248, 92)
OUTER, INNER = "#e4edf8", PALE
GAP = (60, 84)
PERCENTS = (0, 25, 50, 75, 100)
TITLE_LETTERS = 36
WEEKEND = "#f7f5ee"
STEPS = "step-after"  # a share changes when something comes back, and not little by little


@dataclass(frozen=True, slots=True)
class Shares:
    """A fan: at each of `instants` (p,), the share kept (0 to 1) at the 5th, 25th, 50th, 75th and 95th centile, (p,) each.

    `p50_at` and `p90_at` are the return dates, marked on the axis where there are any.
    """

    instants: tuple[datetime, ...]
    low: Sequence[float]
    lower: Sequence[float]
    middle: Sequence[float]
    upper: Sequence[float]
    high: Sequence[float]
    p50_at: datetime | None = None
    p90_at: datetime | None = None


class Frame(NamedTuple):
    """Where a fan lies: its corner and size in pixels, and its stretch of time."""

    left: float
    top: float
    wide: float
    high: float
    span: Span

    def x(self, instant: datetime) -> float:
        return self.left + self.span.x(instant)

    def y(self, share: float) -> float:
        return round(self.top + self.high * (1 - share), 2)


def fan(
    shares: Shares,
    zone: tzinfo,
    tick: Callable[[datetime], str],
    percent: Callable[[int], str],
    legend: Mapping[str, str],
) -> dict[str, Any]:
    """One fan, large, with its axes. `legend` words `middle`, `inner`, `outer`, `p50`, `p90`."""
    wide, high = LARGE
    frame = Frame(0, 44, wide, high, Span(shares.instants[0], shares.instants[-1], wide, zone))
    layers = [*_axis(frame, tick, percent, 7, 1), *_bands(shares, frame), *_dates(shares, frame), *_legend(legend)]
    return finished(layers, (wide, high + 44), 52, 30, 6, 26)


def small_fans(
    named: Sequence[tuple[str, Shares, str]],
    across: int,
    zone: tzinfo,
    tick: Callable[[datetime], str],
    percent: Callable[[int], str],
) -> dict[str, Any]:
    """Several fans, each under its name and a line of words, `across` a row, all over the same stretch of time."""
    wide, high = LITTLE[0] + GAP[0], LITTLE[1] + GAP[1]
    end = max((shares.instants[-1] for _, shares, _ in named), default=None)
    layers: list[alt.Chart] = []
    for number, (name, shares, text) in enumerate(named):
        left, top = number % across * wide, number // across * high
        frame = Frame(left, top + 40, *LITTLE, Span(shares.instants[0], end or shares.instants[-1], LITTLE[0], zone))
        title = [{"x": left, "y": top + 8, "text": wrapped(name, TITLE_LETTERS, 1)[0]}]
        layers += [
            *_axis(frame, tick, percent, 4, 2),
            *_bands(shares, frame),
            *_dates(shares, frame),
            canvas.texts(title, "left", INK, bold=True),
            canvas.texts([{"x": left, "y": top + 25, "text": text}], "left", SOFT),
        ]
    rows, columns = max(1, -(-len(named) // across)), min(across, max(1, len(named)))
    return finished(layers, (wide * columns - GAP[0], high * rows - GAP[1] + 62), 46, 14, 6, 6)


def _axis(
    frame: Frame, tick: Callable[[datetime], str], percent: Callable[[int], str], most: int, every: int
) -> list[alt.Chart]:
    """Weekends, the lines of shares (one in `every`), and at most so many instants."""
    bottom, right = frame.top + frame.high, frame.left + frame.wide
    heights = [(value, frame.y(value / 100)) for value in PERCENTS[::every]]
    marks = [(frame.x(one), tick(one)) for one in frame.span.ticks(most)]
    weekends = [
        {"x": frame.left + a, "x2": frame.left + b, "y": frame.top, "y2": bottom, "fill": WEEKEND, "edge": WEEKEND}
        for a, b in frame.span.weekends()
    ]
    return [
        canvas.rects(weekends),
        canvas.rules([{"x": frame.left, "x2": right, "y": y, "y2": y} for _, y in heights], LINE),
        canvas.rules([{"x": x, "x2": x, "y": bottom, "y2": bottom + 4} for x, _ in marks], SOFT),
        canvas.texts([{"x": x, "y": bottom + 14, "text": text} for x, text in marks], "center", SOFT),
        canvas.texts([{"x": frame.left - 7, "y": y, "text": percent(value)} for value, y in heights], "right", SOFT),
    ]


def _bands(shares: Shares, frame: Frame) -> list[alt.Chart]:
    sides = {name: getattr(shares, name) for name in ("low", "lower", "middle", "upper", "high")}
    rows = [
        {"x": frame.x(instant), **{name: frame.y(values[number]) for name, values in sides.items()}}
        for number, instant in enumerate(shares.instants)
    ]
    base = alt.Chart(data(rows)).encode(x=alt.X("x:Q", scale=None, axis=None))
    bands = [
        base.mark_area(color=fill, interpolate=STEPS).encode(y=_y(first), y2=alt.Y2(f"{second}:Q"))
        for fill, first, second in ((OUTER, "low", "high"), (INNER, "lower", "upper"))
    ]
    edges = [
        base.mark_line(color=SECOND, strokeWidth=0.8, strokeDash=[2, 2], interpolate=STEPS).encode(y=_y(side))
        for side in ("low", "high")
    ]
    return [*bands, *edges, base.mark_line(color=ACCENT, strokeWidth=2.2, interpolate=STEPS).encode(y=_y("middle"))]


def _y(field: str) -> alt.Y:
    return alt.Y(f"{field}:Q", scale=None, axis=None, stack=None)


def _dates(shares: Shares, frame: Frame) -> list[alt.Chart]:
    """The return dates: a circle and a bar on the line of the usual activity."""
    p50, p90 = (
        [frame.x(at)] if at is not None and at <= frame.span.end else [] for at in (shares.p50_at, shares.p90_at)
    )
    bar = [{"x": x, "x2": x, "y": frame.top - 7, "y2": frame.top + 7} for x in p90]
    return [
        canvas.rules(bar, WARM, 2.4),
        canvas.points([{"x": x, "y": frame.top} for x in p50], "circle", 74, WARM, PAPER),
    ]


def _legend(words: Mapping[str, str]) -> list[alt.Chart]:
    x, texts = 0.0, []
    lines, rects, p50, p90 = [], [], [], []
    for key, word in words.items():
        if key == "middle":
            lines.append({"x": x, "x2": x + 20, "y": 8, "y2": 8})
        elif key in ("inner", "outer"):
            fill = INNER if key == "inner" else OUTER
            rects.append({"x": x, "x2": x + 20, "y": 2, "y2": 14, "fill": fill, "edge": SECOND})
        elif key == "p50":
            p50.append({"x": x + 10, "y": 8})
        else:
            p90.append({"x": x + 10, "x2": x + 10, "y": 1, "y2": 15})
        texts.append({"x": x + 26, "y": 8, "text": word})
        x += 26 + 6.2 * len(word) + 14
    return [
        canvas.rects(rects), canvas.rules(lines, ACCENT, 2.2), canvas.rules(p90, WARM, 2.4),
        canvas.points(p50, "circle", 74, WARM, PAPER), canvas.texts(texts, "left", INK, size=SMALL),
    ]  # fmt: skip
