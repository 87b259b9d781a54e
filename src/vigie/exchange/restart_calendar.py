"""The restart as a calendar (iCalendar, RFC 5545): forecasts of return, and steps of teams, for any diary.

Every event says that it is a forecast: it is tentative, takes nobody's time, and bears both dates.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from typing import NamedTuple

from icalendar import Calendar, Event

PRODUCT = "-//Vigie//restart//FR"
SHORTEST = timedelta(minutes=30)  # a diary does not show what takes no time
_NOT_IN_TEXT = {code: None for code in [*range(9), 11, 12, *range(14, 32), 127]}


class Happening(NamedTuple):
    """One event. `id` is unique in the incident; from `starts_at` to `ends_at`; `text` explains it, `category` sorts it."""

    id: str
    title: str
    starts_at: datetime
    ends_at: datetime
    text: str
    category: str


def calendar(name: str, incident: str, happenings: Iterable[Happening], made_at: datetime) -> bytes:
    """The calendar file. The same arguments give the same bytes.

    An event keeps its identifier from one export to the next: a diary that reads the file again moves it.
    """
    made = Calendar()
    made.add("prodid", PRODUCT)
    made.add("version", "2.0")
    made.add("method", "PUBLISH")
    made.add("x-wr-calname", _plain(name))
    for one in happenings:
        made.add_component(_event(one, incident, made_at))
    return bytes(made.to_ical())


def _event(one: Happening, incident: str, made_at: datetime) -> Event:
    event = Event()
    event.add("uid", f"{one.id}@{incident.replace('/', '.')}.vigie")
    event.add("dtstamp", made_at.astimezone(UTC).replace(microsecond=0))
    event.add("dtstart", one.starts_at.astimezone(UTC))
    event.add("dtend", max(one.ends_at, one.starts_at + SHORTEST).astimezone(UTC))
    event.add("summary", _plain(one.title))
    event.add("description", _plain(one.text))
    event.add("categories", [_plain(one.category)])
    event.add("status", "TENTATIVE")
    event.add("transp", "TRANSPARENT")
    return event


def _plain(text: str) -> str:
    """Without control characters, which the format cannot carry."""
    return text.translate(_NOT_IN_TEXT)
