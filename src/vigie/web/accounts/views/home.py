"""The front door: where a visitor goes from `/`, depending on who they are."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from vigie.web.accounts import services
from vigie.web.permissions import Permission, public, requires


@public
@require_safe
def home(request: HttpRequest) -> HttpResponseBase:
    """The incidents, the persons of the node for an administrator, the sign-in page, or how to set this node up."""
    if not request.user.is_authenticated:
        if services.is_set_up():
            return redirect("account_login")
        return render(request, "accounts/not_set_up.html")
    if Permission.INCIDENT_LIST in request.acting.permissions:
        return redirect("incidents:list")
    return redirect("accounts:persons" if Permission.ACCOUNT_MANAGE in request.acting.permissions else "accounts:me")


@requires(Permission.SELF_MANAGE)
@require_POST
def switch_organisation(request: HttpRequest) -> HttpResponseBase:
    """Act for another organisation of one's own. A foreign one changes nothing."""
    wanted = request.POST.get("organisation", "")
    if wanted in {membership.organisation_id for membership in request.acting.choices}:
        request.session[services.ORGANISATION_KEY] = wanted
    return redirect("home")
