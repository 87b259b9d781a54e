"""Writing the declaration: the form, its draft, and sending it."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from vigie.errors import StorageError
from vigie.web import clock, desk
from vigie.web.declare import drafts, prefill
from vigie.web.declare.forms import DeclareForm, values_of
from vigie.web.declare.sections import LABELS
from vigie.web.declare.views.common import context, must_declare
from vigie.web.incidents.views.common import MENDABLE, Opened, alarms, key_of, opened, refusal
from vigie.web.permissions import Permission, requires


@requires(Permission.DECLARATION_READ)
@require_http_methods(["GET", "HEAD", "POST"])
def form(request: HttpRequest, owner: str, name: str) -> HttpResponse:
    """The four sections on one page. `do=send` sends; anything else saves the draft."""
    here = opened(request, owner, name)
    must_declare(request, here)
    begin = prefill.start(here.situation(), request.acting.person.name)  # type: ignore[attr-defined]
    if request.method == "POST":
        return _posted(request, here, begin)
    draft = drafts.latest(here.id)
    drafted = draft is not None and draft.sent_seq is None
    values = draft.values if draft is not None and drafted else begin.values
    shown = DeclareForm(values, declaration=begin.declaration, bound=False, sources={} if drafted else begin.sources)
    return _page(request, here, shown, draft)


def _posted(request: HttpRequest, here: Opened, begin: prefill.Start) -> HttpResponse:
    key, values, base = request.POST.get("key", "")[:64], values_of(request.POST), _number(request.POST.get("version"))
    if drafts.sent_with(here.id, key):
        return redirect("declare:overview", *here.path)
    theirs = drafts.latest(here.id)
    if theirs is not None:
        for name in LABELS:  # in a clash, whoever saves again says whose words stay
            if request.POST.get(f"keep-{name}") == "theirs" and name in values:
                values[name] = list(theirs.values.get(name, []))
    try:
        saved = drafts.save(
            here.id,
            values,
            base,
            begin.values,
            by=request.acting.author,
            now=clock.now(),  # type: ignore[attr-defined]
        )
    except StorageError as error:
        return _page(request, here, _bound(values, begin), theirs, refusal=refusal(error), version=base)
    if saved.clashes:
        return _page(request, here, _bound(saved.values, begin), saved.draft, clashes=saved.clashes)
    if request.POST.get("do") != "send" and not request.POST.get("anyway"):
        messages.success(request, _("Brouillon enregistré. Rien n'est encore envoyé."))
        return redirect("declare:form", *here.path)
    return _send(request, here, _bound(saved.values, begin), saved.draft, key)


def _send(request: HttpRequest, here: Opened, bound: DeclareForm, draft: Any, key: str) -> HttpResponse:
    """Write the declaration in the journal. What stands in the way comes back beside the form; the draft is kept."""
    if not bound.is_valid() or bound.fact is None:
        return _page(request, here, bound, draft)
    if not request.POST.get("anyway") and (found := alarms(bound.fact)):
        return _page(request, here, bound, draft, alarms=found)
    try:
        receipt = desk.write(
            request.acting,  # type: ignore[attr-defined]
            here.id,
            bound.fact,
            now=clock.now(),
            key=key_of(request),
        )
        drafts.mark_sent(draft, receipt.seq, key)
    except MENDABLE as error:
        return _page(request, here, bound, draft, refusal=refusal(error))
    messages.success(request, _("Déclaration écrite au journal. Elle n'est pas encore chez les autorités."))
    return redirect("declare:overview", *here.path)


def _bound(values: dict[str, list[str]], begin: prefill.Start) -> DeclareForm:
    return DeclareForm(values, declaration=begin.declaration, bound=True)


def _page(request: HttpRequest, here: Opened, shown: DeclareForm, draft: Any, **more: Any) -> HttpResponse:
    """The form as it stands. 400 where something that was sent stands in the way, 409 where another's words do."""
    people = here.people()
    said = {
        "form": shown,
        "sections": list(shown.sections()),
        "faults": shown.faults() if shown.is_bound else [],
        "draft": draft if draft is not None and draft.sent_seq is None else None,
        "saved_by": people.get(draft.saved_by, draft.saved_by) if draft is not None else "",
        "version": more.pop("version", draft.version if draft is not None else 0),
        "key": request.POST.get("key") or uuid4().hex,
        "clashes": [_clash(shown, one) for one in more.pop("clashes", ())],
    }
    status = 200 if request.method != "POST" else 409 if said["clashes"] else 400
    return render(request, "declare/form.html", context(request, here, **said, **more), status=status)


def _clash(shown: DeclareForm, clash: drafts.Clash) -> dict[str, Any]:
    field = shown.fields[clash.name]
    names = {str(word): str(name) for word, name in getattr(field, "choices", ())}
    mine, theirs = (", ".join(names.get(text, text) for text in texts) for texts in (clash.mine, clash.theirs))
    return {"name": clash.name, "label": LABELS[clash.name], "mine": mine, "theirs": theirs}


def _number(text: str | None) -> int:
    return int(text) if text and text.isdecimal() and len(text) < 10 else 0
