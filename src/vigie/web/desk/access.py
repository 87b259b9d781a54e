"""The journal of this node, opened once a process from the settings."""

from __future__ import annotations

import os
import threading
from collections.abc import Sequence
from datetime import datetime
from functools import cache

from django.conf import settings

from vigie.errors import StorageError
from vigie.journal import Draft, Identity, Journal, Receipt, Store, open_store
from vigie.journal.facts import Note
from vigie.web import clock, node
from vigie.web.continuity import Continuity

_lock = threading.Lock()
_acknowledged = 0


def store() -> Store:
    """The storage of the journal. Raises StorageError."""
    with _lock:
        return _store()


def identity() -> Identity:
    """The name and key of this node. Raises StorageError before the node was set up."""
    with _lock:
        return _identity()


def journal() -> Journal:
    """The one writer. Raises StorageError."""
    with _lock:
        return _journal()


def acknowledged() -> int:
    """The newest entry that this process wrote: whoever reads from now on must see it."""
    return _acknowledged


def own_logs() -> tuple[str, ...]:
    """The logs this installation wrote, one for each incarnation: after a restored backup, its own past is still its own."""
    with _lock:
        _journal()
        return _own_logs()


def forget() -> None:
    """Close what is open, so that the next caller opens it anew: after a restore, and between tests."""
    global _acknowledged
    with _lock:
        _acknowledged = 0
        if _store.cache_info().currsize:
            _store().close()
        for opened in (_store, _identity, _journal, _own_logs):
            opened.cache_clear()


@cache
def _store() -> Store:
    return open_store(settings.VIGIE_DATABASE_URL or str(settings.VIGIE_DATA / "journal.db"))


@cache
def _identity() -> Identity:
    return _journal().identity


@cache
def _journal() -> Journal:
    here = node.load(settings.VIGIE_DATA)
    if here is None:
        raise StorageError(
            f"{settings.VIGIE_DATA} holds no node yet. Start it once with `vigie serve`, then open the set-up link"
        )
    continuity = Continuity(settings.VIGIE_DATA)
    broken = continuity.check(_log(here.identity()), _held(here.identity()))
    if broken:
        here = node.renew(settings.VIGIE_DATA)
    opened = _NotingJournal(_store(), here.identity(), continuity)
    # The first entry of a log says whose it is; without it nothing that this node writes would count.
    opened.introduce(here.role, (here.organisation,), author=here.node, now=clock.now(), name=here.name)
    if broken:
        said = Note(text=f"New incarnation {here.identity().incarnation}: {broken}.")
        opened.append(Draft(f"{here.organisation}/register", said, here.node, "administrator"), clock.now())
    continuity.note(_log(here.identity()), _held(here.identity()), now=True)
    return opened


@cache
def _own_logs() -> tuple[str, ...]:
    return tuple(_store().own_logs())


class _NotingJournal(Journal):
    """A journal that notes how far it has come, so that a restored backup is recognised at the next start."""

    def __init__(self, store: Store, identity: Identity, continuity: Continuity) -> None:
        super().__init__(store, identity, entropy=os.urandom)
        self.continuity = continuity

    def append_all(self, drafts: Sequence[Draft], now: datetime) -> list[Receipt]:
        global _acknowledged
        receipts = super().append_all(drafts, now)
        _acknowledged = max(_acknowledged, *(receipt.seq for receipt in receipts), 0)
        if receipts and not receipts[-1].repeated:
            self.continuity.note(_log(self.identity), receipts[-1].entry.index + 1)
        return receipts


def _log(identity: Identity) -> str:
    return f"{identity.node}/{identity.incarnation}"


def _held(identity: Identity) -> int:
    """How many entries of its own log this node holds."""
    return next((head.size for head in _store().heads() if f"{head.node}/{head.incarnation}" == _log(identity)), 0)
