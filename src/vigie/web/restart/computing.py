"""Computing: the plan and the forecast of an incident, made once for all the screens that ask.

What they rest on is the key: the newest entry that speaks of the restart, the map, the hour, and what the reader may not
see. The work is done one at a time by one thread of its own; whoever asks for the same waits for it.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable
from concurrent.futures import Future, ThreadPoolExecutor, wait
from datetime import UTC, datetime
from typing import Any, NamedTuple

from django.db.models import Max
from django.utils import timezone
from django.utils.translation import get_language

from vigie.cartography import Cartography
from vigie.respond import Situation
from vigie.web.desk.models import LogLine, NodeFact
from vigie.web.incidents import maps
from vigie.web.incidents.names import Names
from vigie.web.incidents.views.common import Opened

KEPT = 8
DRAWN = 60
SEED = 7
WAIT_SECONDS = 6.0  # then the page says that it is being computed, and asks again
# What a plan is made from: any other entry leaves it as it is.
SPEAKING = (
    *("opened", "closed", "availability", "trust", "containment", "credential_reset", "service_mode", "restore_point"),
    *("gate", "workforce", "estimate", "forecast", "map_adopted", "correction", "erasure"),
)


class Restart(NamedTuple):
    """A plan and its forecast, with what they were made from.

    `upto` is the newest entry that speaks of the restart, `revision` that of the map; `key` tells two of them apart.
    """

    plan: Any
    outlook: Any
    situation: Situation
    cartography: Cartography
    names: Names
    at: datetime
    upto: int
    revision: str = ""
    key: Hashable = None


class _Once:
    """What was made last, by key: made once, however many ask."""

    def __init__(self, size: int) -> None:
        self.size = size
        self.lock = threading.Lock()
        self.made: OrderedDict[Hashable, Future[Any]] = OrderedDict()
        self.workers: ThreadPoolExecutor | None = None

    def get(self, key: Hashable, make: Callable[[], Any]) -> Future[Any]:
        with self.lock:
            if key not in self.made:
                if self.workers is None:
                    self.workers = ThreadPoolExecutor(1, thread_name_prefix="restart")
                self.made[key] = self.workers.submit(make)
                while len(self.made) > self.size:
                    self.made.popitem(last=False)
            self.made.move_to_end(key)
            return self.made[key]

    def has(self, key: Hashable) -> bool:
        with self.lock:
            return key in self.made

    def forget(self) -> None:
        with self.lock:
            self.made.clear()


_once = _Once(KEPT)
_asked = _Once(KEPT)
_bounds = _Once(KEPT)  # a thread of its own: nobody's question waits for a bound
_drawing = threading.RLock()
_drawn: OrderedDict[Hashable, Any] = OrderedDict()


def restart(here: Opened, now: datetime) -> Future[Restart] | None:
    """The restart of an incident as its reader may know it; None without a map that can be read."""
    situation = here.situation()
    cartography = maps.cartography_of(situation)
    if cartography is None:
        return None
    at = now.astimezone(UTC).replace(minute=0, second=0, microsecond=0)
    upto, names, zone = newest(here.id), maps.names_of(situation), timezone.get_default_timezone()
    revision = situation.map.fact.revision if situation.map else ""
    key = (here.id, _view(here), upto, revision, at)

    def make() -> Restart:
        from vigie.rebuild.living import living

        plan, outlook = living(situation, cartography, at, zone, SEED)
        return Restart(plan, outlook, situation, cartography, names, at, upto, revision, key)

    return _once.get(key, make)


def derived(found: Restart, key: Hashable, make: Callable[[], Any]) -> Future[Any]:
    """Something that takes time and follows from a restart (a what-if), made once too."""
    return _asked.get((found.key, key), make)


def bounded(found: Restart, ask: bool) -> Future[float] | None:
    """The least care that any plan could lose: half a minute of one processor, so only when somebody asks. None: nobody did."""
    if not ask and not _bounds.has(found.key):
        return None

    def make() -> float:
        from vigie.rebuild.bound import quick_bound

        return quick_bound(found.plan.problem, found.plan.schedule)

    return _bounds.get(found.key, make)


def remembered(found: Restart, key: Hashable, make: Callable[[], Any]) -> Any:
    """A picture of a restart or the like, made once for each language, here and now. One at a time: charts are drawn by a
    library that is not asked to share.
    """
    whole = (found.key, get_language(), key)
    with _drawing:
        if found.key is None or whole not in _drawn:
            _drawn[whole] = make()
            while len(_drawn) > DRAWN:
                _drawn.popitem(last=False)
        _drawn.move_to_end(whole)
        return _drawn[whole]


def ready(future: Future[Any] | None) -> bool:
    """Whether it is there, after a short wait at most."""
    return future is not None and not wait([future], WAIT_SECONDS).not_done


def newest(incident_id: str) -> int:
    """The newest entry from which the plan of an incident could follow."""
    lines = LogLine.objects.filter(incident_id=incident_id, kind__in=SPEAKING).aggregate(last=Max("seq"))["last"]
    nodes = NodeFact.objects.aggregate(last=Max("seq"))["last"]
    return max(lines or 0, nodes or 0)


def forget() -> None:
    """Make everything anew: between tests."""
    _once.forget()
    _asked.forget()
    _bounds.forget()
    with _drawing:
        _drawn.clear()


def _view(here: Opened) -> Hashable:
    """What sets this reader's view apart: nothing, for all who may see every line of the incident."""
    if not here.hidden:
        return None
    guarded = LogLine.objects.filter(here.hidden, incident_id=here.id, guarded=True, kind__in=SPEAKING)
    return here.hidden.identity if guarded.exists() else None
