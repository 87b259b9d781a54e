"""Relations: what the printed numbers of one block say of each other, as linear equations and inequalities.

They are read from the numbers themselves: for two groups that count the same units, where one has all the dimensions of
the other, the detail is summed and compared. Equal: it adds up (an equation). More: units are counted more than once
(several impacts, one declarant in two regions), so each detail is at most the whole and the sum at least. Less: a part
is not printed. A relation that holds is used even when nobody promised it: an attacker sees it too, and one relation
too many can only hide more.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass
from itertools import combinations, product
from typing import Any

import numpy as np
from scipy.sparse import csr_array

from vigie.observe.disclosure.boxes import SAME, Box, Terms
from vigie.observe.disclosure.cells import Block, Cell, Group
from vigie.observe.disclosure.links import AT_MOST, DECLARATIONS_OF, NO_LIMIT, Link, links

Bag = tuple[tuple[str, ...], dict[Any, list[int]]]

LARGEST_JOINT = 20_000  # combinations of a joint table that an attacker is credited with


@dataclass(frozen=True, slots=True)
class System:
    """`lower <= matrix @ x <= upper`, x: first the cells of the block in order, then `latent` unprinted combinations."""

    matrix: csr_array
    lower: np.ndarray
    upper: np.ndarray
    cells: int
    latent: int

    def light(self) -> System:
        """The relations between cells alone."""
        rows = np.flatnonzero(np.diff(self.matrix[:, self.cells :].indptr) == 0)
        return System(self.matrix[rows][:, : self.cells], self.lower[rows], self.upper[rows], self.cells, 0)


class Rows:
    """Rows of a system being written."""

    def __init__(self) -> None:
        self.terms: list[tuple[list[int], list[float]]] = []
        self.lower: list[float] = []
        self.upper: list[float] = []
        self.seen: set[tuple[tuple[int, ...], tuple[float, ...], float, float]] = set()

    def add(self, columns: list[int], factors: list[float], lower: float, upper: float) -> None:
        """One relation; the same one twice is kept once."""
        key = (tuple(columns), tuple(factors), lower, upper)
        if key not in self.seen:
            self.seen.add(key)
            self.terms.append((columns, factors))
            self.lower.append(lower)
            self.upper.append(upper)

    def system(self, cells: int, latent: int) -> System:
        """The rows as one sparse system."""
        data = [factor for _, factors in self.terms for factor in factors]
        indices = [column for columns, _ in self.terms for column in columns]
        starts = np.cumsum([0, *(len(columns) for columns, _ in self.terms)])
        matrix = csr_array((data, indices, starts), shape=(len(self.terms), cells + latent))
        return System(matrix, np.array(self.lower), np.array(self.upper), cells, latent)


def relate(block: Block) -> System:
    """Every relation of a block. Adds to it the margins that nobody prints but that two printed tables share."""
    _imply(block)
    rows = Rows()
    for detail in block.groups:
        for whole in block.groups:
            if detail is not whole and _comparable(detail, whole):
                _compare(block, rows, detail, whole)
    _link(block, rows)
    for part, whole in dict.fromkeys(block.nested):
        rows.add([whole, part], [1.0, -1.0], 0.0, np.inf)
    for part, whole in dict.fromkeys(block.parts):
        _leave(block, rows, part, whole)
    _identify(block, rows)
    latent = _joint(block, rows)
    return rows.system(len(block.cells), latent)


def _comparable(detail: Group, whole: Group) -> bool:
    if detail.counts != whole.counts or not set(whole.dimensions) <= set(detail.dimensions):
        return False
    return len(whole.dimensions) < len(detail.dimensions) or whole.partial or not detail.partial


def members(detail: Group, whole: Group) -> Mapping[Box, list[int]]:
    """For each box of `whole`, the cells of `detail` that lie in it."""
    at = [detail.dimensions.index(name) for name in whole.dimensions]
    owner = {single: box for box in whole.cells for single in product(*box)}
    inside: dict[Box, list[int]] = defaultdict(list)
    for box, cell in detail.cells.items():
        owners = {owner.get(single) for single in product(*(box[position] for position in at))}
        found = owners.pop()
        if not owners and found is not None:
            inside[found].append(cell)
    return inside


def _compare(block: Block, rows: Rows, detail: Group, whole: Group) -> None:
    """Write what the numbers say of two groups."""
    inside = members(detail, whole)
    for box, at in whole.cells.items():
        cells = inside.get(box, [])
        total, value = sum(block.cells[cell].value for cell in cells), block.cells[at].value
        if not cells:
            continue
        if total == value:
            rows.add([at, *cells], [1.0] + [-1.0] * len(cells), 0.0, 0.0)
        elif total < value:
            rows.add([at, *cells], [1.0] + [-1.0] * len(cells), 0.0, np.inf)
        elif all(block.cells[cell].value <= value for cell in cells):
            rows.add([at, *cells], [-1.0] + [1.0] * len(cells), 0.0, np.inf)
            for cell in cells:
                rows.add([at, cell], [1.0, -1.0], 0.0, np.inf)


def _link(block: Block, rows: Rows) -> None:
    """Compare counts by a coarse dimension with those by the finer ones that the vocabulary says it follows."""
    for link in links():
        for group in [each for each in block.groups if link.coarse in each.dimensions]:
            if (whole := _rewritten(group, link)) is not None:
                for detail in block.groups:
                    if detail is not group and _comparable(detail, whole):
                        _compare(block, rows, detail, whole)


def _rewritten(group: Group, link: Link) -> Group | None:
    """The same cells, said in the finer dimensions of a link; None when they already are."""
    fine = sorted({name for said in link.means.values() for name in said})
    if set(fine) & set(group.dimensions):
        return None
    names = tuple(sorted({*group.dimensions, *fine} - {link.coarse}))
    cells: dict[Box, int] = {}
    for box, at in group.cells.items():
        said = dict(zip(group.dimensions, box, strict=True))
        terms = said.pop(link.coarse)
        if len(terms) == 1 and terms[0] in link.means:
            said |= link.means[terms[0]]
            cells[tuple(tuple(sorted(said[name], key=str)) for name in names)] = at
    return Group(group.counts, names, cells, group.columns, partial=group.partial)


def _identify(block: Block, rows: Rows) -> None:
    """Numbers that are one by definition, or never more than another, though their tables have other dimensions."""
    at = {(cell.counts, cell.dimensions, cell.box): number for number, cell in enumerate(block.cells) if not cell.rest}

    def found(counts: str, said: Mapping[str, Terms]) -> int | None:
        names = tuple(sorted(said))
        return at.get((counts, names, tuple(tuple(sorted(said[name], key=str)) for name in names)))

    for pair in (*SAME, *AT_MOST):
        one, other = (found(*each) for each in pair)
        if one is not None and other is not None:
            over = block.cells[other].value - block.cells[one].value
            if over >= 0 and (pair not in SAME or not over):
                rows.add([other, one], [1.0, -1.0], 0.0, np.inf if over else 0.0)
    for (counts, names, box), few in at.items():
        many = at.get(("declarations", names, box)) if counts == "declarants" else None
        if many is not None and block.cells[few].value <= block.cells[many].value:
            rows.add([many, few], [1.0, -1.0], 0.0, np.inf)
    _weigh(block, rows, found)


def _weigh(block: Block, rows: Rows, found: Callable[[str, Mapping[str, Terms]], int | None]) -> None:
    """Declarants by how many declarations they made say how many declarations there are."""
    classes = {name: found("declarants", {"declarant_class": (name,)}) for name in DECLARATIONS_OF}
    every = found("declarations", {})
    if every is None or all(at is None for at in classes.values()):
        return
    known = {at: DECLARATIONS_OF[name] for name, at in classes.items() if at is not None}
    nobody = found("declarations", {"declarant_known": ("no",)})
    known |= {nobody: 1} if nobody is not None else {}
    over = block.cells[every].value - sum(factor * block.cells[at].value for at, factor in known.items())
    if over >= 0:
        last = classes[NO_LIMIT]
        exact = not over and (last is None or (not block.cells[last].value and not block.cells[last].spare))
        rows.add([every, *known], [1.0, *(-float(each) for each in known.values())], 0.0, 0.0 if exact else np.inf)


def _leave(block: Block, rows: Rows, part: int, whole: int) -> None:
    """What a share leaves is a count too: 10 of 12 says that 2 are not."""
    left = block.cells[whole].value - block.cells[part].value
    if left < 0:
        return
    exempt = block.cells[whole].exempt and block.cells[part].exempt
    around = block.cells[whole]
    cell = Cell(around.counts, around.dimensions, around.box, left, exempt=exempt, rest=True)
    rows.add([whole, part, block.add(cell)], [1.0, -1.0, -1.0], 0.0, 0.0)


def _imply(block: Block) -> None:
    """Add the margins that two groups share and no table prints, until there is none left to add."""
    printed = list(block.groups)
    for left, right in combinations(printed, 2):
        shared = tuple(name for name in left.dimensions if name in right.dimensions)
        if left.counts != right.counts or shared in (left.dimensions, right.dimensions):
            continue
        if any(each.dimensions == shared and each.counts == left.counts for each in block.groups):
            continue
        sums = _sums(block, left, shared)
        if sums and sums == _sums(block, right, shared):
            made = {box: block.add(Cell(left.counts, shared, box, value)) for box, value in sums.items()}
            block.groups.append(Group(left.counts, shared, made, []))


def _sums(block: Block, group: Group, dimensions: tuple[str, ...]) -> dict[Box, int]:
    at = [group.dimensions.index(name) for name in dimensions]
    sums: dict[Box, int] = defaultdict(int)
    for box, cell in group.cells.items():
        sums[tuple(box[position] for position in at)] += block.cells[cell].value
    return {box: value for box, value in sums.items() if value}


def _joint(block: Block, rows: Rows) -> int:
    """Combinations behind tables whose dimensions go round in a circle, one unknown each. Returns how many.

    Region by kind, kind by origin and origin by region say more together than their margins. Where the dimensions make
    no circle, agreement on shared margins is all that can be known, and no such unknown is needed.
    """
    latent = 0
    for counts in sorted({group.counts for group in block.groups}):
        every = [group for group in block.groups if group.counts == counts]
        whole = [group for group in every if not group.partial]
        groups = [group for group in every if group.partial or _proper(block, group, whole)]
        bags = [
            (group.dimensions, {box: [at] for box, at in group.cells.items()}) for group in groups if not group.partial
        ]
        for clique in cliques([frozenset(group.dimensions) for group in groups]):
            dimensions = tuple(sorted(clique))
            inside = [group for group in groups if set(group.dimensions) <= clique]
            combos = combinations_of(block, dimensions, inside)
            first = len(block.cells) + latent
            own = {combo: [first + number] for number, combo in enumerate(combos)}
            for group in inside if own else ():
                _fill_cells(rows, (dimensions, own), group)
            for other in bags:
                _agree(rows, (dimensions, own), other, {group.dimensions for group in groups})
            bags.append((dimensions, own))
            latent += len(own)
    return latent


def _fill_cells(rows: Rows, bag: Bag, group: Group) -> None:
    """Each cell of a group is the sum of the unknowns that lie in it."""
    along = _along(bag, group.dimensions)
    for box, at in group.cells.items():
        found = [unknown for single in product(*box) for unknown in along.get(single, ())]
        rows.add([at, *found], [1.0] + [-1.0] * len(found), 0.0, 0.0)


def _proper(block: Block, group: Group, groups: list[Group]) -> bool:
    """Whether each unit is in one cell of this group: its sum is the smallest sum of any group."""
    totals = [sum(block.cells[at].value for at in each.cells.values()) for each in groups]
    return sum(block.cells[at].value for at in group.cells.values()) == min(totals)


def cliques(edges: list[frozenset[str]]) -> list[frozenset[str]]:
    """Sets of dimensions, larger than any table, that must be seen together (a triangulation by least fill)."""
    tables = set(edges)
    near: dict[str, set[str]] = defaultdict(set)
    for edge in tables:
        for name in edge:
            near[name] |= edge - {name}
    found: list[frozenset[str]] = []
    while near:
        name = min(near, key=lambda each: (_fill(near, each), len(near[each]), each))
        clique = frozenset(near[name] | {name})
        if not any(clique <= edge for edge in [*tables, *found]):
            found.append(clique)
        for left in near[name]:
            near[left] |= near[name] - {left}
            near[left] -= {name}
        del near[name]
    return found


def _fill(near: Mapping[str, set[str]], name: str) -> int:
    return sum(1 for left, right in combinations(sorted(near[name]), 2) if right not in near[left])


def _agree(rows: Rows, left: Bag, right: Bag, printed: set[tuple[str, ...]]) -> None:
    """Two sets of unknowns have the same margin over the dimensions they share, where no table says it already."""
    shared = tuple(name for name in left[0] if name in right[0])
    single = all(len(terms) == 1 for box in right[1] for terms in box if isinstance(terms, tuple))
    if not left[1] or not right[1] or shared in printed or not single:
        return
    one, other = _along(left, shared), _along(right, shared)
    for box in {**one, **other}:
        plus, minus = one.get(box, []), other.get(box, [])
        rows.add([*plus, *minus], [1.0] * len(plus) + [-1.0] * len(minus), 0.0, 0.0)


def _along(bag: Bag, dimensions: tuple[str, ...]) -> Mapping[tuple[Any, ...], list[int]]:
    at = [bag[0].index(name) for name in dimensions]
    found: dict[tuple[Any, ...], list[int]] = defaultdict(list)
    for box, unknowns in bag[1].items():
        found[tuple(_only(box[position]) for position in at)] += unknowns
    return found


def _only(terms: Any) -> Any:
    return terms[0] if isinstance(terms, tuple) else terms


def combinations_of(block: Block, dimensions: tuple[str, ...], groups: list[Group]) -> list[tuple[Any, ...]]:
    """Combinations of terms that are zero in no group: grown table by table, so that zeros prune early.

    Past `LARGEST_JOINT` there are none: an attacker is not credited with that much.
    """
    grown: list[dict[str, Any]] = [{}]
    for group in sorted(groups, key=lambda each: (each.partial, -len(each.dimensions))):
        may_be = dict.fromkeys(  # in the order of the rows, so that the same figures are always protected alike
            single
            for box, at in group.cells.items()
            if block.cells[at].value or block.cells[at].spare
            for single in product(*box)
        )
        if group.partial:
            grown = [combo for combo in grown if _allowed(combo, group, may_be)]
        else:
            grown = list(_joined(grown, [dict(zip(group.dimensions, single, strict=True)) for single in may_be]))
        if len(grown) > LARGEST_JOINT:
            return []
    whole = [combo for combo in grown if len(combo) == len(dimensions)]
    return [tuple(combo[name] for name in dimensions) for combo in whole]


def _allowed(combo: Mapping[str, Any], group: Group, may_be: Collection[tuple[Any, ...]]) -> bool:
    """Whether a part that a table prints leaves room for this combination: what it leaves out of its part is zero."""
    said = [combo.get(name) for name in group.dimensions]
    within = any(
        all(value in terms for at, (value, terms) in enumerate(zip(said, box, strict=True)) if at in group.fixed)
        for box in group.cells
    )
    return not within or tuple(said) in may_be


def _joined(left: list[dict[str, Any]], right: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    shared = sorted(set(left[0] if left else ()) & set(right[0] if right else ()))
    index: dict[tuple[Any, ...], list[dict[str, Any]]] = defaultdict(list)
    for each in right:
        index[tuple(each[name] for name in shared)].append(each)
    for each in left:
        for other in index.get(tuple(each[name] for name in shared), ()):
            yield {**each, **other}
