"""allauth's own backend, with a memory: the person of a session is not asked of the database for each request."""

from __future__ import annotations

from copy import copy

from allauth.account.auth_backends import AuthenticationBackend

from vigie.web.accounts import memory
from vigie.web.accounts.models import Person


class Backend(AuthenticationBackend):
    """Identifier and password."""

    def get_user(self, user_id: int) -> Person | None:
        """The person of a session, unless their account is closed. A copy: a view may change it before saving."""
        person = memory.remembered(("person", user_id), lambda: super(Backend, self).get_user(user_id))
        return copy(person)
