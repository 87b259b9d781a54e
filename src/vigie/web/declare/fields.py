"""Form fields of a declaration: "not known yet" is a choice in each of them, and the one that holds until somebody says."""

from __future__ import annotations

import re
from collections.abc import Iterable
from decimal import Decimal, InvalidOperation
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from vigie.web.declare.sections import UNKNOWN

NOT_KNOWN = "unknown"
MAX_TENTHS = 1_000_000
Choices = Iterable[tuple[str, Any]]


class FewWords(forms.ChoiceField):
    """One word out of few, as buttons. `unsaid` is what the fact holds when nobody knows."""

    widget = forms.RadioSelect

    def __init__(self, *, words: Choices, unsaid: str | None = NOT_KNOWN, **options: Any) -> None:
        self.unsaid = unsaid
        said = [(word, name) for word, name in words if word != NOT_KNOWN]
        super().__init__(choices=[(NOT_KNOWN, UNKNOWN), *said], initial=NOT_KNOWN, required=False, **options)

    def clean(self, value: Any) -> Any:
        word = super().clean(value)
        return self.unsaid if word in ("", NOT_KNOWN) else word


class LongList(forms.ChoiceField):
    """One word out of many, as a list. Nothing chosen: None."""

    def __init__(self, *, words: Choices, **options: Any) -> None:
        said = [(word, name) for word, name in words if word != NOT_KNOWN]
        super().__init__(choices=[("", UNKNOWN), *said], required=False, **options)

    def clean(self, value: Any) -> Any:
        return super().clean(value) or None


class SeveralWords(forms.MultipleChoiceField):
    """Boxes to tick. "Not known yet" gives way to any other; `none` stands alone."""

    widget = forms.CheckboxSelectMultiple

    def __init__(self, *, words: Choices, **options: Any) -> None:
        choices = [(NOT_KNOWN, UNKNOWN), *(pair for pair in words if pair[0] != NOT_KNOWN)]
        super().__init__(choices=choices, initial=[NOT_KNOWN], required=False, **options)

    def clean(self, value: Any) -> Any:
        words = tuple(word for word in super().clean(value) if word != NOT_KNOWN)
        if "none" in words and len(words) > 1:
            raise ValidationError(
                _("« Aucune conséquence » ne va pas avec une autre réponse : gardez l'une ou l'autre.")
            )
        return words


class Codes(forms.CharField):
    """Codes of one shape, one a line; only one where `single`."""

    def __init__(self, *, pattern: str, example: str, single: bool = False, **options: Any) -> None:
        self.pattern, self.example, self.single = re.compile(pattern), example, single
        widget = forms.TextInput() if single else forms.Textarea(attrs={"rows": 2})
        super().__init__(required=False, widget=widget, max_length=4000, **options)

    def clean(self, value: Any) -> Any:
        parts = [part.strip().upper() for part in re.split(r"[\n,;]", super().clean(value) or "")]
        codes = tuple(dict.fromkeys(re.sub(r"\s", "", part) for part in parts if part))
        for code in codes:
            if not self.pattern.fullmatch(code):
                raise ValidationError(
                    _("« %(code)s » n'a pas la forme attendue. Écrivez par exemple : %(example)s")
                    % {"code": code, "example": self.example}
                )
        if not self.single:
            return codes
        if len(codes) > 1:
            raise ValidationError(_("Un seul numéro ici."))
        return codes[0] if codes else None


class Number(forms.CharField):
    """A number as people type it (`12 000`, `36,5`), kept as a whole number of `1 / scale`."""

    def __init__(self, *, scale: int, maximum: int, **options: Any) -> None:
        self.scale, self.maximum = scale, maximum
        widget = forms.TextInput(attrs={"inputmode": "decimal" if scale > 1 else "numeric"})
        super().__init__(required=False, max_length=30, widget=widget, **options)

    def clean(self, value: Any) -> Any:
        text = re.sub(r"[\s\u00a0\u202f]", "", super().clean(value) or "").replace(",", ".")
        if not text:
            return None
        try:
            number = Decimal(text) * self.scale
        except InvalidOperation:
            raise ValidationError(_("« %(text)s » n'est pas un nombre.") % {"text": text}) from None
        if not number.is_finite() or not 0 <= number <= self.maximum or number != number.to_integral_value():
            raise ValidationError(_("Ce nombre est hors des bornes, ou trop précis."))
        return int(number)
