"""The form of a declaration: the four sections in one column. What makes a declaration valid stays in the fact itself."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils import timezone
from django.utils.datastructures import MultiValueDict
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from vigie.errors import FactError
from vigie.journal.facts import Declaration, iso, parse
from vigie.observe.vocabulary import label, vocabulary
from vigie.web.declare import fields
from vigie.web.declare.sections import FIELDS, HELP, LABELS, LEFT_EMPTY, SECTIONS
from vigie.web.incidents import labels
from vigie.web.incidents.characters import undirected
from vigie.web.incidents.fields import InstantField, refuse_controls

Values = Mapping[str, Sequence[str]]
FINESS, CVE = r"[0-9][0-9AB][0-9]{7}", r"CVE-\d{4}-\d{4,}"
LISTS = {
    "establishment_kind": "establishment_kinds",
    "legal_status": "legal_statuses",
    "region": "regions",
    "origin": "origins",
}
FEW = (
    "essential_entity",
    "functioning",
    "patient_danger",
    "cross_border",
    "malicious",
    "supplier_involved",
    "support_asked",
)
SEVERAL = ("data_impact", "data_subjects")
TEXTS = ("description", "measures")
INSTANTS = ("detected_at", "occurred_at")
MOST_PEOPLE = 10**9


class DeclareForm(forms.Form):
    """The fields of a declaration, from `values` as a browser sends them. After `is_valid()`, `fact` is the fact."""

    def __init__(
        self, values: Values, *, declaration: str, bound: bool, sources: Mapping[str, str] | None = None
    ) -> None:
        super().__init__(MultiValueDict({name: list(given) for name, given in values.items()}) if bound else None)
        self.declaration, self.fact = declaration, None
        self.sources = dict(sources or {})
        for name in FIELDS:
            self.fields[name] = field_of(name)
            if not bound and name in values:
                several = isinstance(self.fields[name], fields.SeveralWords)
                self.initial[name] = list(values[name]) if several else "".join(values[name][:1])
        refuse_controls(self)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if not self.errors and not (cleaned["establishment"] or cleaned["legal_entity"]):
            self.add_error("establishment", _("Dites quel établissement déclare : son nom ou son FINESS suffit."))
        if self.errors:
            return cleaned
        said = {name: _plain(value) for name, value in cleaned.items() if value not in (None, "", ())}
        try:
            self.fact = parse({"kind": "declaration", "declaration": self.declaration, **said})
        except FactError as error:
            raise forms.ValidationError(
                _("Cette déclaration n'est pas complète : %(error)s") % {"error": error}
            ) from None
        return cleaned

    def sections(self) -> Iterator[dict[str, Any]]:
        """The sections as the page shows them: number, title, and each field with where its value comes from."""
        for number, section in enumerate(SECTIONS, 1):
            shown = [{"field": self[name], "source": self.sources.get(name, "")} for name in section.fields]
            yield {"id": section.id, "number": number, "title": section.title, "fields": shown}

    def faults(self) -> list[tuple[str, str, str]]:
        """What stands in the way: where it is on the page, the name of the field, the fault."""
        found = []
        for name, errors in self.errors.items():
            where, title = (_anchor(self[name]), self[name].label) if name in self.fields else ("declaration", "")
            found += [(where, title, str(error)) for error in errors]
        return found


def values_of(posted: QueryDict) -> dict[str, list[str]]:
    """What a browser sent, field by field, as drafts keep it."""
    return {name: [text.replace("\r\n", "\n") for text in posted.getlist(name)] for name in FIELDS}


def values_of_fact(fact: Declaration) -> dict[str, list[str]]:
    """A declaration as a browser would send it."""
    return {name: texts for name in FIELDS if (texts := texts_of(name, getattr(fact, name)))}


def texts_of(name: str, value: Any) -> list[str]:
    """One value of a declaration as a browser would send it; nothing where nobody said."""
    if value in (None, "", (), "unknown"):
        return []
    if name in INSTANTS:
        return [timezone.localtime(value).strftime("%Y-%m-%dT%H:%M")]
    if name == "degraded_tenths_of_hour":
        return [f"{value / 10:g}".replace(".", ",")]
    if name in ("sites", "cves"):
        return ["\n".join(value)]
    return list(value) if isinstance(value, tuple) else [str(value)]


def field_of(name: str) -> forms.Field:
    """The form field for one field of a declaration."""
    common: dict[str, Any] = {"label": LABELS[name], "help_text": HELP.get(name, "")}
    words = labels.VALUES.get(f"declaration.{name}", {}).items()
    if name in ("stage", "nature"):
        first = "notification" if name == "stage" else "incident"
        return forms.ChoiceField(choices=list(words), widget=forms.RadioSelect, initial=first, **common)
    if name in FEW:
        return fields.FewWords(words=words, **common)
    if name == "ransomware_extent":
        return fields.FewWords(words=words, unsaid=None, **common)
    if name in SEVERAL:
        return fields.SeveralWords(words=words, **common)
    if name == "services":
        return fields.SeveralWords(words=terms("service_kinds"), **common)
    if name in LISTS:
        return fields.LongList(words=terms(LISTS[name]), **common)
    return _typed(name, common | {"help_text": _with_empty(common["help_text"])})


def _typed(name: str, common: dict[str, Any]) -> forms.Field:
    if name in INSTANTS:
        return InstantField(required=False, **common)
    if name in ("legal_entity", "sites"):
        return fields.Codes(pattern=FINESS, example="990000002", single=name == "legal_entity", **common)
    if name == "cves":
        return fields.Codes(pattern=CVE, example="CVE-2023-3519", **common)
    if name == "degraded_tenths_of_hour":
        return fields.Number(scale=10, maximum=fields.MAX_TENTHS, **common)
    if name == "people_affected":
        return fields.Number(scale=1, maximum=MOST_PEOPLE, **common)
    if name in TEXTS:
        return forms.CharField(required=False, max_length=20_000, widget=forms.Textarea(attrs={"rows": 5}), **common)
    return forms.CharField(required=False, max_length=300, **common)


def terms(words: str) -> list[tuple[str, str]]:
    """A list of the sector's vocabulary, in the reader's language."""
    return [(term, label(words, term, (get_language() or "fr")[:2])) for term in vocabulary()[words]]


def _with_empty(text: Any) -> str:
    return f"{text} {LEFT_EMPTY}".strip()


def _anchor(bound: forms.BoundField) -> str:
    """The first thing of a field that a keyboard can reach."""
    return f"{bound.auto_id}_0" if bound.use_fieldset else bound.auto_id


def _plain(value: Any) -> Any:
    """A cleaned value as JSON has it, without marks that turn the direction of a text."""
    if isinstance(value, str):
        return undirected(value)
    if isinstance(value, tuple):
        return list(value)
    return iso(value) if hasattr(value, "isoformat") else value
