"""What several web tests look at."""

from __future__ import annotations

from typing import Any

PASSWORD = "une vigie veille la nuit"


def notes_of_register() -> list[str]:
    """The notes in the node's own dossier, in order of arrival."""
    from vigie.journal.facts import Note
    from vigie.web.desk import access

    return [
        received.fact.text
        for received in access.store().received(incident="valmont/register")
        if isinstance(received.fact, Note)
    ]


def ask(
    method: str, path: str, session: str = "", data: bytes = b"", **headers: Any
) -> tuple[int, dict[str, str], str]:
    """What the WSGI application as a whole answers: status, headers, page. `headers` are named as in an environment."""
    from django.conf import settings
    from django.test import RequestFactory

    from vigie.web.api.handler import Doors

    environ = RequestFactory().generic(method, path, data=data, **headers).environ
    if session:
        environ["HTTP_COOKIE"] = f"{settings.SESSION_COOKIE_NAME}={session}"
    said: dict[str, Any] = {}

    def start_response(status: str, headers: list[tuple[str, str]], *more: Any) -> None:
        said.update(status=int(status.split()[0]), headers=dict(headers))

    body = b"".join(Doors()(environ, start_response))
    return said["status"], said["headers"], body.decode(errors="replace")


def session_of(site: Any, person: Any) -> str:
    """The cookie's value of a browser in which this person has signed in."""
    return str(site.client(person).cookies["vigie_session"].value)
