"""The forms of accounts: each names its fields one by one, and says what is wrong in words."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from allauth.account.forms import LoginForm
from django import forms
from django.contrib.auth import password_validation
from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.utils.translation import gettext_lazy as _

from vigie.web.accounts import services
from vigie.web.accounts.models import NODE_ROLE_NAMES, ROLE_NAMES, Organisation, Person, identifier
from vigie.web.permissions import TOKEN_SCOPES

TYPED_NAME = {"autocapitalize": "none", "spellcheck": "false", "autocomplete": "off"}
PIN = RegexValidator(r"^[0-9]{6}$", _("Le code d'écran a six chiffres."))
EASY_PINS = ("123456", "654321", "012345", "543210", "121212", "123123")


class NewPasswordForm(forms.Form):
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

    def __init__(self, *args: Any, person: Person | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._person = person

    def person(self) -> Person:
        """The person whose password this will be."""
        named = {name: self.cleaned_data.get(name, "") for name in ("username", "name")}
        return self._person or Person(**named)

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        again = data.pop("again", None)
        password = data.get("password")
        if password and again and password != again:
            self.add_error("again", _("Les deux mots de passe diffèrent."))
        if password:
            try:
                password_validation.validate_password(password, self.person())
            except ValidationError as error:
                self.add_error("password", error)
        return data


class SetUpForm(NewPasswordForm):
    """The first administrator, and the organisation whose crises this node keeps."""

    name = forms.CharField(label=_("Votre nom"), max_length=200, widget=forms.TextInput(attrs={"autocomplete": "name"}))
    username = forms.CharField(
        label=_("Votre identifiant"),
        max_length=64,
        validators=[identifier],
        help_text=_("En minuscules, par exemple c.martin. Il signe chacune de vos lignes de main courante."),
        widget=forms.TextInput(attrs={**TYPED_NAME, "autocomplete": "username"}),
    )
    organisation_name = forms.CharField(
        label=_("Nom de l'organisation"), max_length=200, help_text=_("Par exemple : Centre hospitalier de Valmont.")
    )
    organisation = forms.CharField(
        label=_("Identifiant de l'organisation"),
        max_length=64,
        validators=[identifier],
        help_text=_("Court et définitif, par exemple valmont : il nomme toutes vos crises."),
        widget=forms.TextInput(attrs=TYPED_NAME),
    )
    role = forms.ChoiceField(label=_("Cette installation est celle d'un"), choices=list(NODE_ROLE_NAMES.items()))
    cell = forms.BooleanField(
        label=_("Je travaille aussi dans la cellule de crise"),
        required=False,
        help_text=_(
            "À cocher si une seule personne s'occupe de tout : sans cela, l'administrateur ne lit aucune main courante."
        ),
    )
    field_order = ("name", "username", "password", "again", "organisation_name", "organisation", "role", "cell")

    def clean_username(self) -> str:
        return _free_username(self.cleaned_data["username"])


class SignInForm(LoginForm):
    """Identifier and password."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        login, password = self.fields["login"], self.fields["password"]
        login.label, password.label = _("Identifiant"), _("Mot de passe")
        password.help_text = ""
        login.widget.attrs.update({"autocapitalize": "none", "spellcheck": "false", "autofocus": True})
        for field in (login, password):
            field.widget.attrs.pop("placeholder", None)


