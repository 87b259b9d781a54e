"""What strangers send: little, and through few doors, so that whoever is signed in always finds a thread free.

A request's body is read by the thread that serves it, for as long as its sender takes; and a password is checked by a
function that is slow on purpose. Whoever is not signed in may therefore hold a few threads at most.
"""

from __future__ import annotations

import threading
from importlib import import_module
from types import SimpleNamespace

from django.conf import settings
from django.contrib.auth import get_user
from django.core.handlers.wsgi import WSGIRequest
from django.db import close_old_connections
from django.http import HttpResponse
from django.template import loader
from django.utils import translation
from django.utils.translation import gettext as _

LIMIT_BYTES = 64 * 1024
RETRY_AFTER_SECONDS = 2
WITHOUT_BODY = ("GET", "HEAD", "OPTIONS")
# Two doors of the twelve threads of the server each: whoever floods the sign-in page must not shut broken glass.
SIGN_IN, OTHERS = threading.BoundedSemaphore(2), threading.BoundedSemaphore(2)


def door(request: WSGIRequest) -> threading.BoundedSemaphore | None:
    """The door that this request must find free; None for one that sends nothing, or whose person is signed in.

    Raises OperationalError when the database is too busy to say who that is.
    """
    if (request.method in WITHOUT_BODY and not length(request)) or _is_signed_in(request):
        return None
    return SIGN_IN if request.path_info == "/sign-in" else OTHERS


def length(request: WSGIRequest) -> int:
    """The length that a request announces for its body, in bytes; 0 when it announces none."""
    try:
        return int(request.META.get("CONTENT_LENGTH") or 0)
    except ValueError:
        return 0


def too_large(request: WSGIRequest) -> HttpResponse:
    """413: nothing of the body was read."""
    with translation.override(translation.get_language_from_request(request)):
        return _refusal(
            413,
            _("Envoi trop grand"),
            _("Sans être connecté, on n'envoie pas plus de 64 ko. Connectez-vous, puis recommencez."),
        )


def occupied(request: WSGIRequest) -> HttpResponse:
    """503: strangers hold that door already."""
    with translation.override(translation.get_language_from_request(request)):
        return _refusal(
            503,
            _("Un instant, la porte est prise"),
            _("Plusieurs personnes entrent en ce moment. Attendez deux secondes, puis rechargez cette page."),
        )


def _refusal(status: int, title: str, advice: str) -> HttpResponse:
    page = loader.render_to_string("errors/refused.html", {"title": title, "advice": advice})
    answer = HttpResponse(page, status=status)
    answer["Content-Security-Policy"] = "default-src 'none'; style-src 'self'"
    answer["Cache-Control"] = "no-store"
    answer["Connection"] = "close"  # what was announced and not read must not be taken for the next request
    if status == 503:
        answer["Retry-After"] = str(RETRY_AFTER_SECONDS)
    return answer


def _is_signed_in(request: WSGIRequest) -> bool:
    """Whether the session of this request is that of a person whose account is open, by Django's own check."""
    key = request.COOKIES.get(settings.SESSION_COOKIE_NAME)
    if not key:
        return False
    close_old_connections()  # Django does this when a request begins, and it has not begun yet
    session = import_module(settings.SESSION_ENGINE).SessionStore(key)
    return get_user(SimpleNamespace(session=session)).is_authenticated
