"""Persons and their roles: what an administrator does. Everything done here leaves a note in the node's register."""

from __future__ import annotations

from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from vigie.errors import RefusedError
from vigie.web import clock, node
from vigie.web.accounts import links, memory, services, trace
from vigie.web.accounts.acting import Acting
from vigie.web.accounts.models import NODE_ROLE_NAMES, Link, Membership, Organisation, Person, Seat, Sheet, Token
from vigie.web.permissions import Role


def is_node_administrator(acting: Acting) -> bool:
    """Whether this administrator belongs to the node's own organisation."""
    here = node.load(settings.VIGIE_DATA)
    return Role.ADMINISTRATOR in acting.roles and here is not None and here.organisation == acting.organisation_id


def organisations_for(acting: Acting) -> QuerySet[Organisation]:
    """The organisations whose persons this administrator keeps: all for the node's own organisation, else one."""
    if is_node_administrator(acting):
        return Organisation.objects.order_by("name")
    return Organisation.objects.filter(pk=acting.organisation_id)


def persons_for(acting: Acting) -> QuerySet[Person]:
    """The persons with a role in one of those organisations."""
    return (
        Person.objects.filter(memberships__organisation__in=organisations_for(acting))
        .distinct()
        .order_by("name", "username")
    )


def keeps(acting: Acting, person: Person) -> bool:
    """Whether every role of this person is in those organisations: only then may their way in be changed."""
    held = set(person.memberships.values_list("organisation_id", flat=True))
    return held <= set(organisations_for(acting).values_list("pk", flat=True))


@transaction.atomic
def invite(acting: Acting, *, name: str, username: str, role: str, organisation: Organisation) -> tuple[Person, str]:
    """A new person with one role, and the token of their invitation. Raises RefusedError for a role of elsewhere."""
    _refuse_role_of_elsewhere(role, organisation)
    person = Person(username=username, name=name, created_at=clock.now())
    person.set_unusable_password()
    person.save()
    Membership.objects.create(person=person, organisation=organisation, role=role)
    trace.record(acting, f"Compte créé : {username}, rôle {role} à {organisation.id}.")
    return person, links.new("invitation", person)


@transaction.atomic
def invite_again(acting: Acting, person: Person) -> str:
    """A new invitation for somebody who lost their password or their second factor. Raises RefusedError."""
    if not keeps(acting, person):
        raise RefusedError(_("Cette personne a aussi un rôle dans une organisation que vous n'administrez pas."))
    trace.record(acting, f"Nouvelle invitation pour {person.username} : son mot de passe peut être changé.")
    return links.new("invitation", person)


@transaction.atomic
def accept(link: Link, password: str) -> Person:
    """Give the invited person the password they chose. Raises RefusedError.

    Whatever let the person in before ends here: second factor, shared screens, break-glass sheets, tokens. Sessions end
    by themselves, since they carry a hash of the password.
    """
    person = link.person
    if person is None or not person.is_active or not links.use(link):
        raise RefusedError(_("Cette invitation vient d'être utilisée."))
    person.set_password(password)
    person.save(update_fields=["password"])
    person.authenticator_set.all().delete()
    _end_other_ways_in(person)
    return person


@transaction.atomic
def grant(acting: Acting, person: Person, organisation: Organisation, role: str) -> None:
    """One more role. Granting a role that is held already changes nothing. Raises RefusedError for one of elsewhere."""
    _refuse_role_of_elsewhere(role, organisation)
    __, is_new = Membership.objects.get_or_create(person=person, organisation=organisation, role=role)
    if is_new:
        trace.record(acting, f"Rôle {role} à {organisation.id} donné à {person.username}.")


@transaction.atomic
def withdraw(acting: Acting, membership: Membership) -> None:
    """Take a role away. Raises RefusedError for the last administrator of the node."""
    if membership.role == Role.ADMINISTRATOR and membership.organisation_id == _home():
        _refuse_last_administrator(membership.person)
    trace.record(
        acting, f"Rôle {membership.role} à {membership.organisation_id} retiré à {membership.person.username}."
    )
    membership.delete()


@transaction.atomic
def close(acting: Acting, person: Person) -> None:
    """Close an account: every way in ends at once. Raises RefusedError for the last administrator of the node."""
    if not keeps(acting, person):
        raise RefusedError(_("Cette personne a aussi un rôle dans une organisation que vous n'administrez pas."))
    _refuse_last_administrator(person)
    trace.record(acting, f"Compte fermé : {person.username}. Ses feuilles de bris de glace et ses jetons sont annulés.")
    person.is_active = False
    person.save(update_fields=["is_active"])
    _end_other_ways_in(person)
    Link.objects.filter(person=person, used_at=None).delete()


@transaction.atomic
def reopen(acting: Acting, person: Person) -> None:
    """Open a closed account again. Raises RefusedError."""
    if not keeps(acting, person):
        raise RefusedError(_("Cette personne a aussi un rôle dans une organisation que vous n'administrez pas."))
    trace.record(acting, f"Compte rouvert : {person.username}.")
    person.is_active = True
    person.save(update_fields=["is_active"])


@transaction.atomic
def add_organisation(acting: Acting, *, id: str, name: str, kind: str) -> Organisation:
    """An organisation whose persons this node will keep. Raises RefusedError for who does not administer the node.

    A hospital's node keeps no observatory: its analysts would read every crisis of the hospital.
    """
    if not is_node_administrator(acting):
        raise RefusedError(_("Seul l'administrateur de cette installation ajoute une organisation."))
    if kind not in kinds():
        raise RefusedError(_("L'installation d'un établissement ne tient pas d'observatoire."))
    trace.record(acting, f"Organisation ajoutée : {id} ({kind}).")
    return Organisation.objects.create(id=id, name=name, kind=kind, created_at=clock.now())


def kinds() -> tuple[str, ...]:
    """The kinds of organisations that may be added to this node."""
    here = node.load(settings.VIGIE_DATA)
    hospital = here is None or here.role == "hospital"
    return tuple(kind for kind in NODE_ROLE_NAMES if kind != "observatory" or not hospital)


def _refuse_role_of_elsewhere(role: str, organisation: Organisation) -> None:
    if role not in services.roles_in(organisation):
        raise RefusedError(_("Un analyste se nomme dans un observatoire, et nulle part ailleurs."))


def _end_other_ways_in(person: Person) -> None:
    """End all but the password: whoever held a code, a token or a seat of this person comes back with none of them."""
    Seat.objects.filter(person=person).delete()
    Sheet.objects.filter(person=person, revoked_at=None).update(revoked_at=clock.now())
    Token.objects.filter(person=person, revoked_at=None).update(revoked_at=clock.now())
    memory.forget()


def _home() -> str:
    """The node's own organisation, whose administrators keep all others; '' before set-up."""
    here = node.load(settings.VIGIE_DATA)
    return here.organisation if here else ""


def _refuse_last_administrator(person: Person) -> None:
    here = Membership.objects.filter(role=Role.ADMINISTRATOR, organisation=_home(), person__is_active=True)
    if here.filter(person=person).exists() and not here.exclude(person=person).exists():
        raise RefusedError(_("C'est le dernier administrateur : donnez d'abord ce rôle à quelqu'un d'autre."))
