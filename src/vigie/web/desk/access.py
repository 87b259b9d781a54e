"""The journal of this node, opened once a process from the settings."""

from __future__ import annotations

import os
import threading
from functools import cache

from django.conf import settings

from vigie.errors import StorageError
from vigie.journal import Identity, Journal, open_store
from vigie.journal.storage import Store
from vigie.web import clock, node

_lock = threading.Lock()


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


def forget() -> None:
    """Close what is open, so that the next caller opens it anew: after a restore, and between tests."""
    with _lock:
        if _store.cache_info().currsize:
            _store().close()
        for opened in (_store, _identity, _journal):
            opened.cache_clear()


@cache
def _store() -> Store:
    return open_store(settings.VIGIE_DATABASE_URL or str(settings.VIGIE_DATA / "journal.db"))


@cache
def _identity() -> Identity:
    here = node.load(settings.VIGIE_DATA)
    if here is None:
        raise StorageError(
            f"{settings.VIGIE_DATA} holds no node yet. Start it once with `vigie serve`, then open the set-up link"
        )
    return Identity.from_secret(here.node, bytes.fromhex(here.private_key))


@cache
def _journal() -> Journal:
    opened = Journal(_store(), _identity(), entropy=os.urandom)
    here = node.load(settings.VIGIE_DATA)
    assert here is not None  # _identity raised otherwise
    # The first entry of a log says whose it is; without it nothing that this node writes would count.
    opened.introduce(here.role, (here.organisation,), author=here.node, now=clock.now(), name=here.name)
    return opened
