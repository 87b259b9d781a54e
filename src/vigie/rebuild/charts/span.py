"""Span: a stretch of time laid from left to right, and the instants worth writing under it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta, tzinfo

HOUR = timedelta(hours=1)
# Hours between two marks, smallest first; days and weeks begin at midnight of the place.
STEPS = (1, 2, 3, 6, 12, 24, 48, 168, 336, 672, 1344, 2688)
MONDAY, SATURDAY = 0, 5


@dataclass(frozen=True, slots=True)
class Span:
    """From `start` to `end` over `width` pixels, in the time zone of the place."""

    start: datetime
    end: datetime
    width: float
    zone: tzinfo

    def x(self, instant: datetime) -> float:
        """Pixels from the left, kept inside."""
        share = (instant - self.start) / max(self.end - self.start, HOUR)
        return round(min(1.0, max(0.0, share)) * self.width, 2)

    def ticks(self, most: int = 8) -> list[datetime]:
        """At most so many instants, evenly apart: hours, midnights, or Mondays."""
        hours = (self.end - self.start) / HOUR
        step = next((one for one in STEPS if hours / one <= most), STEPS[-1])
        local = self.start.astimezone(self.zone).replace(minute=0, second=0, microsecond=0)
        return [one for one in _from(local, step, self.end) if self.start <= one <= self.end]

    def weekends(self) -> list[tuple[float, float]]:
        """Saturdays and Sundays, as pixels; none on a span so long that they would only flicker."""
        if (self.end - self.start).days > 60:
            return []
        day = _midnight(self.start.astimezone(self.zone))
        found = []
        while day < self.end:
            if day.weekday() >= SATURDAY:
                left, right = self.x(day), self.x(_midnight(day + timedelta(days=1)))
                if found and abs(found[-1][1] - left) < 0.1:
                    found[-1] = (found[-1][0], right)
                elif right > left:
                    found.append((left, right))
            day = _midnight(day + timedelta(days=1, hours=2))
        return found


def _from(local: datetime, step: int, end: datetime) -> list[datetime]:
    """Marks from before `local` on. Days are counted on the calendar: a change of hour does not shift midnight."""
    day = _midnight(local)
    if step >= 168:
        day -= timedelta(days=day.weekday())
    if step < 24:
        later: Callable[[int], datetime] = lambda number: (day + timedelta(hours=number * step)).replace(fold=0)  # noqa: E731
    else:
        later = lambda number: day + timedelta(days=number * step // 24)  # noqa: E731
    found, number = [], 0
    while later(number) <= end:
        found.append(later(number))
        number += 1
    return found


def _midnight(local: datetime) -> datetime:
    return local.replace(hour=0, minute=0, second=0, microsecond=0, fold=0)
