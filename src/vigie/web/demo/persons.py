"""The persons of the demonstration: no password, a one-time link each, good on this machine only."""

from __future__ import annotations

from django.db import transaction
from django.urls import reverse

from vigie.web import clock
from vigie.web.accounts import links
from vigie.web.accounts.models import Membership, Organisation, Person

ORGANISATIONS = (
    ("valmont", "Centre hospitalier de Valmont-sur-Orne", "hospital"),
    ("observatoire", "Observatoire régional (fictif)", "observatory"),
)
# identifier, name, what they do, organisation, role
PERSONS = (
    ("h.marchand", "Hélène Marchand", "directrice de crise", "valmont", "director"),
    ("k.haddad", "Karim Haddad", "RSSI", "valmont", "member"),
    ("t.nguyen", "Thi Nguyen", "ingénieure d'astreinte", "valmont", "member"),
    ("s.lemoine", "Sophie Lemoine", "cadre de santé", "valmont", "member"),
    ("c.dubois", "Claire Dubois", "analyste de l'observatoire", "observatoire", "analyst"),
    ("d.roche", "Denis Roche", "administrateur", "valmont", "administrator"),
)
ROLES = {username: role for username, _, _, _, role in PERSONS}


@transaction.atomic
def create() -> None:
    """Create the organisations and persons that are missing."""
    for id, name, kind in ORGANISATIONS:
        Organisation.objects.get_or_create(id=id, defaults={"name": name, "kind": kind, "created_at": clock.now()})
    for username, name, _, organisation, role in PERSONS:
        person, is_new = Person.objects.get_or_create(
            username=username, defaults={"name": name, "created_at": clock.now()}
        )
        if is_new:
            person.set_unusable_password()
            person.save()
            Membership.objects.create(person=person, organisation_id=organisation, role=role)


def sign_in_links(url: str) -> list[tuple[str, str, str]]:
    """A fresh one-time link for each person: (name, what they do, link). Earlier links stop working."""
    known = {person.username: person for person in Person.objects.filter(username__in=ROLES)}
    return [
        (name, work, url + reverse("accounts:demo", args=[links.new("demo", known[username])]))
        for username, name, work, _, _ in PERSONS
        if username in known
    ]
