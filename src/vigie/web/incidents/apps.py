"""The Django application of the pages."""

from __future__ import annotations

from django.apps import AppConfig


class IncidentsConfig(AppConfig):
    name = "vigie.web.incidents"
    label = "incidents"
