"""Form fields of a declaration. In each of them "not known yet" is a choice, and the one that holds until somebody says."""

from __future__ import annotations

import re
from collections.abc import Iterable
from decimal import Decimal, InvalidOperation
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from vigie.web.declaring.sections import UNKNOWN

MAX_TENTHS = 1_000_000
Choices = Iterable[tuple[str, Any]]


class OneWord(forms.ChoiceField):
    """One word out of few. A field whose fact has no word for unknown gives None."""

    widget = forms.RadioSelect

    def __init__(self, *, words: Choices, unknown: str | None = "unknown", **options: Any) -> None:
        self.unknown = unknown
        found = [(word, name) for word, name in words if word != "unknown"]
        super().__init__(choices=[*found, ("unknown", UNKNOWN)], initial="unknown", required=False, **options)

    def clean(self, value: Any) -> Any:
        word = super().clean(value)
        return self.unknown if word in ("", "unknown") else word


class LongList(forms.ChoiceField):
    """One word out of many."""

    def __init__(self, *, words: Choices, **options: Any) -> None:
        found = [(word, name) for word, name in words if word != "unknown"]
        super().__init__(choices=[("", UNKNOWN), *found], required=False, **options)

    def clean(self, value: Any) -> Any:
        return super().clean(value) or None


class SeveralWords(forms.MultipleChoiceField):
    """Words to tick. The box "not known yet" gives way to any other; `none` stands alone."""

    widget = forms.CheckboxSelectMultiple

    def __init__(self, *, words: Choices, **options: Any) -> None:
        super().__init__(choices=[*words, ("unknown", UNKNOWN)], initial=["unknown"], required=False, **options)

    def clean(self, value: Any) -> Any:
        words = tuple(word for word in super().clean(value) if word != "unknown")
        if "none" in words and len(words) > 1:
            raise ValidationError(_("« Aucun effet » ne va pas avec un autre choix : gardez l'un ou l'autre."))
        return words


class Codes(forms.CharField):
    """Codes of one shape, one a line."""

    def __init__(self, *, pattern: str, says: str, **options: Any) -> None:
        self.pattern, self.says = re.compile(pattern), says
        super().__init__(required=False, widget=forms.Textarea(attrs={"rows": 2}), max_length=4000, **options)

    def clean(self, value: Any) -> Any:
        lines = [line.strip().upper().replace(" ", "") for line in re.split(r"[\n,;]", super().clean(value) or "")]
        for line in filter(None, lines):
            if not self.pattern.match(line):
                raise ValidationError(_("« %(text)s » ne se lit pas : %(says)s") % {"text": line, "says": self.says})
        return tuple(dict.fromkeys(line for line in lines if line))


class Code(Codes):
    """One such code."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self.widget = forms.TextInput()

    def clean(self, value: Any) -> Any:
        found = super().clean(value)
        if len(found) > 1:
            raise ValidationError(_("Un seul ici."))
        return found[0] if found else None


class Hours(forms.CharField):
    """A length of time in hours, `36,5`, kept in tenths."""

    def __init__(self, **options: Any) -> None:
        widget = forms.TextInput(attrs={"inputmode": "decimal"})
        super().__init__(required=False, max_length=20, widget=widget, **options)

    def clean(self, value: Any) -> Any:
        text = re.sub(r"[\s\u00a0\u202f]|h$", "", super().clean(value) or "").replace(",", ".")
        if not text:
            return None
        try:
            tenths = Decimal(text) * 10
        except InvalidOperation:
            raise ValidationError(_("Écrivez un nombre d'heures, par exemple 36,5.")) from None
        if not tenths.is_finite() or not 0 <= tenths <= MAX_TENTHS:
            raise ValidationError(_("Ce nombre d'heures est hors des bornes."))
        return int(tenths.to_integral_value())


class People(forms.CharField):
    """A number of persons, `12 000`."""

    def __init__(self, **options: Any) -> None:
        widget = forms.TextInput(attrs={"inputmode": "numeric"})
        super().__init__(required=False, max_length=30, widget=widget, **options)

    def clean(self, value: Any) -> Any:
        text = re.sub(r"[\s\u00a0\u202f.]", "", super().clean(value) or "")
        if not text:
            return None
        if not re.fullmatch(r"[0-9]{1,10}", text):
            raise ValidationError(_("Écrivez un nombre entier, sans unité."))
        return int(text)
