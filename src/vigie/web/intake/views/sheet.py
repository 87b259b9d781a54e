"""One declaration: its sheet, its qualification, and the other things that an analyst writes on it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any
from uuid import uuid4

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from vigie.errors import ConflictError
from vigie.journal.facts import Fact
from vigie.web import clock, desk, scope
from vigie.web.desk.models import Declaration
from vigie.web.incidents.views.common import MENDABLE, alarms, key_of, refusal
from vigie.web.intake import acts, candidates
from vigie.web.intake.forms import (
    ComparisonForm,
    IntakeForm,
    LinkForm,
    MessageForm,
    QualificationForm,
    RoutingForm,
    SupportForm,
    qualification_initial,
)
from vigie.web.intake.queue import row
from vigie.web.intake.sheet import Sheet, sheet
from vigie.web.permissions import Permission, requires


@requires(Permission.INTAKE_READ)
@require_safe
def declaration(request: HttpRequest, owner: str, name: str, declaration: str) -> HttpResponse:
    """Everything that is known of a declaration."""
    return _page(request, _one(request, owner, name, declaration))


@requires(Permission.INTAKE_QUALIFY)
@require_http_methods(["GET", "HEAD", "POST"])
def qualify(request: HttpRequest, owner: str, name: str, declaration: str) -> HttpResponse:
    """Qualify, or qualify again. What was written meanwhile by somebody else is shown, and nothing is lost."""
    one = _one(request, owner, name, declaration)
    posted = request.POST if request.method == "POST" else None
    now = clock.now()
    shown = sheet(request, one, now)
    form = QualificationForm(posted, initial=qualification_initial(one, shown.current))
    found: list[str] = []
    stale = ""
    if posted is not None and form.is_valid():
        try:
            found = _qualify(request, one, form, shown, now)
            if not found:
                messages.success(request, _("La déclaration est qualifiée."))
                return _back(one)
        except ConflictError as error:
            stale = str(error)
            one = _one(request, owner, name, declaration)
            shown = sheet(request, one, now)
        except MENDABLE as error:
            form.add_error(None, refusal(error))
    context = _context(one, shown) | {
        "form": form,
        "alarms": found,
        "stale": stale,
        "seen": one.last_seq,
        "tab": "qualify",
    }
    if stale:
        context["news"] = [each for each in _news(shown) if each["seq"] > _whole(request.POST.get("seen", ""))]
    return render(request, "intake/qualify.html", context, status=400 if posted is not None else 200)


@requires(Permission.INTAKE_QUALIFY)
@require_POST
def act(request: HttpRequest, owner: str, name: str, declaration: str, verb: str) -> HttpResponse:
    """Ask, pass on, follow a request for help, compare with another declaration, link by cause."""
    if verb not in ACTS:
        raise Http404("no such act")
    one = _one(request, owner, name, declaration)
    make, perform, said = ACTS[verb]
    form = make(request.POST)
    if verb == "link":
        others = scope.declarations_for(request).exclude(pk=one.pk).filter(pk__in=request.POST.getlist("others"))
        form.fields["others"].choices = [(other.pk, other.pk) for other in others]
    if form.is_valid():
        try:
            trouble = perform(request, one, form)
            if not trouble:
                messages.success(request, str(said()))
                return _back(one)
            return _page(request, one, verb, form, trouble)
        except MENDABLE as error:
            form.add_error(None, refusal(error))
    return _page(request, one, verb, form)


def _qualify(request: HttpRequest, one: Declaration, form: QualificationForm, shown: Sheet, now: datetime) -> list[str]:
    """Write it; what in it looks like a patient's identity instead."""
    fact = form.fact(one, shown.current)
    if not request.POST.get("anyway") and (found := alarms(fact)):
        return found
    acts.qualify(request.acting, one, fact, _whole(request.POST.get("seen", "")), now)  # type: ignore[attr-defined]
    return []


def _one(request: HttpRequest, owner: str, name: str, declaration: str) -> Declaration:
    desk.follow()
    return scope.declaration_or_404(request, f"{owner}/{name}#{declaration}")


