"""The pages of docs/reference that come from the code say what the code says."""

from __future__ import annotations

import pytest

from tools.reference import pages

PAGES = pages()


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.name)
def test_a_generated_page_is_up_to_date(path):
    assert path.exists() and path.read_text(encoding="utf-8") == PAGES[path], "run `make reference` and commit the page"
