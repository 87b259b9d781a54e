"""What this process knows of the end of the read models, so that a screen with nothing new costs no query."""

from __future__ import annotations

import threading

from vigie.journal import Received
from vigie.journal.authority import Registry
from vigie.web.desk import access
from vigie.web.desk.models import Cursor, Incident, NodeFact


class Tail:
    """Last entry followed, last entry of each incident, and the registry of nodes as of then.

    Written under the lock of `follow`; readers take `seq` and `last` without one, because a reader that sees the older
    of two values only looks again at its next poll.
    """

    def __init__(self) -> None:
        self.looked = float("-inf")  # when (monotonic) the end of the journal was last seen to be `seq`
        self.seq = -1  # nothing is known yet, not even that there is nothing
        self.last: dict[str, int] = {}
        self.realms: dict[str, str] = {}  # of incidents, as the read models have them
        self._node_seq = 0
        self._registry: Registry | None = None
        self._registry_lock = threading.Lock()

    def read(self, cursor: Cursor) -> None:
        """Catch up with a cursor of the database, moved by this process or by another one."""
        news = list(Incident.objects.filter(last_seq__gt=self.seq).values_list("id", "last_seq", "realm"))
        self.last = {**self.last, **{name: last for name, last, _ in news}}
        self.realms.update({name: realm for name, _, realm in news})
        if cursor.node_seq != self._node_seq:
            self._node_seq = cursor.node_seq
            self._registry = None
            self.realms = {}  # what counts has changed, and the realm is that of the first entry that counts
        self.seq = cursor.seq

    def registry(self) -> Registry:
        """Which nodes count here, and for whom."""
        with self._registry_lock:
            if self._registry is None:
                self._registry = fold_registry(access.store().get(list(NodeFact.objects.values_list("seq", flat=True))))
            return self._registry


def fold_registry(received: list[Received]) -> Registry:
    """The registry that follows from some entries, as this installation sees it."""
    made = Registry(access.own_logs())
    for each in received:
        made.add(each)
    return made


tail = Tail()


def forget() -> None:
    """Know nothing again: after a rebuild, a restore, and between tests."""
    tail.__init__()  # type: ignore[misc]  # the module's one instance is imported by name elsewhere
