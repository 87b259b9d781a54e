"""What every sentence is made of: the table of makers, and small phrases that several of them use."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from django.utils.formats import number_format
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
