"""The accounts application."""

from __future__ import annotations

from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "vigie.web.accounts"
    label = "accounts"
    verbose_name = "Comptes"

    def ready(self) -> None:
        from vigie.web import checks  # noqa: F401  registers the system checks
