"""Two doors to one site: programs do not pass through what only browsers need (sessions, languages, forms, messages).

A program carries its token in each request, so nothing of the middleware of pages could protect it, and two hundred
programs in flight would pay for all of it.
"""

from __future__ import annotations

from typing import Any

from django.core.handlers.exception import convert_exception_to_response
from django.core.handlers.wsgi import WSGIHandler, WSGIRequest
from django.http import HttpResponseBase
from django.middleware.security import SecurityMiddleware

PROGRAMS = ("/api/incidents", "/api/checkpoint", "/api/bundle")


class ProgramRequest(WSGIRequest):
    """A request that is resolved among the addresses of the API only."""

    urlconf = "vigie.web.api.root"


class ProgramHandler(WSGIHandler):
    """Django's handler with one middleware: the security headers."""

    request_class = ProgramRequest

    def load_middleware(self, is_async: bool = False) -> None:
        """The chain that Django builds from settings.MIDDLEWARE, for the one that is needed here."""
        self._view_middleware: list[Any] = []
        self._template_response_middleware: list[Any] = []
        self._exception_middleware: list[Any] = []
        inner = convert_exception_to_response(self._get_response)
        self._middleware_chain = convert_exception_to_response(SecurityMiddleware(inner))


class Doors:
    """The WSGI application: programs by one door, pages by the other."""

    def __init__(self) -> None:
        self.pages = WSGIHandler()
        self.programs = ProgramHandler()

    def __call__(self, environ: dict[str, Any], start_response: Any) -> HttpResponseBase:
        """Answer a request."""
        is_program = environ.get("PATH_INFO", "").startswith(PROGRAMS)
        return (self.programs if is_program else self.pages)(environ, start_response)
