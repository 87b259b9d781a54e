"""Signing out."""

from __future__ import annotations

from django.contrib import auth
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from vigie.web.permissions import public


@public
@require_POST
def sign_out(request: HttpRequest) -> HttpResponseBase:
    """End this session. One's seat at a shared screen stays until one gives it back."""
    auth.logout(request)
    return redirect("home")
