"""A real server, a real process, kill -9 while people write: nothing acknowledged is lost, in either database.

The full assault (50 kills, 10,000 entries) is `python -m benchmarks.kill`.
"""

from __future__ import annotations

from benchmarks.kill import run

KILLS, ACKNOWLEDGED, WRITERS = 3, 600, 16


def test_nothing_acknowledged_is_lost_on_sqlite(tmp_path):
    assert len(run(KILLS, ACKNOWLEDGED, WRITERS, None, tmp_path / "node", 1).acknowledged) > 100


def test_nothing_acknowledged_is_lost_on_postgresql(tmp_path, postgres_url):
    assert len(run(KILLS, ACKNOWLEDGED, WRITERS, postgres_url, tmp_path / "node", 2).acknowledged) > 100
