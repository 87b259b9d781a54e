"""Pages of the restart: what the views show, once the planner is loaded."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from vigie.errors import InputError, VigieError
from vigie.web import clock, desk
from vigie.web.desk.writing import may_write
from vigie.web.incidents.views.common import Opened, heading, opened
from vigie.web.restart import asking, computing, dates, drawing, foretelling
from vigie.web.restart import lines as plan_lines
from vigie.web.restart.board import board_of
from vigie.web.restart.computing import Restart, remembered
from vigie.web.restart.toll import toll


def board(request: HttpRequest, owner: str, name: str) -> HttpResponse:
    """The restart board."""
    here = opened(request, owner, name)
    found = settled(request, here, "board")
    if isinstance(found, HttpResponse):
        return found
    context = {
        "board": remembered(found, ("board", here.path), lambda: board_of(found, here.path)),
        "chart": remembered(found, "gantt", lambda: drawing.gantt_chart(found)),
        "rows": remembered(found, "table", lambda: drawing.table(found)),
        "toll": remembered(found, "toll", lambda: toll(found)),
        "gap": dates.gap(found, "bound" in request.GET),
        "announced": foretelling.last_announced(found, clock.now()),
    }
    return render(request, "restart/board.html", frame(request, here, "board", found) | context)


def lines(request: HttpRequest, owner: str, name: str) -> HttpResponse:
    """The plan, line by line."""
    here = opened(request, owner, name)
    found = settled(request, here, "lines")
    if isinstance(found, HttpResponse):
        return found
    form = plan_lines.LinesForm(request.GET, found)
    form.is_valid()
    said = form.cleaned_data
    chosen = plan_lines.chosen(found, said.get("team", ""), said.get("application", ""))
    page = Paginator(chosen, plan_lines.A_PAGE).get_page(said.get("page") or 1)
    kept = request.GET.copy()
    kept.pop("page", None)
    context = {
        "form": form,
        "page": page,
        "query": kept.urlencode(),
        "lines": plan_lines.told(found, list(page.object_list)),
        "total": len(found.plan.lines),
    }
    status = 200 if form.is_valid() else 400
    return render(request, "restart/lines.html", frame(request, here, "lines", found) | context, status=status)


def what_if(request: HttpRequest, owner: str, name: str) -> HttpResponse:
    """Questions to the plan, and the answer to the one that the address asks."""
    here = opened(request, owner, name)
    found = settled(request, here, "what-if")
    if isinstance(found, HttpResponse):
        return found
    what = request.GET.get("what", "")
    forms = asking.forms_of(found, request.GET)
    context: dict[str, Any] = {"forms": forms, "what": what, "waits": False, "answer": None, "refused": ""}
    asked = forms.get(what)
    status = 200
    if asked is not None and asked.is_valid():
        future = asking.answer(found, what, asked.cleaned_data)
        context["waits"] = not computing.ready(future)
        if not context["waits"]:
            try:
                context["answer"] = asking.in_words(found, what, asked.cleaned_data, future.result())
            except InputError as error:
                context["refused"], status = str(error), 400
    elif what:
        status = 400
    return render(request, "restart/what_if.html", frame(request, here, "what-if", found) | context, status=status)


def forecast(request: HttpRequest, owner: str, name: str) -> HttpResponse:
    """Return dates as fans, past forecasts beside what happened, and what was published elsewhere."""
    here = opened(request, owner, name)
    found = settled(request, here, "forecast")
    if isinstance(found, HttpResponse):
        return found
    form = foretelling.ServiceForm(request.GET, found)
    service = foretelling.chosen(form, found)
    context = {
        "form": form,
        "sheet": foretelling.sheet(found, service, clock.now()),
        "may_publish": may_write(request.acting, here.id, "forecast"),  # type: ignore[attr-defined]
        "key": uuid4().hex,
    }
    return render(request, "restart/forecast.html", frame(request, here, "forecast", found) | context)


def settled(request: HttpRequest, here: Opened, page: str) -> Restart | HttpResponse:
    """The restart of an incident, or the page that says why there is none yet."""
    future = computing.restart(here, clock.now())
    if future is None:
        held = here.situation().map is not None
        context = frame(request, here, page, None) | {"adopted": held}
        return render(request, "restart/no_map.html", context)
    if not computing.ready(future):
        return render(request, "restart/waiting.html", frame(request, here, page, None))
    try:
        found: Restart = future.result()
    except VigieError as error:
        return render(request, "restart/refused.html", frame(request, here, page, None) | {"error": str(error)})
    if not found.plan.work.steps:
        context = frame(request, here, page, found) | {
            "unspoken": len(found.plan.work.damages.unspoken),
            "unmapped": len(found.plan.work.damages.unmapped),
        }
        context["blocked"] = board_of(found, here.path).blocked
        return render(request, "restart/nothing.html", context)
    return found


def frame(request: HttpRequest, here: Opened, page: str, found: Restart | None) -> dict[str, Any]:
    """What every page of the restart shares."""
    return heading(request, here, "restart") | {
        "page_name": page,
        "may_tell": may_write(request.acting, here.id, "gate"),  # type: ignore[attr-defined]
        "found": found,
        "computed_at": found.at if found else None,
        "checkpoint": desk.verified_upto().checkpoint,
        "printed_at": clock.now(),
    }
