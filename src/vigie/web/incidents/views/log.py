"""The main courante: pages of the log, and what is new on an open screen."""

from __future__ import annotations

from collections.abc import Hashable
from itertools import pairwise
from typing import Any
from uuid import uuid4

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils.translation import get_language, ngettext
from django.views.decorators.http import require_safe

from vigie.web import desk
from vigie.web.desk.lines import News
from vigie.web.incidents.filters import FilterForm, query
from vigie.web.incidents.names import NO_NAMES, Names
from vigie.web.incidents.rows import Row, rows
from vigie.web.incidents.sight import sight
from vigie.web.incidents.views.common import Opened, heading, opened
from vigie.web.permissions import Permission, requires

PAGE_LINES = 40
NEWS_LINES = 100
KEPT_PIECES = 64
_pieces: dict[Hashable, str] = {}


@requires(Permission.LOG_READ)
@require_safe
def log(request: HttpRequest, owner: str, name: str) -> HttpResponse:
    """One page of the log, newest first, as the filters of the address ask for it."""
    here = opened(request, owner, name)
    situation = here.situation()
    names = here.names()
    form = FilterForm(request.GET, names, here.people())
    context = heading(request, here, "log") | {"form": form, "key": uuid4().hex, "filtered": query(request, at="")}
    if not form.is_valid():
        return render(request, "incidents/log.html", context | {"rows": [], "refused": True}, status=400)
    filters = form.filters()
    page = desk.page(here.id, filters, PAGE_LINES, here.hidden)
    live = filters.at is None and filters.before_seq is None
    shown = [line.received.entry.happened_at for line in page.lines]
    context |= {
        "disordered": any(later.date() > earlier.date() for earlier, later in pairwise(shown)),
        "rows": rows(page.lines, here.reading(names)),
        "at": filters.at,
        "live": live,
        "before": filters.before_seq,
        "older": query(request, before=str(page.older_seq)) if page.older_seq else "",
        "newest": query(request),
        "present": query(request, at=""),
        "poll": query(request, after=str(page.last_seq)),
        "sight": sight(situation, names) if live else None,
    }
    return render(request, "incidents/log.html", context)


@requires(Permission.LOG_READ)
@require_safe
def news(request: HttpRequest, owner: str, name: str) -> HttpResponse:
    """What arrived after entry `after`, as pieces that htmx puts in their place; 204 when nothing did."""
    here = opened(request, owner, name)
    after = request.GET.get("after", "")
    if not after.isdecimal() or len(after) > 18:
        return HttpResponse(status=400)
    form = FilterForm(request.GET, _unnamed(here, request), here.people())
    if not form.is_valid():
        return HttpResponse(status=400)
    found = desk.since(here.id, int(after), form.filters()._replace(before_seq=None, at=None), NEWS_LINES, here.hidden)
    if found is None:
        return HttpResponse(status=204)
    verified = desk.verified_upto()
    # Every open screen of an incident asks for the same piece within a second and a half: it is drawn once.
    reader = (here.organisation, here.hidden.identity, get_language())
    asked = (here.id, here.incident.realm, reader, request.GET.urlencode(), found.last_seq, verified)
    piece = _pieces.get(asked)
    if piece is None:
        if len(_pieces) >= KEPT_PIECES:
            _pieces.clear()
        piece = _pieces[asked] = _piece(request, here, found, verified)
    return HttpResponse(piece)


def _piece(request: HttpRequest, here: Opened, found: News, verified: Any) -> str:
    names = here.names()
    owner, name = here.path
    fresh = rows(found.lines, here.reading(names))
    context: dict[str, Any] = {
        "owner": owner,
        "name": name,
        "incident": here.incident,
        "rows": fresh,
        "redrawn": rows(found.redrawn, here.reading(names)),
        "poll": query(request, after=str(found.last_seq), at=""),
        "said": _said(fresh),
        "sight": sight(here.situation(), names),
        "verified": verified,
    }
    return render_to_string("incidents/news.html", context)


@requires(Permission.LOG_READ)
@require_safe
def seal(request: HttpRequest, owner: str, name: str) -> HttpResponse:
    """How far the journal is verified by now."""
    opened(request, owner, name)
    return render(request, "incidents/seal.html", {"owner": owner, "name": name, "verified": desk.verified_upto()})


@requires(Permission.LOG_READ)
@require_safe
def vocabulary(request: HttpRequest, owner: str, name: str) -> HttpResponse:
    """The names of the adopted cartography: for lists of choices in forms, and for completion in the quick entry."""
    here = opened(request, owner, name)
    names = here.names()
    if request.headers.get("HX-Request"):
        return render(request, "incidents/vocabulary.html", {"names": names, "people": here.people()})
    return JsonResponse({"@": dict(names.applications), "#": dict(names.services)})


def _unnamed(here: Opened, request: HttpRequest) -> Names:
    """The names, where a filter needs them; a poll without such a filter does not ask for the situation."""
    return here.names() if request.GET.get("application") or request.GET.get("service") else NO_NAMES


def _said(fresh: list[Row]) -> str:
    """What a screen reader says of the news."""
    if not fresh:
        return ""
    count = len(fresh)
    head = ngettext("%(n)d nouvelle entrée", "%(n)d nouvelles entrées", count) % {"n": count}
    state = f"{fresh[0].badge.word} : " if fresh[0].badge else ""
    return f"{head}. {fresh[0].kind_name}. {state}{fresh[0].text[:200]}"
