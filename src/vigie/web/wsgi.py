"""The WSGI application that the server runs."""

from __future__ import annotations

import os

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "vigie.web.settings")
django.setup(set_prefix=False)

from vigie.web.api.handler import Doors  # noqa: E402 - Django must be set up first

application = Doors()
