"""The attacker: what can be worked out of printed figures by linear programming, without a line of the program attacked.

It reads definitions of tables and printed rows, as anybody can, and supposes a register: one unknown number of declarations
for each combination of the terms of the dimensions it looks at. Each printed number is an equation over the register, each
row that a table leaves out is a zero, each share ties two counts. The least and the greatest value of a withheld cell over
every register that agrees with all that is printed is what is known of it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain, combinations, product
from typing import Any

import numpy as np
from scipy.optimize import linprog
from scipy.sparse import csr_array

from vigie.observe.table import Figures, Measure, Table

Position = tuple[str, int, int]
Edition = Mapping[str, Figures]
CLOSE = 1e-7


@dataclass(frozen=True)
class Known:
    """What an attacker may know besides the figures.

    `several`: dimensions of which a declaration may have several terms. `coarse`: dimensions that are a function of another.
    `at_least`: what a withheld count of a table cannot be less than. `only`: the dimensions looked at (None: all).
    """

    several: tuple[str, ...] = ()
    coarse: Mapping[str, tuple[str, Callable[[Any], Any]]] | None = None
    at_least: Callable[[str], float] = lambda table: 0.0
    only: tuple[str, ...] | None = None


class Register:
    """Every combination of terms of one year, numbered; a selection of them is what a cell counts."""

    def __init__(self, tables: Mapping[str, Table], editions: Sequence[Edition], year: int, known: Known) -> None:
        self.tables, self.known, self.year = tables, known, year
        self.coarse = dict(known.coarse or {})
        terms: dict[str, set[Any]] = {}
        for name, figures in chain.from_iterable(edition.items() for edition in editions):
            for dimension, at in [(each.name, at) for at, each in enumerate(tables[name].dimensions)]:
                if dimension != "year" and dimension not in self.coarse and self._seen(dimension):
                    terms.setdefault(dimension, set()).update(row[at] for row in figures.rows)
            for measure in tables[name].measures:
                for dimension, said in measure.where:
                    if dimension not in self.coarse and self._seen(dimension):
                        terms.setdefault(dimension, set()).update([said] if isinstance(said, str) else said)
        self.names = tuple(sorted(terms))
        self.terms = [self._values(name, sorted(terms[name], key=str)) for name in self.names]
        self.combos = list(product(*self.terms))
        self.holding = [
            {value: np.array([value == c[at] for c in self.combos]) for value in self.terms[at]}
            for at in range(len(self.names))
        ]

    def _seen(self, dimension: str) -> bool:
        return self.known.only is None or dimension in self.known.only

    def _values(self, name: str, terms: list[Any]) -> list[Any]:
        if name not in self.known.several:
            return terms
        return [frozenset(some) for size in range(1, len(terms) + 1) for some in combinations(terms, size)]

    def covers(self, table: Table) -> bool:
        """Whether all that a table speaks of is in the register."""
        named = {each.name for each in table.dimensions} | {
            name for measure in table.measures for name, _ in measure.where
        }
        fine = {self.coarse[name][0] if name in self.coarse else name for name in named}
        return fine <= {*self.names, "year"}

    def counted(self, table: Table, measure: Measure, row: Sequence[Any]) -> np.ndarray:
        """The combinations that a count of this row counts."""
        total = not measure.additive and any(each.over == measure.name for each in table.measures)
        said = [
            (each.name, (row[at],))
            for at, each in enumerate(table.dimensions)
            if each.name != "year" and not (total and each.name not in table.per)
        ]
        said += [(name, (terms,) if isinstance(terms, str) else terms) for name, terms in measure.where]
        chosen = np.ones(len(self.combos), dtype=bool)
        for name, terms in said:
            chosen &= self._with(name, terms)
        return np.flatnonzero(chosen)

    def _with(self, name: str, terms: tuple[Any, ...]) -> np.ndarray:
        fine, grain = self.coarse.get(name, (name, lambda term: term))
        at = self.names.index(fine)
        several = fine in self.known.several
        found = np.zeros(len(self.combos), dtype=bool)
        for value in self.terms[at]:
            own = value if several else (value,)
            if any(grain(each) in terms for each in own):
                found |= self.holding[at][value]
        return found


class Attack:
    """Registers that agree with printed editions. `believes`: how an attacker ties the registers of two editions.

    `nothing`: each edition is read alone, the last one attacked. `unchanged`: one register behind all. `withheld`: what is
    withheld in both has not changed, the rest may have. `added`: declarations were only added.
    """

    def __init__(
        self,
        tables: Mapping[str, Table],
        editions: Sequence[Edition],
        year: int,
        known: Known | None = None,
        believes: str = "nothing",
    ) -> None:
        self.tables, self.known = tables, known or Known()
        self.register = Register(tables, editions, year, self.known)
        self.rows: list[tuple[np.ndarray, np.ndarray, float, float]] = []
        self.unknown: list[dict[Position, np.ndarray]] = []
        self.found: dict[bytes, tuple[float, float]] = {}
        size = len(self.register.combos)
        shift = 0 if believes in ("nothing", "unchanged") else size
        read = editions if believes != "nothing" else editions[-1:]
        for number, edition in enumerate(read):
            self.unknown.append({})
            for name, figures in edition.items():
                if self.register.covers(tables[name]):
                    self._read(tables[name], figures, number * shift)
        self.width = size * (len(read) if shift else 1)
        if believes == "added":
            for at in range(size):
                self._say([at], [size + at], -np.inf, 0.0)
        if believes == "withheld":
            for position in self.unknown[0].keys() & self.unknown[-1].keys():
                self._say(self.unknown[0][position], self.unknown[-1][position], 0.0, 0.0)
        self._assemble()

    def interval(self, position: Position, edition: int = -1) -> tuple[float, float]:
        """The least and the greatest that a withheld count can be."""
        cells = self.unknown[edition][position]
        if (key := cells.tobytes()) not in self.found:  # a total that rows repeat is one unknown
            costs = np.zeros(self.width)
            costs[cells] = 1.0
            self.found[key] = self._least(costs), -self._least(-costs)
        return self.found[key]

    def intervals(self, edition: int = -1) -> dict[Position, tuple[float, float]]:
        """Every withheld count of an edition."""
        return {position: self.interval(position, edition) for position in self.unknown[edition]}

    def possible(self) -> bool:
        """Whether any register agrees with all that is believed."""
        return self._solve(np.zeros(self.width)).status == 0

    def _read(self, table: Table, figures: Figures, shift: int) -> None:
        year = figures.columns.index("year")
        rows = [at for at, row in enumerate(figures.rows) if row[year] == self.register.year]
        for measure in [each for each in table.measures if each.kind == "count" and _of_declarations(each)]:
            column, seen = figures.columns.index(measure.name), np.zeros(len(self.register.combos), dtype=bool)
            for at in rows:
                cells = self.register.counted(table, measure, figures.rows[at])
                seen[cells] = True
                if (at, column) in figures.hidden:
                    self.unknown[-1][table.name, at, column] = cells + shift
                    self._say(cells + shift, [], self.known.at_least(table.name), np.inf)
                elif figures.rows[at][column] is not None:
                    self._say(cells + shift, [], figures.rows[at][column], figures.rows[at][column])
            if rows and not measure.where:
                self._say(np.flatnonzero(~seen) + shift, [], 0.0, 0.0)
        self._read_shares(table, figures, rows, shift)

    def _read_shares(self, table: Table, figures: Figures, rows: Iterable[int], shift: int) -> None:
        by_name = {each.name: each for each in table.measures}
        for measure in [each for each in table.measures if each.kind == "share"]:
            for at in rows if _of_declarations(by_name[measure.of]) else ():
                share = figures.rows[at][figures.columns.index(measure.name)]
                bases = {(at, figures.columns.index(name)) for name in (measure.of, measure.over)}
                if share is not None and bases & figures.hidden:  # else it says nothing that the two counts do not say
                    part = self.register.counted(table, by_name[measure.of], figures.rows[at]) + shift
                    whole = self.register.counted(table, by_name[measure.over], figures.rows[at]) + shift
                    factors = np.concatenate([np.ones(len(part)), np.full(len(whole), -share)])
                    self.rows.append((np.concatenate([part, whole]), factors, -CLOSE, CLOSE))

    def _say(self, plus: Sequence[int], minus: Sequence[int], low: float, high: float) -> None:
        columns = np.concatenate([np.asarray(plus, dtype=int), np.asarray(minus, dtype=int)])
        if len(columns):
            self.rows.append((columns, np.concatenate([np.ones(len(plus)), -np.ones(len(minus))]), low, high))

    def _assemble(self) -> None:
        none = [c for c, factors, low, high in self.rows if low == high == 0 and (factors > 0).all()]
        self.kept = np.setdiff1d(
            np.arange(self.width), np.concatenate(none) if none else []
        )  # a printed 0 empties its cells
        same = [row for row in self.rows if row[2] == row[3]]
        under = [(c, f, high) for c, f, low, high in self.rows if low != high and np.isfinite(high)]
        under += [(c, -f, -low) for c, f, low, high in self.rows if low != high and np.isfinite(low)]
        self.equal = self._matrix([(c, f) for c, f, *_ in same]), np.array([row[2] for row in same])
        self.under = self._matrix([(c, f) for c, f, _ in under]), np.array([row[2] for row in under])

    def _matrix(self, rows: Sequence[tuple[np.ndarray, np.ndarray]]) -> csr_array:
        lengths = [len(columns) for columns, _ in rows]
        data = np.concatenate([factors for _, factors in rows]) if rows else np.zeros(0)
        columns = np.concatenate([columns for columns, _ in rows]) if rows else np.zeros(0, dtype=int)
        numbers = np.repeat(np.arange(len(rows)), lengths)
        return csr_array((data, (numbers, columns)), shape=(len(rows), self.width))[:, self.kept]

    def _solve(self, costs: np.ndarray) -> Any:
        return linprog(
            costs[self.kept],
            A_eq=self.equal[0],
            b_eq=self.equal[1],
            A_ub=self.under[0],
            b_ub=self.under[1],
            method="highs",
        )

    def _least(self, costs: np.ndarray) -> float:
        found = self._solve(costs)
        if found.status == 3:
            return -np.inf
        assert found.status == 0, found.message
        return float(found.fun)


def _of_declarations(measure: Measure) -> bool:
    """Whether a count is of declarations: the register has no declarants."""
    return (measure.counts or measure.name) == "declarations"
