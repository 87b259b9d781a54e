"""Publishing: the forecast of now becomes a fact, by the same one writer as every other entry."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from vigie.web import clock, desk
from vigie.web.desk.writing import may_write
from vigie.web.incidents.views.common import MENDABLE, key_of, opened, refusal
from vigie.web.restart import foretelling, pages


def publish(request: HttpRequest, owner: str, name: str) -> HttpResponse:
    """Write the forecast, and go back to the page where it stands beside the others."""
    here = opened(request, owner, name)
    acting = request.acting  # type: ignore[attr-defined]
    if not may_write(acting, here.id, "forecast"):
        raise PermissionDenied(_("Seul l'établissement annonce ses dates de retour."))
    found = pages.settled(request, here, "forecast")
    if isinstance(found, HttpResponse):
        return found
    try:
        fact = foretelling.fact(found)
        receipt = desk.write(acting, here.id, fact, now=clock.now(), key=key_of(request))
    except MENDABLE as error:
        context = pages.frame(request, here, "forecast", found) | {"error": refusal(error)}
        return render(request, "restart/refused.html", context, status=400)
    messages.success(request, _("Prévision publiée, entrée %(seq)s.") % {"seq": receipt.seq})
    return redirect("restart:forecast", *here.path)
