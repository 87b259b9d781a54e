"""Forms: one for each kind of fact, made from the fact's own model; opening an incident; filtering the log.

A form only reads what a person typed. What makes a fact valid stays in `vigie.journal.facts`, which has the last word.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal, get_args, get_origin

from django import forms
from django.core.validators import RegexValidator
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from pydantic.fields import FieldInfo

from vigie.cartography import label as map_label
from vigie.cartography import vocabulary as map_vocabulary
from vigie.errors import FactError
from vigie.journal.facts import KINDS, Fact, iso, parse
from vigie.observe.vocabulary import label, vocabulary
from vigie.web.desk.writing import folded_name
from vigie.web.incidents import fields, labels
from vigie.web.incidents.characters import undirected
from vigie.web.incidents.names import Names, identify
from vigie.web.incidents.sentences import hundredths

SUBJECT = {"application": "applications", "service": "services", "supplier": "suppliers"}
# Where what is meant may be new to the map: a team that comes to help.
OPEN_SUBJECT = {"team": "teams"}
SUBJECTS = {"applications": "applications", "services": "services", "establishments": "establishments"}
LISTS = ("options", "linked_incidents", "distinct_from", "speaks_for", "sites", "cves")
INSTANTS = (
    *("detected_at", "review_at", "due_at", "taken_at", "intrusion_estimated_at", "earliest_at", "latest_at", "since"),
    *("happened_at", "occurred_at", "routed_at", "from_at", "until_at"),
)
VOLUMES = ("claimed_bytes", "published_bytes", "confirmed_bytes", "size_bytes")
# Words of the sector, which statistics count: they come from the observatory's lists and not from the hospital's map.
SECTOR_WORDS = {
    "establishment_kind": "establishment_kinds",
    "legal_status": "legal_statuses",
    "region": "regions",
    "origin": "origins",
}
# Words of the hospital's map, which the journal keeps as they are.
MAP_WORDS = {"skill": "skills", "shift": "shifts"}
# What a program writes and nobody types: a forecast is replaced by the next one, and never changed.
COMPUTED = frozenset({"forecast"})
LONG = 1000  # a text that may be longer than this gets several lines
COMMON = ("kind", "source", "replacement")
# What is asked first, where the order of the model is not the order in which people tell.
LAST = ("applications", "services")


class FactForm(forms.Form):
    """The fields of one kind of fact. After `is_valid()`, `fact` is the fact, with all its own checks passed."""

    def __init__(self, data: Any = None, *, kind: str, names: Names, initial: Mapping[str, Any] | None = None) -> None:
        super().__init__(data, initial=dict(initial or {}))
        self.kind, self.names = kind, names
        self.fact: Fact | None = None
        model = KINDS[kind].model_fields
        ordered = [name for name in model if name not in LAST] + [name for name in model if name in LAST]
        for name in ordered:
            if name not in COMMON:
                self.fields[name] = field_of(kind, name, model[name], names)
        if kind == "task":
            self.fields["task"].required = False  # made from the text when nobody gives one
        if kind == "artefact":
            self.fields["name"].required = False  # the file that comes with it has one
        if kind == "trust":
            self.fields["subject"].widget.attrs["list"] = "applications"
        self.fields["source"] = forms.CharField(
            label=labels.FIELD_NAMES["source"], required=False, max_length=20_000, widget=forms.TextInput
        )
        fields.refuse_controls(self)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if self.errors:
            return cleaned
        if self.kind == "trust" and cleaned["subject_kind"] in ("application", "directory"):
            cleaned["subject"] = identify(cleaned["subject"], self.names.applications) or cleaned["subject"]
        if self.kind == "artefact" and not cleaned["name"]:
            self.add_error("name", _("Donnez un nom à cette preuve, ou joignez son fichier."))
            return cleaned
        if self.kind == "task" and not cleaned["task"]:
            cleaned["task"] = folded_name(cleaned["text"])[:40].strip("-") or "action"
        said = {name: _plain(value) for name, value in cleaned.items() if value not in (None, "", ())}
        if not any(value is not False for value in said.values()):
            raise forms.ValidationError(_("Cette entrée ne dit encore rien : remplissez au moins un champ."))
        try:
            self.fact = parse({"kind": self.kind, **said})
        except FactError as error:
            raise forms.ValidationError(_("Cette entrée n'est pas complète : %(error)s") % {"error": error}) from None
        return cleaned


class EnvelopeForm(forms.Form):
    """What goes around a fact: when it happened, how well that is known, who may read it."""

    happened_at = fields.InstantField(required=False)
    precision = forms.ChoiceField(required=False, choices=list(labels.PRECISIONS.items()))
    tlp = forms.ChoiceField(required=False, choices=list(labels.MARKINGS.items()), initial="amber")
    privileged_mark = forms.BooleanField(required=False)

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self.fields["happened_at"].label = _("Quand (vide : maintenant)")
        self.fields["precision"].label = _("L'heure est connue")
        self.fields["tlp"].label = _("Diffusion")
        self.fields["privileged_mark"].label = _("Couvert par le secret (avocat)")

    def marks(self) -> dict[str, Any]:
        """As `desk.write` takes them. Only after `is_valid()`."""
        cleaned = self.cleaned_data
        return {
            "happened_at": cleaned["happened_at"],
            "precision": (cleaned["precision"] or "exact") if cleaned["happened_at"] else "exact",
            "tlp": cleaned["tlp"] or "amber",
            "privileged": cleaned["privileged_mark"],
        }


class MomentForm(forms.Form):
    """When what is corrected happened, where that is what was wrong."""

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self.fields["happened_at"] = fields.InstantField(required=False, label=_("Quand (vide : inchangé)"))


def field_of(kind: str, name: str, info: FieldInfo, names: Names) -> forms.Field:
    """The form field for one field of a fact."""
    common: dict[str, Any] = {
        "label": labels.FIELD_NAMES.get(name, name),
        "required": info.is_required(),
        "help_text": labels.FIELD_HELP.get(name, ""),
    }
    if kind == "declaration" and name in SECTOR_WORDS:
        return fields.WordField(choices=_terms(SECTOR_WORDS[name]), **common)
    if kind == "declaration" and name == "services":
        return fields.SubjectsField(known=dict(_terms("service_kinds")), vocabulary="service-kinds", **common)
    if name in MAP_WORDS:
        return fields.WordField(choices=_map_terms(MAP_WORDS[name]), **common)
    if several := _several(kind, name, info):
        return fields.WordsField(choices=several, **common)
    if choices := _choices(kind, name, info):
        initial = None if info.is_required() else info.default
        return fields.WordField(choices=choices, initial=initial, **common)
    if name in SUBJECT and kind != "declaration":
        return fields.SubjectField(known=getattr(names, SUBJECT[name]), vocabulary=SUBJECT[name], **common)
    if name in OPEN_SUBJECT:
        known = getattr(names, OPEN_SUBJECT[name])
        return fields.OpenSubjectField(known=known, vocabulary=OPEN_SUBJECT[name], **common)
    if name in SUBJECTS:
        return fields.SubjectsField(known=getattr(names, SUBJECTS[name]), vocabulary=SUBJECTS[name], **common)
    if name == "hand_overs":
        return fields.HandOversField(**common)
    if name in LISTS:
        return fields.LinesField(**common)
    if name in INSTANTS:
        return fields.InstantField(**common)
    return _number_or_text(name, info, common)


def _number_or_text(name: str, info: FieldInfo, common: dict[str, Any]) -> forms.Field:
    limits = {limit: _limit(info, limit) for limit in ("ge", "le", "max_length", "pattern")}
    if name in VOLUMES:
        return fields.VolumeField(maximum=limits["le"], **common)
    if name == "amount_minor":
        return fields.ScaledField(**common)
    if name == "severity_hundredths":
        return fields.ScaledField(low=limits["ge"], high=limits["le"], **common)
    if info.annotation is bool:
        # A box that is not ticked sends nothing: the default must not come back in its place.
        common["required"] = False
        return forms.BooleanField(initial=info.default is True, **common)
    if int in (info.annotation, *(getattr(one, "__origin__", one) for one in get_args(info.annotation))):
        return forms.IntegerField(min_value=limits["ge"], max_value=limits["le"], **common)
    length = limits["max_length"] or 300
    validators = (
        [RegexValidator(limits["pattern"], _("Cette valeur n'a pas la forme attendue."))] if limits["pattern"] else []
    )
    widget = forms.Textarea(attrs={"rows": 4}) if length > LONG else forms.TextInput
    return forms.CharField(max_length=length, widget=widget, validators=validators, **common)


def _choices(kind: str, name: str, info: FieldInfo) -> list[tuple[str, Any]]:
    """The words of a vocabulary with their names; nothing when the field is not one."""
    optional = next((one for one in get_args(info.annotation) if get_origin(one) is Literal), None)
    words = info.annotation if get_origin(info.annotation) is Literal else optional
    return _named(kind, name, words) if words else []


def _terms(words: str) -> list[tuple[str, str]]:
    """A list of the sector's vocabulary, in the reader's language."""
    return [(term, label(words, term, (get_language() or "fr")[:2])) for term in vocabulary()[words]]


def _map_terms(words: str) -> list[tuple[str, str]]:
    """A list of the vocabulary of maps, in the reader's language."""
    language = (get_language() or "fr")[:2]
    return [(term, map_label(words, term, language)) for term in map_vocabulary()[words]]


