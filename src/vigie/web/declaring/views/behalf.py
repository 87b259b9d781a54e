"""On behalf: an incident and its declaration for a hospital that lost its network, with who asked and how."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from vigie.journal.facts import Opened
from vigie.web import clock, desk
from vigie.web.desk.writing import folded_name
from vigie.web.incidents.characters import undirected
from vigie.web.incidents.doubts import surprises
from vigie.web.incidents.fields import InstantField, WordField, refuse_controls
from vigie.web.incidents.views.common import MENDABLE, alarms, refusal
from vigie.web.permissions import Permission, requires

NAME_CHARACTERS = 40


class BehalfForm(forms.Form):
    """For whom, at whose request, by what means, and what they say."""

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self.fields["establishment"] = forms.CharField(
            label=_("Établissement"), max_length=200, help_text=_("Son nom complet : il figurera sur chaque vue.")
        )
        self.fields["asked_by"] = forms.CharField(
            label=_("Qui le demande"), max_length=200, help_text=_("Nom et fonction de la personne qui appelle.")
        )
        self.fields["how"] = forms.ChoiceField(
            label=_("Comment"),
            widget=forms.RadioSelect,
            initial="phone",
            choices=[
                ("phone", _("par téléphone")),
                ("visit", _("sur place")),
                ("message", _("par un message, d'un autre réseau")),
                ("agency", _("par l'agence régionale de santé")),
            ],
        )
        self.fields["called_back"] = forms.BooleanField(
            label=_("J'ai rappelé à un numéro que je connaissais déjà"),
            required=False,
            help_text=_(
                "Un appel de nuit peut venir de n'importe qui. Sans rappel, la demande sera dite non vérifiée."
            ),
        )
        self.fields["what"] = forms.CharField(
            label=_("Ce qu'ils voient"), max_length=20_000, widget=forms.Textarea(attrs={"rows": 4})
        )
        self.fields["detected_at"] = InstantField(
            label=_("Constaté le"), required=False, help_text=_("Vide si personne ne sait encore.")
        )
        self.fields["realm"] = WordField(
            label=_("Est-ce réel ?"),
            choices=[("real", _("Incident réel")), ("exercise", _("Exercice"))],
            required=True,
            initial="real",
        )
        refuse_controls(self)

    def fact(self) -> Opened:
        """The fact that opens the incident. Only after `is_valid()`."""
        said = {
            name: undirected(value) if isinstance(value, str) else value for name, value in self.cleaned_data.items()
        }
        how = str(dict(self.fields["how"].choices)[said["how"]])  # type: ignore[attr-defined]
        checked = _("rappel fait") if said["called_back"] else _("demande non vérifiée par un rappel")
        return Opened(
            title=_("%(name)s : déclaration saisie pour son compte") % {"name": said["establishment"]},
            summary=said["what"],
            detected_at=said["detected_at"],
            on_behalf_of=said["establishment"],
            source=_("Demandé par %(who)s, %(how)s ; %(checked)s")
            % {"who": said["asked_by"], "how": how, "checked": checked},
        )


@requires(Permission.DECLARATION_ON_BEHALF)
@require_http_methods(["GET", "HEAD", "POST"])
def on_behalf(request: HttpRequest) -> HttpResponse:
    """Open an incident of one's own organisation for another establishment, then go on to its declaration."""
    form = BehalfForm(request.POST if request.method == "POST" else None)
    key, found, asked = request.POST.get("key") or uuid4().hex, [], []
    if request.method == "POST" and form.is_valid():
        fact = form.fact()
        if not request.POST.get("anyway"):
            found, asked = alarms(fact), surprises(fact, clock.now())
        if not found and not asked:
            try:
                owner, name = _open(request, fact, form.cleaned_data["realm"], key)
                messages.success(request, _("L'incident est ouvert. Remplissez ce que l'on vous dicte."))
                return redirect("declaring:draft", owner, name, "d1")
            except MENDABLE as error:
                form.add_error(None, refusal(error))
    faults = [(form[name], errors) for name, errors in form.errors.items() if name in form.fields]
    shown = {"form": form, "key": key, "alarms": found, "asked": asked, "faults": faults}
    return render(request, "declaring/behalf.html", shown, status=400 if request.method == "POST" else 200)


def _open(request: HttpRequest, fact: Opened, realm: str, key: str) -> list[str]:
    """Open it. The name is made of the form's key: the button pressed twice opens one incident."""
    acting, now = request.acting, clock.now()  # type: ignore[attr-defined]
    name = f"{now:%Y-%m}-{folded_name(fact.on_behalf_of)[:NAME_CHARACTERS].strip('-') or 'incident'}-{folded_name(key)[:6]}"
    receipt = desk.open_incident(acting, fact, realm=realm, now=now, name=name, key=f"web:{acting.author}:{key}")
    return receipt.entry.incident.split("/", 1)
