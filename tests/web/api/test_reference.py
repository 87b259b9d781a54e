"""The page of the reference is the API's own description."""

from __future__ import annotations

from tools.api_page import PAGE, described, page


def test_the_page_says_what_the_api_says():
    assert PAGE.read_text(encoding="utf-8") == page(described()), "run: python -m tools.api_page"
