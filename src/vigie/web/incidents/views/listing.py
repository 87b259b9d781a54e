"""The list of incidents, and opening one."""

from __future__ import annotations

from hashlib import sha256
from uuid import uuid4

from django.contrib import messages
from django.core.cache import cache
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from vigie.web import clock, desk, scope
from vigie.web.desk.models import Incident
from vigie.web.desk.writing import folded_name
from vigie.web.incidents import moments
from vigie.web.incidents.doubts import surprises
from vigie.web.incidents.opening import OpeningForm
from vigie.web.incidents.views.common import MENDABLE, alarms, refusal
from vigie.web.permissions import Permission, requires

SHOWN = 200


@requires(Permission.INCIDENT_LIST)
@require_safe
def incidents(request: HttpRequest) -> HttpResponse:
    """Open incidents first, the one that moved last at the top."""
    desk.follow()
    every = scope.incidents_for(request).order_by("-last_received_at")[: SHOWN + 1]
    found = [one for one in every if one.pk.count("/") == 1]  # another name has no address: a peer may have stored one
    now = clock.now()
    shown = [
        {
            "incident": one,
            "path": one.pk.split("/", 1),
            "lasts": moments.duration((one.closed_at or now) - one.opened_at) if one.opened_at else "",
            "quiet": moments.duration(now - one.last_received_at),
        }
        for one in found[:SHOWN]
    ]
    running = [one for one in shown if one["incident"].closed_at is None]
    return render(
        request,
        "incidents/list.html",
        {
            "running": running,
            "closed": sorted(
                (one for one in shown if one not in running), key=lambda one: one["incident"].closed_at, reverse=True
            ),
            "more": len(found) > SHOWN,
            "may_open": Permission.INCIDENT_OPEN in request.acting.permissions,  # type: ignore[attr-defined]
        },
    )


@requires(Permission.INCIDENT_OPEN)
@require_http_methods(["GET", "HEAD", "POST"])
def open_incident(request: HttpRequest) -> HttpResponse:
    """Open an incident of one's own organisation."""
    form = OpeningForm(request.POST or None, initial={"realm": "real"})
    key, found, asked = request.POST.get("key") or uuid4().hex, [], []
    if already := cache.get(_opened_key(request, key)):
        return redirect("incidents:log", *already.split("/", 1))
    if request.method == "POST" and form.is_valid():
        fact = form.fact()
        if not request.POST.get("anyway"):
            found, asked = alarms(fact), surprises(fact, clock.now())
        if not found and not asked:
            try:
                incident_id = _open(request, form, key)
                messages.success(request, _("L'incident est ouvert."))
                return redirect("incidents:log", *incident_id.split("/", 1))
            except MENDABLE as error:
                form.add_error(None, refusal(error))
    return render(request, "incidents/open.html", {"form": form, "key": key, "alarms": found, "asked": asked})


def _open(request: HttpRequest, form: OpeningForm, key: str) -> str:
    """Open it, and remember the form's key: a button pressed twice opens one incident."""
    acting, now = request.acting, clock.now()  # type: ignore[attr-defined]
    fact = form.fact()
    desk.follow()
    name = f"{now:%Y-%m}-{folded_name(fact.title)[:50].strip('-') or 'incident'}"
    if Incident.objects.filter(pk=f"{acting.organisation_id}/{name}").exists():
        name = f"{name}-{key[:4]}"
    receipt = desk.open_incident(
        acting, fact, realm=form.cleaned_data["realm"], now=now, name=name, key=f"web:{acting.author}:{key}"
    )
    cache.set(_opened_key(request, key), receipt.entry.incident, 3600)
    return receipt.entry.incident


def _opened_key(request: HttpRequest, key: str) -> str:
    """Where it is remembered that a form of this person opened an incident; of nobody else, whatever key they send."""
    asked = f"{request.acting.author}:{key}"  # type: ignore[attr-defined]
    return f"incidents:opened:{sha256(asked.encode()).hexdigest()}"
