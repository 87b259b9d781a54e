"""The Django application of the declaration page."""

from __future__ import annotations

from django.apps import AppConfig


class DeclaringConfig(AppConfig):
    """Declarations and their drafts."""

    name = "vigie.web.declaring"
    label = "declaring"
