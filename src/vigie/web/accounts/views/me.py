"""One's own account: who am I here, with which roles."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import render
from django.views.decorators.http import require_safe

from vigie.web.permissions import Permission, requires


@requires(Permission.SELF_MANAGE)
@require_safe
def me(request: HttpRequest) -> HttpResponseBase:
    """The page of the person who is signed in."""
    return render(request, "accounts/me.html")
