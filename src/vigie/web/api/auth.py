"""Who calls: a token in the Authorization header."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from ninja.security import HttpBearer

from vigie.web.accounts import tokens
from vigie.web.accounts.acting import Acting
from vigie.web.api.problems import Problem
from vigie.web.permissions import Permission


class Token(HttpBearer):
    """`Authorization: Bearer vigie_...`, a token made by the administrator for a person or for a node."""

    openapi_scheme = "bearer"

    def __call__(self, request: HttpRequest) -> Acting:
        """The caller. Raises Problem 401; a busy database raises its own error, and is never taken for a bad token."""
        scheme, _, secret = request.META.get("HTTP_AUTHORIZATION", "").partition(" ")
        if scheme.lower() != "bearer" or not secret:
            raise _unknown("no token was given")
        return self.authenticate(request, secret.strip())

    def authenticate(self, request: HttpRequest, token: str) -> Acting:
        """The caller that this token stands for."""
        held = tokens.find(token)
        if held is None:
            raise _unknown("this token is unknown or revoked")
        acting = tokens.acting_of(held)
        request.acting = acting  # type: ignore[attr-defined]
        return acting


def need(request: Any, permission: Permission) -> Acting:
    """The caller, who must hold this permission. Raises Problem 403."""
    acting: Acting = request.auth
    if permission not in acting.permissions:
        raise Problem(
            403,
            f"this token may not do that: it lacks the scope {permission.value}",
            "Authorization",
            "ask the administrator for a token with that scope, or for a person whose role holds it",
        )
    return acting


def _unknown(what: str) -> Problem:
    return Problem(401, what, "Authorization", "send `Authorization: Bearer vigie_...`; the administrator makes tokens")
