"""One entry: all that is known of it, its file, and its correction."""

from __future__ import annotations

from datetime import datetime
from uuid import uuid4

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from vigie.errors import FactError, RefusedError
from vigie.journal import facts as f
from vigie.journal.authority import NODE_KINDS
from vigie.web import clock, desk, scope
from vigie.web.desk import Line, attachments
from vigie.web.desk.models import LogLine
from vigie.web.incidents import doubts
from vigie.web.incidents.characters import CONTROLS, undirected
from vigie.web.incidents.details import envelope_details, fact_details
from vigie.web.incidents.forms import COMPUTED, FactForm, MomentForm, initial_of
from vigie.web.incidents.rows import rows
from vigie.web.incidents.views.common import MENDABLE, Opened, alarms, heading, key_of, opened, refusal
from vigie.web.permissions import Permission, requires

# Corrected by a new fact of the same kind, not by a correction.
FIXED_KINDS = NODE_KINDS | COMPUTED | {"correction", "erasure"}


@requires(Permission.LOG_READ)
@require_safe
def entry(request: HttpRequest, owner: str, name: str, seq: int) -> HttpResponse:
    """Every field, the three times, the digests, what corrects it and what it corrects."""
    here = opened(request, owner, name)
    line = _line(here, seq)
    names = here.names()
    fact = line.received.fact
    correctable = isinstance(fact, f.Fact) and fact.kind not in FIXED_KINDS
    context = heading(request, here, "log") | {
        "row": rows([line], here.reading(names))[0],
        "details": list(fact_details(fact, names)),
        "envelope": list(envelope_details(line.received)),
        "digest": line.received.digest,
        "correctable": correctable,
        "erasable": not line.is_erased and Permission.INCIDENT_CLOSE in request.acting.permissions,  # type: ignore[attr-defined]
        "has_file": attachments.is_available(line.received),
        "task": fact if isinstance(fact, f.Task) and fact.state == "assigned" else None,
    }
    return render(request, "incidents/entry.html", context)


@requires(Permission.LOG_CORRECT)
@require_http_methods(["GET", "HEAD", "POST"])
def correct(request: HttpRequest, owner: str, name: str, seq: int) -> HttpResponse:
    """Mend an entry, or withdraw it. The original stays, and both are shown side by side."""
    here = opened(request, owner, name)
    line = _line(here, seq)
    standing = line.fact if isinstance(line.fact, f.Fact) else line.received.fact
    if not isinstance(standing, f.Fact) or standing.kind in FIXED_KINDS:
        raise Http404("this entry cannot be corrected")
    posted = request.POST if request.method == "POST" else None
    names = here.names()
    withdraws = bool(posted and posted.get("withdraw"))
    form = FactForm(None if withdraws else posted, kind=standing.kind, names=names, initial=initial_of(standing, names))
    why = undirected(CONTROLS.sub(" ", (posted or {}).get("why", ""))).strip()
    moved = MomentForm(None if withdraws else posted, prefix="entry")
    refusals, found, asked = [], [], []
    if posted is not None:
        refusals = [] if why else [_("Dites pourquoi : le motif reste à côté des deux entrées.")]
        if not refusals and (withdraws or (form.is_valid() and moved.is_valid())):
            try:
                happened_at = None if withdraws else moved.cleaned_data["happened_at"]
                if not withdraws and form.fact == standing and happened_at is None:
                    raise RefusedError(_("Rien n'a changé : corrigez un champ, ou retirez l'entrée."))
                done, found, asked = _correct(request, here, line, form, why, happened_at, withdraws)
                if done is not None:
                    return done
            except MENDABLE as error:
                refusals = [refusal(error)]
    context = heading(request, here, "log") | {
        "row": rows([line], here.reading(names))[0],
        "form": form,
        "moved": moved,
        "why": why,
        "refusals": refusals,
        "alarms": found,
        "asked": asked,
        "key": request.POST.get("key") or uuid4().hex,
    }
    return render(request, "incidents/correct.html", context, status=400 if posted is not None else 200)


@requires(Permission.ATTACHMENT_READ)
@require_safe
def file(request: HttpRequest, owner: str, name: str, seq: int) -> HttpResponseBase:
    """The file of a piece of evidence, as a download."""
    here = opened(request, owner, name)
    return attachments.download(scope.visible(request, LogLine.objects.filter(incident_id=here.id)), seq)


def _correct(
    request: HttpRequest,
    here: Opened,
    line: Line,
    form: FactForm,
    why: str,
    happened_at: datetime | None,
    withdraws: bool,
) -> tuple[HttpResponse | None, list[str], list[str]]:
    """Write the correction: where to go, or what in it looks like a patient's identity, and what else is asked first."""
    replacement = None if withdraws or form.fact is None else form.fact.model_dump(mode="json", exclude_none=True)
    try:
        fact = f.parse(
            {
                "kind": "correction",
                "of": line.received.digest,
                "why": why,
                "replacement": replacement,
                **({"happened_at": f.iso(happened_at)} if happened_at else {}),
            }
        )
    except FactError as error:
        form.add_error(None, str(error))
        return None, [], []
    if not request.POST.get("anyway"):
        found, asked = alarms(fact), doubts.surprises(fact, clock.now(), happened_at, here.incident.opened_at)
        if form.fact is not None:
            asked += doubts.surprises(form.fact, clock.now())
        if found or asked:
            return None, found, list(dict.fromkeys(asked))
    receipt = desk.write(
        request.acting,  # type: ignore[attr-defined]
        here.id,
        fact,
        now=clock.now(),
        key=key_of(request),
    )
    text = _("Entrée %(seq)s corrigée par l'entrée %(new)s.")
    messages.success(request, text % {"seq": line.seq, "new": receipt.seq})
    return redirect(reverse("incidents:log", args=here.path) + f"#e{line.seq}"), [], []


def _line(here: Opened, seq: int) -> Line:
    """A line that this reader may see. Raises Http404."""
    line = desk.one(here.id, seq, here.hidden) if seq < 2**62 else None
    if line is None:
        raise Http404("no such entry for this caller")
    return line
