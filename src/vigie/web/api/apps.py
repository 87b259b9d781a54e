"""The Django application of the API."""

from __future__ import annotations

from django.apps import AppConfig


class ApiConfig(AppConfig):
    """The API for programs."""

    name = "vigie.web.api"
    label = "api"
