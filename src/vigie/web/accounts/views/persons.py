"""Persons of the node: who belongs to which organisation, with which role."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import render
from django.views.decorators.http import require_safe

from vigie.web.accounts.models import Membership
from vigie.web.permissions import Permission, requires


@requires(Permission.ACCOUNT_MANAGE)
@require_safe
def persons(request: HttpRequest) -> HttpResponseBase:
    """All persons of the administrator's organisation."""
    memberships = Membership.objects.filter(organisation=request.acting.organisation_id).select_related("person")
    return render(request, "accounts/persons.html", {"memberships": memberships})
