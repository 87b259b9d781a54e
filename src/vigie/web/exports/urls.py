"""Addresses of the files that leave the desk."""

from __future__ import annotations

from django.urls import path

from vigie.web.exports import views

app_name = "exports"
urlpatterns = [
    path("<str:owner>/<str:name>/log.csv", views.csv, name="csv"),
    path("<str:owner>/<str:name>/log.xlsx", views.xlsx, name="xlsx"),
    path("<str:owner>/<str:name>/log.vigie", views.bundle, name="bundle"),
    path("<str:owner>/<str:name>/log.pdf", views.pdf, name="pdf"),
]