class RoleForm(forms.Form):
    """A role in one of the organisations that an administrator keeps."""

    role = forms.ChoiceField(label=_("Rôle"))
    organisation = forms.ModelChoiceField(
        label=_("Organisation"), queryset=Organisation.objects.none(), empty_label=None
    )

    def __init__(self, *args: Any, organisations: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["organisation"].queryset = organisations
        known = {role for organisation in organisations for role in services.roles_in(organisation)}
        self.fields["role"].choices = [(role, name) for role, name in ROLE_NAMES.items() if role in known]

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        role, organisation = data.get("role"), data.get("organisation")
        if role and organisation and role not in services.roles_in(organisation):
            self.add_error("role", _("Un analyste se nomme dans un observatoire, et nulle part ailleurs."))
        return data


class PersonForm(RoleForm):
    """A new person, with one role in one organisation."""

    name = forms.CharField(label=_("Nom"), max_length=200)
    username = forms.CharField(
        label=_("Identifiant"),
        max_length=64,
        validators=[identifier],
        widget=forms.TextInput(attrs=TYPED_NAME),
        help_text=_("En minuscules, par exemple c.martin. Il signe les lignes de main courante et ne change plus."),
    )
    field_order = ("name", "username", "role", "organisation")

    def clean_username(self) -> str:
        return _free_username(self.cleaned_data["username"])


class MembershipForm(RoleForm):
    """One more role for somebody who is there already."""


class OrganisationForm(forms.ModelForm):
    """An organisation of which this node keeps persons."""

    class Meta:
        model = Organisation
        fields = ("name", "id", "kind")
        widgets = {"id": forms.TextInput(attrs=TYPED_NAME)}
        labels = {"name": _("Nom"), "id": _("Identifiant"), "kind": _("Nature")}

    def __init__(self, *args: Any, kinds: Collection[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["kind"].choices = [(kind, name) for kind, name in NODE_ROLE_NAMES.items() if kind in kinds]


class GlassForm(forms.Form):
    """A code from a printed sheet, and who types it."""

    code = forms.CharField(
        label=_("Code imprimé"),
        max_length=60,
        widget=forms.TextInput(attrs={**TYPED_NAME, "autofocus": True}),
        help_text=_("Seize signes. Majuscules, espaces et tirets n'ont pas d'importance."),
    )
    username = forms.CharField(
        label=_("Votre identifiant"),
        max_length=64,
        validators=[identifier],
        widget=forms.TextInput(attrs=TYPED_NAME),
        help_text=_("Si vous n'avez pas de compte, choisissez-le : il sera créé, par exemple c.martin."),
    )
    name = forms.CharField(
        label=_("Votre nom"), max_length=200, required=False, help_text=_("Seulement si vous n'avez pas de compte.")
    )


class PinForm(forms.Form):
    """A personal code of six digits for one shared screen."""

    pin = forms.CharField(
        label=_("Code d'écran (six chiffres)"),
        validators=[PIN],
        widget=forms.PasswordInput(attrs={"inputmode": "numeric", "autocomplete": "off", "maxlength": "6"}),
    )


class NewPinForm(PinForm):
    """The same, when it is chosen: one that is not the first that anybody would try."""

    def clean_pin(self) -> str:
        pin = self.cleaned_data["pin"]
        if len(set(pin)) < 3 or pin in EASY_PINS:
            raise ValidationError(_("Ce code est trop facile à deviner : mélangez au moins trois chiffres différents."))
        return pin


class TokenForm(forms.Form):
    """A token for a program: in whose name, for which organisation, with which permissions."""

    name = forms.CharField(label=_("Usage"), max_length=100, help_text=_("Par exemple : supervision, passerelle SAMU."))
    organisation = forms.ModelChoiceField(
        label=_("Organisation"), queryset=Organisation.objects.none(), empty_label=None
    )
    username = forms.CharField(
        label=_("Au nom de la personne (identifiant)"),
        max_length=64,
        required=False,
        widget=forms.TextInput(attrs=TYPED_NAME),
    )
    node = forms.CharField(
        label=_("Ou au nom d'un système"),
        max_length=64,
        required=False,
        validators=[identifier],
        widget=forms.TextInput(attrs=TYPED_NAME),
    )
    scopes = forms.MultipleChoiceField(
        label=_("Permissions"),
        choices=[(scope.value, scope.value) for scope in TOKEN_SCOPES],
        widget=forms.CheckboxSelectMultiple,
    )

    def __init__(self, *args: Any, organisations: Any, persons: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["organisation"].queryset = organisations
        self._persons = persons

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        username, node, organisation = (data.get(name) for name in ("username", "node", "organisation"))
        if bool(username) == bool(node):
            raise ValidationError(_("Donnez soit une personne, soit un système."))
        if node and Person.objects.filter(username=node).exists():
            self.add_error("node", _("C'est l'identifiant d'une personne : un système signe d'un nom à lui."))
        data["person"] = None
        if username and organisation:
            data["person"] = self._persons.filter(username=username, memberships__organisation=organisation).first()
            if data["person"] is None:
                self.add_error("username", _("Cette personne n'appartient pas à cette organisation."))
        data.pop("username", None)
        return data


def _free_username(username: str) -> str:
    """This identifier, if nobody signs with it, be it a program. Raises ValidationError."""
    if not services.is_free(username):
        raise ValidationError(_("Cet identifiant est déjà pris. Choisissez-en un autre, par exemple avec un chiffre."))
    return username
