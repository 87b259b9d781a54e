"""The addresses of this site. Every view is marked with the permission it asks for; a test walks them all."""

from __future__ import annotations

from django.urls import include, path

from vigie.web.accounts.views import home
from vigie.web.health import healthz
from vigie.web.preferences import preferences

urlpatterns = [
    path("", home.home, name="home"),
    path("healthz", healthz, name="healthz"),
    path("preferences", preferences, name="preferences"),
    path("", include("vigie.web.accounts.urls")),
    path("", include("vigie.web.incidents.urls")),
    path("", include("vigie.web.declaring.urls")),
    path("", include("vigie.web.maps.urls")),
    path("", include("vigie.web.intake.urls")),
    path("", include("vigie.web.observatory.urls")),
    path("", include("vigie.web.restart.urls")),
    path("export/", include("vigie.web.exports.urls")),
    path("api/", include("vigie.web.api.urls")),
]
handler500 = "vigie.web.health.server_error"
