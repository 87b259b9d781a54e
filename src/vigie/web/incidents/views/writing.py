"""Writing: the quick line, and typed entries with a form for each kind of fact."""

from __future__ import annotations

from contextlib import AbstractContextManager, nullcontext
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from vigie.journal.authority import NODE_KINDS
from vigie.journal.facts import KINDS, Artefact, Fact
from vigie.web import clock, desk
from vigie.web.desk import attachments
from vigie.web.desk.writing import may_write
from vigie.web.incidents import doubts, labels, moments
from vigie.web.incidents import quick as grammar
from vigie.web.incidents.forms import COMPUTED, EnvelopeForm, FactForm
from vigie.web.incidents.quick import Doubt, Understood
from vigie.web.incidents.rows import told
from vigie.web.incidents.views.common import MENDABLE, Opened, alarms, heading, key_of, opened
from vigie.web.incidents.views.common import refusal as refusal_of
from vigie.web.permissions import Permission, requires


@requires(Permission.LOG_WRITE)
@require_POST
def quick(request: HttpRequest, owner: str, name: str) -> HttpResponse:
    """Write one line. What stands in the way comes back with the line as it was typed."""
    here = opened(request, owner, name)
    line = request.POST.get("line", "")
    if len(line) > grammar.MAX_LENGTH:
        refusal = _("Cette ligne est trop longue (%(limit)s caractères au plus). Utilisez l'entrée détaillée « Note ».")
        return _again(request, here, refusal % {"limit": grammar.MAX_LENGTH})
    understood = _understood(request, here, line)
    if understood is None:
        return _again(request, here, _("La ligne est vide : écrivez ce qui se passe."))
    if not request.POST.get("anyway"):
        found, asked = alarms(understood.fact), _asked(request, here, understood.fact, understood.happened_at)
        if found or asked:
            return _again(request, here, "", found, asked)
    try:
        receipt = desk.write(
            request.acting,  # type: ignore[attr-defined]
            here.id,
            understood.fact,
            now=clock.now(),
            happened_at=understood.happened_at,
            precision=understood.precision,
            key=key_of(request),
        )
    except MENDABLE as error:
        return _again(request, here, refusal_of(error))
    _remember(request, here, understood.fact, understood.happened_at, receipt.seq)
    return _written(request, here, receipt.seq, understood)


@requires(Permission.LOG_WRITE)
@require_POST
def understand(request: HttpRequest, owner: str, name: str) -> HttpResponse:
    """What a line would say, before it is written. POST, because a line must not end in the log of a proxy."""
    here = opened(request, owner, name)
    line = request.POST.get("line", "")[: grammar.MAX_LENGTH]
    understood = _understood(request, here, line)
    return render(request, "incidents/understood.html", _shown(here, understood))


@requires(Permission.LOG_WRITE)
@require_safe
def kinds(request: HttpRequest, owner: str, name: str) -> HttpResponse:
    """Every kind of entry, the common ones first."""
    here = opened(request, owner, name)
    groups = [(title, [_choice(request, here, kind) for kind in members]) for title, members in labels.KIND_GROUPS]
    return render(request, "incidents/kinds.html", heading(request, here, "write") | {"groups": groups})


