"""The addresses that a program may call, for the handler that serves nothing else."""

from __future__ import annotations

from django.urls import include, path

urlpatterns = [path("api/", include("vigie.web.api.urls"))]
handler500 = "vigie.web.health.server_error"
