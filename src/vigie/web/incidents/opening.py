"""The form that opens an incident."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext as _

from vigie.journal.facts import Opened
from vigie.web.desk.writing import folded_name
from vigie.web.incidents import labels
from vigie.web.incidents.characters import undirected
from vigie.web.incidents.fields import InstantField, WordField, refuse_controls


class OpeningForm(forms.Form):
    """Title, realm, when it was first seen, where."""

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        names = labels.FIELD_NAMES
        self.fields["title"] = forms.CharField(
            label=names["title"],
            max_length=300,
            help_text=_("Ce que l'on voit, par exemple : Serveurs chiffrés cette nuit."),
        )
        self.fields["realm"] = WordField(
            label=_("Est-ce réel ?"),
            choices=[("real", _("Incident réel")), ("exercise", _("Exercice"))],
            required=True,
            help_text=_("Ne se change plus ensuite : un exercice ne pourra jamais passer pour une crise."),
        )
        self.fields["detected_at"] = InstantField(
            label=names["detected_at"], required=False, help_text=_("Vide si personne ne sait encore.")
        )
        self.fields["summary"] = forms.CharField(
            label=names["summary"], required=False, max_length=20_000, widget=forms.Textarea(attrs={"rows": 4})
        )
        self.fields["establishments"] = forms.CharField(
            label=names["establishments"],
            required=False,
            max_length=2000,
            help_text=_("Identifiants de la cartographie, séparés par des virgules. Peut attendre."),
        )
        self.fields["on_behalf_of"] = forms.CharField(label=names["on_behalf_of"], required=False, max_length=300)
        refuse_controls(self)

    def clean_establishments(self) -> tuple[str, ...]:
        parts = [folded_name(part) for part in self.cleaned_data["establishments"].split(",")]
        return tuple(dict.fromkeys(part for part in parts if part))

    def fact(self) -> Opened:
        """The fact that opens the incident. Only after `is_valid()`."""
        cleaned = {name: value for name, value in self.cleaned_data.items() if name != "realm"}
        said = {name: undirected(value) if isinstance(value, str) else value for name, value in cleaned.items()}
        return Opened(**said)
