"""Reading: the declarations of an incident, one of them with its versions, and the numbers that came back."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from vigie.journal.facts import Declared
from vigie.observe.authorities import RELAYED, Authority, authorities
from vigie.web import clock, desk
from vigie.web.declaring import drafts, versions, words
from vigie.web.declaring.forms import language
from vigie.web.declaring.versions import Held
from vigie.web.declaring.views.common import Place, authority_name, context, sent_place
from vigie.web.desk.writing import may_write
from vigie.web.incidents import labels
from vigie.web.incidents.fields import InstantField, refuse_controls
from vigie.web.incidents.views.common import MENDABLE, key_of, opened, refusal
from vigie.web.permissions import Permission, requires


class SentForm(forms.Form):
    """The number that an authority gave, or that one declared to it by other means."""

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self.fields["addressee"] = forms.ChoiceField(
            label=_("À qui"), choices=[(name, authority_name(name)) for name in authorities()]
        )
        self.fields["stage"] = forms.ChoiceField(
            label=_("Étape"), choices=[*labels.VALUES["declared.stage"].items()], initial="notification"
        )
        self.fields["receipt"] = forms.CharField(
            label=_("Numéro reçu"),
            required=False,
            max_length=300,
            help_text=_("Celui que le portail affiche à la fin."),
        )
        self.fields["happened_at"] = InstantField(label=_("Quand (vide : maintenant)"), required=False)
        refuse_controls(self)


@requires(Permission.DECLARATION_READ)
@require_safe
def declarations(request: HttpRequest, owner: str, name: str) -> HttpResponse:
    """The declarations of an incident, and where to begin one."""
    here = opened(request, owner, name)
    acting = request.acting  # type: ignore[attr-defined]
    found = versions.held(here.id, here.hidden)
    own = drafts.of_incident(acting, here.id) if may_write(acting, here.id, "declaration") else []
    begun = [draft for draft in own if draft.declaration not in found]
    shown = [(one, next((draft for draft in own if draft.declaration == one.name), None)) for one in found.values()]
    more = {
        "shown": shown,
        "begun": begun,
        "next": versions.next_name([*found, *(draft.declaration for draft in begun)]),
    }
    return render(request, "declaring/list.html", context(request, here) | more)


@requires(Permission.DECLARATION_READ)
@require_safe
def declaration(request: HttpRequest, owner: str, name: str, declaration: str) -> HttpResponse:
    """One declaration: what all its versions say together, what each changed, to whom it went."""
    at, held = sent_place(request, owner, name, declaration)
    return render(request, "declaring/one.html", _page(request, at, held, SentForm(initial=_first(request, held))))


@requires(Permission.DECLARATION_WRITE)
@require_POST
def sent(request: HttpRequest, owner: str, name: str, declaration: str) -> HttpResponse:
    """Store that it was declared to an authority, with the number that came back."""
    at, held = sent_place(request, owner, name, declaration)
    acting = request.acting  # type: ignore[attr-defined]
    if not may_write(acting, at.here.id, "declared"):
        raise PermissionDenied(_("Seul l'établissement dit à qui il a déclaré."))
    form = SentForm(request.POST)
    if form.is_valid():
        try:
            receipt = desk.write(
                acting,
                at.here.id,
                _declared(held, form.cleaned_data),
                now=clock.now(),
                happened_at=form.cleaned_data["happened_at"],
                key=key_of(request),
            )
            messages.success(request, _("Noté au journal, entrée %(seq)s.") % {"seq": receipt.seq})
            return redirect(reverse("declaring:one", args=at.path) + "#sent")
        except MENDABLE as error:
            form.add_error(None, refusal(error))
    return render(request, "declaring/one.html", _page(request, at, held, form), status=400)


def _declared(held: Held, said: dict[str, Any]) -> Declared:
    version = held.last
    text = _("Version %(number)s, entrée %(seq)s, empreinte %(digest)s.")
    about = {"number": version.number, "seq": version.line.seq, "digest": version.line.received.digest}
    return Declared(
        stage=said["stage"],
        addressee=said["addressee"],
        receipt=said["receipt"],
        text=text % about,
        declaration=held.name,
    )


def _page(request: HttpRequest, at: Place, held: Held, form: SentForm) -> dict[str, Any]:
    acting = request.acting  # type: ignore[attr-defined]
    mine = may_write(acting, at.here.id, "declaration")
    draft = drafts.find(acting, at.here.id, at.name) if mine else None
    chosen = set(draft.addressees or ()) if draft else set()
    return context(request, at.here) | {
        "held": held,
        "sections": list(words.read(held.fact)),
        "versions": list(reversed(held.versions)),
        "unfinished": bool(draft and draft.values),
        "addressees": [_addressee(one, held, chosen) for one in authorities().values()],
        "form": form,
        "key": request.POST.get("key") or uuid4().hex,
    }


def _addressee(one: Authority, held: Held, chosen: set[str]) -> dict[str, Any]:
    """One authority, why it may expect the declaration, and what went to it."""
    said = [sent for sent in held.sent if sent.fact.addressee == one.id]
    return {
        "id": one.id,
        "name": authority_name(one.id),
        "sent": said,
        "chosen": one.id in chosen,
        "awaited": one.awaits(held.fact),
        "relayed": one.expected == RELAYED,
        "law": one.law[language()],
        "within": one.within[language()],
        "channel": one.channel[language()],
    }


def _first(request: HttpRequest, held: Held) -> dict[str, str]:
    """The form as it is opened: the address may name the authority."""
    asked = request.GET.get("addressee", "")
    return {"addressee": asked if asked in authorities() else "cert-sante", "stage": held.last.fact.stage}
