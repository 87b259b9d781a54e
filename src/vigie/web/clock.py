"""The clock of the web: the one place where a view may ask what time it is."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime, timedelta

_shift: ContextVar[timedelta] = ContextVar("vigie_clock_shift", default=timedelta())
_frozen: ContextVar[datetime | None] = ContextVar("vigie_clock_frozen", default=None)


def now() -> datetime:
    """The present instant (aware, UTC), as shifted or frozen by an exercise or a test in this context."""
    return (_frozen.get() or datetime.now(UTC)) + _shift.get()


@contextmanager
def shifted(by: timedelta) -> Iterator[None]:
    """Inside the block, this context lives `by` later than the world (earlier when negative)."""
    token = _shift.set(_shift.get() + by)
    try:
        yield
    finally:
        _shift.reset(token)


@contextmanager
def frozen(at: datetime) -> Iterator[None]:
    """Inside the block, this context's clock stands still at `at` (aware)."""
    token = _frozen.set(at)
    try:
        yield
    finally:
        _frozen.reset(token)
