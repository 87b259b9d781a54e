"""The situation board, now or as it was known at an instant."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from vigie.web import clock, desk
from vigie.web.incidents import maps
from vigie.web.incidents.boards import board_of
from vigie.web.incidents.filters import FilterForm
from vigie.web.incidents.names import NO_NAMES
from vigie.web.incidents.views.common import heading, opened
from vigie.web.permissions import Permission, requires


@requires(Permission.BOARD_READ)
@require_safe
def board(request: HttpRequest, owner: str, name: str) -> HttpResponse:
    """Applications and services that are touched, the worst first; what contradicts itself above all."""
    here = opened(request, owner, name)
    form = FilterForm({"at": request.GET.get("at", "")}, NO_NAMES, {})
    if not form.is_valid():
        return render(request, "incidents/board.html", heading(request, here, "board") | {"form": form}, status=400)
    at = form.cleaned_data["at"]
    if request.headers.get("HX-Request") and request.GET.get("after", "") == str(here.incident.last_seq):
        return HttpResponse(status=204)
    situation = here.situation(at)
    known = maps.cartography_of(situation)
    context = heading(request, here, "board") | {
        "form": form,
        "at": at,
        "board": board_of(situation, known, maps.names_of(situation), at or clock.now()),
        "checkpoint": desk.verified_upto().checkpoint,
        "printed_at": clock.now(),
    }
    return render(
        request, "incidents/board_body.html" if request.headers.get("HX-Request") else "incidents/board.html", context
    )
