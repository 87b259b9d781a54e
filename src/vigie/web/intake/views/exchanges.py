"""The declarant's side: the exchange with the observatory on one's own declarations."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from vigie.web import clock, desk, scope
from vigie.web.incidents.views.common import MENDABLE, alarms, key_of, people, refusal
from vigie.web.intake import sheet as reading
from vigie.web.intake.forms import MessageForm
from vigie.web.intake.queue import row
from vigie.web.permissions import Permission, requires

SHOWN = 200


@requires(Permission.INTAKE_ANSWER)
@require_safe
def exchanges(request: HttpRequest) -> HttpResponse:
    """One's own declarations: those for which the observatory waits come first."""
    desk.follow()
    now = clock.now()
    found = scope.declarations_for(request).order_by("-known_from", "id")[:SHOWN]
    rows = [row(one, now) for one in found]
    context = {
        "waiting": [each for each in rows if each["waits"]],
        "others": [each for each in rows if not each["waits"]],
    }
    return render(request, "intake/exchanges.html", context)


@requires(Permission.INTAKE_ANSWER)
@require_http_methods(["GET", "HEAD", "POST"])
def thread(request: HttpRequest, owner: str, name: str, declaration: str) -> HttpResponse:
    """The exchange on one declaration, and the answer."""
    desk.follow()
    one = scope.declaration_or_404(request, f"{owner}/{name}#{declaration}")
    posted = request.POST if request.method == "POST" else None
    form = MessageForm(posted)
    found: list[str] = []
    if posted is not None and form.is_valid():
        fact = form.fact(one, awaits=False)
        found = [] if posted.get("anyway") else alarms(fact)
        if not found:
            try:
                desk.write(request.acting, one.incident_id, fact, now=clock.now(), key=key_of(request))  # type: ignore[attr-defined]
                messages.success(request, _("Votre réponse est écrite."))
                return redirect("intake:thread", owner, name, declaration)
            except MENDABLE as error:
                form.add_error(None, refusal(error))
    context: dict[str, Any] = {
        "one": one, "row": row(one, clock.now()), "form": form, "alarms": found, "key": uuid4().hex, "owner": owner,
        "name": name, **_messages(request, one),
    }  # fmt: skip
    return render(request, "intake/thread.html", context, status=400 if posted is not None else 200)


def _messages(request: HttpRequest, one: Any) -> dict[str, Any]:
    own, unshown = reading.exchanged(one, scope.hidden_lines(request))
    names = people(one.incident_id.partition("/")[0])
    return {"messages_said": reading.messages(own, names, one), "unshown": unshown}
