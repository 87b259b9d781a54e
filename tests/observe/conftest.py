"""A small sector for each test."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.observe.sector import Sector


@pytest.fixture
def sector(tmp_path: Path) -> Iterator[Sector]:
    """Two hospitals and the observatory, which trusts them."""
    made = Sector(tmp_path)
    yield made
    made.close()
