"""System checks: bad settings fail before the first request, with a code and what would mend them."""

from __future__ import annotations

import os
import re
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.checks import Error, Warning, register
from django.core.exceptions import ImproperlyConfigured

from vigie.ids import SLUG
from vigie.web import node

SECRET_LENGTH = 40
KNOWN_SECRETS = ("django-insecure", "changeme", "change-me", "secret", "insecure", "vigie", "example", "password")


@register
def secret(app_configs: Any, **kwargs: Any) -> list[Error]:
    """vigie.E001: the secret key is missing, short, or one that the world knows."""
    try:
        key = settings.SECRET_KEY
    except ImproperlyConfigured:
        key = ""
    if len(key) >= SECRET_LENGTH and len(set(key)) > 10 and not key.lower().startswith(KNOWN_SECRETS):
        return []
    return [
        Error(
            "The secret key is missing, too short, or publicly known.",
            hint="Unset VIGIE_SECRET_KEY and let `vigie serve` make one in the data directory.",
            id="vigie.E001",
        )
    ]


@register
def node_role(app_configs: Any, **kwargs: Any) -> list[Error]:
    """vigie.E002: VIGIE_NODE_ROLE is not a role."""
    if settings.VIGIE_NODE_ROLE in ("", *node.ROLES):
        return []
    return [
        Error(
            f"VIGIE_NODE_ROLE is {settings.VIGIE_NODE_ROLE!r}.",
            hint=f"Give one of: {', '.join(node.ROLES)}.",
            id="vigie.E002",
        )
    ]


@register
def names(app_configs: Any, **kwargs: Any) -> list[Error]:
    """vigie.E003: VIGIE_NODE or VIGIE_ORGANISATION is not an identifier."""
    given = {"VIGIE_NODE": settings.VIGIE_NODE, "VIGIE_ORGANISATION": settings.VIGIE_ORGANISATION}
    return [
        Error(
            f"{name} is {value!r}, which is not an identifier.",
            hint="Use lower-case letters, digits, dots and hyphens, for example ch-valmont.",
            id="vigie.E003",
        )
        for name, value in given.items()
        if value and not re.match(SLUG, value)
    ]


@register
def hosts(app_configs: Any, **kwargs: Any) -> list[Error]:
    """vigie.E004: any host name would be believed."""
    if "*" not in settings.ALLOWED_HOSTS:
        return []
    return [
        Error(
            "VIGIE_ALLOWED_HOSTS contains *, so a forged host name would be believed.",
            hint="List the names under which this server is reached, separated by commas.",
            id="vigie.E004",
        )
    ]


@register
def database_url(app_configs: Any, **kwargs: Any) -> list[Error]:
    """vigie.E005: DATABASE_URL is not a PostgreSQL address."""
    url = settings.VIGIE_DATABASE_URL
    if not url or urlsplit(url).scheme in ("postgres", "postgresql"):
        return []
    return [
        Error(
            "DATABASE_URL is not the address of a PostgreSQL database.",
            hint="Give postgresql://user:password@host/name, or unset it to use SQLite in the data directory.",
            id="vigie.E005",
        )
    ]


@register
def plain_http(app_configs: Any, **kwargs: Any) -> list[Warning]:
    """vigie.W001: cookies travel in clear although other machines reach this server."""
    if settings.SESSION_COOKIE_SECURE or not os.environ.get("VIGIE_LISTENS_BEYOND"):
        return []
    return [
        Warning(
            "Other machines may reach this server over plain HTTP.",
            hint="Serve it with --certificate and --key, or behind a proxy that tells the scheme (VIGIE_PROXY=1).",
            id="vigie.W001",
        )
    ]
