"""Forms of the intake: each becomes one fact, whose own checks are the last word."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext as _

from vigie.ids import SLUG
from vigie.journal.facts import Fact, Qualification, parse
from vigie.observe.vocabulary import vocabulary
from vigie.web.desk.models import Declaration
from vigie.web.desk.writing import folded_name
from vigie.web.incidents import labels
from vigie.web.incidents.characters import undirected
from vigie.web.incidents.fields import WordField, WordsField, refuse_controls
from vigie.web.intake import words

JUDGED = {"yes": "malicious", "no": "not_malicious", "unknown": "unknown"}
# What may follow each state of a request for help.
NEXT = {
    "asked": ("accepted", "under_way", "refused", "withdrawn"),
    "accepted": ("under_way", "done", "withdrawn"),
    "under_way": ("done", "withdrawn"),
}
OPEN_SUPPORT = tuple(NEXT)


def made(kind: str, **said: Any) -> Fact:
    """A fact of what was said. Raises FactError where its own checks refuse it."""
    return parse({"kind": kind, **{name: value for name, value in said.items() if value not in (None, "", ())}})


class IntakeForm(forms.Form):
    """A form of this app: no control characters, no marks that turn the direction of text."""

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self.build()
        refuse_controls(self)

    def build(self) -> None:
        """Add the fields, in the reader's language."""

    def said(self, name: str) -> str:
        """A text as it will be kept. Only after `is_valid()`."""
        return undirected(self.cleaned_data[name]).strip()


class QualificationForm(IntakeForm):
    """The observatory's word on a declaration. What is left as declared leaves the declarant's own words in force."""

    def build(self) -> None:
        as_declared = [("", _("comme déclaré"))]
        values = labels.VALUES
        self.fields["state"] = WordField(
            label=_("Où en est-elle"), required=True, choices=list(values["qualification.state"].items())
        )
        self.fields["category"] = forms.ChoiceField(
            label=_("Origine"), required=False, choices=[*as_declared, *words.origins()],
            help_text=_("Le premier niveau, malveillant ou non, suit le second."),
        )  # fmt: skip
        self.fields["significance"] = WordField(
            label=_("Importance"), required=True, choices=list(values["qualification.significance"].items())
        )
        for name in ("functioning", "patient_danger", "ransomware_extent", "supplier_involved"):
            choices = [
                *as_declared,
                *((term, said) for term, said in values[f"qualification.{name}"].items() if term != "unknown"),
            ]
            self.fields[name] = forms.ChoiceField(label=labels.FIELD_NAMES[name], required=False, choices=choices)
        self.fields["data_impact"] = WordsField(
            label=labels.FIELD_NAMES["data_impact"], required=False, choices=list(values["qualification.data_impact"].items()),
            help_text=_("Rien de coché : comme déclaré."),
        )  # fmt: skip
        self._links()

    def _links(self) -> None:
        """What it has to do with others, and why all this."""
        self.fields["cause_group"] = forms.CharField(
            label=_("Cause commune"),
            required=False,
            max_length=64,
            help_text=_("Un repère court, partagé par les déclarations liées."),
        )
        self.fields["cause_kind"] = forms.ChoiceField(
            label=_("Nature de la cause"),
            required=False,
            choices=[("", "—"), *labels.VALUES["qualification.cause_kind"].items()],
        )
        self.fields["duplicate_of"] = forms.CharField(
            label=labels.FIELD_NAMES["duplicate_of"], required=False, max_length=300
        )
        self.fields["why"] = forms.CharField(
            label=_("Pourquoi"), max_length=2000, widget=forms.Textarea(attrs={"rows": 3}),
            help_text=_("Le motif reste dans l'historique, à côté de votre nom."),
        )  # fmt: skip

    def clean_cause_group(self) -> str:
        return folded_name(self.cleaned_data["cause_group"])

    def fact(self, one: Declaration, current: Qualification | None) -> Qualification:
        """The fact, for this declaration. What this form does not ask stays as it was. Raises FactError."""
        said = self.cleaned_data
        category = said["category"] or "unknown"
        fact = made(
            "qualification",
            category=category,
            origin=JUDGED[vocabulary()["origins"][category]["malicious"]],
            significance=said["significance"],
            supplier=current.supplier if current else None,
            linked_incidents=current.linked_incidents if current else (),
            why=self.said("why"),
            declaration=one.name,
            state=said["state"],
            ransomware_extent=said["ransomware_extent"] or None,
            data_impact=said["data_impact"],
            functioning=said["functioning"] or None,
            patient_danger=said["patient_danger"] or None,
            supplier_involved=said["supplier_involved"] or None,
            cause_group=said["cause_group"] or None,
            cause_kind=said["cause_kind"] or None,
            duplicate_of=self.said("duplicate_of"),
            distinct_from=current.distinct_from if current else (),
        )
        assert isinstance(fact, Qualification)
        return fact


