"""Addresses of the figures: `figures/` for analysts, `observatory/` for anybody."""

from __future__ import annotations

from django.urls import include, path

from vigie.web.observatory import views

own = [
    path("figures/", views.overview, name="overview"),
    path("figures/publish", views.publish, name="publish"),
    path("figures/withdraw", views.withdraw, name="withdraw"),
    path("figures/<slug:table>", views.table, name="table"),
    path("figures/<slug:table>.<str:form>", views.download, name="download"),
    path("observatory/", views.public_overview, name="public"),
    path("observatory/figures.json", views.public_figures, name="public-figures"),
    path("observatory/<slug:table>", views.public_table, name="public-table"),
    path("observatory/<slug:table>.csv", views.public_csv, name="public-csv"),
]

urlpatterns = [path("", include((own, "observatory")))]
