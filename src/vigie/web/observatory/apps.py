"""The Django application of the observatory's figures."""

from __future__ import annotations

from django.apps import AppConfig


class ObservatoryConfig(AppConfig):
    """The dashboard and the public page."""

    name = "vigie.web.observatory"
    label = "observatory"
