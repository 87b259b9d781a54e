"""What every sentence is made of: the table of makers, and small phrases that several of them use."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from django.utils.formats import get_format, number_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from vigie.journal import facts as f
from vigie.web.incidents import labels

Maker = Callable[..., str]
MAKERS: dict[type, Maker] = {}


def of(kind: type) -> Callable[[Maker], Maker]:
    """Register the maker of sentences of one kind."""

    def register(maker: Maker) -> Maker:
        MAKERS[kind] = maker
        return maker

    return register


def join(*parts: str) -> str:
    """Parts of a sentence, one after the other, each ended once. Empty parts are left out."""
    return " ".join(part if part[-1] in ".!?…" else f"{part}." for part in parts if part)


def read_replacement(said: Mapping[str, Any]) -> f.Fact | f.Opaque:
    """What a correction puts in place; Opaque where this version cannot read it, whatever was stored."""
    kind = str(said.get("kind", ""))
    try:
        return f.read(kind, f.canonical(said))
    except ValueError:  # NaN and its like: JSON knows no such number
        return f.Opaque(kind, b"")


def listed(items: Sequence[str]) -> str:
    """`a, b et c`."""
    if len(items) < 2:
        return "".join(items)
    return _("%(first)s et %(last)s") % {"first": ", ".join(items[:-1]), "last": items[-1]}


def value(fact: f.Fact, field: str) -> str:
    """The word for a value of the fact's vocabulary."""
    return labels.value_name(fact.kind, field, getattr(fact, field))


def number(count: int) -> str:
    """A number with its thousands apart."""
    return number_format(count, use_l10n=True, force_grouping=True)


def amount(minor: int) -> str:
    """An amount of money from its minor units, thousands apart: `12 345,67`, `12 345`. Whole numbers all the way."""
    units, rest = divmod(abs(minor), 100)
    text = f"{number(units)}{get_format('DECIMAL_SEPARATOR')}{rest:02d}" if rest else number(units)
    return f"-{text}" if minor < 0 else text


def hundredths(count: int) -> str:
    """A number of hundredths as a person types it: `12345,67`."""
    units, rest = divmod(abs(count), 100)
    return f"{'-' if count < 0 else ''}{units},{rest:02d}"


def patients(count: int) -> str:
    return ngettext("%(n)s patient", "%(n)s patients", count) % {"n": number(count)}


def people(count: int) -> str:
    return ngettext("%(n)s personne", "%(n)s personnes", count) % {"n": number(count)}


def bytes_text(count: int) -> str:
    """A number of bytes in the unit that people say, `300 Go`."""
    for size, unit in ((10**12, _("To")), (10**9, _("Go")), (10**6, _("Mo")), (10**3, _("ko"))):
        if count >= size:
            digits = 0 if count % size == 0 else 1
            return f"{number_format(count / size, digits)} {unit}"
    return f"{number(count)} {_('octets')}"
