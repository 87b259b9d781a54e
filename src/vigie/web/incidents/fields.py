"""Form fields for what facts hold: identifiers told by name, volumes in the units people say, lists, shares, money."""

from __future__ import annotations

import re
from collections.abc import Mapping
from decimal import Decimal, InvalidOperation
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _

from vigie.journal.facts import iso
from vigie.journal.facts.base import YEARS
from vigie.web.incidents.characters import CONTROLS
from vigie.web.incidents.names import free_identifier, identify, nearest

UNITS = {"": 1, "o": 1, "b": 1, "k": 10**3, "m": 10**6, "g": 10**9, "t": 10**12}
_VOLUME = re.compile(r"^\s*([\d\s\u00a0\u202f]+(?:[.,]\d+)?)\s*([kmgt]?)(?:[ob](?:ctets|ytes)?)?\s*$", re.IGNORECASE)


def refuse_controls(form: forms.Form) -> None:
    """Let no text of this form hold a control character."""
    message = _("Ce texte contient un caractère invisible que le journal refuse. Tapez-le de nouveau.")
    for field in form.fields.values():
        if isinstance(field, forms.CharField):
            field.validators = [*field.validators, RegexValidator(CONTROLS, message, inverse_match=True)]


class SubjectField(forms.CharField):
    """One thing of the cartography, by name or identifier. Without a cartography any identifier will do."""

    def __init__(self, *, known: Mapping[str, str], vocabulary: str, **options: Any) -> None:
        self.known = known
        attributes = {"list": vocabulary, "autocomplete": "off", "spellcheck": "false"}
        super().__init__(widget=forms.TextInput(attrs=attributes), max_length=300, **options)

    def clean(self, value: Any) -> Any:
        text = super().clean(value)
        return self.identifier(text) if text else None

    def identifier(self, text: str) -> str:
        """The identifier meant. Raises ValidationError with the nearest known one."""
        if found := identify(text, self.known):
            return found
        if not self.known:
            return self.free(text)
        near = nearest(text, self.known)
        if near:
            raise ValidationError(
                _("« %(text)s » n'est pas dans la cartographie. Vouliez-vous dire « %(near)s » ?")
                % {"text": text, "near": self.known[near]}
            )
        raise ValidationError(
            _("« %(text)s » n'est pas dans la cartographie. Choisissez un nom de la liste, ou écrivez une note.")
            % {"text": text}
        )

    @staticmethod
    def free(text: str) -> str:
        """The identifier that a text gives where no cartography was adopted. Raises ValidationError."""
        if found := free_identifier(text):
            return found
        raise ValidationError(
            _(
                "« %(text)s » ne peut pas servir d'identifiant. Utilisez des lettres sans accent, des chiffres et des tirets."
            )
            % {"text": text}
        )


class OpenSubjectField(SubjectField):
    """One thing of the cartography, by name or identifier, or something new that takes its identifier from its name."""

    def identifier(self, text: str) -> str:
        """The identifier meant, or made. Raises ValidationError where nothing can be made of the text."""
        return identify(text, self.known) or self.free(text)


class SubjectsField(SubjectField):
    """Several things of the cartography, separated by commas."""

    def clean(self, value: Any) -> Any:
        text = forms.CharField.clean(self, value)
        parts = [part.strip() for part in re.split(r"[,;\n]", text or "")]
        return tuple(dict.fromkeys(self.identifier(part) for part in parts if part))


class LinesField(forms.CharField):
    """Several lines, one value each."""

    widget = forms.Textarea(attrs={"rows": 3})

    def clean(self, value: Any) -> Any:
        return tuple(line.strip() for line in (super().clean(value) or "").splitlines() if line.strip())