@requires(Permission.LOG_WRITE)
@require_http_methods(["GET", "HEAD", "POST"])
def typed(request: HttpRequest, owner: str, name: str, kind: str) -> HttpResponse:
    """One entry of a chosen kind. The address may hold first values (`?task=...&state=done`)."""
    if kind == "map_adopted":
        return redirect("cartography")
    if kind not in KINDS or kind in NODE_KINDS | COMPUTED:
        raise Http404("no such kind of fact in an incident")
    here = opened(request, owner, name)
    posted = request.POST if request.method == "POST" else None
    first = {key: value for key, value in request.GET.items() if key in KINDS[kind].model_fields}
    measured, refusal = _measure(request, kind)
    data = {**posted.dict(), **measured} if posted is not None else None
    form = FactForm(data, kind=kind, names=here.names(), initial=_defaults(request, kind) | first)
    envelope = EnvelopeForm(posted, prefix="entry")
    if refusal:
        form.add_error(None, refusal)
    found: list[str] = []
    asked: list[str] = []
    if posted is not None and form.is_valid() and envelope.is_valid() and form.fact is not None:
        if not posted.get("anyway"):
            found, asked = alarms(form.fact), _asked(request, here, form.fact, envelope.marks()["happened_at"])
        if not found and not asked:
            done = _write(request, here, form, envelope)
            if done is not None:
                return done
    if measured:
        form.data = posted.dict() if posted else {}
        form.add_error(None, _("Un fichier n'est gardé qu'avec son entrée : joignez-le de nouveau."))
    context = heading(request, here, "write") | {
        "form": form,
        "envelope": envelope,
        "kind": kind,
        "kind_name": labels.kind_name(kind),
        "kind_help": labels.KIND_HELP[kind],
        "alarms": found,
        "asked": asked,
        "key": request.POST.get("key") or uuid4().hex,
        "limit_mb": attachments.limit_bytes() // (1024 * 1024) if kind == "artefact" else None,
    }
    return render(request, "incidents/typed.html", context, status=400 if posted is not None else 200)


def _write(request: HttpRequest, here: Opened, form: FactForm, envelope: EnvelopeForm) -> HttpResponse | None:
    """Write and go to the log; None when it was refused, and the form says why."""
    assert form.fact is not None
    marks = envelope.marks()
    try:
        with _kept(request, here, form.fact, marks["privileged"]):
            receipt = desk.write(
                request.acting,  # type: ignore[attr-defined]
                here.id,
                form.fact,
                now=clock.now(),
                key=key_of(request),
                **marks,
            )
    except MENDABLE as error:
        form.add_error(None, refusal_of(error))
        return None
    _remember(request, here, form.fact, marks["happened_at"], receipt.seq)
    messages.success(request, _("Entrée %(seq)s écrite.") % {"seq": receipt.seq})
    return redirect(reverse("incidents:log", args=here.path) + f"#e{receipt.seq}")


def _asked(request: HttpRequest, here: Opened, fact: Fact, happened_at: datetime | None) -> list[str]:
    """What is asked before this is written."""
    author, key = request.acting.author, request.POST.get("key", "")  # type: ignore[attr-defined]
    odd = doubts.surprises(fact, clock.now(), happened_at, here.incident.opened_at)
    return odd + doubts.repeated(author, here.id, fact, happened_at, key)


def _remember(request: HttpRequest, here: Opened, fact: Fact, happened_at: datetime | None, seq: int) -> None:
    author, key = request.acting.author, request.POST.get("key", "")  # type: ignore[attr-defined]
    doubts.remember(author, here.id, fact, happened_at, key, seq)


def _kept(request: HttpRequest, here: Opened, fact: Fact, privileged: bool) -> AbstractContextManager[object]:
    """Keep the file that came with a piece of evidence while its entry is written, and only if it is."""
    sent = request.FILES.get("file") if isinstance(fact, Artefact) else None
    if sent is None:
        return nullcontext()
    author = request.acting.author  # type: ignore[attr-defined]
    return attachments.keeping(sent.chunks(), attachments.Bringer(here.incident.owner, author, privileged))


def _measure(request: HttpRequest, kind: str) -> tuple[dict[str, str], str]:
    """What the file that came with a piece of evidence tells the form of itself, or why it is refused."""
    sent = request.FILES.get("file") if kind == "artefact" else None
    if sent is None:
        return {}, ""
    if Permission.ATTACHMENT_ADD not in request.acting.permissions:  # type: ignore[attr-defined]
        return {}, _("Votre rôle ne permet pas de joindre un fichier.")
    try:
        stored = attachments.measure(sent.chunks())
    except MENDABLE as error:
        return {}, refusal_of(error)
    known = {"sha256": stored.sha256, "size_bytes": str(stored.size_bytes)}
    if not request.POST.get("name", "").strip():
        known["name"] = (sent.name or "")[:300]
    return known, ""


