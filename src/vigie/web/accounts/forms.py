"""The forms of accounts: each names its fields one by one, and says what is wrong in words."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib.auth import password_validation
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from vigie.web.accounts.models import NODE_ROLE_NAMES, Person, identifier


class PasswordMixin(forms.Form):
    """A password chosen by a person: typed twice, checked against their own names."""

    password = forms.CharField(
        label=_("Mot de passe"),
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        strip=False,
        help_text=_("Douze caractères au moins ; une phrase de quatre mots convient très bien."),
    )
    again = forms.CharField(
        label=_("Le même mot de passe, encore une fois"),
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        strip=False,
    )

    def person(self) -> Person:
        """The person whose password this will be."""
        raise NotImplementedError

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        password = data.get("password")
        if password and data.get("again") and password != data["again"]:
            self.add_error("again", _("Les deux mots de passe diffèrent."))
        if password:
            try:
                password_validation.validate_password(password, self.person())
            except ValidationError as error:
                self.add_error("password", error)
        data.pop("again", None)
        return data


class SetUpForm(PasswordMixin):
    """The first administrator, and the organisation whose crises this node keeps."""

    name = forms.CharField(label=_("Votre nom"), max_length=200, widget=forms.TextInput(attrs={"autocomplete": "name"}))
    username = forms.CharField(
        label=_("Votre identifiant"),
        max_length=64,
        validators=[identifier],
        help_text=_("En minuscules, par exemple c.martin. Il signe chacune de vos lignes de main courante."),
        widget=forms.TextInput(attrs={"autocomplete": "username", "autocapitalize": "none", "spellcheck": "false"}),
    )
    organisation_name = forms.CharField(
        label=_("Nom de l'organisation"), max_length=200, help_text=_("Par exemple : Centre hospitalier de Valmont.")
    )
    organisation = forms.CharField(
        label=_("Identifiant de l'organisation"),
        max_length=64,
        validators=[identifier],
        help_text=_("Court et définitif, par exemple valmont : il nomme toutes vos crises."),
        widget=forms.TextInput(attrs={"autocapitalize": "none", "spellcheck": "false"}),
    )
    role = forms.ChoiceField(label=_("Cette installation est celle"), choices=list(NODE_ROLE_NAMES.items()))
    cell = forms.BooleanField(
        label=_("Je dirige aussi la cellule de crise"),
        required=False,
        help_text=_("Utile quand une seule personne s'occupe de tout. Sans cela, l'administrateur ne lit aucune main courante."),
    )
    field_order = ("name", "username", "password", "again", "organisation_name", "organisation", "role", "cell")

    def person(self) -> Person:
        return Person(username=self.cleaned_data.get("username", ""), name=self.cleaned_data.get("name", ""))
