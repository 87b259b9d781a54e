"""What a declaration says, in words: value by value, section by section, and what changed from one version to the next."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from datetime import datetime
from typing import Any, NamedTuple

from django.utils.formats import number_format
from django.utils.translation import gettext as _

from vigie.journal.facts import Declaration
from vigie.observe.vocabulary import label
from vigie.respond.inquiry import UNSAID
from vigie.web.declaring import sections
from vigie.web.declaring.forms import LONG_LISTS, language
from vigie.web.incidents import labels, moments


class Row(NamedTuple):
    """One field: its name, what it says, and whether anybody said it."""

    name: str
    title: str
    text: str
    said: bool


class Section(NamedTuple):
    """One of the four sections, or what goes with it."""

    id: str
    title: str
    rows: tuple[Row, ...]

    @property
    def text(self) -> str:
        """As one pastes it into the form of somebody else."""
        return "\n".join(pair(row.title, row.text) for row in self.rows)


class Change(NamedTuple):
    """A field whose words changed."""

    name: str
    title: str
    before: str
    after: str


def pair(title: str, text: str) -> str:
    """A name and what it says, on one line."""
    return _("%(title)s : %(text)s") % {"title": title, "text": text}


def is_said(value: Any) -> bool:
    """Whether anybody said this, `none` and `no` included."""
    return value not in UNSAID


def text_of(name: str, value: Any) -> str:
    """A value in words; "not known yet" for what nobody said."""
    if not is_said(value):
        return str(sections.UNKNOWN)
    if name == "services":
        return ", ".join(label("service_kinds", one, language()) for one in value)
    if name in LONG_LISTS:
        return label(LONG_LISTS[name], value, language())
    if isinstance(value, datetime):
        return moments.moment(value)
    if isinstance(value, tuple):
        return ", ".join(labels.value_name("declaration", name, one) for one in value)
    if name == "degraded_tenths_of_hour":
        return _("%(hours)s h") % {"hours": number_format(value / 10, 1 if value % 10 else 0)}
    if isinstance(value, int):
        return number_format(value, force_grouping=True)
    return labels.value_name("declaration", name, value)


def read(fact: Declaration, only: Collection[str] = sections.FIELDS) -> Iterator[Section]:
    """The four sections, limited to these fields."""
    for id, (title, names) in sections.SECTIONS.items():
        shown = [name for name in names if name in only]
        if id == "identification" and fact.on_behalf_of and "on_behalf_of" in (*only, *sections.FIELDS):
            shown.append("on_behalf_of")
        rows = tuple(row(name, getattr(fact, name)) for name in shown)
        if rows:
            yield Section(id, str(title), rows)


def row(name: str, value: Any) -> Row:
    """One field in words."""
    return Row(name, str(sections.TITLES[name]), text_of(name, value), is_said(value))


def changes(before: Declaration | None, after: Declaration) -> list[Change]:
    """Field by field, what a version says otherwise than the ones before it together; everything, for the first one."""
    found = []
    for name in sections.FIELDS:
        old, new = getattr(before, name, None), getattr(after, name)
        if is_said(new) and old != new:
            was = text_of(name, old) if before is not None else ""
            found.append(Change(name, str(sections.TITLES[name]), was, text_of(name, new)))
    return found


def taken_back(before: Declaration | None, after: Declaration) -> list[str]:
    """The fields that were said and that `after` leaves open: a version cannot take them back, a correction can."""
    if before is None:
        return []
    return [name for name in sections.FIELDS if is_said(getattr(before, name)) and not is_said(getattr(after, name))]
