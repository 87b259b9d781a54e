"""Checking and sending: what will be written is read once more, then written as one entry that stays."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from vigie.errors import ConflictError
from vigie.journal import Receipt
from vigie.journal.facts import Declaration
from vigie.observe.authorities import authorities
from vigie.respond.inquiry import together
from vigie.web import clock, desk
from vigie.web.declaring import drafts, prefill, words
from vigie.web.declaring.models import Draft
from vigie.web.declaring.views.common import Writing, authority_name, context, writing
from vigie.web.declaring.views.drafting import form_of
from vigie.web.incidents.doubts import surprises
from vigie.web.incidents.views.common import MENDABLE, alarms, refusal
from vigie.web.permissions import Permission, requires


@requires(Permission.DECLARATION_WRITE)
@require_http_methods(["GET", "HEAD", "POST"])
def check(request: HttpRequest, owner: str, name: str, declaration: str) -> HttpResponse:
    """What is about to be sent. Sending writes one entry; the button pressed twice gives the same receipt."""
    at = writing(request, owner, name, declaration)
    sealed = drafts.seal(at.values, at.place.held.last.line.received.digest if at.place.held else "")
    if request.method == "POST":
        if done := _already(request, at):
            return done
        if request.POST.get("sealed") != sealed:
            messages.warning(request, _("Le brouillon a changé depuis votre relecture : relisez-le."))
            return redirect("declaring:check", *at.place.path)
    form = form_of(at, at.values, bound=True)
    if not form.is_valid():
        return redirect(reverse("declaring:draft", args=at.place.path) + "?faults")
    fact = form.fact()
    shown = _shown(at, fact)
    refusals, found, asked = _taken_back(at, fact), [], []
    if not shown["changes"]:
        refusals.append(_("Rien n'a changé depuis la version précédente : il n'y a rien à écrire."))
    if request.method == "POST" and not refusals:
        if not request.POST.get("anyway"):
            found, asked = alarms(fact), surprises(fact, clock.now())
        if not found and not asked:
            try:
                return _sent(request, at, fact, sealed)
            except MENDABLE as error:
                refusals = [refusal(error)]
    shown |= {"sealed": sealed, "refusals": refusals, "alarms": found, "asked": asked}
    status = 400 if request.method == "POST" else 200
    return render(request, "declaring/check.html", context(request, at.place.here) | shown, status=status)


def _shown(at: Writing, fact: Declaration) -> dict[str, Any]:
    before = at.place.held
    after = together([*(version.fact for version in before.versions), fact]) if before else fact
    chosen = at.values.get("addressees", [])
    return {
        "fact": fact,
        "held": before,
        "guarded": at.guarded,
        "declaration": at.place.name,
        "number": len(before.versions) + 1 if before else 1,
        "changes": words.changes(before.fact if before else None, after),
        "sections": list(words.read(after)),
        "unsaid": len(prefill.is_unsaid(after)),
        "addressees": [authority_name(name) for name in authorities() if name in chosen],
        "forgotten": [
            authority_name(one.id) for one in authorities().values() if one.awaits(after) and one.id not in chosen
        ],
    }


def _taken_back(at: Writing, fact: Declaration) -> list[str]:
    """What a new version leaves open though an earlier one said it: that is a correction, and not a version."""
    held = at.place.held
    titles = [str(words.row(name, None).title) for name in words.taken_back(held.fact if held else None, fact)]
    said = _(
        "Déjà déclaré, et vide maintenant : %(names)s. Une version ne retire rien : remettez la valeur, ou corrigez la "
    )
    more = _("version qui l'a dite, depuis la page de la déclaration.")
    return [said % {"names": ", ".join(titles)} + more] if titles else []


def _sent(request: HttpRequest, at: Writing, fact: Declaration, sealed: str) -> HttpResponse:
    """Write it, empty the draft, and show the receipt."""
    here = at.place.here
    draft = at.draft or _begun(request, at)
    receipt = _written(request, at, fact, sealed)
    drafts.sent(draft, sealed, receipt.seq)
    messages.success(request, _("La version est écrite au journal, entrée %(seq)s.") % {"seq": receipt.seq})
    return redirect("declaring:receipt", *here.path, at.place.name, receipt.seq)


def _written(request: HttpRequest, at: Writing, fact: Declaration, sealed: str) -> Receipt:
    """The key is made of what is sent, and not of who sends it: two persons who press at once write one version."""
    key = f"web:declare:{at.place.here.id[:60]}#{at.place.name}:{sealed[:40]}"
    try:
        return desk.write(request.acting, at.place.here.id, fact, now=clock.now(), key=key)  # type: ignore[attr-defined]
    except ConflictError:
        raise ConflictError(_("Quelqu'un d'autre vient d'écrire cette version. Rechargez la page.")) from None


def _begun(request: HttpRequest, at: Writing) -> Draft:
    """A draft in which nobody has typed: everything was filled in from the journal."""
    acting, now = request.acting, clock.now()  # type: ignore[attr-defined]
    drafts.keep(acting, at.place.here.id, at.place.name, {}, "", at.first.values, now)
    found = drafts.find(acting, at.place.here.id, at.place.name)
    assert found is not None
    return found


def _already(request: HttpRequest, at: Writing) -> HttpResponse | None:
    """The receipt of what this very page already sent."""
    draft = at.draft
    if draft is None or draft.sent_seq is None or draft.sent_mark != request.POST.get("sealed"):
        return None
    return redirect("declaring:receipt", *at.place.path, draft.sent_seq)
