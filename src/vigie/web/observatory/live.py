"""Live: the declarations of this node's journal, followed as it grows, and counted once.

The declarations table is derived by `observe.follow.Follower`, which reads again only the incidents that said something
more. The cells that tables are computed from are kept by year for each choice of filters, so that an entry counts again the
years of its own declarations and no other. Lines that an analyst must not see are left out before anything is derived.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from itertools import count
from typing import TYPE_CHECKING, NamedTuple

import pyarrow as pa
import pyarrow.compute as pc

from vigie.journal import Received, Store
from vigie.observe.cells import Family
from vigie.observe.compute import cells_of, chosen, families, from_cells, received_in
from vigie.observe.engine import fetched, held_in_memory
from vigie.observe.follow import Follower
from vigie.observe.table import Figures
from vigie.observe.tables.prepared import structure_group
from vigie.web import desk
from vigie.web.desk import access
from vigie.web.observatory import keeping

if TYPE_CHECKING:
    import ibis.expr.types as ir

SLICES, COMPUTED = 48, 200  # choices of filters whose cells are kept, and computations
WORTH_KEEPING = 200  # incidents derived at once: fewer are derived again at the next start
_generations = count(1)  # never the same twice in a process, also when the journal is opened anew
Cells = dict[Family, dict[int | None, pa.Table]]  # by year


class Slice(NamedTuple):
    """Which declarations are counted; an empty word: all. `at`: as known at that instant, None: now."""

    realm: str = "real"
    sector: str = ""
    region: str = ""
    group: str = ""
    malicious: str = ""
    at: datetime | None = None


class Known(NamedTuple):
    """What figures rest on: the order of the last entry read, and the years there are.

    `generation` is another one whenever anything that was derived has changed.
    """

    seq: int
    generation: int
    years: tuple[int, ...]


class Guarded:
    """A journal less the lines that an analyst must not see: privileged ones, and those marked TLP:red."""

    def __init__(self, store: Store) -> None:
        self.store = store

    def last_seq(self) -> int:
        """As of the store."""
        return self.store.last_seq()

    def outline(self, after: int = 0, upto: int | None = None) -> Iterator[tuple[int, str, str, str]]:
        """As of the store: that a line is there says nothing of what it holds."""
        return self.store.outline(after, upto)

    def received(self, after: int = 0, upto: int | None = None) -> Iterator[Received]:
        """As of the store: read for what logs had seen of each other, never for facts."""
        return self.store.received(after, upto)

    def get(self, seqs: Sequence[int]) -> list[Received]:
        """The entries that may be read."""
        return [each for each in self.store.get(seqs) if not (each.entry.privileged or each.entry.tlp == "red")]


class Counted:
    """The followed table and what was counted of it. Not for two threads at once."""

    def __init__(self, store: Store, follower: Follower) -> None:
        self.store = store
        self.follower = follower
        self.generation = next(_generations)
        self._cells: OrderedDict[Slice, Cells] = OrderedDict()
        self._made: OrderedDict[tuple[Slice, tuple[str, ...]], dict[str, Figures]] = OrderedDict()

    def catch_up(self) -> None:
        """Read what arrived since, and forget the years that it changes."""
        before = self.follower.table
        followed = self.follower.update()
        if not followed.incidents:
            return
        stale = _years(before, followed.incidents) | _years(self.follower.table, followed.incidents)
        for cells in self._cells.values():
            for by_year in cells.values():
                for year in stale:
                    by_year.pop(year, None)
        self._made.clear()
        self.generation = next(_generations)
        if len(followed.incidents) >= WORTH_KEEPING:
            keeping.keep(self.store, self.follower.table, self.follower.seq)

    def known(self, realm: str) -> Known:
        """What figures of a realm rest on."""
        held = self.follower.table
        years = pc.unique(held.filter(pc.equal(held["realm"], realm))["year"]).to_pylist()
        return Known(self.follower.seq, self.generation, tuple(sorted(year for year in years if year is not None)))

    def figures(self, asked: Slice, names: Collection[str] | None) -> dict[str, Figures]:
        """What `compute` gives for these declarations, from the cells that are kept."""
        wanted = chosen(names)
        key = (asked, tuple(wanted))
        if key not in self._made:
            cells = self._cells_of(asked, families(wanted.values()))
            self._made[key] = from_cells(cells, wanted)
        self._made.move_to_end(key)
        while len(self._made) > COMPUTED:
            self._made.popitem(last=False)
        return self._made[key]

    def _cells_of(self, asked: Slice, wanted: Iterable[Family]) -> Mapping[Family, pa.Table]:
        held = self._cells.setdefault(asked, {})
        self._cells.move_to_end(asked)
        while len(self._cells) > SLICES:
            self._cells.popitem(last=False)
        years = set(pc.unique(self.follower.table["year"]).to_pylist())
        lacking = {family: years - held.setdefault(family, {}).keys() for family in wanted}
        if any(lacking.values()):
            missing = set.union(*lacking.values())
            source = held_in_memory(self.follower.table.filter(_in_years(self.follower.table, missing)))
            received = _narrowed(received_in(source, None, asked.sector or None, asked.at, asked.realm), asked)
            for family, some in lacking.items():
                if some:
                    found = fetched(cells_of(received, family, asked.realm))
                    held[family] |= {year: found.filter(_in_years(found, {year})) for year in some}
        # Years in order: the same cells, whichever year was counted last.
        return {
            family: pa.concat_tables([held[family][year] for year in sorted(years, key=_last)]) for family in lacking
        }


_lock = threading.RLock()
_held: Counted | None = None


def figures(asked: Slice, names: Collection[str] | None = None) -> tuple[dict[str, Figures], Known]:
    """Figures of the declarations that the journal holds now, and what they rest on. Raises StorageError."""
    with _lock:
        counted = _counted()
        counted.catch_up()
        return counted.figures(asked, names), counted.known(asked.realm)


def known(realm: str) -> Known:
    """What figures of a realm rest on now."""
    with _lock:
        counted = _counted()
        counted.catch_up()
        return counted.known(realm)


def _counted() -> Counted:
    """The one of this process; another one when the journal was opened anew."""
    global _held
    store = desk.store()
    if _held is None or _held.store is not store:
        table, seq = keeping.kept(store)
        follower = Follower(Guarded(store), access.own_logs(), table, seq)  # type: ignore[arg-type]
        _held = Counted(store, follower)
    return _held


def _narrowed(received: ir.Table, asked: Slice) -> ir.Table:
    if asked.region:
        received = received.filter(received.region == asked.region)
    if asked.malicious:
        received = received.filter(received.malicious == asked.malicious)
    if asked.group:
        received = received.filter(structure_group(received) == asked.group)
    return received


def _years(table: pa.Table, incidents: Collection[str]) -> set[int | None]:
    of = pc.is_in(table["incident"], pa.array(list(incidents)))
    return set(pc.unique(table.filter(of)["year"]).to_pylist())


def _in_years(table: pa.Table, years: Collection[int | None]) -> pa.ChunkedArray:
    values = pa.array([year for year in years if year is not None], table["year"].type)
    found = pc.is_in(table["year"], values)
    return pc.or_(found, pc.is_null(table["year"])) if None in years else found


def _last(year: int | None) -> tuple[bool, int]:
    return (year is None, year or 0)
