"""Outlook: what a forecast says, of each application and of each care service."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

CENTILES = (5, 10, 25, 50, 75, 90, 95)


@dataclass(frozen=True, slots=True)
class Dates:
    """Back as likely before as after `p50_at`, nine times in ten before `p90_at`.

    None: no date can be given, and `gate` names the gate or the lack that blocks it (empty: nobody to do it). What was
    never lost is back at the instant of the forecast.
    """

    p50_at: datetime | None
    p90_at: datetime | None
    gate: str = ""


@dataclass(frozen=True, slots=True)
class Fan:
    """The share of its usual activity (0 to 1) that a service keeps, at each of `instants` (p,).

    `shares` has a row for each of `CENTILES`: at centile 5 things go as badly as they do one time in twenty.
    """

    instants: tuple[datetime, ...]
    shares: tuple[tuple[float, ...], ...]


@dataclass(frozen=True, slots=True)
class ServiceOutlook:
    """A care service. `waits_for` is the application whose return most often comes last, in that share of the draws.

    `back_at` has its return date for each of `CENTILES` (None: later than any date); empty when no date can be given.
    `lost`: something that it needs is.
    """

    service: str
    dates: Dates
    back_at: tuple[datetime | None, ...]
    waits_for: str | None
    waits_share: float
    fan: Fan
    lost: bool


@dataclass(frozen=True, slots=True)
class Ratio:
    """Real over estimated effort: median, 5th and 95th centile, mean, and from how many phases ended and running."""

    median: float
    low: float
    high: float
    mean: float
    finished: int
    running: int

    @property
    def learned(self) -> bool:
        """Whether anything was observed; if not, these are what was believed beforehand."""
        return self.finished + self.running > 0


@dataclass(frozen=True, slots=True)
class Outlook:
    """What a forecast says at `at`.

    `applications` has every damaged one, `services` all of the map. `critical`: for each step, the share of the draws in
    which it stands on the chain that decides when some service is back. `copies_lost`: probability that the attacker
    reached the online copies.
    """

    at: datetime
    seed: int
    samples: int
    ratio: Ratio
    copies_lost: float
    done: Dates
    applications: Mapping[str, Dates]
    services: Mapping[str, ServiceOutlook]
    critical: Mapping[str, float]
