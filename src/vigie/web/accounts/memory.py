"""What this process remembers of persons and their rights, so that a screen that refreshes costs no query for them.

Every write to accounts in this process makes it forget at once; what another process writes is seen within LIFE_SECONDS.
With several server processes nothing is remembered: they could not tell each other.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Hashable
from typing import Any, TypeVar

from django.conf import settings
from django.db import transaction

LIFE_SECONDS = 5.0
MOST = 2000

T = TypeVar("T")
_lock = threading.Lock()
_known: dict[Hashable, tuple[float, Any]] = {}
_generation = 0


def remembered(key: Hashable, ask: Callable[[], T]) -> T:
    """What `ask` answers, or answered a moment ago for the same key. None is asked for again."""
    if settings.VIGIE_WORKERS > 1:
        return ask()
    found = _known.get(key)
    now = time.monotonic()
    if found is not None and now - found[0] < LIFE_SECONDS:
        return found[1]
    before = _generation
    answer = ask()
    with _lock:
        # An answer that was read before somebody wrote is used, and not kept.
        if answer is not None and before == _generation:
            if len(_known) >= MOST:
                _known.clear()
            _known[key] = (now, answer)
    return answer


def forget(**signal: Any) -> None:
    """Forget everything, now and once the current transaction is committed. Also a receiver of model signals."""
    _clear()
    transaction.on_commit(_clear)


def _clear() -> None:
    global _generation
    with _lock:
        _generation += 1
        _known.clear()
