"""How allauth's account application behaves here: nobody signs up alone, and nothing is sent by mail."""

from __future__ import annotations

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _


class Adapter(DefaultAccountAdapter):
    """Accounts are made by set-up and by invitation."""

    error_messages = DefaultAccountAdapter.error_messages | {
        "username_password_mismatch": _("Identifiant ou mot de passe incorrect."),
        "account_inactive": _("Ce compte est fermé. L'administrateur peut le rouvrir."),
        "too_many_login_attempts": _(
            "Trop d'essais sur ce compte : il se repose cinq minutes. Un code de bris de glace ouvre tout de suite."
        ),
        "incorrect_password": _("Mot de passe incorrect."),
        "incorrect_code": _("Code incorrect."),
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def _get_login_attempts_cache_key(self, request: HttpRequest, **credentials: Any) -> str:
        """Attempts are counted for each account: allauth adds the host's name, which whoever tries may choose."""
        return str(credentials.get("username", "")).lower()

    def send_mail(self, template_prefix: str, email: str, context: dict[str, object]) -> None:
        """Mail is down in a crisis: Vigie never depends on it."""
