"""Annex: what moved since the previous edition, how each table is defined, and the pins of the edition."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from zoneinfo import ZoneInfo

from vigie.observe.edition import pins
from vigie.observe.numerals import day, number, semicolons, sensible
from vigie.observe.report.chapters import Numbering, only_data
from vigie.observe.report.comparisons import RISK, comparable, comparisons
from vigie.observe.report.content import Content
from vigie.observe.report.document import Block, Cell, Grid, Paragraph, Section, Terms
from vigie.observe.report.revisions import REASONS
from vigie.observe.report.texts import DEFINED, definition, say, texts
from vigie.observe.report.views import view
from vigie.observe.rule_changes import rule_changes
from vigie.observe.tables import CHAPTERS

LEGAL_TIME = ZoneInfo("Europe/Paris")
NONE = {"fr": "aucun"}
METHOD = (
    "method_table",
    "method_bitemporal",
    "method_realm",
    "method_intervals",
    "method_change",
    "method_regions",
    "method_unknown",
)


def moment(instant: datetime, language: str) -> str:
    """An instant as a cover says it, in legal time."""
    there = instant.astimezone(LEGAL_TIME)
    return say(language, "as_known_at", day=day(there.date(), language), hour=f"{there:%H:%M}")


def revisions(content: Content, language: str, count: Numbering) -> Iterator[Section]:
    """What moved in the yearly figures since the previous edition, and why; nothing when there was none."""
    held = content.revisions
    if held is None:
        return
    yield Section("revisions", say(language, "revisions"), 1, tuple(_revision_blocks(content, language, count)))


def _revision_blocks(content: Content, language: str, count: Numbering) -> Iterator[Block]:
    held = content.revisions or {}
    since = moment(datetime.fromisoformat(held["since"]), language)
    yield Paragraph(say(language, "revisions_since", id=held["edition"], day=since), "lead")
    for pin in held["pins"]:
        yield Paragraph(say(language, "revisions_pin", pin=pin), "warning")
    if held["reasons"]:
        heads = (say(language, "year"), *(say(language, f"reason_{each}") for each in REASONS))
        rows = tuple(
            (Cell(str(year)), *(_reason(each.get(name), language) for name in REASONS))
            for year, each in held["reasons"].items()
        )
        yield Grid(
            "revisions",
            count.table(),
            say(language, "revisions_reasons"),
            heads,
            rows,
            note=say(language, "revisions_note"),
        )
    else:
        yield Paragraph(say(language, "revisions_no_reason"))
    if held["cells"]:
        heads = tuple(say(language, f"revised_{name}") for name in ("figure", "year", "before", "after"))
        rows = tuple(
            (
                Cell(each["figure"][language]),
                Cell(str(each["year"])),
                _number(each["before"], language),
                _number(each["after"], language),
            )
            for each in held["cells"]
        )
        yield Grid("revised", count.table(), say(language, "revisions_cells"), heads, rows)
    else:
        yield Paragraph(say(language, "revisions_none"))


def _reason(value: int | str | None, language: str) -> Cell:
    if value == "hidden":
        return Cell(say(language, "hidden"), "hidden")
    return Cell(number(int(value or 0), language))


def _number(value: float | None, language: str) -> Cell:
    return Cell(say(language, "hidden"), "hidden") if value is None else Cell(number(value, language))


def method(content: Content, language: str) -> Iterator[Section]:
    """How the figures are made: the rules common to all, the changes of rules, then each table."""
    blocks = [Paragraph(say(language, key)) for key in METHOD]
    blocks += _compared(content, language)
    if content.edition.audience == "public":
        blocks.append(Paragraph(say(language, "method_hidden")))
        blocks += _exempted(content, language)
    if titles := only_data(content, language):
        blocks.append(Paragraph(say(language, "only_data", titles=semicolons(titles, language)), "note"))
    yield Section("method", say(language, "method"), 1, tuple(blocks))
    changes = tuple((day(each.when, language), f"{each.said(language)}. {each.source}.") for each in rule_changes())
    yield Section("rule-changes", say(language, "rule_changes"), 2, (Terms(changes),))
    for chapter, title in CHAPTERS.items():
        tables = [each for each in content.tables.values() if each.chapter == chapter]
        if tables:
            items = []
            for each in tables:
                said = definition(each, language)
                items.append(
                    (
                        each.title[language],
                        " ".join(say(language, f"defined_{part}", text=said[part]) for part in DEFINED),
                    )
                )
            yield Section(
                f"definitions-{chapter}",
                say(language, "definitions_of", chapter=title[language]),
                2,
                (Terms(tuple(items)),),
            )


def _compared(content: Content, language: str) -> Iterator[Block]:
    """How parts are compared with the year before, and how many tables would name a difference by chance."""
    count = sum(
        bool(comparable(each) and comparisons(each).looked) for each in (view(content, name) for name in content.tables)
    )
    if count:
        expected = sensible(round(count * RISK, 1), language)
        yield Paragraph(say(language, "method_compared", count=number(count, language), expected=expected))


def _exempted(content: Content, language: str) -> Iterator[Block]:
    """The numbers that are published even when small, each with its reason."""
    granted = content.numbers.get("exemptions", ())
    yield Paragraph(say(language, "method_exempt" if granted else "method_no_exemption"))
    items = [
        (content.tables[each["table"]].title[language], f"{each['reason'][language]} ({each['source']})")
        for each in granted
        if each["table"] in content.tables
    ]
    if items:
        yield Terms(tuple(items))


def pinned(content: Content, language: str) -> Section:
    """What the edition depends on: enough to recompute it to the byte, or to say what differs."""
    edition = content.edition
    plain = pins(edition)
    simple = [
        (say(language, f"pin_{name}"), _plain(plain[name]))
        for name in ("year", "date", "as_known_on", "audience", "realm", "sector", "without", "languages")
    ]
    groups = [
        (
            f"{say(language, f'pin_{name}')} · {texts(language).get(f'pin_of_{each}', each)}",
            NONE.get(language, str(value)) if value == "none" else str(value),
        )
        for name in ("source", "digests", "software")
        for each, value in plain[name].items()
    ]
    return Section("edition", say(language, "edition_pins"), 1, (
        Paragraph(say(language, "pins_said", id=edition.id), "lead"),
        Terms(tuple(simple), mono=True),
        Terms(tuple(groups), mono=True),
        Paragraph(say(language, "pins_how"), "note"),
    ))  # fmt: skip


def _plain(value: object) -> str:
    return (", ".join(map(str, value)) if isinstance(value, (list, tuple)) else str(value)) or "–"
