"""What every page of an incident shares: the incident itself, its heading, and what its reader may not see."""

from __future__ import annotations

from datetime import timedelta
from typing import Any, NamedTuple

from django.core.cache import cache
from django.db.models import Q
from django.http import HttpRequest
from django.utils.translation import gettext as _

from vigie.errors import ConflictError, InputError, RefusedError, StorageError, VigieError
from vigie.respond import Situation
from vigie.web import clock, desk, scope
from vigie.web.accounts.models import Person
from vigie.web.desk import access, screening
from vigie.web.desk.models import Incident
from vigie.web.incidents import labels, maps, moments
from vigie.web.incidents.names import Names
from vigie.web.incidents.rows import Reading

PEOPLE_SECONDS = 60
# What comes back with the text that was typed: it can be mended, or sent again once the disk has space. All other
# errors are pages of their own.
MENDABLE = (InputError, RefusedError, ConflictError, StorageError)


class Opened(NamedTuple):
    """An incident that this reader may see, and the condition on the lines that they may not."""

    incident: Incident
    hidden: Q
    organisation: str  # the reader's

    @property
    def id(self) -> str:
        return str(self.incident.pk)

    @property
    def path(self) -> tuple[str, str]:
        """Owner and name, as addresses want them."""
        owner, _, name = self.id.partition("/")
        return owner, name

    def situation(self, at: Any = None) -> Situation:
        return desk.situation(self.id, at, self.hidden)

    def names(self) -> Names:
        return maps.names_of(self.situation())

    def people(self) -> dict[str, str]:
        return people(self.incident.owner, self.organisation)

    def reading(self, names: Names | None = None) -> Reading:
        """What its lines are read with."""
        return Reading(names or self.names(), self.people(), access.own_logs(), self.incident.realm)


def opened(request: HttpRequest, owner: str, name: str) -> Opened:
    """The incident of an address. Raises Http404 when it is not the reader's."""
    desk.follow()
    organisation = request.acting.organisation_id  # type: ignore[attr-defined]
    return Opened(scope.incident_or_404(request, f"{owner}/{name}"), scope.hidden_lines(request), organisation)


def heading(request: HttpRequest, here: Opened, tab: str) -> dict[str, Any]:
    """The context of the heading that all pages of an incident show."""
    incident = here.incident
    owner, name = here.path
    start, end = incident.opened_at, incident.closed_at
    span: timedelta | None = (end or clock.now()) - start if start else None
    acting = request.acting  # type: ignore[attr-defined]
    return {
        "incident": incident,
        "owner": owner,
        "name": name,
        "tab": tab,
        "realm_name": labels.REALMS.get(incident.realm, incident.realm),
        "owner_name": acting.organisation_name if acting.organisation_id == owner else owner,
        "lasts": moments.duration(span) if span is not None else "",
        "verified": desk.verified_upto(),
        "may_write": "log:write" in acting.permissions,
        "may_correct": "log:correct" in acting.permissions,
    }


def people(*organisations: str) -> dict[str, str]:
    """Names of these organisations' persons, by the name they sign entries with; nobody else's. Remembered for a minute."""
    key = "incidents:people:" + ":".join(sorted({*organisations}))
    found = cache.get(key)
    if found is None:
        members = Person.objects.filter(memberships__organisation__in=organisations).distinct()
        found = dict(members.values_list("username", "name"))
        cache.set(key, found, PEOPLE_SECONDS)
    return found


def refusal(error: VigieError) -> str:
    """Why a write was refused, in words for whoever typed it. What the storage says comes with a plain "not written"."""
    if isinstance(error, StorageError):
        return _(
            "PAS ÉCRIT : %(error)s. Votre texte est toujours là : prévenez l'exploitant, puis envoyez-le de nouveau."
        ) % {"error": str(error).rstrip(".")}
    return str(error)


def key_of(request: HttpRequest) -> str | None:
    """The idempotency key that a form came with, as its author's own: no other person or program can meet it."""
    key = request.POST.get("key")
    return f"web:{request.acting.author}:{key}" if key else None  # type: ignore[attr-defined]


def alarms(fact: Any) -> list[str]:
    """What in a fact looks like the identity of a patient, as typed."""
    return [warning.text for warning in screening.warnings_of(fact)]
