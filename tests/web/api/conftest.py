"""A program with a token: what it may do is said by its scopes."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest

from tests.web.desk.conftest import crisis  # noqa: F401  (the same crisis, seen by a program)


class Program:
    """A client of the API that sends its token. Server errors come back as answers."""

    def __init__(self, secret: str | None) -> None:
        from django.test import Client

        self.client = Client(raise_request_exception=False)
        self.headers = {"HTTP_AUTHORIZATION": f"Bearer {secret}"} if secret else {}

    def get(self, path, **query):
        return self.client.get(f"/api{path}", query, **self.headers)

    def post(self, path, body, key=None, content_type="application/json"):
        sent = body if isinstance(body, (bytes, str)) else json.dumps(body)
        extra = {"HTTP_IDEMPOTENCY_KEY": key} if key else {}
        return self.client.post(f"/api{path}", sent, content_type, **self.headers, **extra)


@pytest.fixture
def program(site) -> Callable[..., Program]:
    """`program(person, scopes=...)` or `program(node="probe")`: a program with a fresh token of valmont."""
    from vigie.web import clock
    from vigie.web.accounts import secrets, tokens
    from vigie.web.accounts.models import Token
    from vigie.web.permissions import TOKEN_SCOPES

    def make(person=None, *, node="", organisation="valmont", scopes=TOKEN_SCOPES) -> Program:
        secret = tokens.PREFIX + secrets.token()
        Token.objects.create(
            name="essai", token_hash=secrets.digest(secret), hint="essai", organisation_id=organisation, person=person,
            node=node, scopes=[str(scope) for scope in scopes], created_by=site.admin, created_at=clock.now(),
        )  # fmt: skip
        return Program(secret)

    return make
