"""The situation on paper: what breaks between two pages, and what never stands alone at the foot of one."""

from __future__ import annotations

from pathlib import Path

import vigie.web

STYLE = (Path(vigie.web.__file__).parent / "static" / "vigie" / "vigie.css").read_text()


def test_the_situation_flows_over_pages():
    paper = STYLE[STYLE.index("@media print") :]
    assert ".board { display: block;" in paper, "a grid leaves half a page blank when a card does not fit"
    assert "h1, h2, h3, thead { break-after: avoid; }" in paper
