"""The Django application of the restart."""

from __future__ import annotations

from django.apps import AppConfig


class RestartConfig(AppConfig):
    """Pages and files of the restart plan."""

    name = "vigie.web.restart"
    label = "restart"
