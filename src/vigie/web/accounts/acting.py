"""Acting: with what rights, for which organisation and in whose name a request is made."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from vigie.web.permissions import Permission, Role

if TYPE_CHECKING:
    from vigie.web.accounts.models import Membership, Person, Token

# With which of several roles a person writes: the one that decides most.
WRITING_ORDER = (Role.DIRECTOR, Role.MEMBER, Role.ANALYST, Role.ADMINISTRATOR)


@dataclass(frozen=True, slots=True)
class Acting:
    """The caller of a request. Nobody: no person, no organisation, no permission.

    `role` is the one written in the journal; `permissions` are those of all the roles that the person holds in the
    current organisation (or the scopes of the token); `choices` are all memberships, for the switch in the page's head.
    """

    person: Person | None = None
    organisation_id: str = ""
    organisation_name: str = ""
    role: str = ""
    roles: tuple[str, ...] = ()
    permissions: frozenset[Permission] = frozenset()
    membership: Membership | None = None
    choices: tuple[Membership, ...] = ()
    token: Token | None = None
    author: str = ""
    glass: bool = False  # signed in with a break-glass code


NOBODY = Acting()