def qualification_initial(one: Declaration, current: Qualification | None) -> dict[str, Any]:
    """What the qualification form starts with: what is in force."""
    state = one.state if one.state != "new" else "qualified"
    if current is None:
        return {"state": "qualified" if state == "to_qualify" else state, "significance": "unknown"}
    said = current.model_dump()
    said["category"] = "" if current.category == "unknown" else current.category
    return {**said, "state": "qualified" if state == "to_qualify" else state, "why": ""}


class MessageForm(IntakeForm):
    """One message of the exchange with the declarant."""

    def build(self) -> None:
        self.fields["text"] = forms.CharField(
            label=_("Message"), max_length=20_000, widget=forms.Textarea(attrs={"rows": 3})
        )

    def fact(self, one: Declaration, awaits: bool) -> Fact:
        """The message; `awaits` an answer or not."""
        return made("exchange", declaration=one.name, text=self.said("text"), awaits="answer" if awaits else "nothing")


class RoutingForm(IntakeForm):
    """A declaration was passed on to an authority."""

    def build(self) -> None:
        self.fields["addressee"] = forms.ChoiceField(label=_("Autorité"), choices=words.choices("authorities"))
        self.fields["receipt"] = forms.CharField(label=_("Numéro reçu"), required=False, max_length=300)
        self.fields["why"] = forms.CharField(label=_("Précision"), required=False, max_length=2000)

    def fact(self, one: Declaration) -> Fact:
        """The routing, done now."""
        said = self.cleaned_data
        return made(
            "routing",
            addressee=said["addressee"],
            declaration=one.name,
            receipt=self.said("receipt"),
            why=self.said("why"),
        )


class SupportForm(IntakeForm):
    """The next step of a request for help."""

    def build(self) -> None:
        states = [(state, said) for state, said in labels.VALUES["support.state"].items() if state != "asked"]
        authorities = [("", "—"), *words.choices("authorities")]
        self.fields["support"] = forms.RegexField(SLUG, max_length=64, widget=forms.HiddenInput)
        self.fields["state"] = forms.ChoiceField(label=_("Où en est-elle"), choices=states)
        self.fields["by"] = forms.ChoiceField(label=_("Par qui"), required=False, choices=authorities)
        self.fields["what"] = forms.CharField(label=_("Précision"), required=False, max_length=2000)

    def fact(self, one: Declaration) -> Fact:
        """The step, taken now."""
        said = self.cleaned_data
        return made(
            "support", support=said["support"], state=said["state"], by=said["by"] or None, what=self.said("what")
        )


class ComparisonForm(IntakeForm):
    """An analyst says whether another declaration tells the same thing."""

    def build(self) -> None:
        self.fields["other"] = forms.CharField(max_length=300)
        self.fields["verdict"] = forms.ChoiceField(choices=[("same", ""), ("distinct", "")])
        self.fields["why"] = forms.CharField(label=_("Pourquoi"), required=False, max_length=2000)


class LinkForm(IntakeForm):
    """Several declarations share a cause."""

    def build(self) -> None:
        self.fields["cause_group"] = forms.CharField(label=_("Repère de la cause"), max_length=64)
        self.fields["cause_kind"] = forms.ChoiceField(choices=list(labels.VALUES["qualification.cause_kind"].items()))
        self.fields["others"] = forms.MultipleChoiceField(required=False, choices=())
        self.fields["why"] = forms.CharField(label=_("Pourquoi"), required=False, max_length=2000)

    def clean_cause_group(self) -> str:
        name = folded_name(self.cleaned_data["cause_group"])
        if not name:
            raise forms.ValidationError(_("Donnez un repère fait de lettres ou de chiffres."))
        return name
