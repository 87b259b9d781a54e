"""What leaves for an authority: its part of the declaration and nothing else, as a page, as text and on paper."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from vigie.web.accounts import trace
from vigie.web.declaring import documents
from vigie.web.declaring.versions import Held
from vigie.web.declaring.views.common import authority_name, authority_or_404, context, leaving
from vigie.web.exports import typesetting
from vigie.web.incidents.views.common import Opened
from vigie.web.permissions import Permission, requires


@requires(Permission.DECLARATION_READ)
@require_safe
def view(request: HttpRequest, owner: str, name: str, declaration: str, addressee: str) -> HttpResponse:
    """The part of one authority, by section, each to be copied into its own form."""
    part, here, held = _part(request, owner, name, declaration, addressee)
    more = {"part": part, "held": held, "text": documents.text(part, context(request, here))}
    return render(request, "declaring/view.html", context(request, here) | more)


@requires(Permission.DECLARATION_READ)
@require_safe
def text(request: HttpRequest, owner: str, name: str, declaration: str, addressee: str) -> HttpResponse:
    """The same as plain text, for a mail or a portal."""
    part, here, held = _part(request, owner, name, declaration, addressee)
    _leave_trace(request, here, held, addressee, _("texte"))
    made = documents.text(part, context(request, here))
    response = HttpResponse(made, content_type="text/plain; charset=utf-8")
    return documents.as_file(response, here, f"{declaration}-{addressee}", "txt")


@requires(Permission.DECLARATION_READ)
@require_safe
def pdf(request: HttpRequest, owner: str, name: str, declaration: str, addressee: str) -> HttpResponse:
    """The same on paper."""
    part, here, held = _part(request, owner, name, declaration, addressee)
    _leave_trace(request, here, held, addressee, "PDF")
    made = typesetting.pdf(documents.view(part, context(request, here), held), documents.TEMPLATE)
    response = HttpResponse(made, content_type="application/pdf")
    return documents.as_file(response, here, f"{declaration}-{addressee}", "pdf")


def _part(
    request: HttpRequest, owner: str, name: str, declaration: str, addressee: str
) -> tuple[documents.Part, Opened, Held]:
    authority = authority_or_404(addressee)
    here, held = leaving(request, owner, name, declaration)
    return documents.part(authority, held, here.id), here, held


def _leave_trace(request: HttpRequest, here: Opened, held: Held, addressee: str, form: str) -> None:
    """What leaves the house is noted in its register: who took what, for whom."""
    said = _("Déclaration %(name)s de %(incident)s, version %(number)s, pour %(addressee)s (%(form)s).")
    about = {"name": held.name, "incident": here.id, "number": held.last.number, "form": form}
    trace.record(request.acting, said % {**about, "addressee": authority_name(addressee)})  # type: ignore[attr-defined]
