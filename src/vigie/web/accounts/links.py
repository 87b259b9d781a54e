"""One-time links: made here, shown once, used once."""

from __future__ import annotations

from vigie.web import clock
from vigie.web.accounts import secrets
from vigie.web.accounts.models import Link, Person


def new(purpose: str, person: Person | None = None) -> str:
    """The token of a new link; earlier unused links of the same purpose for the same person stop working."""
    Link.objects.filter(purpose=purpose, person=person, used_at=None).delete()
    token = secrets.token()
    Link.objects.create(purpose=purpose, person=person, token_hash=secrets.digest(token), created_at=clock.now())
    return token


def find(purpose: str, token: str) -> Link | None:
    """The unused link of this token, if there is one. It is not used up by looking."""
    return (
        Link.objects.filter(purpose=purpose, token_hash=secrets.digest(token), used_at=None)
        .select_related("person")
        .first()
    )


def use(link: Link) -> bool:
    """Use a link up. False when somebody else did so a moment before."""
    return Link.objects.filter(pk=link.pk, used_at=None).update(used_at=clock.now()) == 1
