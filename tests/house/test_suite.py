"""What `make test` says at its end, for people and for continuous integration."""

from __future__ import annotations

import pytest

from tools.test import closing


@pytest.mark.parametrize(
    ("outputs", "said"),
    [
        (("...\n12 passed in 8.10s\n", "..\n30 passed in 9.50s (0:00:09)\n"), "42 passed in 9.50s"),
        (
            ("12 passed in 8.10s", "F\n2 failed, 28 passed, 1 skipped in 7.00s"),
            "2 failed, 40 passed, 1 skipped in 8.10s",
        ),
        (("12 passed in 8.10s", "1 error in 0.30s"), "12 passed, 1 error in 8.10s"),
        # A half that was killed never counts as a half that passed.
        (("12 passed in 8.10s", "....Killed"), "12 passed, 1 error in 8.10s"),
    ],
)
def test_one_line_counts_both_halves(outputs, said):
    assert closing(*outputs) == said
