"""The Django application of the exports."""

from __future__ import annotations

from django.apps import AppConfig


class ExportsConfig(AppConfig):
    """Files that leave the desk."""

    name = "vigie.web.exports"
    label = "exports"
