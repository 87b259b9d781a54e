"""The Django application of the declaration page."""

from __future__ import annotations

from django.apps import AppConfig


class DeclareConfig(AppConfig):
    """Declarations: drafts, views for each authority, receipts."""

    name = "vigie.web.declare"
    label = "declare"