class HandOversField(LinesField):
    """A chain of custody, one passage a line: `2026-11-22 03:10 ; from ; to`."""

    def clean(self, value: Any) -> Any:
        return tuple(self._passage(line) for line in super().clean(value))

    @staticmethod
    def _passage(line: str) -> dict[str, str]:
        parts = [part.strip() for part in line.split(";")]
        try:
            instant = parse_datetime(parts[0])
        except ValueError:
            instant = None  # well formed, and no such day
        if len(parts) != 3 or instant is None or not all(parts):
            raise ValidationError(
                _("« %(line)s » ne se lit pas. Écrivez par exemple : 2026-11-22 03:10 ; M. Roux ; Mme Arnaud")
                % {"line": line}
            )
        aware = instant if timezone.is_aware(instant) else timezone.make_aware(instant)
        if aware.year not in YEARS:
            raise ValidationError(_out_of_calendar())
        return {"at": iso(aware), "from_person": parts[1], "to_person": parts[2]}


class VolumeField(forms.CharField):
    """A volume of data as people say it (`300 Go`, `4,2 Mo`), in bytes."""

    def __init__(self, *, maximum: int, **options: Any) -> None:
        self.maximum = maximum
        super().__init__(max_length=40, **options)

    def clean(self, value: Any) -> Any:
        text = super().clean(value)
        if not text:
            return None
        match = _VOLUME.match(text)
        if not match:
            raise ValidationError(_("Écrivez un nombre et une unité, par exemple 300 Go."))
        count = int(_decimal(match[1]) * UNITS[match[2].lower()])
        if count > self.maximum:
            raise ValidationError(_("Ce volume dépasse ce que le journal sait noter. Écrivez-le dans le texte."))
        return count


class ScaledField(forms.CharField):
    """A decimal number kept as a whole one: euros as cents, a score as hundredths."""

    def __init__(self, *, low: int | None = None, high: int | None = None, **options: Any) -> None:
        self.low, self.high = low, high
        super().__init__(max_length=30, widget=forms.TextInput(attrs={"inputmode": "decimal"}), **options)

    def clean(self, value: Any) -> Any:
        text = super().clean(value)
        if not text:
            return None
        number = _decimal(text) * 100
        if number != number.to_integral_value():
            raise ValidationError(_("Deux chiffres après la virgule au plus."))
        if (self.low is not None and number < self.low) or (self.high is not None and number > self.high):
            raise ValidationError(_("Ce nombre est hors des bornes."))
        return int(number)


class InstantField(forms.DateTimeField):
    """Day and hour in the node's time zone."""

    def __init__(self, **options: Any) -> None:
        widget = forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M")
        formats = ["%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S", "%Y-%m-%d %H:%M", "%d/%m/%Y %H:%M"]
        super().__init__(widget=widget, input_formats=formats, **options)

    def prepare_value(self, value: Any) -> Any:
        try:
            return super().prepare_value(value)
        except OverflowError:
            return value  # stored at the edge of the calendar: shown as it is

    def to_python(self, value: Any) -> Any:
        instant = super().to_python(value)
        if instant is not None and instant.year not in YEARS:
            raise ValidationError(_out_of_calendar())
        return instant


class WordField(forms.ChoiceField):
    """One word of a vocabulary: buttons when there are few, a list when there are many."""

    FEW = 8

    def __init__(self, *, choices: list[tuple[str, Any]], **options: Any) -> None:
        few = options.get("required") and len(choices) <= self.FEW
        empty = [] if few else [("", "—")]
        super().__init__(choices=empty + choices, widget=forms.RadioSelect if few else forms.Select, **options)


class WordsField(forms.MultipleChoiceField):
    """Several words of a vocabulary, each a box to tick. None ticked: nobody said."""

    widget = forms.CheckboxSelectMultiple

    def clean(self, value: Any) -> Any:
        return tuple(super().clean(value))


def _out_of_calendar() -> str:
    return _("Donnez une année entre %(first)s et %(last)s.") % {"first": YEARS[0], "last": YEARS[-1]}


def _decimal(text: str) -> Decimal:
    """`12 345,67` as a number. Raises ValidationError."""
    try:
        number = Decimal(re.sub(r"[\s\u00a0\u202f]", "", text).replace(",", "."))
    except InvalidOperation:
        raise ValidationError(_("« %(text)s » n'est pas un nombre.") % {"text": text}) from None
    if not number.is_finite() or abs(number) > 10**15:
        raise ValidationError(_("« %(text)s » n'est pas un nombre.") % {"text": text})
    return number
