"""From a Vega-Lite specification to an SVG: the same bytes for the same chart, readable by a screen reader, patterns drawn."""

from __future__ import annotations

import re
from html import escape
from typing import Any, NamedTuple

import vl_convert

from vigie.observe.charts.style import HIDDEN, LATE, LINE, SOFT, UNKNOWN

PATTERNS = {
    HIDDEN: ("hidden", f'<path d="M-1,1l2,-2M0,6l6,-6M5,7l2,-2" stroke="{SOFT}" stroke-width="1.1"/>', 6),
    UNKNOWN: ("unknown", f'<circle cx="2.5" cy="2.5" r="0.9" fill="{SOFT}"/>', 5),
    LATE: ("late", f'<path d="M0,0v5" stroke="{LINE}" stroke-width="2"/>', 5),
}
_INNER_ROLES = re.compile(r' (?:role|aria-[a-z]+|pointer-events|class)="[^"]*"')
_EMPTY = re.compile(r'<path [^>]*(?:d=""|d="M0,0h0v0h0Z")[^>]*/>')
_CLIP = re.compile(r"clip(\d+)")


class Picture(NamedTuple):
    """A chart ready to be shown. `svg` holds `title` and `alt` as its title and description."""

    name: str
    svg: str
    title: str
    alt: str
    width: int
    height: int


def picture(name: str, spec: dict[str, Any], title: str, alt: str) -> Picture:
    """Draw a specification. `name` is unique on the page: identifiers inside the SVG start with it."""
    drawn = vl_convert.vegalite_to_svg(spec, show_warnings=False, allowed_base_urls=[])
    head, _, body = drawn.partition(">")
    width, height = (int(float(re.search(rf'{side}="([\d.]+)"', head)[1])) for side in ("width", "height"))  # type: ignore[index]
    body = _EMPTY.sub("", _INNER_ROLES.sub("", body))
    body = _renumbered(name, body)
    patterns = "".join(_pattern(name, colour) for colour in PATTERNS if colour in body)
    for colour, (word, _, _) in PATTERNS.items():
        body = body.replace(f'"{colour}"', f'"url(#{name}-{word})"')
    svg = (
        f'<svg xmlns="http://www.w3.org/2000/svg" role="img" viewBox="0 0 {width} {height}" width="{width}" height="{height}"'
        f' aria-labelledby="{name}-title {name}-desc"><title id="{name}-title">{escape(title, quote=False)}</title>'
        f'<desc id="{name}-desc">{escape(alt, quote=False)}</desc>'
        + (f"<defs>{patterns}</defs>" if patterns else "")
        + body
    )
    return Picture(name, svg, title, alt, width, height)


def _renumbered(name: str, body: str) -> str:
    """Clip paths counted from 1 in each picture: Vega's own count goes on from chart to chart."""
    seen: dict[str, int] = {}
    return _CLIP.sub(lambda found: f"{name}-clip{seen.setdefault(found[1], len(seen) + 1)}", body)


def _pattern(name: str, colour: str) -> str:
    word, drawing, size = PATTERNS[colour]
    return (
        f'<pattern id="{name}-{word}" width="{size}" height="{size}" patternUnits="userSpaceOnUse">'
        f'<rect width="{size}" height="{size}" fill="#ffffff"/>{drawing}</pattern>'
    )
