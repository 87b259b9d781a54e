"""A declaration told in words: each field, and what differs between two versions."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from vigie.journal.facts import Declaration
from vigie.observe.vocabulary import label
from vigie.web.declare.forms import LISTS
from vigie.web.declare.sections import FIELDS, LABELS, SECTIONS, UNKNOWN, Label
from vigie.web.incidents import labels, moments
from vigie.web.incidents.sentences.words import number


class Told(NamedTuple):
    """A field in words. `said` is False where nobody knows yet."""

    name: str
    label: Label
    text: str
    said: bool


class Change(NamedTuple):
    """A field that two versions say differently."""

    label: Label
    before: str
    after: str


def sections(fact: Declaration, allowed: frozenset[str] | None = None) -> Iterator[tuple[Label, list[Told]]]:
    """The sections of a declaration in words, with the `allowed` fields only (None: all). A section without any is left out."""
    for section in SECTIONS:
        told = [tell(name, getattr(fact, name)) for name in section.fields if allowed is None or name in allowed]
        if told:
            yield section.title, told


def changes(before: Declaration, after: Declaration) -> list[Change]:
    """What the second says otherwise than the first, field by field."""
    return [
        Change(LABELS[name], value_text(name, getattr(before, name)), value_text(name, getattr(after, name)))
        for name in FIELDS
        if getattr(before, name) != getattr(after, name)
    ]


def tell(name: str, value: Any) -> Told:
    """One field in words."""
    return Told(name, LABELS[name], value_text(name, value), value not in (None, "", (), "unknown"))


def value_text(name: str, value: Any) -> str:
    """One value in words; what nobody said is "not known yet", never an empty place."""
    if value in (None, "", (), "unknown"):
        return str(UNKNOWN)
    if isinstance(value, tuple):
        return ", ".join(value_text(name, one) for one in value)
    if hasattr(value, "isoformat"):
        return moments.moment(value)
    if name == "degraded_tenths_of_hour":
        return _("%(hours)s h") % {"hours": f"{value / 10:g}".replace(".", ",")}
    if name == "people_affected":
        return number(value)
    words = "service_kinds" if name == "services" else LISTS.get(name)
    if words:
        return label(words, value, (get_language() or "fr")[:2])
    return str(labels.VALUES.get(f"declaration.{name}", {}).get(value, value))
