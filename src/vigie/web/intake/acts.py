"""Acts: what an analyst writes on a declaration. Nobody's word is lost when two qualify at once.

A qualification is written against what its author was shown: the number of the newest entry that the declaration followed
from. That number makes the idempotency key, so that of two qualifications of one state the journal itself takes one.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from hashlib import sha256

from django.utils.translation import gettext as _

from vigie.errors import ConflictError
from vigie.journal import Receipt
from vigie.journal.facts import Qualification
from vigie.web import desk, scope
from vigie.web.accounts.acting import Acting
from vigie.web.desk import Filters
from vigie.web.desk.models import Declaration

SETTABLE = ("to_qualify", "waiting", "qualified", "closed", "out_of_scope")


def qualify(acting: Acting, one: Declaration, fact: Qualification, seen: int, now: datetime) -> Receipt:
    """Write a qualification of what was shown as of entry `seen`. Sent twice, it is written once: the first receipt.

    Raises ConflictError when the declaration has changed since, and what `desk.write` raises.
    """
    key = f"intake:{sha256(f'{one.pk} {seen}'.encode()).hexdigest()}"
    if seen != one.last_seq and not _is_last(acting, one, fact):
        raise ConflictError(changed())
    try:
        return desk.write(acting, one.incident_id, fact, now=now, key=key)
    except ConflictError as error:
        raise ConflictError(changed()) from error


def changed() -> str:
    """Why a qualification was not written."""
    return _(
        "Rien n'est écrit : cette déclaration a changé depuis que vous l'avez ouverte. "
        "Lisez ce qui est venu, puis validez de nouveau."
    )


def standing(one: Declaration, current: Qualification | None, why: str) -> Qualification:
    """The qualification in force, to be written again with one thing more; one that says nothing where there is none."""
    state = one.state if one.state in SETTABLE else "to_qualify"
    if current is None:
        return Qualification(category="unknown", origin="unknown", why=why, declaration=one.name, state=state)
    return current.model_copy(update={"why": why, "declaration": one.name, "state": state})


def same(one: Declaration, current: Qualification | None, other: str, why: str) -> Qualification:
    """It tells the same thing as another declaration, and is closed."""
    return standing(one, current, why or _("Double de %(other)s") % {"other": other}).model_copy(
        update={"duplicate_of": other, "state": "closed"}
    )


def distinct(one: Declaration, current: Qualification | None, other: str, why: str) -> Qualification:
    """It was compared with another declaration, and is not the same."""
    base = standing(one, current, why or _("Comparée à %(other)s : ce n'est pas la même.") % {"other": other})
    return base.model_copy(update={"distinct_from": tuple(dict.fromkeys((*base.distinct_from, other)))})


def linked(one: Declaration, current: Qualification | None, group: str, kind: str, why: str) -> Qualification:
    """It shares a cause with others."""
    base = standing(one, current, why or _("Rattachée à la cause commune %(group)s.") % {"group": group})
    return base.model_copy(update={"cause_group": group, "cause_kind": kind})


def in_force(one: Declaration) -> Qualification | None:
    """The qualification in force on a declaration, as every analyst may see it."""
    found = desk.situation(one.incident_id, None, scope.GUARDED).qualifications
    known = found.get(one.name) or found.get(None)
    return known.fact if known else None


def link_all(acting: Acting, several: Iterable[Declaration], group: str, kind: str, why: str, now: datetime) -> int:
    """Link several declarations to one cause; those that are linked already stay as they are. Same errors as `qualify`."""
    written = 0
    for one in several:
        current = in_force(one)
        if one.cause_group != group:
            qualify(acting, one, linked(one, current, group, kind, why), one.last_seq, now)
            written += 1
    return written


def _is_last(acting: Acting, one: Declaration, fact: Qualification) -> bool:
    """Whether the newest qualification of this declaration is this one, by the same author: a button pressed twice."""
    lines = desk.page(one.incident_id, Filters(kind="qualification"), limit=10).lines
    last = next((line for line in lines if getattr(line.received.fact, "declaration", "") == one.name), None)
    return last is not None and last.received.fact == fact and last.received.entry.author == acting.author
