"""The hybrid logical clock: physical time that never goes back within reach, plus a tick.

Kulkarni et al., "Logical Physical Clocks", 2014. An absurdly skewed clock is stored and shown, never adopted: a time more than
`DRIFT` ahead of ours is not followed, so one laptop that believes it is 2031 does not drag the others along.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import NamedTuple

DRIFT = timedelta(minutes=10)


class Tick(NamedTuple):
    """An instant of the hybrid clock; ordered."""

    at: datetime
    count: int


def next_tick(last: Tick | None, now: datetime) -> Tick:
    """The time of a new entry: after `last`, unless `last` is absurdly ahead of `now`."""
    if last is None or now > last.at or last.at - now > DRIFT:
        return Tick(now, 0)
    return Tick(last.at, last.count + 1)


def heard(last: Tick | None, peer: Tick, now: datetime) -> Tick | None:
    """Our clock after hearing a peer's time."""
    if peer.at - now > DRIFT:
        return last
    return peer if last is None or peer > last else last
