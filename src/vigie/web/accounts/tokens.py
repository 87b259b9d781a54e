"""Tokens: what lets a program act through the API. Shown once, stored hashed, revoked by a date."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from django.db import transaction
from django.db.models import QuerySet

from vigie.web import clock
from vigie.web.accounts import memory, people, secrets, services, trace
from vigie.web.accounts.acting import Acting
from vigie.web.accounts.models import Organisation, Person, Token
from vigie.web.permissions import TOKEN_SCOPES, Permission

PREFIX = "vigie_"
USE_NOTED_EVERY = timedelta(hours=1)  # a busy program must not cost a write for each of its requests


def tokens_for(acting: Acting) -> QuerySet[Token]:
    """The tokens of the organisations that this administrator keeps, the newest first."""
    return (
        Token.objects.filter(organisation__in=people.organisations_for(acting))
        .select_related("person", "organisation")
        .order_by("-created_at", "-pk")
    )


@transaction.atomic
def create(
    acting: Acting, *, name: str, organisation: Organisation, person: Person | None, node: str, scopes: Sequence[str]
) -> str:
    """Make a token and return its secret, which nobody can ever read again. Leaves a note in the node's register."""
    secret = PREFIX + secrets.token()
    Token.objects.create(
        name=name,
        token_hash=secrets.digest(secret),
        hint=secret[len(PREFIX) : len(PREFIX) + 6],
        organisation=organisation,
        person=person,
        node=node,
        scopes=sorted(set(scopes) & {scope.value for scope in TOKEN_SCOPES}),
        created_by=acting.person,
        created_at=clock.now(),
    )
    trace.record(acting, f"Jeton « {name} » créé pour {person.username if person else node} à {organisation.id}.")
    return secret


def find(secret: str) -> Token | None:
    """The token of this secret, unless it was revoked or its person's account closed."""
    digest = secrets.digest(secret)
    token = memory.remembered(("token", digest), lambda: _find(digest))
    if token is None or (token.person is not None and not token.person.is_active):
        return None
    _note_use(token)
    return token


def _find(digest: str) -> Token | None:
    return Token.objects.filter(token_hash=digest, revoked_at=None).select_related("person", "organisation").first()


def acting_of(token: Token) -> Acting:
    """With what rights a program acts: the token's scopes, and for a person's token no more than that person may."""
    scopes = frozenset(Permission(scope) for scope in token.scopes if scope in set(TOKEN_SCOPES))
    if token.person is None:
        return Acting(
            organisation_id=token.organisation_id,
            organisation_name=token.organisation.name,
            role="node",
            roles=("node",),
            permissions=scopes,
            token=token,
            author=token.node,
        )
    person = token.person
    held = memory.remembered(
        ("acting", person.pk, token.organisation_id, None), lambda: services.acting_as(person, token.organisation_id)
    )
    if held.organisation_id != token.organisation_id:
        return Acting(person=token.person, token=token, author=token.person.username)
    return Acting(
        person=token.person,
        organisation_id=held.organisation_id,
        organisation_name=held.organisation_name,
        role=held.role,
        roles=held.roles,
        permissions=scopes & held.permissions,
        membership=held.membership,
        token=token,
        author=held.author,
    )


@transaction.atomic
def revoke(acting: Acting, token: Token) -> None:
    """End a token at once."""
    if Token.objects.filter(pk=token.pk, revoked_at=None).update(revoked_at=clock.now()):
        memory.forget()
        trace.record(acting, f"Jeton « {token.name} » annulé.")


def _note_use(token: Token) -> None:
    now = clock.now()
    if token.last_used_at is None or abs(now - token.last_used_at) > USE_NOTED_EVERY:
        Token.objects.filter(pk=token.pk).update(last_used_at=now)
        token.last_used_at = now
