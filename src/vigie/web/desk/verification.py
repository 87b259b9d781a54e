"""How far this process has verified the journal: what the foot of every screen says.

Each entry is hashed again, its payload held against its commitment, and the tree of this node's own log grown and
compared with its signed checkpoint. Only what is new is looked at; after a start, everything is, in the background.
What other nodes wrote was proved when it was merged; `vigie journal verify` proves all of it again.
"""

from __future__ import annotations

import threading
import time
from datetime import datetime
from typing import NamedTuple

from vigie.errors import InputError, VigieError
from vigie.journal import Checkpoint
from vigie.journal.entry import decode, digest_of
from vigie.journal.evidence import inspect
from vigie.journal.keys import is_signed_by
from vigie.journal.merkle import Frontier
from vigie.journal.rows import Row
from vigie.web import clock
from vigie.web.desk import access
from vigie.web.desk.following import follow
from vigie.web.desk.tail import tail

STEP_ENTRIES = 50
# A long log is verified in pauses of the process, a fifth of the time of one core: pages come first.
REST = 4.0


class Verified(NamedTuple):
    """Everything up to entry `upto_seq` was found intact, last at `at`; `fault` is the first thing that was not.

    `complete` is whether that is the whole journal as of now. `checkpoint` is the newest one of this node's own log.
    """

    upto_seq: int
    at: datetime | None
    complete: bool
    fault: str | None
    checkpoint: Checkpoint | None


class _State:
    def __init__(self) -> None:
        self.upto_seq = 0
        self.at: datetime | None = None
        self.fault: str | None = None
        self.checkpoint: Checkpoint | None = None
        self.frontier = Frontier()


_state = _State()
_lock = threading.Lock()
_hurried = threading.Event()  # somebody waits for the end: no more rests
_thread: threading.Thread | None = None


def verified_upto() -> Verified:
    """How far the verification came; whatever is left starts being verified in the background. Costs no query."""
    follow()
    newest = tail.seq
    if _state.upto_seq < newest and _state.fault is None:
        _start()
    complete = _state.upto_seq >= newest
    return Verified(_state.upto_seq, _state.at, complete, _state.fault, _state.checkpoint)


def verify_now() -> Verified:
    """Verify what is left, and return when it is done: for prints and exports, which say how far they were verified."""
    _hurried.set()
    try:
        with _lock:
            _run()
    finally:
        _hurried.clear()
    return verified_upto()


def checkpoint() -> Checkpoint | None:
    """The newest signed checkpoint of this node's own log: what a printed page carries."""
    return access.journal().checkpoint()


def forget() -> None:
    """Trust nothing that was verified before."""
    global _state
    if _thread is not None:
        _thread.join(timeout=10)
    _state = _State()


def _start() -> None:
    global _thread
    if _thread is None or not _thread.is_alive():
        _thread = threading.Thread(target=_in_background, name="desk-verify", daemon=True)
        _thread.start()


def _in_background() -> None:
    if _lock.acquire(blocking=False):
        try:
            _run()
        finally:
            _lock.release()


def _run() -> None:
    """Verify every entry that was not, and the newest checkpoint of this node's own log."""
    state = _state
    own = access.identity()
    log = f"{own.node}/{own.incarnation}"
    try:
        newest = access.journal().checkpoint()
        last = access.store().last_seq()
        while state.upto_seq < last and state.fault is None:
            begun = time.monotonic()
            rows = list(access.store().rows(after=state.upto_seq, upto=last, limit=STEP_ENTRIES))
            for row in rows:
                state.fault = state.fault or _fault_of(row, log, state.frontier, newest)
            if not rows or state.fault:
                return
            state.upto_seq, state.at = rows[-1].seq, clock.now()
            if newest is not None and state.frontier.size >= newest.size:
                state.checkpoint = newest
            _hurried.wait(REST * (time.monotonic() - begun))
    except VigieError as error:
        state.fault = str(error)


def _fault_of(row: Row, log: str, frontier: Frontier, newest: Checkpoint | None) -> str | None:
    """What is wrong with an entry, or with the checkpoint that ends at it."""
    try:
        leaf = inspect(row.raw, row.body)
        entry = decode(row.raw)
    except InputError as error:
        return f"entry {row.seq}: {error}"
    if leaf.problem or digest_of(row.raw) != row.digest:
        return f"entry {row.seq}: {leaf.problem or 'its bytes are not those of its digest: they were altered'}"
    if entry.log != log:
        return None
    if entry.index != frontier.size:
        return f"entry {row.seq}: the log of this node goes from {frontier.size} to {entry.index}: an entry was removed"
    frontier.append(row.digest)
    if newest is None or newest.size != frontier.size:
        return None
    if frontier.root().hex() != newest.root or not is_signed_by(
        access.identity().public_key, newest.signature, newest.message()
    ):
        return (
            f"entry {row.seq}: the log of this node is not the one its checkpoint {newest.fingerprint} was signed for"
        )
    return None