def _defaults(request: HttpRequest, kind: str) -> dict[str, Any]:
    """Who is signed in is most often who decides, collects or hands over."""
    author = request.acting.person.name  # type: ignore[attr-defined]
    field = {"decision": "decider", "artefact": "collector", "handover": "person", "gate": "signer"}.get(kind)
    return {field: author} if field else {}


def _choice(request: HttpRequest, here: Opened, kind: str) -> dict[str, Any]:
    allowed = may_write(request.acting, here.id, kind)  # type: ignore[attr-defined]
    return {"kind": kind, "name": labels.KIND_NAMES[kind], "help": labels.KIND_HELP[kind], "reserved": not allowed}


def _understood(request: HttpRequest, here: Opened, line: str) -> Understood | None:
    author = request.acting.person.name  # type: ignore[attr-defined]
    return grammar.understand(line, here.names(), author, timezone.localtime(clock.now()))


def _shown(here: Opened, understood: Understood | None) -> dict[str, Any]:
    """A line that was understood, in the words of the log."""
    if understood is None:
        return {"understood": None}
    badge, text = told(understood.fact, here.names())
    when = moments.moment(understood.happened_at, understood.precision) if understood.happened_at else ""
    if understood.happened_at and _is_yesterday(understood.happened_at):
        when = _("hier, %(when)s") % {"when": when}
    said = [_doubt(one) for one in understood.doubts]
    kind = labels.kind_name(understood.fact.kind)
    return {"understood": understood, "kind_name": kind, "badge": badge, "text": text, "when": when, "doubts": said}


def _is_yesterday(instant: datetime) -> bool:
    return timezone.localtime(instant).date() == timezone.localtime(clock.now()).date() - timedelta(days=1)


def _doubt(doubt: Doubt) -> str:
    if doubt.kind == "future":
        return _("« %(said)s » est dans le futur.") % {"said": doubt.said}
    if doubt.suggestion:
        return _("« %(said)s » n'est pas dans la cartographie. Vouliez-vous dire « %(near)s » ?") % {
            "said": doubt.said,
            "near": doubt.suggestion,
        }
    return _("« %(said)s » n'est pas dans la cartographie.") % {"said": doubt.said}


def _again(
    request: HttpRequest, here: Opened, refusal: str, found: list[str] | None = None, asked: list[str] | None = None
) -> HttpResponse:
    """The quick entry as it was typed, with what stood in the way; a page of its own without JavaScript."""
    context = heading(request, here, "write") | {
        "line": request.POST.get("line", ""),
        "key": request.POST.get("key") or uuid4().hex,
        "refusal": refusal,
        "alarms": found or [],
        "asked": asked or [],
    }
    if request.headers.get("HX-Request"):
        return render(request, "incidents/quick.html", context)
    return render(request, "incidents/again.html", context, status=400)


def _written(request: HttpRequest, here: Opened, seq: int, understood: Understood) -> HttpResponse:
    said = [_doubt(one) for one in understood.doubts]
    if request.headers.get("HX-Request"):
        context = heading(request, here, "log") | {"key": uuid4().hex, "written": seq, "doubts": said, "line": ""}
        response = render(request, "incidents/quick.html", context)
        response["HX-Trigger"] = "written"
        return response
    for doubt in said:
        messages.warning(request, _("Entrée %(seq)s écrite telle quelle. %(doubt)s") % {"seq": seq, "doubt": doubt})
    if not said:
        messages.success(request, _("Entrée %(seq)s écrite.") % {"seq": seq})
    return redirect(reverse("incidents:log", args=here.path) + f"#e{seq}")
