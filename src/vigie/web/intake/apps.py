"""The Django application of the intake."""

from __future__ import annotations

from django.apps import AppConfig


class IntakeConfig(AppConfig):
    """Pages over the desk's declarations; it has no table of its own."""

    name = "vigie.web.intake"
    label = "intake"
