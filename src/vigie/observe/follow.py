"""Follower: the declarations table kept beside a journal. A new entry derives its incident again, and nothing else.

The past is not recomputed: what changes is found by the outline of the journal (order, incident, kind, log), and only the
incidents that were touched are read. A node fact touches the incidents in which a log spoke that it is about.
"""

from __future__ import annotations

from array import array
from collections import defaultdict
from collections.abc import Collection, Iterator
from typing import NamedTuple

import pyarrow as pa
import pyarrow.compute as pc

from vigie.journal.authority import NODE_KINDS
from vigie.journal.entry import Received
from vigie.journal.facts import KeyCompromised, KeyRotated, NodeEnrolled
from vigie.journal.storage import Store
from vigie.observe.coding import Remark
from vigie.observe.derive import Look, derive
from vigie.observe.rows import Row, empty, table_of

ORDER = [("declaration", "ascending"), ("version", "ascending")]


class Followed(NamedTuple):
    """What an update did: up to which order of arrival, and which incidents it derived again."""

    seq: int
    incidents: tuple[str, ...]


class Follower:
    """The declarations of a journal, as far as it was read. `table` is in the order of declarations and versions.

    `local` as in `Registry`. `table` and `seq` go on from an earlier follower of the same journal: what was derived from
    the entries up to `seq` is taken as it is.
    """

    def __init__(
        self, store: Store, local: str | Collection[str] | None = None, table: pa.Table | None = None, seq: int = 0
    ) -> None:
        self.store = store
        self.local = local
        self.table = empty() if table is None else table
        self.seq = 0
        self._remarks: dict[str, frozenset[Remark]] = {}
        self._entries: dict[str, array[int]] = {}
        self._logs: dict[str, set[str]] = defaultdict(set)
        self._declaring: set[str] = set()
        self._qualified: dict[str, set[str]] = defaultdict(set)
        # The logs that qualified side by side, by incident, and what these logs had seen of others.
        self._judges: dict[str, frozenset[str]] = {}
        self._trust: dict[str, list[Received]] = defaultdict(list)
        self._looks: dict[str, list[Look]] = {}
        self._outline(seq)
        # Whether logs qualified side by side there is not known before these are derived again.
        self._doubtful = {incident for incident in self._declaring if len(self._qualified[incident]) > 1}

    @property
    def remarks(self) -> tuple[Remark, ...]:
        """Words that are in no list of the vocabulary, of the incidents derived by this follower."""
        return tuple(sorted(remark for some in self._remarks.values() for remark in some))

    def update(self, upto: int | None = None) -> Followed:
        """Read what arrived since, up to an order of arrival (None: all)."""
        before = self.seq
        touched, judged = self._outline(self.store.last_seq() if upto is None else upto)
        again = (touched & self._declaring) | self._doubtful | self._read_looks(before)
        if judged:
            again |= {incident for incident in self._declaring if judged & self._believed(incident)}
        self._doubtful = set()
        rows = [row for incident in sorted(again) for row in self._derive(incident)]
        if again:
            gone = pc.is_in(self.table["incident"], pa.array(sorted(again)))
            held = self.table.filter(pc.invert(gone))
            self.table = pa.concat_tables([held, table_of(rows)]).sort_by(ORDER).combine_chunks()
        return Followed(self.seq, tuple(sorted(again)))

    def _derive(self, incident: str) -> list[Row]:
        derived = derive(incident, self._evidence(incident), self._seen(incident), self.local)
        if derived.judges - self._judges.get(incident, frozenset()):
            # What these logs had read of each other was not asked before.
            self._judges[incident] = derived.judges
            for log in derived.judges - self._looks.keys():
                self._looks[log] = list(self._looks_of({log}, 0))
            derived = derive(incident, self._evidence(incident), self._seen(incident), self.local)
        self._remarks[incident] = derived.remarks
        return derived.rows

    # -- what arrived --------------------------------------------------------------------------------------------------

    def _outline(self, upto: int) -> tuple[set[str], set[str]]:
        """Note what arrived up to there: the incidents it belongs to, and the logs that node facts are about."""
        touched: set[str] = set()
        node_facts: list[int] = []
        for seq, incident, kind, log in self.store.outline(self.seq, upto):
            touched.add(incident)
            self._entries.setdefault(incident, array("q")).append(seq)
            self._logs[incident].add(log)
            if kind == "declaration":
                self._declaring.add(incident)
            if kind in ("qualification", "correction"):
                self._qualified[incident].add(log)
            if kind in NODE_KINDS:
                node_facts.append(seq)
            self.seq = seq
        judged: set[str] = set()
        for received in self.store.get(node_facts):
            for log in self._binding(received):
                self._trust[log].append(received)
                judged.add(log)
        return touched, judged

    def _binding(self, received: Received) -> tuple[str, ...]:
        """The logs about which a node fact may change something; none where another organisation speaks of them.

        Only this installation enrols, and a node of the same name passes its key on or denounces it: what a thousand
        hospitals say of each other need not be weighed in each incident.
        """
        entry, fact = received.entry, received.fact
        if not isinstance(fact, NodeEnrolled | KeyRotated | KeyCompromised):
            return ()
        own = self.local is None or entry.node in {log.partition("/")[0] for log in _several(self.local)}
        if not own and entry.node != fact.node:
            return ()
        if isinstance(fact, KeyRotated):
            return f"{fact.node}/{fact.old_incarnation}", f"{fact.node}/{fact.new_incarnation}"
        return (f"{fact.node}/{fact.incarnation}",)

    def _evidence(self, incident: str) -> Iterator[Received]:
        """The entries of an incident, and the node facts that say whether its logs are believed."""
        yield from self.store.get(self._entries[incident])
        given: set[int] = set(self._entries[incident])
        for log in self._believed(incident):
            for received in self._trust.get(log, ()):
                if received.seq not in given:
                    given.add(received.seq)
                    yield received

    def _believed(self, incident: str) -> set[str]:
        """The logs on which it depends who is believed in an incident: those that speak there, those that enrolled
        them or passed them their key, and so on; and those of this installation."""
        found = set(self._logs[incident]) | set(_several(self.local))
        todo = list(found)
        while todo:
            for received in self._trust.get(todo.pop(), ()):
                new = {received.entry.log, *self._binding(received)} - found
                found |= new
                todo += new
        return found

    # -- who had read whom ---------------------------------------------------------------------------------------------

    def _read_looks(self, after: int) -> set[str]:
        """Read what logs that judged side by side say since then to have seen; the incidents in which that matters."""
        new: set[str] = set()
        for look in self._looks_of(self._looks.keys(), after) if self._looks else ():
            self._looks[look.log].append(look)
            new.add(look.log)
        return {incident for incident, judges in self._judges.items() if judges & new}

    def _looks_of(self, logs: Collection[str], after: int) -> Iterator[Look]:
        for received in self.store.received(after, self.seq):
            entry = received.entry
            if entry.log in logs and entry.saw:
                yield Look(entry.log, entry.index, entry.saw, received.received_at)

    def _seen(self, incident: str) -> list[Look]:
        return [look for log in sorted(self._judges.get(incident, ())) for look in self._looks[log]]


def _several(local: str | Collection[str] | None) -> Collection[str]:
    return (local,) if isinstance(local, str) else local or ()
