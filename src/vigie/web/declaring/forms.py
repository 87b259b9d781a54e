"""The form of a declaration: the four sections, and to whom it goes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from django import forms
from django.utils.datastructures import MultiValueDict
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from vigie.errors import FactError
from vigie.journal.facts import Declaration, iso, parse
from vigie.observe.authorities import authorities
from vigie.observe.vocabulary import label, vocabulary
from vigie.web.declaring import fields, sections
from vigie.web.incidents import labels
from vigie.web.incidents.characters import undirected
from vigie.web.incidents.fields import InstantField, refuse_controls

Values = Mapping[str, Sequence[str]]
FINESS, CVE = r"^[0-9][0-9AB][0-9]{7}$", r"^CVE-\d{4}-\d{4,}$"
YES_NO = ("essential_entity", "cross_border", "malicious", "supplier_involved", "support_asked")
LONG_LISTS = {
    "establishment_kind": "establishment_kinds",
    "legal_status": "legal_statuses",
    "region": "regions",
    "origin": "origins",
}
FEW = {"functioning": "unknown", "patient_danger": "unknown", "ransomware_extent": None}
LINES = ("establishment", "declarer", "declarer_contact", "supplier")
TEXTS = ("description", "measures")


class DeclarationForm(forms.Form):
    """The fields of a declaration. After `is_valid()`, `fact()` is the fact; `values` are what a browser sends."""

    def __init__(
        self, values: Values, *, bound: bool, declaration: str, on_behalf_of: str = "", source: str = ""
    ) -> None:
        data = MultiValueDict({name: list(given) for name, given in values.items()}) if bound else None
        super().__init__(data)
        self.declaration, self.on_behalf_of, self.source = declaration, on_behalf_of, source
        for name in sections.FIELDS:
            self.fields[name] = field_of(name)
            if not bound and name in values:
                several = isinstance(self.fields[name], fields.SeveralWords)
                self.initial[name] = list(values[name]) if several else "".join(values[name][:1])
        self.fields["addressees"] = forms.MultipleChoiceField(
            label=_("À qui"),
            required=False,
            choices=[(name, label("authorities", name, language())) for name in authorities()],
            widget=forms.CheckboxSelectMultiple,
        )
        if not bound:
            self.initial["addressees"] = list(values.get("addressees", ()))
        refuse_controls(self)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if not self.errors and not cleaned["establishment"]:
            self.add_error("establishment", _("Dites quel établissement déclare : c'est le seul champ qu'il faut."))
        if not self.errors:
            try:
                self._fact = self._parsed(cleaned)
            except FactError as error:
                raise forms.ValidationError(
                    _("Cette déclaration ne se lit pas : %(error)s") % {"error": error}
                ) from None
        return cleaned

    def fact(self) -> Declaration:
        """The next version of the declaration. Only after `is_valid()`."""
        return self._fact

    def _parsed(self, cleaned: Mapping[str, Any]) -> Declaration:
        said = {name: _plain(value) for name, value in cleaned.items() if name in sections.FIELDS}
        said = {name: value for name, value in said.items() if value not in (None, "", [], ())}
        about = {"on_behalf_of": self.on_behalf_of, "source": self.source}
        found = parse({"kind": "declaration", "declaration": self.declaration, **said, **about})
        assert isinstance(found, Declaration)
        return found

    def filled_faults(self) -> int:
        """How many fields hold something that cannot be sent as it is."""
        return len(self.errors)


def field_of(name: str) -> forms.Field:
    """The form field for one field of the declaration."""
    common: dict[str, Any] = {"label": sections.NAMES[name], "help_text": sections.HELP.get(name, "")}
    if name in ("stage", "nature"):
        names = sections.STAGES if name == "stage" else labels.VALUES["declaration.nature"]
        return forms.ChoiceField(choices=list(names.items()), widget=forms.RadioSelect, **common)
    if name in YES_NO:
        return fields.OneWord(words=_named(name), **common)
    if name in FEW:
        return fields.OneWord(words=_named(name), unknown=FEW[name], **common)
    if name in LONG_LISTS:
        return fields.LongList(words=_terms(LONG_LISTS[name]), **common)
    if name in ("data_impact", "data_subjects"):
        return fields.SeveralWords(words=_named(name), **common)
    if name == "services":
        return fields.SeveralWords(words=_terms("service_kinds"), **common)
    return _typed(name, common)


def _typed(name: str, common: dict[str, Any]) -> forms.Field:
    if name in ("detected_at", "occurred_at"):
        return InstantField(required=False, **common)
    if name == "legal_entity":
        return fields.Code(pattern=FINESS, says=_("un FINESS a neuf caractères, par exemple 990000002."), **common)
    if name == "sites":
        return fields.Codes(pattern=FINESS, says=_("un FINESS a neuf caractères, par exemple 990000002."), **common)
    if name == "cves":
        return fields.Codes(pattern=CVE, says=_("écrivez par exemple CVE-2023-3519."), **common)
    if name == "degraded_tenths_of_hour":
        return fields.Hours(**common)
    if name == "people_affected":
        return fields.People(**common)
    if name in TEXTS:
        return forms.CharField(required=False, max_length=20_000, widget=forms.Textarea(attrs={"rows": 5}), **common)
    assert name in LINES, name
    return forms.CharField(required=False, max_length=300, **common)


def values_of(posted: Any) -> dict[str, list[str]]:
    """What a browser sent, field by field, as drafts keep it."""
    return {
        name: [text.replace("\r\n", "\n") for text in posted.getlist(name)] for name in (*sections.FIELDS, "addressees")
    }


def language() -> str:
    """`fr` or `en`."""
    return (get_language() or "fr")[:2]


def _named(name: str) -> Iterator[tuple[str, Any]]:
    yield from labels.VALUES[f"declaration.{name}"].items()


def _terms(words: str) -> Iterator[tuple[str, str]]:
    for term in vocabulary()[words]:
        yield term, label(words, term, language())


def _plain(value: Any) -> Any:
    """A cleaned value as JSON has it, without marks that turn the direction of a text."""
    if isinstance(value, str):
        return undirected(value)
    if isinstance(value, tuple):
        return list(value)
    return iso(value) if hasattr(value, "isoformat") else value