def _several(kind: str, name: str, info: FieldInfo) -> list[tuple[str, Any]]:
    """The words that a list may hold; nothing when the field is no list of words."""
    inner = get_args(info.annotation) if get_origin(info.annotation) is tuple else ()
    return _named(kind, name, inner[0]) if inner and get_origin(inner[0]) is Literal else []


def _named(kind: str, name: str, words: Any) -> list[tuple[str, Any]]:
    known = labels.VALUES.get(f"{kind}.{name}", {})
    return [(word, known.get(word, word)) for word in get_args(words)]


def _limit(info: FieldInfo, name: str) -> Any:
    """A constraint of a field, wherever pydantic put it."""
    for place in (*info.metadata, *_inner(info.annotation)):
        if getattr(place, name, None) is not None:
            return getattr(place, name)
        for nested in getattr(place, "metadata", ()):
            if getattr(nested, name, None) is not None:
                return getattr(nested, name)
    return None


def _inner(annotation: Any) -> tuple[Any, ...]:
    """The constraints inside `Annotated[...] | None`."""
    return tuple(place for one in get_args(annotation) for place in getattr(one, "__metadata__", ()))


def _plain(value: Any) -> Any:
    """A cleaned value as JSON has it, without marks that turn the direction of a text."""
    if isinstance(value, str):
        return undirected(value)
    if isinstance(value, tuple):
        return [undirected(one) if isinstance(one, str) else one for one in value]
    return iso(value) if hasattr(value, "isoformat") else value


