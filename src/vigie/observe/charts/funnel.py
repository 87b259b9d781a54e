"""Funnel plot: the rate of each region against its size, inside the limits where chance alone would leave it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

import altair as alt

from vigie.observe.charts.style import ACCENT, PALE, SMALL, SOFT, WARM, WIDTH, data, finished, switch

HEIGHT, LEFT, RIGHT = 300, 52, 24


class Spot(NamedTuple):
    """A region: short name, exposure (establishments), rate, and whether it stands outside the 99.8 % limits."""

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
) -> dict[str, Any]:
    """Draw the spots. `mean`: the rate of all. `axes`: titles across and up. `ticks`: values and words across and up."""
    width = WIDTH - LEFT - RIGHT
    across, up = (list(each) for each in ticks)
    x_scale = alt.Scale(domain=[across[0], across[-1]], nice=False)
    y_scale = alt.Scale(domain=[up[0], up[-1]], nice=False)
    x_axis = alt.Axis(title=axes[0], values=across, labelExpr=_words(ticks[0]), grid=False, titlePadding=8)
    y_axis = alt.Axis(
        title=axes[1],
        values=up,
        labelExpr=_words(ticks[1]),
        domain=False,
        ticks=False,
        titleAngle=0,
        titleAlign="left",
        titleX=-LEFT + 8,
        titleY=-14,
        titleAnchor="start",
    )
    x = alt.X("exposure:Q", scale=x_scale, axis=x_axis)

    def y(field: str) -> alt.Y:
        return alt.Y(f"{field}:Q", scale=y_scale, axis=y_axis)

    band = alt.Chart(data([limit._asdict() for limit in limits])).encode(x=x)
    spot = alt.Chart(
        data(
            [
                {
                    **each._asdict(),
                    "fill": WARM if each.outside else ACCENT,
                    "shape": "diamond" if each.outside else "circle",
                }
                for each in spots
            ]
        )
    ).encode(x=x, y=y("rate"))
    layers = [
        band.mark_area(color=PALE, opacity=0.4, clip=True).encode(y=y("low998"), y2="high998:Q"),
        band.mark_area(color=PALE, opacity=0.6, clip=True).encode(y=y("low95"), y2="high95:Q"),
        alt.Chart(data([{"mean": mean}])).mark_rule(color=SOFT, strokeDash=[5, 3]).encode(y=y("mean")),
        spot.mark_point(filled=True, size=80, opacity=1, stroke="#ffffff", strokeWidth=0.8).encode(
            shape=alt.Shape("shape:N", scale=None), fill=alt.Fill("fill:N", scale=None)
        ),
        spot.mark_text(dy=-12, fontSize=SMALL - 1).encode(text="short:N"),
    ]
    return finished(alt.layer(*layers).properties(width=width, height=HEIGHT), LEFT, RIGHT, 34, 46)


def _words(ticks: dict[float, str]) -> str:
    return switch({f"{value:g}": text for value, text in ticks.items()})
