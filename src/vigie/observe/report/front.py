"""Front: the cover, the key figures, and the whole document in its order."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from altair.utils.schemapi import debug_mode

from vigie.observe.numerals import day, listed, number, portion, sensible
from vigie.observe.rates import binomial_interval
from vigie.observe.report import annex, honest
from vigie.observe.report.chapters import Numbering, chapters
from vigie.observe.report.content import Content
from vigie.observe.report.document import Document, KeyFigure, KeyFigures, Paragraph, Section
from vigie.observe.report.sentences import moved
from vigie.observe.report.statistics import over
from vigie.observe.report.texts import layout, say
from vigie.observe.report.views import UNKNOWN, Value, View, view

# What is said first: (table, measure, names of the row). Several rows of one table are added up.
KEYS: tuple[tuple[str, str, tuple[tuple[str, ...], ...]], ...] = (
    ("declarations_per_year", "declarations", ((),)),
    ("declarants", "declarants", ((),)),
    ("malicious_share", "share", (("yes",),)),
    ("ransomware_share", "ransomware", ((),)),
    ("by_functioning", "share", (("degraded",), ("interruption",))),
    ("by_patient_danger", "declarations", (("potential",), ("confirmed",))),
    ("any_data_impact", "share", (("yes",),)),
    ("by_support_asked", "declarations", (("yes",),)),
)


def document(content: Content, language: str) -> Document:
    """The report of a content in a language. Pure: the same content gives the same document."""
    edition, count = content.edition, Numbering()
    known = annex.moment(edition.as_known_on, language)
    key = Section("key-figures", say(language, "key_figures"), 1, tuple(key_figures(content, language)))
    # Altair checks each part of a chart against its schema as it is made, at the price of all the rest; the tests do that.
    with debug_mode(False):
        body = list(chapters(content, language, count, partial(honest.sections, content, language, count)))
    return Document(
        language=language,
        title=say(language, "report"),
        subtitle=say(language, "of_year", year=edition.year),
        publisher=say(language, "observatory"),
        facts=(
            (say(language, "subject_name"), say(language, "subject")),
            (say(language, "dated"), day(edition.date, language)),
            (say(language, "as_known_on"), known),
            (say(language, "audience"), say(language, f"audience_{edition.audience}")),
            (say(language, "edition"), edition.id),
        ),
        running=say(language, "running", year=edition.year, day=known),
        edition=say(language, "edition_short", id=edition.id),
        day=day(edition.date, language),
        band=say(language, f"realm_{edition.realm}"),
        sections=(key, *body, *_annexes(content, language, count)),
    )


def _annexes(content: Content, language: str, count: Numbering) -> Iterator[Section]:
    yield from annex.revisions(content, language, count)
    yield from annex.method(content, language)
    yield annex.pinned(content, language)


def key_figures(content: Content, language: str) -> Iterator[KeyFigures | Paragraph]:
    """What is said first: the key figures of the year, with how sure they are, and what must be known to read them."""
    year = content.edition.year
    items = [item for key in KEYS if (item := _key(content, *key, language))]
    if items:
        yield KeyFigures(tuple(items))
    else:
        yield Paragraph(say(language, "nothing_that_year", year=year), "lead")
    if not over(content.edition):
        yield Paragraph(
            say(language, "year_not_over", year=year, day=annex.moment(content.edition.as_known_on, language)),
            "warning",
        )
    if items:
        yield Paragraph(f"{say(language, 'honest')} {clustered(content, language)}", "note")
    if content.edition.audience == "public":
        yield Paragraph(say(language, "hidden_note"), "note")


def clustered(content: Content, language: str) -> str:
    """What declarations that share a cause do to the changes, in one sentence."""
    held = content.numbers.get("clusters")
    if not held:
        return say(language, "clustered_unknown")
    before, year = held["years"]
    if not held["linked"]:
        return say(language, "clustered_none", before=before, year=year)
    parts = [
        say(language, "clustered_year", year=each["year"], count=number(each["declarations"], language),
            total=number(each["total"], language))
        for each in held["large"]
    ]  # fmt: skip
    large = say(language, "clustered_large", parts=listed(parts, language)) if parts else ""
    dispersion = sensible(round(held["dispersion"]["all"], 1), language)
    return say(language, "clustered", before=before, year=year, dispersion=dispersion, large=large)


def _key(
    content: Content, table: str, measure: str, rows: tuple[tuple[str, ...], ...], language: str
) -> KeyFigure | None:
    if table not in content.tables:
        return None
    shown = view(content, table)
    if shown.year not in shown.years:
        return None
    kind = next(each.kind for each in shown.table.measures if each.name == measure)
    label = say(language, f"key_{table}")
    now, before = (
        _sum(shown, measure if kind == "count" else shown.main.name, year, rows)
        for year in (shown.year, shown.year - 1)
    )
    if now.hidden or now.number is None:
        return KeyFigure(say(language, "hidden"), label, say(language, "hidden_key"))
    if shown.year in shown.silent:
        return KeyFigure(say(language, "no_number"), label, say(language, "nobody_said", year=shown.year))
    before = Value(None) if shown.year - 1 in shown.silent else before
    made = (
        _count_key(shown, now, before, label, language)
        if kind == "count"
        else _share_key(shown, now, before, rows, label, language)
    )
    if made and (unknown := _unknown(content, table)):
        silent = say(language, "key_unknown", count=number(unknown, language))
        return made._replace(note=f"{made.note}. {silent[:1].upper()}{silent[1:]}" if made.note else silent)
    return made


def _unknown(content: Content, table: str) -> float:
    """How many declarations of the year do not say what a key figure counts, from the table that tells it."""
    told = layout().get(table, {}).get("told_by", table)
    shown = view(content, told) if told in content.tables else None
    return (shown and shown.get(shown.main.name, shown.year, (UNKNOWN,)).number) or 0


def _count_key(shown: View, now: Value, before: Value, label: str, language: str) -> KeyFigure:
    change = moved(before.number, now.number, language, shown.own_clustering)
    past = number(before.number or 0, language)
    note = say(language, "key_change", year=shown.year - 1, before=past, change=change) if change else ""
    return KeyFigure(number(now.number or 0, language), label, note)


def _share_key(
    shown: View, now: Value, before: Value, rows: tuple[tuple[str, ...], ...], label: str, language: str
) -> KeyFigure | None:
    over = shown.share.over if shown.share else ""
    whole = shown.get(over, shown.year, rows[0])
    if not whole.number or now.number is None:
        return None
    low, high = binomial_interval(int(now.number), int(whole.number))[1:]
    note = say(
        language, "key_share", count=number(now.number, language), whole=number(whole.number, language),
        low=portion(low, language, bare=True), high=portion(high, language),
    )  # fmt: skip
    past = shown.get(over, shown.year - 1, rows[0])
    if before.number is not None and past.number:
        note += say(
            language, "key_share_before", year=shown.year - 1, before=portion(before.number / past.number, language)
        )
    return KeyFigure(portion(now.number / whole.number, language), label, note)


def _sum(shown: View, measure: str, year: int, rows: tuple[tuple[str, ...], ...]) -> Value:
    values = [shown.get(measure, year, row) for row in rows]
    if any(value.hidden for value in values):
        return Value(None, hidden=True)
    numbers = [value.number for value in values if value.number is not None]
    return Value(sum(numbers)) if numbers else Value(None)
