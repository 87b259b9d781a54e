"""What a person is asked before an entry is written: a date that surprises, the same words twice. It forbids nothing."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

from django.core.cache import cache
from django.utils.translation import gettext as _

from vigie.journal.facts import Fact, to_bytes
from vigie.web.incidents import moments

AHEAD = timedelta(days=1)
EARLIEST = datetime(2000, 1, 1, tzinfo=UTC)
LONG_BEFORE = timedelta(days=365)  # between the opening of an incident and what happened in it
AGAIN_SECONDS = 60
PLANNED = ("due_at", "review_at", "from_at", "until_at")  # what is planned may well be months ahead


def surprises(
    fact: Fact, now: datetime, happened_at: datetime | None = None, opened_at: datetime | None = None
) -> list[str]:
    """Each date that hardly can be meant, as a question. `opened_at` is when the incident was opened, if it was."""
    odd = [instant for name, instant in _instants(fact) if _is_odd(instant, now, planned=name in PLANNED)]
    if happened_at is not None:
        old = opened_at is not None and happened_at < opened_at - LONG_BEFORE
        odd += [happened_at] if old or _is_odd(happened_at, now) else []
    words = _("Cette date surprend : %(when)s. Corrigez-la, ou écrivez quand même.")
    return [words % {"when": moments.moment(instant)} for instant in dict.fromkeys(odd)]


def repeated(author: str, incident: str, fact: Fact, happened_at: datetime | None, key: str) -> list[str]:
    """The question that is asked of whoever wrote exactly this less than a minute ago, with another form."""
    last = cache.get(_place(author, incident))
    if last is None or last[0] != _digest(fact, happened_at) or last[1] == key:
        return []
    return [_("Vous avez écrit la même chose il y a moins d'une minute (entrée %(seq)s).") % {"seq": last[2]}]


def remember(author: str, incident: str, fact: Fact, happened_at: datetime | None, key: str, seq: int) -> None:
    """What an author wrote last in an incident, for a minute and in this process."""
    cache.set(_place(author, incident), (_digest(fact, happened_at), key, seq), AGAIN_SECONDS)


def _instants(fact: Fact) -> Iterator[tuple[str, datetime]]:
    for name, value in fact.__dict__.items():
        if isinstance(value, datetime):
            yield name, value
        elif name == "hand_overs":
            yield from ((name, one.at) for one in value)


def _is_odd(instant: datetime, now: datetime, *, planned: bool = False) -> bool:
    return instant < EARLIEST or (not planned and instant > now + AHEAD)


def _place(author: str, incident: str) -> str:
    return "incidents:last:" + hashlib.sha256(f"{author} {incident}".encode()).hexdigest()


def _digest(fact: Any, happened_at: datetime | None) -> str:
    return hashlib.sha256(to_bytes(fact) + str(happened_at).encode()).hexdigest()
