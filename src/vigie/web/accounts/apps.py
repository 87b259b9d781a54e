"""The accounts application."""

from __future__ import annotations

from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "vigie.web.accounts"
    label = "accounts"
    verbose_name = "Comptes"

    def ready(self) -> None:
        from django.contrib.auth.signals import user_logged_in
        from django.db.models.signals import post_delete, post_save

        from vigie.web import checks  # noqa: F401  registers the system checks
        from vigie.web.accounts import memory, screens

        user_logged_in.connect(screens.on_sign_in, dispatch_uid="accounts-screens")
        for written in ("Person", "Organisation", "Membership", "Token"):
            for signal in (post_save, post_delete):
                signal.connect(memory.forget, sender=self.get_model(written), dispatch_uid="accounts-memory")
