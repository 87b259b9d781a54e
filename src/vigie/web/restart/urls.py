"""The addresses of the restart, under that of its incident; its files are beside the other exports."""

from __future__ import annotations

from django.urls import include, path

from vigie.web.restart import views

ONE = "incidents/<str:owner>/<str:name>/restart"
FILE = "export/<str:owner>/<str:name>/restart"

own = [
    path(f"{ONE}/", views.board, name="board"),
    path(f"{ONE}/plan", views.lines, name="lines"),
    path(f"{ONE}/what-if", views.what_if, name="what-if"),
    path(f"{ONE}/forecast", views.forecast, name="forecast"),
    path(f"{ONE}/forecast/publish", views.publish, name="publish"),
    path(f"{FILE}.xlsx", views.xlsx, name="xlsx"),
    path(f"{FILE}.ics", views.ics, name="ics"),
    path(f"{FILE}.pdf", views.pdf, name="pdf"),
]

urlpatterns = [path("", include((own, "restart")))]
