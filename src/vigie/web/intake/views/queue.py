"""The queue, the causes that declarations share, and the open requests for help."""

from __future__ import annotations

from typing import Any

from django.db.models import Count, Max, Min
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from vigie.web import clock, desk, scope
from vigie.web.desk.models import SupportRequest
from vigie.web.desk.tail import tail
from vigie.web.incidents import labels, moments
from vigie.web.intake import queue as reading
from vigie.web.intake import words
from vigie.web.intake.forms import OPEN_SUPPORT
from vigie.web.intake.queue import FilterForm, row
from vigie.web.intake.telling import FEW, NOWHERE, counted, establishments, telling
from vigie.web.permissions import Permission, requires

GROUPS, REQUESTS = 200, 500


@requires(Permission.INTAKE_READ)
@require_safe
def queue(request: HttpRequest) -> HttpResponse:
    """What is new and most pressing first."""
    desk.follow()
    form = FilterForm(request.GET)
    found = reading.read(scope.declarations_for(request), request, form, clock.now())
    here = request.GET.get("tab", "new")
    context = {
        "queue": found, "form": form, "seq": tail.seq, "filtered": bool(reading.query(request)),
        "helps": SupportRequest.objects.filter(state__in=OPEN_SUPPORT).count(), "place": "queue", "tab": here,
        "next": reading.query(request, tab=here, page=str(found.page + 1)) if found.more else "",
        "previous": reading.query(request, tab=here, page=str(found.page - 1)) if found.page > 1 else "",
    }  # fmt: skip
    return render(request, "intake/queue.html", context, status=200 if form.is_valid() else 400)


@requires(Permission.INTAKE_READ)
@require_safe
def news(request: HttpRequest) -> HttpResponse:
    """How many declarations moved since a page was made; nothing when none did."""
    desk.follow()
    after = request.GET.get("after", "")
    seq = int(after) if after.isdecimal() and len(after) < 18 else tail.seq
    moved = scope.declarations_for(request).filter(last_seq__gt=seq).count() if tail.seq > seq else 0
    return render(request, "intake/news.html", {"moved": moved, "seq": seq})


@requires(Permission.INTAKE_READ)
@require_safe
def causes(request: HttpRequest) -> HttpResponse:
    """The causes that several declarations share, the one that moved last first."""
    desk.follow()
    found = scope.declarations_for(request).exclude(cause_group="").order_by().values("cause_group", "realm")
    groups = found.annotate(
        n=Count("id"),
        first=Min("seen_at"),
        last=Max("seen_at"),
        kind=Max("cause_kind"),
        regions=Count("region", distinct=True),
    )
    context = {
        "groups": [_group(each) for each in groups.order_by("-last", "cause_group", "realm")[:GROUPS]],
        "place": "causes",
    }
    return render(request, "intake/causes.html", context)


@requires(Permission.INTAKE_READ)
@require_safe
def cause(request: HttpRequest, group: str) -> HttpResponse:
    """One cause in one realm: which declarations, where, since when; and what may be told outside, without any victim."""
    desk.follow()
    now = clock.now()
    among = scope.declarations_for(request).filter(cause_group=group)
    realm = request.GET.get("realm", "real" if among.filter(realm="real").exists() else "")
    held = list((among.filter(realm=realm) if realm else among).order_by("seen_at", "id"))
    if not held:
        raise Http404("no such cause")
    held = [one for one in held if one.realm == held[0].realm]
    counting = counted(held)
    regions = {words.word("regions", one.region) for one in counting if one.region not in NOWHERE}
    context = {
        "group": group, "place": "causes", "rows": [row(one, now) for one in held], "regions": len(regions),
        "realm": _realm(held[0].realm), "n": len(counting), "establishments": establishments(counting), "few": FEW,
        "told": telling(held),
    }  # fmt: skip
    return render(request, "intake/cause.html", context)


@requires(Permission.INTAKE_READ)
@require_safe
def helps(request: HttpRequest) -> HttpResponse:
    """The requests for help that are not at their end, the oldest first."""
    desk.follow()
    now = clock.now()
    found = SupportRequest.objects.filter(state__in=OPEN_SUPPORT, incident__in=scope.incidents_for(request))
    declared = scope.declarations_for(request).filter(incident__in=found.values("incident")).order_by("id")
    by_incident: dict[str, Any] = {}
    for one in declared:
        by_incident.setdefault(one.incident_id, row(one, now))
    requests = [
        {
            "one": one, "state": labels.value_name("support", "state", one.state), "age": moments.duration(now - one.asked_at),
            "still": moments.duration(now - one.moved_at), "by": words.word("authorities", one.by) if one.by else "",
            "row": by_incident[one.incident_id],
        }
        for one in found.order_by("asked_at", "id")[:REQUESTS]
        if one.incident_id in by_incident
    ]  # fmt: skip
    return render(request, "intake/helps.html", {"requests": requests, "place": "helps"})


def _group(each: dict[str, Any]) -> dict[str, Any]:
    kind = labels.value_name("qualification", "cause_kind", each["kind"]) if each["kind"] else ""
    first, last = moments.day(each["first"]), moments.day(each["last"])
    return {**each, "kind": kind, "first": first, "last": last, "where": _realm(each["realm"])}


def _realm(realm: str) -> str:
    """What is not real is told as such."""
    return "" if realm == "real" else str(labels.REALMS.get(realm, realm))
