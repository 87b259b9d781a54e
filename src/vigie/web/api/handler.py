"""Two doors to one site: programs do not pass through what only browsers need (sessions, languages, forms, messages).

A program carries its token in each request, so nothing of the middleware of pages could protect it, and two hundred
programs in flight would pay for all of it.
"""

from __future__ import annotations

from typing import Any

from django.core.handlers.exception import convert_exception_to_response
from django.core.handlers.wsgi import WSGIHandler, WSGIRequest
from django.http import HttpResponse
from django.middleware.security import SecurityMiddleware

from vigie.web import bodies, health
from vigie.web.middleware import unkept

PROGRAMS = ("/api/incidents", "/api/intake", "/api/checkpoint", "/api/bundle")


class ProgramRequest(WSGIRequest):
    """A request that is resolved among the addresses of the API only."""

    urlconf = "vigie.web.api.root"


class ProgramHandler(WSGIHandler):
    """Django's handler with two of its middleware: the security headers, and what may be kept."""

    request_class = ProgramRequest

    def load_middleware(self, is_async: bool = False) -> None:
        """The chain that Django builds from settings.MIDDLEWARE, for the one that is needed here."""
        self._view_middleware: list[Any] = []
        self._template_response_middleware: list[Any] = []
        self._exception_middleware: list[Any] = []
        inner = convert_exception_to_response(self._get_response)
        self._middleware_chain = convert_exception_to_response(SecurityMiddleware(unkept(inner)))


class Doors:
    """The WSGI application: programs by one door, pages by the other, and strangers who send something by few."""

    def __init__(self) -> None:
        self.pages = WSGIHandler()
        self.programs = ProgramHandler()

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Any:
        """Answer a request."""
        if environ.get("PATH_INFO", "").startswith(PROGRAMS):
            return self.programs(environ, start_response)  # which asks for the token before it reads
        request = WSGIRequest(environ)
        try:
            door = bodies.door(request)
        except health.BUSY:
            return _answer(health.server_error(request), start_response)
        if door is None:
            return self.pages(environ, start_response)
        if bodies.length(request) > bodies.LIMIT_BYTES:
            return _answer(bodies.too_large(request), start_response)
        if not door.acquire(blocking=False):
            return _answer(bodies.occupied(request), start_response)
        try:
            return self.pages(environ, start_response)
        finally:
            door.release()


def _answer(response: HttpResponse, start_response: Any) -> list[bytes]:
    start_response(f"{response.status_code} {response.reason_phrase}", list(response.items()))
    return [response.content]
