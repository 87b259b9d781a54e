"""How every chart looks: ink on white, few colours, words beside the marks, legible in black and white.

Colours differ by lightness first, so that a photocopy keeps them apart, and stay apart for colour-blind readers. What is
hidden, unknown or still to come is told by a pattern and a word. Marks that bear a pattern are drawn in a stand-in colour
that `render` replaces (Vega-Lite knows no patterns).
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any, Literal, NamedTuple

import altair as alt

FONT = "Liberation Sans"  # drawn in by vl-convert, which carries it; same widths as Arial and Helvetica
INK, SOFT, LINE, PAPER = "#14181f", "#434a55", "#d9d4c7", "#ffffff"
ACCENT, SECOND, PALE, WARM = "#12305c", "#5b8cc7", "#c3d7ee", "#b4580f"
HIDDEN, UNKNOWN, LATE = "#fe0001", "#fe0002", "#fe0003"  # stand-ins for patterns
# In this order for the parts of a whole: dark, warm, middle, pale, then two more.
PARTS = (ACCENT, "#d98a2b", SECOND, PALE, "#6b2f17", "#f0d9a8")
WIDTH = 640  # pixels; 160 mm on paper, where a text of 13 pixels is 9 points high
TEXT, SMALL = 13, 12

CONFIG = {
    "font": FONT,
    "background": PAPER,
    "view": {"stroke": None},
    "text": {"font": FONT, "fontSize": TEXT, "color": INK},
    "axis": {
        "labelFont": FONT, "labelFontSize": SMALL, "labelColor": INK, "titleFont": FONT, "titleFontSize": SMALL,
        "titleFontWeight": "normal", "titleColor": SOFT, "gridColor": LINE, "domainColor": SOFT, "tickColor": SOFT,
        "labelLimit": 400,
    },
}  # fmt: skip

WHOLE = ("$schema", "config", "datasets")  # what a specification says once, for all its layers

State = Literal["", "hidden", "none", "partial"]


class Point(NamedTuple):
    """One mark of a chart. `label` and `text` are what the reader sees (name, value); `value` what is drawn.

    `state`: hidden (withheld from the public), none (there is no such number), partial (the period is not over or its last
    declarations are still to come; `expected` is then what it should reach). `low` and `high`: an interval.
    `before`: the same a year earlier.
    """

    label: str
    value: float | None
    text: str
    state: State = ""
    low: float | None = None
    high: float | None = None
    expected: float | None = None
    before: float | None = None


class Rule(NamedTuple):
    """A change of the rules, drawn before the mark `label`. `text` is a letter, what it stands for is said under the chart."""

    label: str
    text: str


def data(rows: list[dict[str, Any]]) -> alt.InlineData:
    """Rows that travel inside the chart, as text: Altair copies what it holds many times over, and text costs nothing to copy."""
    return alt.InlineData(values=json.dumps(rows, ensure_ascii=False), format=alt.DataFormat(type="json"))


def finished(
    layers: Sequence[alt.Chart], size: tuple[float, float], left: int, right: int, top: int, bottom: int
) -> dict[str, Any]:
    """The Vega-Lite specification of charts laid over one another, in the style of the house: `size` and margins in pixels.

    Nothing depends on the width of a letter (a reader's machine may lack the font), and nothing is named by a counter. The
    layers are put together here because Altair's own `layer` copies each of them several times.
    """
    drawn = [each.to_dict(validate=False) for each in layers]
    return {
        "$schema": drawn[0]["$schema"],
        "config": CONFIG,
        "padding": {"left": left, "right": right, "top": top, "bottom": bottom},
        "autosize": {"type": "none"},
        "width": size[0],
        "height": size[1],
        "datasets": {name: rows for each in drawn for name, rows in each.get("datasets", {}).items()},
        "layer": [{name: part for name, part in each.items() if name not in WHOLE} for each in drawn],
    }


def across(field: str, scale: alt.Scale | None, axis: alt.Axis | None = None) -> alt.X:
    """A number of the rows, from left to right."""
    return alt.X(f"{field}:Q", scale=scale, axis=axis)


def up(field: str, scale: alt.Scale | None, axis: alt.Axis | None = None) -> alt.Y:
    """A number of the rows, from the bottom up."""
    return alt.Y(f"{field}:Q", scale=scale, axis=axis)


def own(field: str, channel: type = alt.Color) -> Any:
    """A colour or shape that the rows say themselves."""
    return channel(f"{field}:N", scale=None)


def wrapped(text: str, width: int, lines: int = 9) -> list[str]:
    """The text in at most `lines` lines of about `width` characters, as Vega-Lite wants them; what is cut ends in `…`."""
    made: list[str] = []
    for word in text.split(" "):
        if made and len(made[-1]) + 1 + len(word) <= width:
            made[-1] += f" {word}"
        else:
            made.append(word)
    if len(made) > lines:
        made = [*made[: lines - 1], f"{made[lines - 1]}…"]
    return made


def switch(words: dict[str, str], width: int = 0) -> str:
    """A Vega expression that says the words for the value of an axis, in lines of `width` characters where it is given."""
    said = {key: ",".join(map(quoted, wrapped(text, width or len(text) + 1))) for key, text in words.items()}
    pairs = ",".join(f"{quoted(key)}:[{lines}]" for key, lines in said.items())
    return f"{{{pairs}}}[datum.value]"


def quoted(text: str) -> str:
    """A Vega string."""
    escaped = text.replace("\\", "\\\\").replace("'", "\\'")
    return f"'{escaped}'"