def initial_of(fact: Fact, names: Names) -> dict[str, Any]:
    """What a form for correcting this fact starts with, as a person would have typed it."""
    initial: dict[str, Any] = {}
    for name, value in fact.__dict__.items():
        if name in ("amount_minor", "severity_hundredths") and value is not None:
            value = hundredths(value)
        elif name == "hand_overs":
            value = "\n".join(f"{one.at:%Y-%m-%d %H:%M}+00:00 ; {one.from_person} ; {one.to_person}" for one in value)
        elif name in SUBJECT and value and fact.kind != "declaration":
            value = _told(value, getattr(names, SUBJECT[name]))
        elif name in OPEN_SUBJECT and value:
            value = _told(value, getattr(names, OPEN_SUBJECT[name]))
        elif name in SUBJECTS and fact.kind == "declaration":
            value = ", ".join(value)
        elif name in SUBJECTS:
            value = ", ".join(_told(one, getattr(names, SUBJECTS[name])) for one in value)
        elif name in LISTS:
            value = "\n".join(value)
        initial[name] = value
    return initial


def _told(identifier: str, known: Mapping[str, str]) -> str:
    """The name of a subject where it says which one is meant, its identifier otherwise."""
    name = known.get(identifier, identifier)
    return name if "," not in name and identify(name, known) == identifier else identifier
