"""Break-glass: codes printed in advance that let somebody in with no network, no directory and any clock."""

from __future__ import annotations

from typing import Any, NamedTuple

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from vigie.errors import RefusedError
from vigie.web import clock
from vigie.web.accounts import memory, secrets, services, trace
from vigie.web.accounts.acting import Acting
from vigie.web.accounts.models import Code, Membership, Organisation, Person, Sheet
from vigie.web.permissions import Permission, Role

CODES = 10


class Printed(NamedTuple):
    """A sheet as it is printed: the only moment when its codes exist in clear."""

    sheet: Sheet
    codes: tuple[str, ...]


def sheets_for(acting: Acting) -> QuerySet[Sheet]:
    """The sheets this person may see the state of: their own, and those of the organisation if they may print them."""
    mine = Q(person=acting.person)
    if Permission.BREAK_GLASS_PRINT in acting.permissions:
        mine |= Q(person=None, organisation=acting.organisation_id)
    return Sheet.objects.filter(mine).select_related("person", "printed_by").order_by("-printed_at", "-pk")


@transaction.atomic
def print_sheet(acting: Acting, *, for_organisation: bool) -> Printed:
    """A new sheet, for oneself or for the organisation's safe. Raises RefusedError without the right to the latter."""
    if acting.person is None or (for_organisation and Permission.BREAK_GLASS_PRINT not in acting.permissions):
        raise RefusedError(_("Seul un directeur ou un administrateur imprime la feuille de l'organisation."))
    sheet = Sheet.objects.create(
        organisation_id=acting.organisation_id,
        person=None if for_organisation else acting.person,
        printed_by=acting.person,
        printed_at=clock.now(),
    )
    codes = tuple(secrets.code() for _ in range(CODES))
    Code.objects.bulk_create(
        Code(sheet=sheet, number=number, code_hash=secrets.digest(code)) for number, code in enumerate(codes, start=1)
    )
    whose = f"l'organisation {acting.organisation_id}" if for_organisation else acting.author
    trace.record(acting, f"Feuille de bris de glace n° {sheet.pk} imprimée pour {whose} ({CODES} codes).")
    return Printed(sheet, codes)


@transaction.atomic
def revoke(acting: Acting, sheet: Sheet) -> None:
    """End a sheet: none of its codes works any more, and the sessions that they opened are over."""
    if Sheet.objects.filter(pk=sheet.pk, revoked_at=None).update(revoked_at=clock.now()):
        memory.forget()
        trace.record(acting, f"Feuille de bris de glace n° {sheet.pk} annulée.")


@transaction.atomic
def open_glass(typed: str, username: str, name: str) -> tuple[Person, Sheet]:
    """Use a code up and say who enters, with which sheet. Raises RefusedError.

    Nothing is compared with a clock. The entry in the journal is part of the act: without it the code is not used up.
    """
    code = (
        Code.objects.filter(code_hash=secrets.digest(secrets.plain(typed)), used_at=None, sheet__revoked_at=None)
        .select_related("sheet__organisation", "sheet__person")
        .first()
    )
    if code is None:
        raise RefusedError(_("Ce code est inconnu, déjà utilisé ou annulé. Essayez le suivant de la feuille."))
    sheet = code.sheet
    person = _own(sheet.person, username) if sheet.person else _from_envelope(sheet.organisation, username, name)
    if Code.objects.filter(pk=code.pk, used_at=None).update(used_at=clock.now(), used_by=person) != 1:
        raise RefusedError(_("Ce code est inconnu, déjà utilisé ou annulé. Essayez le suivant de la feuille."))
    acting = services.acting_as(person, sheet.organisation_id)
    left = sheet.codes.filter(used_at=None).count()
    trace.record(
        acting,
        f"Bris de glace : {person.name} ({person.username}) est entré avec le code {code.number} de la feuille "
        f"n° {sheet.pk} ; {left} codes restants.",
    )
    return person, sheet


def enter(request: Any, person: Person, sheet: Sheet) -> None:
    """Open a session that says on every page that it was opened by breaking the glass, and ends with that sheet."""
    services.sign_in(request, person)
    request.session[services.ORGANISATION_KEY] = sheet.organisation_id
    request.session[services.SHEET_KEY] = sheet.pk


def _own(owner: Person, username: str) -> Person:
    if owner.username != username or not owner.is_active:
        raise RefusedError(_("Cette feuille a été imprimée pour une autre personne : donnez son identifiant."))
    return owner


def _from_envelope(organisation: Organisation, username: str, name: str) -> Person:
    """Whoever holds the organisation's envelope: a person of its cell, or a newcomer who gives their name."""
    person = Person.objects.filter(username=username).first()
    if person is None:
        if not name.strip():
            raise RefusedError(_("Cet identifiant n'existe pas encore : donnez aussi votre nom pour qu'il soit créé."))
        if not services.is_free(username):
            raise RefusedError(_("Un programme signe déjà de cet identifiant : choisissez-en un autre."))
        person = Person(username=username, name=name.strip(), created_at=clock.now())
        person.set_unusable_password()
        person.save()
        Membership.objects.create(person=person, organisation=organisation, role=Role.MEMBER)
        return person
    roles = set(person.memberships.filter(organisation=organisation).values_list("role", flat=True))
    if not person.is_active or not roles - {Role.ADMINISTRATOR}:
        raise RefusedError(_("Cette personne n'est pas de la cellule de crise de cette organisation."))
    return person
