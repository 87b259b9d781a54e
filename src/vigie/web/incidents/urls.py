"""The addresses of the pages. An incident is `owner/name`, as in the journal."""

from __future__ import annotations

from django.urls import include, path

from vigie.web.incidents.views import board, entry, listing, log, printing, writing

ONE = "<str:owner>/<str:name>"

own = [
    path("", listing.incidents, name="list"),
    path("open", listing.open_incident, name="open"),
    path(f"{ONE}/", log.log, name="log"),
    path(f"{ONE}/news", log.news, name="news"),
    path(f"{ONE}/seal", log.seal, name="seal"),
    path(f"{ONE}/vocabulary", log.vocabulary, name="vocabulary"),
    path(f"{ONE}/understand", writing.understand, name="understand"),
    path(f"{ONE}/write", writing.quick, name="quick"),
    path(f"{ONE}/write/kinds", writing.kinds, name="kinds"),
    path(f"{ONE}/write/<str:kind>", writing.typed, name="typed"),
    path(f"{ONE}/entries/<int:seq>", entry.entry, name="entry"),
    path(f"{ONE}/entries/<int:seq>/correct", entry.correct, name="correct"),
    path(f"{ONE}/entries/<int:seq>/file", entry.file, name="file"),
    path(f"{ONE}/situation", board.board, name="situation"),
    path(f"{ONE}/print", printing.choose, name="print"),
    path(f"{ONE}/print/log", printing.log, name="print-log"),
]

urlpatterns = [path("incidents/", include((own, "incidents")))]
