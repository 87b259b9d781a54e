"""The Django application of the desk."""

from __future__ import annotations

from django.apps import AppConfig


class DeskConfig(AppConfig):
    """Read models of the journal, and the one way to write to it from the web."""

    name = "vigie.web.desk"
    label = "desk"
