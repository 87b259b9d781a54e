"""Is the server alive, and can it read its database? And the calm page for when it cannot."""

from __future__ import annotations

import logging
import sys

from django.db import InterfaceError, OperationalError, connection
from django.http import HttpRequest, HttpResponse, HttpResponseServerError
from django.template import loader
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from vigie.errors import StorageError
from vigie.web.permissions import public

RETRY_AFTER_SECONDS = 2
BUSY = (OperationalError, InterfaceError, StorageError)
FULL = ("disk is full", "no space left", "disk full")  # as SQLite, the system and PostgreSQL say it
_FULL_WORDS = gettext_lazy("le disque du serveur est plein. Prévenez l'exploitant, puis envoyez de nouveau.")
_BUSY_WORDS = gettext_lazy("la base est occupée. Attendez deux secondes, puis envoyez de nouveau.")
log = logging.getLogger("vigie.web")


@public
@require_safe
def healthz(request: HttpRequest) -> HttpResponse:
    """200 `ok` when the database answers; 503 when it does not."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return HttpResponse("ok\n", content_type="text/plain")


def server_error(request: HttpRequest) -> HttpResponse:
    """Handler of every uncaught error: a database that is busy is a pause (503), all else is our fault (500).

    It renders without session, person or database, because one of them may be what failed.
    """
    fault = sys.exc_info()[1]
    if isinstance(fault, BUSY):
        full = any(sign in str(fault).lower() for sign in FULL)
        log.warning("the database %s: %s", "has no space left" if full else "is busy", fault)
        if request.headers.get("HX-Request"):
            words = _FULL_WORDS if full else _BUSY_WORDS
            return HttpResponse(
                str(words),
                status=503,
                content_type="text/plain; charset=utf-8",
                headers={"Retry-After": str(RETRY_AFTER_SECONDS)},
            )
        page = loader.render_to_string("errors/503.html", {"retry_after": RETRY_AFTER_SECONDS, "full": full})
        return HttpResponse(page, status=503, headers={"Retry-After": str(RETRY_AFTER_SECONDS)})
    return HttpResponseServerError(loader.render_to_string("errors/500.html"))
