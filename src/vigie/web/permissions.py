"""Who may do what: one enumeration of permissions, the roles that hold them, and the mark that every view carries."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from enum import StrEnum
from functools import wraps
from typing import Any
from urllib.parse import urlsplit

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.utils.translation import gettext as _

View = Callable[..., HttpResponseBase]


class Permission(StrEnum):
    """Everything that a person or a token may be allowed to do, named resource:action."""

    INCIDENT_LIST = "incident:list"
    INCIDENT_OPEN = "incident:open"
    INCIDENT_CLOSE = "incident:close"
    LOG_READ = "log:read"
    LOG_READ_PRIVILEGED = "log:read-privileged"
    LOG_WRITE = "log:write"
    LOG_CORRECT = "log:correct"
    LOG_EXPORT = "log:export"
    LOG_MERGE = "log:merge"
    BOARD_READ = "board:read"
    DECLARATION_READ = "declaration:read"
    DECLARATION_WRITE = "declaration:write"
    DECLARATION_ON_BEHALF = "declaration:on-behalf"
    ATTACHMENT_ADD = "attachment:add"
    ATTACHMENT_READ = "attachment:read"
    CARTOGRAPHY_READ = "cartography:read"
    CARTOGRAPHY_ADOPT = "cartography:adopt"
    JOURNAL_VERIFY = "journal:verify"
    INTAKE_READ = "intake:read"
    INTAKE_QUALIFY = "intake:qualify"
    INTAKE_ANSWER = "intake:answer"
    FIGURES_READ = "figures:read"
    FIGURES_PUBLISH = "figures:publish"
    SELF_MANAGE = "self:manage"
    SCREEN_SHARE = "screen:share"
    ACCOUNT_MANAGE = "account:manage"
    BREAK_GLASS_PRINT = "break-glass:print"
    TOKEN_MANAGE = "token:manage"
    NODE_MANAGE = "node:manage"


class Role(StrEnum):
    """What a membership makes of a person. A person may hold several, and acts with one at a time."""

    MEMBER = "member"
    DIRECTOR = "director"
    ANALYST = "analyst"
    ADMINISTRATOR = "administrator"


_EVERYONE = frozenset({Permission.SELF_MANAGE})
_READER = _EVERYONE | {
    Permission.INCIDENT_LIST,
    Permission.LOG_READ,
    Permission.LOG_EXPORT,
    Permission.BOARD_READ,
    Permission.DECLARATION_READ,
    Permission.ATTACHMENT_READ,
    Permission.CARTOGRAPHY_READ,
    Permission.JOURNAL_VERIFY,
    Permission.SCREEN_SHARE,
}
_CELL = _READER | {
    Permission.INCIDENT_OPEN,
    Permission.LOG_WRITE,
    Permission.LOG_CORRECT,
    Permission.DECLARATION_WRITE,
    Permission.DECLARATION_ON_BEHALF,
    Permission.ATTACHMENT_ADD,
    Permission.INTAKE_ANSWER,
}
ROLE_PERMISSIONS: dict[str, frozenset[Permission]] = {
    Role.MEMBER: _CELL,
    Role.DIRECTOR: _CELL
    | {
        Permission.INCIDENT_CLOSE,
        Permission.LOG_READ_PRIVILEGED,
        Permission.LOG_MERGE,
        Permission.CARTOGRAPHY_ADOPT,
        Permission.BREAK_GLASS_PRINT,
    },
    # An analyst reads what reached the observatory, and writes qualifications on it: the authority matrix of the
    # journal, not this table, says what such an entry is worth. In an incident of their own organisation, and in no
    # other, they may enter the declaration of a hospital that lost its network.
    Role.ANALYST: _READER
    | {
        Permission.LOG_WRITE,
        Permission.DECLARATION_WRITE,
        Permission.DECLARATION_ON_BEHALF,
        Permission.INTAKE_READ,
        Permission.INTAKE_QUALIFY,
        Permission.FIGURES_READ,
        Permission.FIGURES_PUBLISH,
    },
    # An administrator keeps accounts and the node, and reads no log.
    Role.ADMINISTRATOR: _EVERYONE
    | {
        Permission.ACCOUNT_MANAGE,
        Permission.BREAK_GLASS_PRINT,
        Permission.TOKEN_MANAGE,
        Permission.NODE_MANAGE,
    },
}
# What a token may be given. Accounts, tokens and the node itself are never managed by a program.
TOKEN_SCOPES: tuple[Permission, ...] = (
    Permission.INCIDENT_LIST,
    Permission.INCIDENT_OPEN,
    Permission.LOG_READ,
    Permission.LOG_WRITE,
    Permission.LOG_CORRECT,
    Permission.LOG_EXPORT,
    Permission.LOG_MERGE,
    Permission.BOARD_READ,
    Permission.DECLARATION_READ,
    Permission.DECLARATION_WRITE,
    Permission.ATTACHMENT_ADD,
    Permission.ATTACHMENT_READ,
    Permission.CARTOGRAPHY_READ,
    Permission.JOURNAL_VERIFY,
    Permission.INTAKE_READ,
    Permission.INTAKE_QUALIFY,
    Permission.INTAKE_ANSWER,
)


def permissions_of(roles: Iterable[str]) -> frozenset[Permission]:
    """The union of what these roles allow. An unknown role allows nothing."""
    return frozenset().union(*(ROLE_PERMISSIONS.get(role, frozenset()) for role in roles))


def requires(permission: Permission) -> Callable[[View], View]:
    """Let a view run only for a signed-in person whose current membership holds `permission`.

    Nobody signed in: the sign-in page (401 for a fragment or a program). Signed in without the right: 403. A database
    that is busy raises before this is decided: it is never taken for "nobody signed in".
    """

    def mark(view: View) -> View:
        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            if request.acting.person is None:
                return _ask_to_sign_in(request)
            if permission not in request.acting.permissions:
                raise PermissionDenied(
                    _("Votre rôle ne permet pas cette action. Changez de rôle ou demandez à l'administrateur.")
                )
            return view(request, *args, **kwargs)

        guarded.permission = permission
        return guarded

    return mark


def public(view: View) -> View:
    """Mark a view that anyone may call: it must not show or change anything that belongs to an organisation."""

    @wraps(view)
    def open_to_all(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        return view(request, *args, **kwargs)

    open_to_all.permission = None
    return open_to_all


def _ask_to_sign_in(request: HttpRequest) -> HttpResponseBase:
    from django.contrib.auth.views import redirect_to_login  # this module is read where no settings are

    if request.headers.get("HX-Request"):
        return HttpResponse(_("Session terminée : rechargez la page pour vous connecter."), status=401)
    if request.method not in ("GET", "HEAD"):
        return redirect_to_login(_page_of(request))
    return redirect_to_login(request.get_full_path())


def _page_of(request: HttpRequest) -> str:
    """The page from which something was sent, where it is one of ours: whoever signs in comes back to their form."""
    came = urlsplit(request.headers.get("Referer", ""))
    if came.netloc != request.get_host():
        return "/"
    return f"{came.path}?{came.query}" if came.query else came.path or "/"
