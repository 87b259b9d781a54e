"""The addresses of this site. Every view is marked with the permission it asks for; a test walks them all."""

from __future__ import annotations

from importlib.util import find_spec

from django.urls import URLPattern, URLResolver, include, path

from vigie.web.accounts.views import home
from vigie.web.health import healthz
from vigie.web.preferences import preferences

_ROOMS = {
    "": "vigie.web.incidents.urls",
    "desk/": "vigie.web.desk.urls",
    "export/": "vigie.web.exports.urls",
    "api/": "vigie.web.api.urls",
}

urlpatterns: list[URLPattern | URLResolver] = [
    path("", home.home, name="home"),
    path("healthz", healthz, name="healthz"),
    path("preferences", preferences, name="preferences"),
    path("", include("vigie.web.accounts.urls")),
    *[
        path(prefix, include(module))
        for prefix, module in _ROOMS.items()
        if find_spec(module.rpartition(".")[0]) and find_spec(module)
    ],
]
handler500 = "vigie.web.health.server_error"
