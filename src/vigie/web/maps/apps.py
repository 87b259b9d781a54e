"""The Django application of the maps."""

from __future__ import annotations

from django.apps import AppConfig


class MapsConfig(AppConfig):
    """The cartography of one's organisation."""

    name = "vigie.web.maps"
    label = "maps"
