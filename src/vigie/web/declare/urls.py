"""The addresses of a declaration, under those of its incident."""

from __future__ import annotations

from django.urls import include, path

from vigie.web.declare.views import form, overview

ONE = "<str:owner>/<str:name>/declare"

own = [
    path(f"{ONE}/", overview.overview, name="overview"),
    path(f"{ONE}/form", form.form, name="form"),
]

urlpatterns = [path("incidents/", include((own, "declare")))]
