"""What several web tests look at."""

from __future__ import annotations

from typing import Any

PASSWORD = "une vigie veille la nuit"


def notes_of_register(organisation: str = "valmont") -> list[str]:
    """The notes in the register of an organisation, in order of arrival."""
    from vigie.journal.facts import Note
    from vigie.web.desk import access

    return [
        received.fact.text
        for received in access.store().received(incident=f"{organisation}/register")
        if isinstance(received.fact, Note)
    ]


def speak_for(*organisations: str) -> None:
    """Let this node speak for these organisations, as that of a group of hospitals does: what it writes there counts."""
    from vigie.journal import Draft
    from vigie.journal.facts import NodeEnrolled
    from vigie.web import clock, desk

    desk.journal()
    own = desk.identity()
    fact = NodeEnrolled(
        node=own.node, incarnation=own.incarnation, public_key=own.public_key, role="group", speaks_for=organisations
    )
    desk.journal().append(Draft(f"{organisations[0]}/register", fact, "d.admin", "administrator"), clock.now())


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
