"""The Django application of the declaration page."""

from __future__ import annotations

from typing import Any

from django.apps import AppConfig


class DeclaringConfig(AppConfig):
    """Declarations and their drafts."""

    name = "vigie.web.declaring"
    label = "declaring"

    def ready(self) -> None:
        """Hear of erasures: a draft does not keep what the journal has destroyed."""
        from vigie.web.desk.erasures import erased

        erased.connect(_forget, dispatch_uid="declaring.drafts")


def _forget(sender: Any, incidents: set[str], **more: Any) -> None:
    from vigie.web.declaring import drafts

    drafts.forget(incidents)
