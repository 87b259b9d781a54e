"""Funnel plot: the rate of each region against its size, inside the limits where chance alone would leave it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any, NamedTuple

import altair as alt

from vigie.observe.charts.style import (
    ACCENT,
    PALE,
    PAPER,
    SMALL,
    SOFT,
    WARM,
    WIDTH,
    across,
    data,
    finished,
    own,
    switch,
    up,
)

HEIGHT, LEFT, RIGHT = 220, 52, 24


class Spot(NamedTuple):
    """A region: short name, exposure (establishments), rate, and whether it is told apart from the others."""

    short: str
    exposure: float
    rate: float
    outside: bool


class Limit(NamedTuple):
    """The limits at one exposure: 95 % and 99.8 %."""

    exposure: float
    low95: float
    high95: float
    low998: float
    high998: float


def funnel(
    spots: Sequence[Spot],
    limits: Sequence[Limit],
    mean: float,
    axes: tuple[str, str],
    ticks: tuple[dict[float, str], dict[float, str]],
    wide: Sequence[Limit] = (),
) -> dict[str, Any]:
    """Draw the spots. `mean`: the rate of all. `axes`: titles across and up. `ticks`: values and words across and up.

    `wide`: limits that allow for how much the regions differ among themselves; the outer ones are drawn as dotted lines.
    """
    y = partial(up, **_scaled(ticks[1], axis_title=axes[1]))
    axis = alt.Axis(title=axes[0], values=list(ticks[0]), labelExpr=_words(ticks[0]), grid=False, titlePadding=8)
    x = across("exposure", _scale(ticks[0]), axis)
    band = alt.Chart(data([limit._asdict() for limit in limits])).encode(x=x)
    spot = alt.Chart(data(_named(spots, ticks))).encode(x=x, y=y("rate"))
    layers = [
        band.mark_area(color=PALE, opacity=0.4, clip=True).encode(y=y("low998"), y2=alt.Y2("high998:Q")),
        band.mark_area(color=PALE, opacity=0.6, clip=True).encode(y=y("low95"), y2=alt.Y2("high95:Q")),
        alt.Chart(data([{"mean": mean}])).mark_rule(color=SOFT, strokeDash=[5, 3]).encode(y=y("mean")),
        *_lines(wide, x, y),
        spot.mark_point(filled=True, size=80, opacity=1, stroke=PAPER, strokeWidth=0.8).encode(
            shape=own("shape", alt.Shape), fill=own("fill", alt.Fill)
        ),
        spot.mark_text(dy=-12, fontSize=SMALL - 1).encode(text=alt.Text("short:N")),
    ]
    return finished(layers, (WIDTH - LEFT - RIGHT, HEIGHT), LEFT, RIGHT, 46, 46)


def _lines(wide: Sequence[Limit], x: alt.X, y: Callable[[str], alt.Y]) -> list[alt.Chart]:
    if not wide:
        return []
    base = alt.Chart(data([limit._asdict() for limit in wide])).encode(x=x)
    return [
        base.mark_line(color=SOFT, strokeWidth=1.4, strokeDash=[1, 3], clip=True).encode(y=y(side))
        for side in ("low998", "high998")
    ]


def _named(spots: Sequence[Spot], ticks: tuple[dict[float, str], dict[float, str]]) -> list[dict[str, Any]]:
    """The spots, each named where its name meets no other; those outside the limits are named first.

    A region outside the limits is told by shape as well as colour.
    """
    across_top, up_top = (max(each) for each in ticks)
    taken: list[tuple[float, float]] = []
    rows = []
    for spot in sorted(spots, key=lambda each: (not each.outside, each.exposure)):
        x, y = spot.exposure / across_top * (WIDTH - LEFT - RIGHT), spot.rate / up_top * HEIGHT
        free = all(abs(x - other_x) > 30 or abs(y - other_y) > 12 for other_x, other_y in taken)
        taken += [(x, y)] if free else []
        fill, shape = (WARM, "diamond") if spot.outside else (ACCENT, "circle")
        rows.append({**spot._asdict(), "short": spot.short if free else "", "fill": fill, "shape": shape})
    return rows


def _scale(ticks: dict[float, str]) -> alt.Scale:
    marks = list(ticks)
    return alt.Scale(domain=[marks[0], marks[-1]], nice=False)


def _scaled(ticks: dict[float, str], axis_title: str) -> dict[str, Any]:
    """The scale of the rates, its title written across, above the axis."""
    axis = alt.Axis(
        title=axis_title, values=list(ticks), labelExpr=_words(ticks), domain=False, ticks=False,
        titleAngle=0, titleAlign="left", titleX=8 - LEFT, titleY=-28, titleAnchor="start",
    )  # fmt: skip
    return {"scale": _scale(ticks), "axis": axis}


def _words(ticks: dict[float, str]) -> str:
    return switch({f"{value:g}": text for value, text in ticks.items()})
