"""The situation of an incident, kept in memory and advanced by cursor: a page after one new entry folds one entry.

There is one fold for each view of an incident (what a caller must not see is not folded for them), for the few that are
looked at. Moments of the past are remembered as they were, for as long as nothing arrives that belongs to them.
"""

from __future__ import annotations

import sys
import threading
from collections import OrderedDict
from collections.abc import Hashable, Iterator
from datetime import datetime
from typing import Any

from django.db.models import Q, QuerySet

from vigie.journal import Received
from vigie.respond.fold import Fold
from vigie.respond.situation import Situation
from vigie.web.desk import access
from vigie.web.desk.following import follow
from vigie.web.desk.models import LogLine, NodeFact
from vigie.web.desk.tail import tail

KEPT_FOLDS = 4
KEPT_MOMENTS = 64


class _Present:
    """A fold of everything that a view may see, and how far it went."""

    def __init__(self, incident_id: str) -> None:
        self.incident_id = incident_id
        self.lock = threading.Lock()
        self.begin()

    def begin(self) -> None:
        """Fold from nothing."""
        self.seq = 0
        self.fold = Fold(self.incident_id, access.own_logs())

    def advance(self, hidden: Q | None, upto: int) -> None:
        """Fold what is new. After an erasure everything is folded anew: what was erased must not live on in memory."""
        if self.seq == upto:
            return
        erasures = LogLine.objects.filter(incident_id=self.incident_id, kind="erasure", seq__gt=self.seq, seq__lte=upto)
        if self.seq and erasures.exists():
            self.begin()
        # One after the other and never all at once: the entries of a long crisis weigh more than what is known of it.
        self.fold.add_all(map(_lightened, _unfolded(self.incident_id, hidden, self.seq, upto)))
        self.seq = upto


class _Recent(OrderedDict[Hashable, Any]):
    """The things used last."""

    def __init__(self, size: int) -> None:
        super().__init__()
        self.size = size

    def put(self, key: Hashable, value: Any) -> Any:
        self[key] = value
        self.move_to_end(key)
        while len(self) > self.size:
            self.popitem(last=False)
        return value


_held: tuple[int, frozenset[str]] = (-1, frozenset())
_lock = threading.Lock()
_presents, _moments = _Recent(KEPT_FOLDS), _Recent(KEPT_MOMENTS)


def situation(incident_id: str, at: datetime | None = None, hidden: Q | None = None) -> Situation:
    """What is known of an incident, or was known at `at` (received by then), without what `hidden` hides."""
    follow()
    if hidden and not _hidden(incident_id, hidden, 0).exists():
        hidden = None
    view = (incident_id, hidden.identity if hidden else None)
    with _lock:
        remembered = _moments.get((view, at)) if at else None
        present = _presents.put(view, _presents.get(view) or _Present(incident_id))
    if remembered and not _changed(incident_id, at, remembered[0]):
        return remembered[1]
    with present.lock:
        seq = tail.seq
        present.advance(hidden, seq)
        found = present.fold.snapshot(at, _revisions(seq))
    if at:
        with _lock:
            _moments.put((view, at), (seq, found))
    return found


def forget() -> None:
    """Fold everything anew: after a rebuild, a restore, and between tests."""
    global _held
    with _lock:
        _held = (-1, frozenset())
        _presents.clear()
        _moments.clear()


def _unfolded(incident_id: str, hidden: Q | None, after: int, upto: int) -> Iterator[Received]:
    """What the fold of a view has not seen: who may be trusted and what each log had seen, then the incident's entries."""
    if after >= upto:
        return
    store = access.store()
    unseen = set(_hidden(incident_id, hidden, after).values_list("seq", flat=True)) if hidden else ()
    around = NodeFact.objects.filter(seq__gt=after, seq__lte=upto).order_by("seq").values_list("seq", flat=True)
    yield from store.get([seq for seq in around if seq not in unseen])
    for received in store.received(after=after, upto=upto, incident=incident_id):
        if received.seq not in unseen:
            yield received


def _lightened(received: Received) -> Received:
    """The same entry, sharing what every entry repeats: a fold of a long crisis keeps each of them."""
    entry = received.entry
    recorded_at = entry.happened_at if entry.recorded_at == entry.happened_at else entry.recorded_at
    received_at = recorded_at if received.received_at == recorded_at else received.received_at
    return received._replace(
        entry=entry._replace(
            recorded_at=recorded_at,
            **{name: sys.intern(getattr(entry, name)) for name in ("author", "node", "incarnation", "precision")},
        ),
        received_at=received_at,
    )


def _revisions(seq: int) -> frozenset[str]:
    """The cartographies at hand: asked again after every entry, since one comes with the entry that adopts it."""
    global _held
    if _held[0] != seq:
        _held = (seq, frozenset(access.store().revisions()))
    return _held[1]


def _hidden(incident_id: str, hidden: Q, after: int) -> QuerySet[LogLine]:
    return LogLine.objects.filter(hidden, incident_id=incident_id, guarded=True, seq__gt=after)


def _changed(incident_id: str, at: datetime | None, seq: int) -> bool:
    """Whether what arrived after `seq` belongs to a moment already shown: a clock was set back, or a payload erased."""
    news = LogLine.objects.filter(incident_id=incident_id, seq__gt=seq)
    return news.filter(Q(received_at__lte=at) | Q(kind="erasure")).exists()
