"""Keeping a draft: three texts are compared for each field (the one a page began with, the one that is kept, the one that
is typed), so that two persons who write at once lose nothing, and are told of the one field that both changed.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from hashlib import sha256
from typing import Any, NamedTuple

from django.db import transaction

from vigie.web.accounts.acting import Acting
from vigie.web.declaring.models import Draft

Values = Mapping[str, Sequence[str]]
MAX_CHARACTERS = 100_000
PERSONAL = ("declarer",)  # begins with whoever opened the page: stored, so that the whole cell reads the same draft
MARK_CHARACTERS = 10_000  # several times the mark of the whole form


class Conflict(NamedTuple):
    """A field that somebody else changed since the page was opened, and that this person changed as well."""

    name: str
    theirs: list[str]
    by: str
    at: datetime | None


class Kept(NamedTuple):
    """What is now kept, and what was not put in because of a conflict."""

    values: dict[str, list[str]]
    conflicts: tuple[Conflict, ...]


def mark(values: Values) -> str:
    """What a page began with, short: the digest of each field. It goes out with the form and comes back with it."""
    return json.dumps({name: _digest(given) for name, given in sorted(values.items())}, separators=(",", ":"))


def mark_after(typed: Values, began: str, kept: Kept) -> str:
    """The mark of a page that stays open after its text was kept: it shows what was typed, and not what others changed."""
    before, now = _read_mark(began), json.loads(mark(typed))
    for conflict in kept.conflicts:
        now[conflict.name] = before.get(conflict.name, "")
    return json.dumps(now, separators=(",", ":"))


def find(acting: Acting, incident_id: str, declaration: str) -> Draft | None:
    """The draft of the caller's own organisation; nobody else's is ever looked for."""
    wanted = Draft.objects.filter(incident=incident_id, declaration=declaration)
    return wanted.filter(organisation=acting.organisation_id).first()


def of_incident(acting: Acting, incident_id: str) -> list[Draft]:
    """The drafts of the caller's organisation in an incident that hold something."""
    wanted = Draft.objects.filter(incident=incident_id, organisation=acting.organisation_id).order_by("declaration")
    return [draft for draft in wanted if draft.values]


def keep(
    acting: Acting, incident_id: str, declaration: str, typed: Values, began: str, first: Values, now: datetime
) -> Kept:
    """Put what is typed into the draft, field by field; `first` is what the fields that nobody changed stand at. They are
    not stored: what is erased from the journal must not stay in a draft.

    A field that somebody else changed since, and this person too, stays as the other one left it, and is returned.
    """
    base = _read_mark(began)
    with transaction.atomic():
        draft, _ = Draft.objects.select_for_update().get_or_create(
            incident=incident_id,
            declaration=declaration,
            organisation=acting.organisation_id,
            defaults={"saved_at": now, "saved_by": acting.author},
        )
        values = {name: list(given) for name, given in {**first, **draft.values}.items()}
        conflicts, touched = [], False
        for name, given in typed.items():
            mine, theirs = list(given), values.get(name, [])
            if mine == theirs or _digest(mine) == base.get(name):
                continue
            if name in base and _digest(theirs) != base[name]:
                conflicts.append(_conflict(draft, name, theirs))
                continue
            values[name], touched = mine, True
            draft.changed[name] = [acting.author, now.isoformat()]
        if touched:
            draft.values = {name: given for name, given in values.items() if name in draft.changed or name in PERSONAL}
            draft.addressees = values.get("addressees")
            draft.saved_at, draft.saved_by = now, acting.author
            draft.save()
    return Kept(values, tuple(conflicts))


def seal(values: Values, after: str) -> str:
    """The digest of a whole draft and of the version that it follows: what was read again is what is sent."""
    return sha256(f"{after} {mark(values)}".encode()).hexdigest()


def sent(draft: Draft, sealed: str, seq: int) -> None:
    """The draft became entry `seq`: nothing is typed any more, and the addressees stay chosen.

    What somebody typed in the meantime stays a draft.
    """
    done = {"values": {}, "changed": {}, "sent_mark": sealed, "sent_seq": seq}
    Draft.objects.filter(pk=draft.pk, saved_at=draft.saved_at).update(**done)


def discard(acting: Acting, incident_id: str, declaration: str) -> None:
    """Throw the draft away."""
    wanted = Draft.objects.filter(incident=incident_id, declaration=declaration)
    wanted.filter(organisation=acting.organisation_id).delete()


def forget(incidents: Collection[str]) -> None:
    """Throw away every draft of these incidents: something of theirs was erased, and a draft may repeat it."""
    Draft.objects.filter(incident__in=incidents).delete()


def is_too_long(typed: Values) -> bool:
    """Whether this is more than a declaration could hold."""
    return sum(len(text) for given in typed.values() for text in given) > MAX_CHARACTERS


def _conflict(draft: Draft, name: str, theirs: list[str]) -> Conflict:
    by, at = draft.changed.get(name, (draft.saved_by, None))
    return Conflict(name, theirs, by, datetime.fromisoformat(at) if at else None)


def _digest(given: Any) -> str:
    return sha256("\x1f".join(given).encode()).hexdigest()[:16]


def _read_mark(began: str) -> dict[str, str]:
    """A mark that came back; an unreadable one compares with nothing: every difference is then a change of this person."""
    if len(began) > MARK_CHARACTERS:
        return {}
    try:
        found = json.loads(began or "{}")
    except (ValueError, RecursionError):  # nested deeper than a mark ever is
        return {}
    return {str(name): str(value) for name, value in found.items()} if isinstance(found, dict) else {}
