"""What goes wrong, as JSON: {error, where, mend}. Nothing was changed when one of these is answered."""

from __future__ import annotations

import logging
from typing import Any

from django.core.exceptions import RequestDataTooBig
from django.db import OperationalError
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from ninja import NinjaAPI, Schema
from ninja.errors import HttpError, ValidationError

from vigie.errors import ConflictError, InputError, RefusedError, StorageError, VigieError

RETRY_SECONDS = 2
_log = logging.getLogger(__name__)


class ProblemOut(Schema):
    """What was wrong, where in the request, and what would mend it."""

    error: str
    where: str
    mend: str


class Problem(Exception):
    """A refusal that is already in its final words."""

    def __init__(self, status: int, error: str, where: str, mend: str) -> None:
        self.status, self.error, self.where, self.mend = status, error, where, mend
        super().__init__(error)


def answer(problem: Problem) -> HttpResponse:
    """A problem as a response."""
    response = JsonResponse(
        {"error": problem.error, "where": problem.where, "mend": problem.mend}, status=problem.status
    )
    if problem.status == 401:
        response["WWW-Authenticate"] = "Bearer"
    if problem.status == 503:
        response["Retry-After"] = str(RETRY_SECONDS)
    return response


def install(api: NinjaAPI) -> None:
    """Let the API answer each error in this shape."""
    for kind, translate in _TRANSLATIONS:
        api.add_exception_handler(kind, _handler(translate))


def _handler(translate: Any) -> Any:
    def handle(request: HttpRequest, error: Any) -> HttpResponse:
        return answer(translate(error))

    return handle


def _of_house(error: VigieError) -> Problem:
    """Errors of the house carry what would mend them in their last sentence."""
    status = next(code for kind, code in _STATUS if isinstance(error, kind))
    what, _, mend = str(error).rpartition(". ")
    where = {409: "Idempotency-Key", 503: "server", 403: "Authorization"}.get(status, "body")
    return Problem(status, what or str(error), where, mend if what else "correct the request, then send it again")


def _of_validation(error: ValidationError) -> Problem:
    """The first fault of the body, the path or the query, and how many there are in all."""
    first = error.errors[0]
    where = ".".join(str(part) for part in first["loc"]) or "body"
    more = f" (and {len(error.errors) - 1} more)" if len(error.errors) > 1 else ""
    return Problem(422, f"{first['msg']}{more}", where, "see /api/docs for what is expected there")


def _of_http(error: HttpError) -> Problem:
    return Problem(error.status_code, str(error), "body", "send JSON as described at /api/docs")


def _unexpected(error: Exception) -> Problem:
    _log.error("the API failed", exc_info=error)
    return Problem(500, "Vigie failed to answer this request", "server", "tell the administrator; nothing was written")


_STATUS: tuple[tuple[type[VigieError], int], ...] = (
    (ConflictError, 409), (RefusedError, 403), (StorageError, 503), (InputError, 422), (VigieError, 422),
)  # fmt: skip
_TRANSLATIONS: tuple[tuple[type[Exception], Any], ...] = (
    (Exception, _unexpected),
    (Problem, lambda problem: problem),
    (VigieError, _of_house),
    (ValidationError, _of_validation),
    (HttpError, _of_http),
    (Http404, lambda _: Problem(404, "there is no such thing for this token", "path", "check the identifier")),
    (RequestDataTooBig, lambda _: Problem(413, "the body is too large", "body", "attach large content as a file")),
    (OperationalError, lambda _: Problem(503, "the database is busy", "server", "send the same request again")),
)
