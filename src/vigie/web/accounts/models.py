"""Persons, organisations, memberships, and the hashed secrets that let somebody in."""

from __future__ import annotations

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.core.validators import RegexValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from vigie.ids import SLUG

identifier = RegexValidator(
    SLUG, _("Un identifiant s'écrit en minuscules sans accent, chiffres, points et tirets : c.martin")
)

ROLE_NAMES = {
    "member": _("membre de la cellule de crise"),
    "director": _("directeur de la cellule de crise"),
    "analyst": _("analyste de l'observatoire"),
    "administrator": _("administrateur"),
}
NODE_ROLE_NAMES = {
    "hospital": _("établissement de santé"),
    "group": _("groupement d'établissements"),
    "observatory": _("observatoire"),
}


class Organisation(models.Model):
    """A hospital, a group or an observatory. Its identifier is the first part of its incidents' identifiers."""

    id = models.CharField(max_length=64, primary_key=True, validators=[identifier])
    name = models.CharField(max_length=200)
    kind = models.CharField(max_length=20, choices=list(NODE_ROLE_NAMES.items()))
    created_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.name


class PersonManager(BaseUserManager):
    """What Django and allauth ask of a manager of users."""


class Person(AbstractBaseUser):
    """Somebody who signs in. `username` is the author written in the journal; a person is closed, never deleted."""

    username = models.CharField(max_length=64, unique=True, validators=[identifier])
    name = models.CharField(max_length=200)
    language = models.CharField(max_length=5, blank=True, default="")
    is_active = models.BooleanField(default=True)
    created_at = models.DateTimeField()

    last_login = None  # signing in writes nothing to this row: a busy database must not keep a person out
    USERNAME_FIELD = "username"
    REQUIRED_FIELDS = ("name",)
    objects = PersonManager()

    def __str__(self) -> str:
        return self.name


class Membership(models.Model):
    """A person in an organisation, with one role. Several rows where one person holds several roles."""

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="memberships")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="memberships")
    role = models.CharField(max_length=20, choices=list(ROLE_NAMES.items()))

    class Meta:
        constraints = [models.UniqueConstraint(fields=["person", "organisation", "role"], name="one_membership")]

    def __str__(self) -> str:
        return f"{self.person} ({self.role}, {self.organisation_id})"


class Link(models.Model):
    """A one-time link: to set this node up, to accept an invitation, or to enter the demonstration.

    Only the SHA-256 of its token is stored. No clock decides whether it still works: it works once.
    """

    PURPOSES = {"set-up": _("mise en service"), "invitation": _("invitation"), "demo": _("démonstration")}

    purpose = models.CharField(max_length=20, choices=list(PURPOSES.items()))
    token_hash = models.CharField(max_length=64, unique=True)
    person = models.ForeignKey(Person, on_delete=models.CASCADE, null=True, related_name="links")
    created_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)


class Sheet(models.Model):
    """A printed sheet of break-glass codes, for one person, or for whoever of an organisation's cell holds it."""

    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT)
    person = models.ForeignKey(Person, on_delete=models.CASCADE, null=True, related_name="sheets")
    printed_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    printed_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True)


class Code(models.Model):
    """One code of a sheet, hashed. It works once, at any date that any clock may show."""

    sheet = models.ForeignKey(Sheet, on_delete=models.CASCADE, related_name="codes")
    number = models.PositiveSmallIntegerField()
    code_hash = models.CharField(max_length=64, unique=True)
    used_at = models.DateTimeField(null=True)
    used_by = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["sheet", "number"], name="one_code_a_number")]


class Seat(models.Model):
    """A person's place at a shared screen: after one full sign-in there, a short code brings them back."""

    screen = models.CharField(max_length=64, db_index=True)  # SHA-256 of the screen's own cookie
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="seats")
    pin_hash = models.CharField(max_length=200)
    failures = models.PositiveSmallIntegerField(default=0)
    created_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["screen", "person"], name="one_seat_a_person")]


class Token(models.Model):
    """A secret that lets a program act for a person or a system, within an organisation and some permissions."""

    name = models.CharField(max_length=100)
    token_hash = models.CharField(max_length=64, unique=True)
    hint = models.CharField(max_length=8)  # the first characters, to recognise it in a list
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT)
    person = models.ForeignKey(Person, on_delete=models.CASCADE, null=True, related_name="tokens")
    node = models.CharField(max_length=64, blank=True, default="")
    scopes = models.JSONField(default=list)
    created_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField()
    last_used_at = models.DateTimeField(null=True)
    revoked_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(person__isnull=False, node="")
                | (models.Q(person__isnull=True) & ~models.Q(node="")),
                name="token_of_person_or_node",
            )
        ]
