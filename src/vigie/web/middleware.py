"""What every request carries: the membership with which its person acts, and what every page shows of it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.functional import SimpleLazyObject

from vigie.web.accounts import screens, services

GetResponse = Callable[[HttpRequest], HttpResponseBase]


def unkept(get_response: GetResponse) -> GetResponse:
    """Let no browser or proxy keep what a person or a program was shown, unless the view says how long it may."""

    def middleware(request: HttpRequest) -> HttpResponseBase:
        response = get_response(request)
        is_somebody = settings.SESSION_COOKIE_NAME in request.COOKIES or "Authorization" in request.headers
        if is_somebody and "Cache-Control" not in response.headers:
            response.headers["Cache-Control"] = "private, no-store"
        return response

    return middleware


def acting(get_response: GetResponse) -> GetResponse:
    """Give each request `request.acting`, looked up when first asked for."""

    def middleware(request: HttpRequest) -> HttpResponseBase:
        request.acting = SimpleLazyObject(lambda: services.acting_of(request))
        return get_response(request)

    return middleware


def idle_lock(get_response: GetResponse) -> GetResponse:
    """Lock a shared screen that nobody touches. A screen that only refreshes itself is not touched by anybody."""

    def middleware(request: HttpRequest) -> HttpResponseBase:
        if screens.SHARED_KEY not in request.session:
            return get_response(request)
        is_fragment = "HX-Request" in request.headers
        refreshes_itself = request.method == "GET" and is_fragment
        if screens.is_idle(request):
            screens.lock(request)
            to = reverse("accounts:screen")
            return HttpResponse(status=401, headers={"HX-Redirect": to}) if is_fragment else redirect(to)
        if not refreshes_itself:
            screens.touch(request)
        return get_response(request)

    return middleware


def context(request: HttpRequest) -> dict[str, Any]:
    """What every template may show: who acts, whether this is a demonstration, after how long a shared screen locks."""
    shared = hasattr(request, "session") and screens.SHARED_KEY in request.session
    lock_after = settings.VIGIE_LOCK_AFTER_SECONDS if shared else None
    return {"acting": getattr(request, "acting", None), "demo": settings.VIGIE_DEMO, "lock_after": lock_after}
