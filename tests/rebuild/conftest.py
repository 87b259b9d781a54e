from __future__ import annotations

import pytest

from tests.support.crisis import Crisis


@pytest.fixture
def crisis() -> Crisis:
    """A fresh crisis: an incident of the hospital of Valmont."""
    return Crisis()
