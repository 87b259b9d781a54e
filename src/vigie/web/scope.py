"""Which incidents and which lines a caller may reach: every object is taken from one of these queries."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.db.models import Q, QuerySet
from django.http import Http404

from vigie.web import node
from vigie.web.permissions import Permission, Role

if TYPE_CHECKING:
    from vigie.web.desk.models import Declaration, Incident, LogLine


# What the queue of declarations leaves out, whoever reads it.
GUARDED = Q(privileged=True) | Q(tlp="red")


def incidents_for(request: Any) -> QuerySet[Incident]:
    """The incidents that this caller may know of.

    A member or director: those that their organisation owns. An analyst: every incident held by this node.
    An administrator, or nobody: none. A node's own register is no incident and is left out by the desk.
    """
    from vigie.web import desk
    from vigie.web.desk.models import Incident

    desk.follow()
    acting = request.acting
    if Permission.INCIDENT_LIST not in acting.permissions:
        return Incident.objects.none()
    if acting.role == Role.ANALYST:
        return Incident.objects.all()
    return Incident.objects.filter(owner=acting.organisation_id)


def incident_or_404(request: Any, incident_id: str) -> Incident:
    """One incident out of the caller's own, or Http404: what one may not see does not exist."""
    found = incidents_for(request).filter(pk=incident_id).first()
    if found is None:
        raise Http404("no such incident for this caller")
    return found


def declarations_for(request: Any) -> QuerySet[Declaration]:
    """The declarations of those incidents. What an analyst must not see is in no declaration of the desk."""
    from vigie.web.desk.models import Declaration

    incidents = incidents_for(request)
    if request.acting.role == Role.ANALYST:
        return Declaration.objects.all()
    return Declaration.objects.filter(incident__in=incidents)


def declaration_or_404(request: Any, declaration_id: str) -> Declaration:
    """One declaration out of the caller's own, or Http404."""
    found = declarations_for(request).select_related("incident").filter(pk=declaration_id).first()
    if found is None:
        raise Http404("no such declaration for this caller")
    return found


def hidden_lines(request: Any) -> Q:
    """The condition on log lines that this caller must not see (an empty Q when there is none).

    An analyst does not see privileged lines, nor lines marked TLP:red by somebody else. A member does not see
    privileged lines, except their own.
    """
    acting = request.acting
    # A namesake at another node is somebody else, and a program is nobody.
    here = node.load(settings.VIGIE_DATA)
    is_person = acting.person is not None and acting.role != "node"
    own = Q(author=acting.author, node=here.node) if here and is_person else Q(pk__in=())
    hidden = Q()
    if Permission.LOG_READ_PRIVILEGED not in acting.permissions:
        hidden |= Q(privileged=True) & ~own
    if acting.role == Role.ANALYST:
        hidden |= Q(tlp="red") & ~own
    return hidden


def visible(request: Any, lines: QuerySet[LogLine]) -> QuerySet[LogLine]:
    """These lines without those that the caller must not see."""
    hidden = hidden_lines(request)
    return lines.exclude(hidden) if hidden else lines
