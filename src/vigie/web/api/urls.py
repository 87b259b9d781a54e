"""Addresses of the API. The permission of each is asked for in its endpoint, which knows the token."""

from __future__ import annotations

from django.urls import path

from vigie.web.api.docs import docs
from vigie.web.api.routes import api
from vigie.web.permissions import public

app_name = "api"
_routes, _, _ = api.urls
for _route in _routes:
    if _route.name in ("openapi-json", "api-root"):
        _route.callback = public(_route.callback)
urlpatterns = [path("docs", docs, name="docs"), *_routes]
