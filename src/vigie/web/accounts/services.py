"""What changes accounts: every write of this application is here, and nowhere else."""

from __future__ import annotations

from copy import copy
from typing import Any

from django.conf import settings
from django.contrib import auth
from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _

from vigie.errors import RefusedError
from vigie.web import clock, node
from vigie.web.accounts import links, memory
from vigie.web.accounts.acting import NOBODY, WRITING_ORDER, Acting
from vigie.web.accounts.models import Link, Membership, Organisation, Person, Sheet, Token
from vigie.web.permissions import Permission, Role, permissions_of

ORGANISATION_KEY = "organisation"
SHEET_KEY = "sheet"  # in a session: the break-glass sheet that opened it
# What would outlive a session that the organisation's envelope opened: one's own secrets, a seat, another sheet.
NOT_BY_ENVELOPE = frozenset({Permission.SELF_MANAGE, Permission.SCREEN_SHARE, Permission.BREAK_GLASS_PRINT})


def acting_of(request: Any) -> Acting:
    """With what rights the signed-in person of this request acts. A session ends with the sheet that opened it."""
    if not request.user.is_authenticated:
        return NOBODY
    person, organisation = copy(request.user), request.session.get(ORGANISATION_KEY)
    sheet = request.session.get(SHEET_KEY)
    found = memory.remembered(
        ("acting", person.pk, organisation, sheet), lambda: _acting_as(person, organisation, sheet)
    )
    if found.person is None:
        auth.logout(request)
    return found


def _acting_as(person: Person, organisation: str | None, number: int | None) -> Acting:
    if number is None:
        return acting_as(person, organisation)
    sheet = Sheet.objects.filter(pk=number, revoked_at=None).first()
    return NOBODY if sheet is None else acting_as(person, organisation, sheet)


def acting_as(person: Person, organisation: str | None = None, sheet: Sheet | None = None) -> Acting:
    """The rights of a person in an organisation (their first one when none, or a foreign one, is asked for).

    An analyst reads the crises of every hospital, so that role counts in an observatory only. Whoever came in with the
    organisation's envelope, a sheet of nobody's, has the crisis cell of that organisation: no other one, no account,
    and nothing that would let them in again.
    """
    envelope = sheet if sheet is not None and sheet.person_id is None else None
    memberships = _memberships(person, envelope)
    withheld = NOT_BY_ENVELOPE if envelope is not None else frozenset()
    if not memberships:
        own = frozenset({Permission.SELF_MANAGE}) - withheld
        return Acting(person=person, author=person.username, permissions=own, glass=sheet is not None)
    held = {membership.organisation_id for membership in memberships}
    chosen = organisation if organisation in held else memberships[0].organisation_id
    here = [membership for membership in memberships if membership.organisation_id == chosen]
    writing = min(here, key=lambda membership: WRITING_ORDER.index(membership.role))
    roles = tuple(membership.role for membership in here)
    return Acting(
        person=person,
        organisation_id=chosen,
        organisation_name=writing.organisation.name,
        role=writing.role,
        roles=roles,
        permissions=permissions_of(roles) - withheld,
        membership=writing,
        choices=memberships,
        author=person.username,
        glass=sheet is not None,
    )


def _memberships(person: Person, envelope: Sheet | None) -> tuple[Membership, ...]:
    """Those that count: all where their role may be held, and with an envelope those of its crisis cell."""
    held = Membership.objects.filter(person=person).select_related("organisation")
    if envelope is not None:
        held = held.filter(organisation=envelope.organisation_id).exclude(role=Role.ADMINISTRATOR)
    ordered = held.order_by("organisation_id", "role")
    return tuple(membership for membership in ordered if membership.role in roles_in(membership.organisation))


def roles_in(organisation: Organisation) -> tuple[Role, ...]:
    """The roles that somebody may hold there."""
    return tuple(role for role in Role if role != Role.ANALYST or organisation.kind == "observatory")


def is_free(username: str) -> bool:
    """Whether neither a person nor a program signs the journal with this identifier."""
    return not (Person.objects.filter(username=username).exists() or Token.objects.filter(node=username).exists())


def is_set_up() -> bool:
    """Whether this node has an administrator who can sign in."""
    return Membership.objects.filter(role="administrator", person__is_active=True).exists()


def set_up_link(url: str) -> str | None:
    """A fresh link to set this node up at that address, or None when it has an administrator."""
    return None if is_set_up() else url + reverse("accounts:set-up", args=[links.new("set-up")])


@transaction.atomic
def set_up(
    link: Link,
    *,
    name: str,
    username: str,
    password: str,
    organisation: str,
    organisation_name: str,
    role: str,
    cell: bool,
) -> Person:
    """Use the set-up link up and create this node, its organisation and its administrator. Raises RefusedError."""
    if is_set_up() or not links.use(link):
        raise RefusedError(_("Cette installation vient d'être mise en service par quelqu'un d'autre."))
    home, _is_new = Organisation.objects.get_or_create(
        id=organisation, defaults={"name": organisation_name, "kind": role, "created_at": clock.now()}
    )
    person = Person(username=username, name=name, created_at=clock.now())
    person.set_password(password)
    person.save()
    roles = ["administrator"]
    if cell:
        roles.append("analyst" if role == "observatory" else "director")
    for held in roles:
        Membership.objects.create(person=person, organisation=home, role=held)
    node.create(
        settings.VIGIE_DATA,
        node=settings.VIGIE_NODE or organisation,
        role=role,
        organisation=organisation,
        name=organisation_name,
    )
    return person


def sign_in(request: Any, person: Person) -> None:
    """Open a fresh session for this person: nothing of the session before it is kept."""
    request.session.flush()
    auth.login(request, person, backend=settings.AUTHENTICATION_BACKENDS[0])


def is_local(request: Any) -> bool:
    """Whether a request comes from this very machine, and not through a proxy."""
    return request.META.get("REMOTE_ADDR") in ("127.0.0.1", "::1") and not settings.VIGIE_PROXY
