"""The addresses of declarations, under that of their incident."""

from __future__ import annotations

from django.urls import include, path

from vigie.web.declaring.views import behalf, checking, drafting, leaving, reading, receipts

ONE = "incidents/<str:owner>/<str:name>/declarations"
IT = f"{ONE}/<str:declaration>"

own = [
    path("declare/on-behalf", behalf.on_behalf, name="on-behalf"),
    path(f"{ONE}/", reading.declarations, name="list"),
    path(f"{IT}/", reading.declaration, name="one"),
    path(f"{IT}/sent", reading.sent, name="sent"),
    path(f"{IT}/draft", drafting.draft, name="draft"),
    path(f"{IT}/draft/keep", drafting.keep, name="keep"),
    path(f"{IT}/draft/discard", drafting.discard, name="discard"),
    path(f"{IT}/draft/check", checking.check, name="check"),
    path(f"{IT}/receipts/<int:seq>", receipts.receipt, name="receipt"),
    path(f"{IT}/receipts/<int:seq>/pdf", receipts.pdf, name="receipt-pdf"),
    path(f"{IT}/for/<str:addressee>", leaving.view, name="view"),
    path(f"{IT}/for/<str:addressee>/text", leaving.text, name="view-text"),
    path(f"{IT}/for/<str:addressee>/pdf", leaving.pdf, name="view-pdf"),
]

urlpatterns = [path("", include((own, "declaring")))]
