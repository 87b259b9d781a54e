"""The read models follow the journal by cursor: whoever reads brings them up to date first.

A step is one short transaction that holds the cursor's row, so two threads, or two processes, share the work and never
do it twice. An append costs nothing here: the two hundred writers of a bad night are followed a thousand entries at a
time by the first screen that looks.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator

from django.db import connection, transaction

from vigie.web.desk import access, attachments
from vigie.web.desk.derive import apply
from vigie.web.desk.models import (
    Cursor,
    Declaration,
    DeclarationSign,
    Incident,
    LineSubject,
    LogLine,
    NodeFact,
    SupportRequest,
)
from vigie.web.desk.tail import forget, tail

STEP_ENTRIES = 1000
FRESH_SECONDS = 0.02  # one page asks several times whether something is new: once is enough
PATIENCE_STEPS = 2  # what a reader follows on behalf of others before the rest is left to a thread

_lock = threading.Lock()


def follow(upto_seq: int | None = None) -> None:
    """Bring the read models up to `upto_seq`, to everything this process acknowledged, and to the end where it is near.

    Raises StorageError, and django.db.OperationalError when the database is busy for longer than its timeout.
    """
    required = max(upto_seq or 0, access.acknowledged())
    looked = time.monotonic()
    if looked < tail.looked + FRESH_SECONDS and tail.seq >= required:
        return
    newest = access.store().last_seq()
    if tail.seq == newest:
        tail.looked = looked
        return
    with _lock:
        steps = 0
        while tail.seq < newest and (tail.seq < required or steps < PATIENCE_STEPS):
            if not step():
                return
            steps += 1
    if tail.seq < newest:
        threading.Thread(target=_catch_up, name="desk-follow", daemon=True).start()


def rebuild() -> Iterator[tuple[int, int]]:
    """Empty the read models and fill them again; yields (entries done, entries in all) as it goes."""
    with _lock:
        with transaction.atomic():
            _empty(Cursor.objects.select_for_update().get_or_create(pk=1)[0])
        forget()
        while step():
            yield tail.seq, access.store().last_seq()


def step() -> bool:
    """Follow at most STEP_ENTRIES entries in one transaction. False when there was nothing left."""
    with transaction.atomic():
        cursor, _ = Cursor.objects.select_for_update().get_or_create(pk=1)
        if tail.seq < 0 and not _same_journal(cursor):
            _empty(cursor)
        tail.read(cursor)
        batch = list(access.store().received(after=cursor.seq, limit=STEP_ENTRIES))
        if not batch:
            return False
        unneeded_files = apply(batch, cursor)
        cursor.seq, cursor.digest = batch[-1].seq, batch[-1].digest
        cursor.save()
    # Only now: what a rolled back transaction had seen must not be remembered, nor its files be gone.
    tail.read(cursor)
    for sha256 in unneeded_files:
        attachments.destroy(sha256)
    return True


def _catch_up() -> None:
    """Follow what is left, for instance of a long merge, without making a person wait. One thread at a time."""
    if not _lock.acquire(blocking=False):
        return
    try:
        while step():
            # Between two steps somebody who waits for one entry of their own may pass.
            _lock.release()
            _lock.acquire()
    finally:
        _lock.release()
        connection.close()


def _same_journal(cursor: Cursor) -> bool:
    """Whether the entry that was followed last is still the one of that number (a backup may have been restored)."""
    if cursor.seq == 0:
        return True
    last = access.store().get([cursor.seq])
    return bool(last) and last[0].digest == cursor.digest


def _empty(cursor: Cursor) -> None:
    # Children first and by bulk: letting the ORM cascade would load every line to find its subjects.
    for model in (DeclarationSign, Declaration, SupportRequest, LineSubject, LogLine, Incident, NodeFact):
        model.objects.all()._raw_delete(connection.alias)
    cursor.seq, cursor.digest, cursor.node_seq = 0, "", 0
    cursor.save()
