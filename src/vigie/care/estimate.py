"""A range with what it rests on: never a bare number, and never good news by silence.

`high` None means that nobody knows how much; `low` is then what is known at the least. `central` is there only where something
measured or stated makes one value more likely than the others.

Two estimates do not add by themselves: their patients may be the same. `disjoint` and `overlapping` say which. Deaths seen from
above (`TopDown`) and deaths counted pathway by pathway (`BottomUp`) measure the same deaths: nothing here adds them, and
Python refuses to (TypeError).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, NoReturn, TypeVar

from vigie.errors import InputError

Pair = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Estimate:
    """`low` to `high` of something in `unit`, with the ids of the evidence and of the assumptions it rests on."""

    low: float
    central: float | None
    high: float | None
    unit: str
    evidence: tuple[str, ...] = ()
    assumptions: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        inside = [self.low, *(end for end in (self.central, self.high) if end is not None)]
        if not all(0 <= end < float("inf") for end in inside) or inside != sorted(inside):
            raise InputError(f"{inside} {self.unit}: not a range of 0 or more in rising order. Check the inputs")

    @property
    def unknown(self) -> bool:
        """Nobody knows how much, at the most."""
        return self.high is None

    @property
    def nothing(self) -> bool:
        """None at all, for certain."""
        return self.high == 0

    def __add__(self, other: Any) -> NoReturn:
        raise TypeError("two estimates do not add: their patients may be the same. Use disjoint() or overlapping()")

    __radd__ = __add__


@dataclass(frozen=True, slots=True)
class TopDown(Estimate):
    """Deaths among patients already in bed, from what attacked hospitals saw. Never added to `BottomUp`."""

    def __add__(self, other: Any) -> NoReturn:
        raise TypeError("top-down and bottom-up deaths are the same deaths seen twice: show both, add neither")

    __radd__ = __add__


@dataclass(frozen=True, slots=True)
class BottomUp(Estimate):
    """Deaths from delay, pathway by pathway. Never added to `TopDown`."""

    def __add__(self, other: Any) -> NoReturn:
        raise TypeError("bottom-up and top-down deaths are the same deaths seen twice: show both, add neither")

    __radd__ = __add__


Kind = TypeVar("Kind", bound=Estimate)


def ranging(low: float, high: float | None, unit: str, *rests_on: Sequence[str]) -> Estimate:
    """An estimate whose middle is known only when both ends are one. `rests_on`: evidence ids, then assumption ids."""
    evidence, assumptions = (*map(tuple, rests_on), (), ())[:2]
    return Estimate(low, low if low == high else None, high, unit, evidence, assumptions)


def unknown(unit: str, *assumptions: str) -> Estimate:
    """0 or more, nobody knows how much."""
    return Estimate(0.0, None, None, unit, (), assumptions)


def disjoint(estimates: Iterable[Kind], unit: str) -> Kind | Estimate:
    """The sum of estimates about different patients: lows add, highs add; one unknown high makes it unknown."""
    return _together(list(estimates), unit, sum)


def overlapping(estimates: Iterable[Kind], unit: str) -> Kind | Estimate:
    """The sum of estimates whose patients may be the same: the largest low, and the sum of the highs."""
    return _together(list(estimates), unit, lambda lows: max(lows, default=0.0))


def envelope(estimates: Iterable[Estimate], unit: str) -> Estimate:
    """Several estimates of one thing: from the lowest low to the highest high, unknown when one of them is."""
    several = list(estimates)
    highs = [one.high for one in several]
    high = None if None in highs else max((end for end in highs if end is not None), default=0.0)
    low = min((one.low for one in several), default=0.0)
    return ranging(low, high, unit, _ids(several, "evidence"), _ids(several, "assumptions"))


def _together(several: list[Any], unit: str, lows: Any) -> Any:
    kinds = {type(one) for one in several} or {Estimate}
    if len(kinds) > 1:
        raise TypeError(f"{' and '.join(sorted(kind.__name__ for kind in kinds))} are not of one kind: they do not add")
    highs = [one.high for one in several]
    high = None if None in highs else float(sum(highs))
    centrals = [one.central for one in several]
    low = float(lows([one.low for one in several]))
    exact = low == high or (lows is sum and None not in centrals)
    central = (low if low == high else float(sum(centrals))) if exact else None
    return kinds.pop()(low, central, high, unit, _ids(several, "evidence"), _ids(several, "assumptions"))


def _ids(several: list[Any], field: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(name for one in several for name in getattr(one, field)))
