"""What every request carries: the membership with which its person acts, and what every page shows of it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponseBase
from django.utils.functional import SimpleLazyObject

from vigie.web.accounts import services

GetResponse = Callable[[HttpRequest], HttpResponseBase]


def acting(get_response: GetResponse) -> GetResponse:
    """Give each request `request.acting`, looked up when first asked for."""

    def middleware(request: HttpRequest) -> HttpResponseBase:
        request.acting = SimpleLazyObject(lambda: services.acting_of(request))
        return get_response(request)

    return middleware


def context(request: HttpRequest) -> dict[str, Any]:
    """What every template may show: who acts, and whether this node is a demonstration."""
    return {"acting": getattr(request, "acting", None), "demo": settings.VIGIE_DEMO}
