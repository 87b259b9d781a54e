"""What a reader asks of the log: the filters that live in the address, and "what did we know at"."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django import forms
from django.http import HttpRequest
from django.utils.translation import gettext as _

from vigie.web.desk import Filters
from vigie.web.incidents import labels
from vigie.web.incidents.fields import InstantField
from vigie.web.incidents.names import Names, folded, identify

KEPT = ("kind", "author", "application", "service", "text", "at")


class FilterForm(forms.Form):
    """The filters, as a reader types them: names or identifiers."""

    def __init__(self, data: Any, names: Names, people: dict[str, str]) -> None:
        super().__init__(data)
        self.names, self.people = names, people
        kinds = sorted(((kind, str(name)) for kind, name in labels.KIND_NAMES.items()), key=lambda one: folded(one[1]))
        typed = {"autocomplete": "off", "spellcheck": "false"}
        self.fields["text"] = forms.CharField(label=_("Contient"), required=False, max_length=200)
        self.fields["kind"] = forms.ChoiceField(label=_("Genre"), required=False, choices=[("", _("tous")), *kinds])
        self.fields["author"] = _line(_("Auteur"), {**typed, "list": "authors"})
        self.fields["application"] = _line(_("Application"), {**typed, "list": "applications"})
        self.fields["service"] = _line(_("Service de soins"), {**typed, "list": "services"})
        self.fields["at"] = InstantField(label=_("Ce que l'on savait à"), required=False)
        self.fields["before"] = forms.IntegerField(required=False, min_value=1)

    def clean_author(self) -> str:
        said = self.cleaned_data["author"].strip()
        return identify(said, self.people) or said

    def clean_application(self) -> str:
        said = self.cleaned_data["application"]
        return (identify(said, self.names.applications) or folded(said.strip())) if said else ""

    def clean_service(self) -> str:
        said = self.cleaned_data["service"]
        return (identify(said, self.names.services) or folded(said.strip())) if said else ""

    def filters(self) -> Filters:
        """As the desk takes them. Only after `is_valid()`."""
        cleaned = self.cleaned_data
        return Filters(
            kind=cleaned["kind"],
            author=cleaned["author"],
            application=cleaned["application"],
            service=cleaned["service"],
            text=cleaned["text"],
            at=cleaned["at"],
            before_seq=cleaned["before"],
        )


def query(request: HttpRequest, **changes: str) -> str:
    """The filters of this address, as a query string, with some of them changed ('' takes one out)."""
    kept = {name: request.GET[name] for name in KEPT if request.GET.get(name)} | changes
    return urlencode({name: value for name, value in kept.items() if value})


def _line(label: str, attributes: dict[str, str]) -> forms.CharField:
    return forms.CharField(label=label, required=False, max_length=300, widget=forms.TextInput(attrs=attributes))
