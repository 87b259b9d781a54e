"""The page of the file format says what the code does."""

from __future__ import annotations

from tools.cartography_page import PAGE, cartography_page


def test_the_page_is_up_to_date():
    assert PAGE.read_text(encoding="utf-8") == cartography_page(), "run `python -m tools.cartography_page`"