def _page(
    request: HttpRequest,
    one: Declaration,
    verb: str = "",
    form: IntakeForm | None = None,
    found: list[str] | None = None,
) -> HttpResponse:
    now = clock.now()
    among = scope.declarations_for(request)
    context = _context(one, sheet(request, one, now)) | {
        "duplicates": candidates.duplicates(one, among, now),
        "causes": candidates.shared_causes(one, among, now),
        "twin": _twin(among, one, now),
        "may_qualify": Permission.INTAKE_QUALIFY in request.acting.permissions,  # type: ignore[attr-defined]
        "ask": form if verb == "ask" else MessageForm(prefix=None),
        "route": form if verb == "route" else RoutingForm(),
        "failed": {"verb": verb, "form": form} if form is not None and form.errors else None,
        "alarms": found or [],
        "alarmed": verb if found else "",
        "tab": "sheet",
    }
    return render(request, "intake/sheet.html", context, status=200 if form is None else 400)


def _context(one: Declaration, shown: Sheet) -> dict[str, Any]:
    owner, _sep, incident = one.incident_id.partition("/")
    return {"one": one, "sheet": shown, "owner": owner, "name": incident, "key": uuid4().hex, "place": "queue"}


def _twin(among: Any, one: Declaration, now: Any) -> dict[str, Any] | None:
    """The line of the declaration that this one doubles, where it is here."""
    found = among.filter(pk=one.duplicate_of).first() if one.duplicate_of else None
    return row(found, now) if found else None


def _news(shown: Sheet) -> list[dict[str, Any]]:
    """What was written on a declaration, in a few words each."""
    news = [
        {"seq": each.seq, "who": each.author, "what": ", ".join(each.says), "at": each.at} for each in shown.history
    ]
    news += [{"seq": each.seq, "who": each.author, "what": each.stage, "at": each.at} for each in shown.versions]
    news += [{"seq": each.seq, "who": each.author, "what": each.text, "at": each.at} for each in shown.messages]
    return sorted(news, key=lambda each: each["seq"])


def _back(one: Declaration) -> HttpResponse:
    owner, _sep, incident = one.incident_id.partition("/")
    return redirect("intake:declaration", owner, incident, one.name)


def _write(request: HttpRequest, one: Declaration, fact: Fact) -> list[str]:
    """Write one entry; what in it looks like a patient's identity instead, unless a person said that it is none."""
    if not request.POST.get("anyway") and (found := alarms(fact)):
        return found
    desk.write(request.acting, one.incident_id, fact, now=clock.now(), key=key_of(request))  # type: ignore[attr-defined]
    return []


def _ask(request: HttpRequest, one: Declaration, form: Any) -> list[str]:
    return _write(request, one, form.fact(one, awaits=bool(request.POST.get("awaits"))))


def _fact(request: HttpRequest, one: Declaration, form: Any) -> list[str]:
    return _write(request, one, form.fact(one))


def _compare(request: HttpRequest, one: Declaration, form: Any) -> list[str]:
    """Confirm or reject a candidate. Written on this declaration, and read from both."""
    other = scope.declaration_or_404(request, form.said("other"))
    make = acts.same if form.cleaned_data["verdict"] == "same" else acts.distinct
    fact = make(one, acts.in_force(one), other.pk, form.said("why"))
    if not request.POST.get("anyway") and (found := alarms(fact)):
        return found
    acts.qualify(request.acting, one, fact, _whole(request.POST.get("seen", "")), clock.now())  # type: ignore[attr-defined]
    return []


def _link(request: HttpRequest, one: Declaration, form: Any) -> list[str]:
    said = form.cleaned_data
    others = scope.declarations_for(request).filter(pk__in=said["others"])
    several = [one, *others.exclude(pk=one.pk)]
    acts.link_all(request.acting, several, said["cause_group"], said["cause_kind"], form.said("why"), clock.now())  # type: ignore[attr-defined]
    return []


def _whole(text: str) -> int:
    return int(text) if text.isdecimal() and len(text) < 18 else -1


# What may be done on a sheet: its form, what it does (with what looks like an identity as its answer), and the word after.
ACTS: dict[str, tuple[type[IntakeForm], Callable[[HttpRequest, Declaration, Any], list[str]], Callable[[], str]]] = {
    "ask": (MessageForm, _ask, lambda: _("Le message est écrit.")),
    "route": (RoutingForm, _fact, lambda: _("La transmission est notée.")),
    "help": (SupportForm, _fact, lambda: _("La demande d'appui est à jour.")),
    "compare": (ComparisonForm, _compare, lambda: _("La comparaison est notée.")),
    "link": (LinkForm, _link, lambda: _("La cause commune est notée.")),
}
