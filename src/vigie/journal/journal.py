"""Journal: the one writer. Pages, API, imports, exercises and sync all go through `append` and `merge`."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from typing import NamedTuple

from vigie.errors import ConflictError, FactError, InputError, RefusedError, StorageError, VigieError
from vigie.journal.authority import NODE_KINDS, registry
from vigie.journal.clock import next_tick
from vigie.journal.entry import (
    INCIDENT,
    MARKINGS,
    PRECISIONS,
    REALMS,
    ROLES,
    Draft,
    Entry,
    commit,
    decode,
    digest_of,
    encode,
)
from vigie.journal.facts import Correction, Erasure, NodeEnrolled, parse, to_bytes
from vigie.journal.facts.base import YEARS
from vigie.journal.keys import Checkpoint, Entropy, Identity
from vigie.journal.merkle import Frontier
from vigie.journal.rows import SALT_BYTES, NewRow
from vigie.journal.storage import Store, Tx

MAX_FACT_BYTES = 256_000


class Receipt(NamedTuple):
    """What an append gives back once it is durable. `repeated` means that the key was known, with the same content."""

    seq: int
    digest: str
    entry: Entry
    repeated: bool


class Journal:
    """The journal of one node. Safe from any thread: appends that arrive together share one transaction and checkpoint."""

    def __init__(self, store: Store, identity: Identity, entropy: Entropy) -> None:
        self.store = store
        self.identity = identity
        self.entropy = entropy
        self._writer = threading.Lock()
        self._served = threading.Condition()
        self._waiting: deque[_Ticket] = deque()
        self._realms: dict[str, str] = {}
        self._log: int | None = None

    def append(self, draft: Draft, now: datetime) -> Receipt:
        """Write one entry; it is durable when this returns.

        Raises FactError or InputError (malformed draft), RefusedError (realm of another kind than the incident's),
        ConflictError (same key, other content), StorageError. Nothing is written then.
        """
        return self.append_all([draft], now)[0]

    def append_all(self, drafts: Sequence[Draft], now: datetime) -> list[Receipt]:
        """Write several entries in one transaction, all or none. Same errors as `append`."""
        ticket = _Ticket([check_draft(draft) for draft in drafts], now)
        self._waiting.append(ticket)
        self._serve()
        if not ticket.served:
            with self._served:
                self._served.wait_for(lambda: ticket.served)
        return ticket.result()

    @contextmanager
    def exclusive(self) -> Iterator[None]:
        """Hold the writer's place for one short transaction; appends that waited meanwhile are served right after."""
        with self._writer:
            yield
        self._serve()

    def _serve(self) -> None:
        """Serve what waits, unless somebody holds the writer's place: the holder looks again after leaving it."""
        while self._waiting and self._writer.acquire(blocking=False):
            try:
                self._commit_waiting()
            finally:
                self._writer.release()

    def introduce(
        self, role: str, speaks_for: Iterable[str], author: str, now: datetime, name: str = ""
    ) -> Receipt | None:
        """Write the entry that introduces this incarnation, unless its log has begun. Makes nobody trust it."""
        if self.checkpoint() is not None:
            return None
        own = self.identity
        organisations = tuple(speaks_for)
        fact = NodeEnrolled(
            node=own.node, incarnation=own.incarnation, public_key=own.public_key, role=role,  # type: ignore[arg-type]
            speaks_for=organisations, name=name,
        )  # fmt: skip
        owner = organisations[0] if organisations else own.node
        return self.append(Draft(f"{owner}/register", fact, author, "administrator"), now)

    def checkpoint(self) -> Checkpoint | None:
        """The newest signed checkpoint of this node's own log; None before its first entry."""
        for head in self.store.heads():
            if (head.node, head.incarnation) == (self.identity.node, self.identity.incarnation):
                return head.checkpoint
        return None

    def _commit_waiting(self) -> None:
        """Commit everything that waits, as one group."""
        tickets = []
        while self._waiting:
            tickets.append(self._waiting.popleft())
        if not tickets:
            return
        try:
            with self.store.writing() as tx:
                group = _Group(self, tx)
                for ticket in tickets:
                    group.add(ticket)
                group.flush()
        except VigieError as error:
            self._log = None
            for ticket in tickets:
                ticket.error = ticket.error or error
        except BaseException as error:
            for ticket in tickets:
                ticket.error = ticket.error or StorageError(f"the write was interrupted ({error!r}). Write it again")
            raise
        finally:
            with self._served:
                for ticket in tickets:
                    ticket.served = True
                self._served.notify_all()

    def log_number(self, tx: Tx) -> int:
        """The number of this node's own log in this store."""
        if self._log is None:
            own = self.identity
            self._log = tx.log_id(own.node, own.incarnation, own.public_key)
        return self._log

    def realm_of(self, tx: Tx, incident: str) -> str | None:
        """The realm that the first entry that counts set for good; None for an incident where nothing counts yet.

        A stranger's exercise entry that comes in by a bundle does not make an exercise of somebody's crisis.
        """
        if incident not in self._realms:
            first = tx.first_of(incident)
            realm = self._counting_realm(tx, incident, decode(first)) if first is not None else None
            if realm is None:
                return None
            self._realms[incident] = realm
        return self._realms[incident]

    def _counting_realm(self, tx: Tx, incident: str, first: Entry) -> str | None:
        own = self.store.own_logs()
        if first.log in own:
            return first.realm
        trusted = registry(self.store.received(kinds=NODE_KINDS), own)
        rows = tx.all("SELECT raw FROM journal_entries WHERE incident = ? ORDER BY seq", incident)
        entries = (decode(bytes(raw)) for (raw,) in rows)
        return next((entry.realm for entry in entries if trusted.standing(entry).counts), None)


def check_draft(draft: Draft) -> Draft:
    """The draft, or an error that says what is wrong with it."""
    if not INCIDENT.match(draft.incident):
        raise InputError(
            f"incident {draft.incident!r}: write it as organisation/name, without spaces, 160 characters at most"
        )
    if not (
        draft.realm in REALMS
        and draft.role in ROLES
        and draft.precision in PRECISIONS
        and draft.tlp in MARKINGS
        and (draft.pap is None or draft.pap in MARKINGS)
    ):
        raise _unknown_word(draft)
    if not draft.author.strip() or len(draft.author) > 200:
        raise InputError("author: give who writes this entry, in 200 characters at most")
    if draft.key is not None and not 1 <= len(draft.key) <= 200:
        raise InputError("key: an idempotency key has 1 to 200 characters")
    if draft.happened_at is not None and draft.happened_at.tzinfo is None:
        raise InputError("happened_at: give a time with its time zone")
    if draft.happened_at is not None and draft.happened_at.year not in YEARS:
        raise InputError(f"happened_at: give a year from {YEARS[0]} to {YEARS[-1]}")
    if isinstance(draft.fact, Correction) and draft.fact.replacement is not None:
        parse(draft.fact.replacement)
    return draft


def _unknown_word(draft: Draft) -> InputError:
    known = {"realm": REALMS, "role": ROLES, "precision": PRECISIONS, "tlp": MARKINGS, "pap": (None, *MARKINGS)}
    what = next(name for name, words in known.items() if getattr(draft, name) not in words)
    words = ", ".join(str(word) for word in known[what])
    return InputError(f"{what} {getattr(draft, what)!r}: use one of {words}")


class _Ticket:
    """Drafts that wait to be written together, then their receipts or the error."""

    __slots__ = ("drafts", "now", "receipts", "error", "served")

    def __init__(self, drafts: list[Draft], now: datetime) -> None:
        if now.tzinfo is None:
            raise InputError("now: give an aware instant")
        self.drafts = drafts
        self.now = now
        self.receipts: list[Receipt] | None = None
        self.error: VigieError | None = None
        self.served = False

    def result(self) -> list[Receipt]:
        if self.error is not None:
            raise self.error
        if self.receipts is None:
            raise StorageError("the write was not served. Write it again")
        return self.receipts


class _Group:
    """One transaction of the journal: entries under one checkpoint."""

    def __init__(self, journal: Journal, tx: Tx) -> None:
        self.journal, self.tx = journal, tx
        self.log = journal.log_number(tx)
        head, self.first_seq, news = tx.opening(self.log)
        self.frontier, self.tip, self.clock = head.frontier, head.tip, head.clock
        self.saw: dict[str, int] | None = None if news else {}
        self.rows: list[NewRow] = []
        self.erasures: list[tuple[Erasure, bytes]] = []
        self.receipts: list[Receipt] = []
        self.realms: dict[str, str] = {}
        self.now: datetime | None = None

    def add(self, ticket: _Ticket) -> None:
        """Write a ticket's drafts, all or none."""
        before = (Frontier(self.frontier.size, self.frontier.peaks), self.tip, self.clock, self.saw, len(self.rows),
                  len(self.erasures))  # fmt: skip
        try:
            ticket.receipts = [self._write(draft, ticket.now) for draft in ticket.drafts]
            self.now = ticket.now
        except VigieError as error:
            ticket.error = error
            self.frontier, self.tip, self.clock, self.saw = before[:4]
            del self.rows[before[4] :], self.receipts[before[4] :], self.erasures[before[5] :]

    def flush(self) -> None:
        """Send the group to the database, with its checkpoint."""
        if not self.rows or self.now is None:
            return
        assert self.clock is not None
        self.tx.insert(self.first_seq, self.rows, self.now)
        if not self.realms.keys() <= self.journal._realms.keys():
            self.tx.add_incidents(self.first_seq, self.rows)
        for erasure, by in self.erasures:
            self.tx.erase(bytes.fromhex(erasure.of), by)
        point = Checkpoint.signed(self.journal.identity, self.frontier.size, self.frontier.root(), self.now)
        self.tx.set_head(self.log, self.frontier, self.tip, self.clock, point)
        self.journal._realms.update(self.realms)

    def _write(self, draft: Draft, now: datetime) -> Receipt:
        payload = to_bytes(draft.fact)
        if len(payload) > MAX_FACT_BYTES:
            raise FactError(f"this fact has {len(payload)} bytes, the limit is {MAX_FACT_BYTES}: attach a file instead")
        if draft.key is not None and (known := self._known(draft, payload)):
            return known
        self._check_realm(draft)
        if isinstance(draft.fact, Erasure):
            self._check_erasure(draft)
        salt = self.journal.entropy(SALT_BYTES)
        entry = self._entry(draft, commit(salt, payload), now)
        raw = encode(entry)
        digest = digest_of(raw)
        self.rows.append(
            NewRow(digest, self.log, entry.index, entry.incident, entry.kind, entry.key, raw, salt + payload)
        )
        self.frontier.append(digest)
        self.tip = digest.hex()
        if isinstance(draft.fact, Erasure):
            self.erasures.append((draft.fact, digest))
        receipt = Receipt(self.first_seq + len(self.rows) - 1, self.tip, entry, False)
        self.receipts.append(receipt)
        return receipt

    def _entry(self, draft: Draft, commitment: str, now: datetime) -> Entry:
        own = self.journal.identity
        if self.saw is None:
            self.saw = self.tx.news(self.log)
        saw, self.saw = self.saw, {}
        self.clock = next_tick(self.clock, now)
        return Entry(
            draft.realm, draft.incident, own.node, own.incarnation, self.frontier.size, self.tip,
            draft.happened_at or now, draft.precision, self.clock.at, self.clock.count, draft.author, draft.role,
            draft.fact.kind, draft.tlp, draft.pap, draft.privileged, draft.key, commitment, saw,
        )  # fmt: skip

    def _known(self, draft: Draft, payload: bytes) -> Receipt | None:
        for receipt, row in zip(self.receipts, self.rows, strict=True):
            if row.key == draft.key:
                return self._same(receipt.seq, row.digest, row.raw, row.body, draft, payload)
        found = self.tx.one(
            "SELECT e.seq, e.digest, e.raw, p.body FROM journal_entries e LEFT JOIN journal_payloads p ON p.seq = e.seq"
            " WHERE e.idem = ? AND e.log IN (SELECT id FROM journal_logs WHERE tip <> '' OR id = ?)"
            " ORDER BY e.seq LIMIT 1", draft.key, self.log,
        )  # fmt: skip
        if found is None:
            return None
        body = bytes(found[3]) if found[3] is not None else None
        return self._same(found[0], bytes(found[1]), bytes(found[2]), body, draft, payload)

    def _same(self, seq: int, digest: bytes, raw: bytes, body: bytes | None, draft: Draft, payload: bytes) -> Receipt:
        entry = decode(raw)
        same = (
            body is not None
            and body[SALT_BYTES:] == payload
            and (entry.incident, entry.author, entry.realm) == (draft.incident, draft.author, draft.realm)
            and draft.happened_at in (None, entry.happened_at)
        )
        if not same:
            raise ConflictError(
                f"key {draft.key!r} was used before for something else. Use a new key for a new entry; to change what was"
                " written, write a correction"
            )
        return Receipt(seq, digest.hex(), entry, True)

    def _check_realm(self, draft: Draft) -> None:
        realm = self.realms.get(draft.incident) or self.journal.realm_of(self.tx, draft.incident)
        if realm is not None and realm != draft.realm:
            raise RefusedError(
                f"incident {draft.incident} is {realm}, this entry says {draft.realm}: an exercise and a crisis are never mixed"
            )
        self.realms[draft.incident] = draft.realm

    def _check_erasure(self, draft: Draft) -> None:
        assert isinstance(draft.fact, Erasure)
        row = self.tx.one("SELECT incident, kind FROM journal_entries WHERE digest = ?", bytes.fromhex(draft.fact.of))
        if row is None:
            raise InputError(
                f"erasure: no entry {draft.fact.of[:12]}... is held here. Give the digest of the entry to erase"
            )
        if row[0] != draft.incident:
            raise InputError(
                f"erasure: entry {draft.fact.of[:12]}... belongs to {row[0]}: write the erasure in that incident"
            )
        if row[1] in ("erasure", "node_enrolled", "key_rotated", "key_compromised"):
            raise RefusedError(f"erasure: a {row[1]} entry holds the log together and is never erased")
        if draft.role not in ("director", "administrator"):
            raise RefusedError("erasure: only a director of the crisis cell, or an administrator, may order it")
