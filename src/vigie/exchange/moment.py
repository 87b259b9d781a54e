"""A moment as a person writes it: `2022-08-21 01:00`, `2022-08-21` or `2022-10`, in the civil time of a place.

How it is written says how well it is known; a coarser precision can be stated beside it, never a finer one.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

from vigie.journal.entry import PRECISIONS, Precision

_WRITTEN = re.compile(
    r"(?P<month>(?:19|20)\d\d-\d\d)(?:-(?P<day>\d\d)(?:[ T](?P<time>\d\d:\d\d)(?: ?(?P<offset>[+-]\d\d:\d\d))?)?)?"
)
_HOW = "Write 2022-08-21 01:00, 2022-08-21 or 2022-08"


class BadMoment(ValueError):
    """Not a moment; `what` is wrong, `mend` would mend it."""

    def __init__(self, what: str, mend: str) -> None:
        self.what, self.mend = what, mend
        super().__init__(f"{what}. {mend}")


class Moment(NamedTuple):
    """The first and the last minute, in UTC, at which the instant meant may lie; equal where it is exact."""

    start: datetime
    end: datetime
    precision: Precision


def zone_named(name: str) -> ZoneInfo:
    """A time zone by its IANA name. Raises BadMoment."""
    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        raise BadMoment(f"{name!r} is not a time zone", "Write an IANA name such as Europe/Paris") from None


def moment(text: str, zone: ZoneInfo, precision: str | None = None) -> Moment:
    """The period that a person wrote. Raises BadMoment: no date, or a local time that is none or is two."""
    found = _WRITTEN.fullmatch(text.strip())
    if found is None:
        raise BadMoment(f"{text!r} is not a date or a local time", _HOW)
    natural = "exact" if found["time"] else "day" if found["day"] else "month"
    chosen = precision or natural
    if chosen not in PRECISIONS:
        raise BadMoment(f"{chosen!r} is not a precision", f"Choose among {', '.join(PRECISIONS)}")
    if PRECISIONS.index(chosen) < PRECISIONS.index(natural):
        raise BadMoment(f"{text!r} is not written finely enough for the precision {chosen!r}", _finer(chosen))
    try:
        local = datetime.fromisoformat(f"{found['month']}-{found['day'] or '01'}T{found['time'] or '00:00'}")
    except ValueError:
        raise BadMoment(f"{text!r} is not in the calendar", _HOW) from None
    if chosen in ("exact", "hour"):
        start = _instant(local, zone, found["offset"], text)
        return Moment(start, start + timedelta(minutes=59 if chosen == "hour" else 0), chosen)
    first = local.replace(hour=0, minute=0, day=1 if chosen == "month" else local.day)
    return Moment(_midnight(first, zone), _midnight(_after(first, chosen), zone) - timedelta(minutes=1), chosen)


def _finer(chosen: str) -> str:
    return "Write a time after the date, or a coarser precision" if chosen in ("exact", "hour") else "Write the day"


def _after(first: datetime, precision: str) -> datetime:
    if precision == "month":
        return (first + timedelta(days=31)).replace(day=1)
    return first + timedelta(days=7 if precision == "week" else 1)


def _midnight(local: datetime, zone: ZoneInfo) -> datetime:
    """Where clocks change at midnight, the day starts at whichever instant the zone gives."""
    return local.replace(tzinfo=zone).astimezone(UTC)


def _instant(local: datetime, zone: ZoneInfo, offset: str | None, text: str) -> datetime:
    """A local time as an instant. In autumn one hour comes twice: only there does `offset` say something."""
    candidates = {local.replace(tzinfo=zone, fold=fold).astimezone(UTC) for fold in (0, 1)}
    real = sorted(each for each in candidates if each.astimezone(zone).replace(tzinfo=None) == local)
    if not real:
        raise BadMoment(f"{text!r} never was in {zone.key}: clocks were put forward", "Write the time after the change")
    if offset is not None:
        meant = datetime.fromisoformat(f"{local.isoformat()}{offset}").astimezone(UTC)
        if meant not in real:
            raise BadMoment(f"{text!r}: {zone.key} was not at {offset} then", "Take the offset away, or correct it")
        return meant
    if len(real) > 1:
        offsets = [each.astimezone(zone).isoformat()[-6:] for each in real]
        raise BadMoment(
            f"{text!r} came twice in {zone.key}: clocks were put back",
            f"Say which one: {text} {offsets[0]} (the first) or {text} {offsets[1]} (the second)",
        )
    return real[0]
