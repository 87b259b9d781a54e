"""Drafts on the server: saved by version, and compared field by field where two people write at once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import IntegrityError, OperationalError, transaction
from django.utils.translation import gettext as _

from vigie.errors import StorageError
from vigie.web.declare.models import Draft
from vigie.web.declare.sections import FIELDS

Values = Mapping[str, Sequence[str]]
ATTEMPTS = 5


@dataclass(frozen=True, slots=True)
class Clash:
    """A field that two people changed differently since the same state."""

    name: str
    mine: tuple[str, ...]
    theirs: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Saved:
    """What became of a save: the draft as it now is, the values of both, and the fields where they clash.

    With a clash nothing was saved: `draft` is the other's, and `values` hold one's own words in the fields that clash.
    """

    draft: Draft | None
    values: dict[str, list[str]]
    clashes: tuple[Clash, ...]


def latest(incident: str) -> Draft | None:
    """The last saved state of this incident's declaration; None when nobody saved any."""
    return Draft.objects.filter(incident=incident).order_by("-version").first()


def sent_with(incident: str, key: str) -> Draft | None:
    """The state that was sent by the form with this key, if it was."""
    return Draft.objects.filter(incident=incident, sent_key=key, sent_seq__isnull=False).first() if key else None


def save(incident: str, values: Values, base: int, start: Values, *, by: str, now: datetime) -> Saved:
    """Save what a page made from state `base` holds, with what others saved since. `start` is what a page begins with
    where nothing was drafted yet (`base` 0, or a state that was sent).

    Raises StorageError when the database cannot write.
    """
    for _attempt in range(ATTEMPTS):
        there = latest(incident)
        merged, clashes = merge(
            _values(incident, base, start),
            there.values if there else {},
            values,
            moved=bool(there) and there.version != base,
        )
        if clashes:
            return Saved(there, merged, clashes)
        if there is not None and there.sent_seq is None and _same(there.values, merged):
            return Saved(there, merged, ())
        made = Draft(
            incident=incident, version=there.version + 1 if there else 1, values=merged, saved_at=now, saved_by=by
        )
        if _inserted(made):
            return Saved(made, merged, ())
    raise StorageError(_("Trop de personnes enregistrent ce brouillon à la fois. Recommencez dans un instant."))


def mark_sent(draft: Draft, seq: int, key: str) -> None:
    """Remember that this state was sent as entry `seq`. Raises StorageError."""
    try:
        Draft.objects.filter(pk=draft.pk).update(sent_seq=seq, sent_key=key)
    except OperationalError as error:
        raise StorageError(str(error)) from error


def merge(base: Values, theirs: Values, mine: Values, *, moved: bool) -> tuple[dict[str, list[str]], tuple[Clash, ...]]:
    """Three states in one: a field that only one changed is theirs who changed it. `moved`: there is another's state."""
    merged: dict[str, list[str]] = {}
    clashes = []
    for name in FIELDS:
        own, other, first = (_said(values, name) for values in (mine, theirs, base))
        if moved and own == first:
            own = other
        elif moved and other not in (first, own):
            clashes.append(Clash(name, own, other))
        merged[name] = list(own)
    return merged, tuple(clashes)


def _values(incident: str, version: int, start: Values) -> Values:
    """What a page made from this state began with."""
    found = Draft.objects.filter(incident=incident, version=version, sent_seq=None).first() if version else None
    return found.values if found else start


def _inserted(draft: Draft) -> bool:
    """Insert it; False when somebody else took its number."""
    try:
        with transaction.atomic():
            draft.save(force_insert=True)
    except IntegrityError:
        return False
    except OperationalError as error:
        raise StorageError(str(error)) from error
    return True


def _same(one: Values, other: Values) -> bool:
    return all(_said(one, name) == _said(other, name) for name in FIELDS)


def _said(values: Values, name: str) -> tuple[str, ...]:
    """What a field says; boxes and buttons that say "not known yet" say nothing."""
    return tuple(text for text in values.get(name, ()) if text not in ("", "unknown"))
