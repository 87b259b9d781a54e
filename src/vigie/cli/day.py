"""A day as a command is told it, as the instant it ends."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from vigie.errors import InputError

LEGAL_TIME = ZoneInfo("Europe/Paris")


def end_of_day(text: str, option: str) -> datetime:
    """The end of a day in legal time; an instant with its zone as it is. Raises InputError that names the option."""
    try:
        said = datetime.fromisoformat(text)
    except ValueError:
        raise InputError(f"{option} {text!r} is no date. Write 2024-12-31, or an instant with its zone") from None
    if said.tzinfo is not None:
        return said
    return datetime.combine(said.date() + timedelta(days=1), time(), LEGAL_TIME) - timedelta(microseconds=1)
