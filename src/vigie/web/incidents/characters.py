"""Characters that nobody sees, in what is typed: some are refused, some are taken out.

Control characters other than tab and line breaks are refused: no keyboard makes them by intent, and a terminal or a
spreadsheet may obey them. Marks that turn the direction of text are taken out in silence: they come along with text
pasted from elsewhere, and could make a line read otherwise than it is kept. What a peer wrote with such marks is shown
as it is, each text isolated from its neighbours by the style sheet.
"""

from __future__ import annotations

import re

CONTROLS = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]")
_DIRECTIONS = re.compile("[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")


def undirected(text: str) -> str:
    """The text without marks that turn its direction."""
    return _DIRECTIONS.sub("", text)
