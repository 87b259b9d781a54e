"""What the pages of a declaration share."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest
from django.utils.translation import gettext as _

from vigie.web.incidents.views.common import Opened, heading
from vigie.web.permissions import Permission

OFFICIAL = "https://signalement.social-sante.gouv.fr"


def may_declare(request: HttpRequest, here: Opened) -> bool:
    """Whether this caller may write the declaration of this incident.

    A cell, in the incidents of its hospital; an analyst, in those that their own organisation opened for another.
    """
    acting = request.acting  # type: ignore[attr-defined]
    if here.path[0] != acting.organisation_id:
        return False
    behalf = bool(here.situation().lifecycle and here.situation().lifecycle.on_behalf_of)
    return Permission.DECLARATION_WRITE in acting.permissions or (
        behalf and Permission.DECLARATION_ON_BEHALF in acting.permissions
    )


def must_declare(request: HttpRequest, here: Opened) -> None:
    """Raises PermissionDenied where `may_declare` says no."""
    if not may_declare(request, here):
        raise PermissionDenied(_("Votre rôle ne permet pas d'écrire la déclaration de cet incident."))


def context(request: HttpRequest, here: Opened, **more: Any) -> dict[str, Any]:
    """The context that all these pages show: the heading of the incident, and for whom one writes."""
    opened = here.situation().lifecycle
    return heading(request, here, "declare") | {"on_behalf_of": opened.on_behalf_of if opened else ""} | more
