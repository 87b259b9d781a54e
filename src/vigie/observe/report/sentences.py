"""Sentences: what a table says, made from its numbers. Facts only: the biggest, the change, how sure."""

from __future__ import annotations

from typing import Any

from vigie.observe import rates
from vigie.observe.numerals import listed, month, number, portion, sensible
from vigie.observe.report.comparisons import comparable, comparisons
from vigie.observe.report.drawing import written
from vigie.observe.report.texts import measure_name, say, term
from vigie.observe.report.views import Value, View

NAMED = 3
LEADING = ("median", "median_hours", "per_month", "people")  # said before the other values of their tables


def sentences(shown: View, language: str) -> list[str]:
    """The sentences that lead a table. One, or several; never empty: a year without a declaration says so."""
    if shown.year not in shown.years:
        return [say(language, "nothing_that_year", year=shown.year)]
    if not shown.names:
        return _plain(shown, language)
    if shown.names == ("month",):
        return _monthly(shown, language)
    return _biggest(shown, language)


def alternative(shown: View, shape: str, said: list[str], language: str) -> str:
    """What somebody who cannot see the chart is told: its kind, its title, what it says, and where the numbers are."""
    kind = say(language, f"shape_{shape}")
    return f"{kind} {shown.table.title[language]}. {' '.join(said)} {say(language, 'numbers_below')}"


def moved(before: float | None, after: float | None, language: str, dispersion: float | None = None) -> str:
    """The change between two counts with its interval and what chance alone would give; empty where there is none.

    `dispersion`: how many times more than chance such counts scatter (`clusters`); None: taken as chance alone.
    """
    if not before or after is None:
        return ""
    return rates.said(rates.change(int(before), int(after), dispersion=dispersion or 1), language)


def _plain(shown: View, language: str) -> list[str]:
    """Tables without names: what the table is about first, medians or a share where it has some, then the counts behind."""
    if shown.year in shown.silent:
        return [say(language, "nobody_said", year=shown.year)]
    main = shown.get(shown.main.name, shown.year)
    counted = _count(shown, main, shown.get(shown.main.name, shown.year - 1), language)
    values = sorted(
        (each for each in shown.table.measures if each.kind == "value"), key=lambda each: each.name not in LEADING
    )
    if values and main.number == 0:
        return [say(language, "nobody_said", year=shown.year)]
    said = [_value(shown, each.name, language) for each in values]
    for measure in shown.table.measures:
        if measure.kind == "share":
            value, before = shown.get(measure.name, shown.year), shown.get(measure.name, shown.year - 1)
            said.append(_share(shown, measure.name, value, before, language))
    # A median, a mean or a share is what was asked; the count behind it comes after. Of structures, the count itself was.
    ordered = [counted, *said] if shown.main.name == "declarants" else [*said, counted]
    return [each for each in ordered if each]


def _value(shown: View, name: str, language: str) -> str:
    value = shown.get(name, shown.year)
    if value.number is None:
        return ""
    text = written(value, "value", language)
    return say(language, "value_is", name=measure_name(name, language), value=text, year=shown.year)


def _count(shown: View, value: Value, before: Value, language: str) -> str:
    name = measure_name(shown.main.name, language).lower()
    if value.hidden:
        return say(language, "count_hidden", year=shown.year, name=name)
    text = say(language, "count_is", year=shown.year, name=name, count=number(value.number or 0, language))
    change = moved(before.number, value.number, language, shown.own_clustering)
    if change and shown.year - 1 not in shown.silent and not _about_values(shown):
        text += say(
            language, "count_before", before=number(before.number or 0, language), year=shown.year - 1, change=change
        )
    return f"{text}."


def _about_values(shown: View) -> bool:
    """Whether the count only says how many values a median rests on: its change is no news."""
    return shown.main.name == "known"


def _share(shown: View, name: str, value: Value, before: Value, language: str) -> str:
    if value.number is None or value.low is None or value.high is None:
        return ""
    text = say(
        language, "share_is", name=measure_name(name, language), share=portion(value.number, language),
        low=portion(value.low, language), high=portion(value.high, language),
    )  # fmt: skip
    if before.number is not None and shown.year - 1 not in shown.silent:
        text += say(language, "share_before", before=portion(before.number, language), year=shown.year - 1)
    return f"{text}."


def _monthly(shown: View, language: str) -> list[str]:
    counts = {key[0]: shown.get(shown.main.name, shown.year, key) for key in shown.keys(shown.year)}
    known = {int(index): value.number for index, value in counts.items() if index and value.number}
    if not known:
        return [say(language, "nothing_monthly", year=shown.year)]
    top = max(known.values())
    peaks = [month(index, language) for index, value in known.items() if value == top]
    mean = sum(known.values()) / 12
    said = [say(language, "peak", months=listed(peaks, language), count=number(top, language))]
    if not any(value.hidden for value in counts.values()):
        said.insert(0, say(language, "monthly_mean", mean=sensible(round(mean, 1), language), year=shown.year))
    return said


def _biggest(shown: View, language: str) -> list[str]:
    """The first names of the year with their counts and shares, then what grew and what shrank the most."""
    keys = [key for key in shown.keys(shown.year) if "unknown" not in key]
    counted = [(shown.get(shown.main.name, shown.year, key).number or 0, key) for key in keys]
    ranked = sorted((each for each in counted if each[0]), key=lambda each: -each[0])
    if shown.year in shown.silent:
        return [say(language, "nobody_said", year=shown.year)]
    if not ranked:
        return [say(language, "nothing_shown", year=shown.year)]
    parts = [_named(shown, key, language) for _, key in ranked[:NAMED]]
    said = [say(language, "biggest", year=shown.year, parts=listed(parts, language))]
    if comparable(shown):
        said += _movements(shown, language)
    said += _silent(shown, language)
    return said


def _named(shown: View, key: tuple[Any, ...], language: str) -> str:
    name = name_of(shown, key, language)
    count = number(shown.get(shown.main.name, shown.year, key).number or 0, language)
    value = shown.get(shown.share.name, shown.year, key) if shown.share else Value(None)
    if value.number is None or value.low is None or value.high is None:
        return say(language, "named", name=name, count=count)
    return say(
        language, "named_share", name=name, count=count, share=portion(value.number, language),
        low=portion(value.low, language, bare=True), high=portion(value.high, language),
    )  # fmt: skip


def _movements(shown: View, language: str) -> list[str]:
    """What differs from the year before more than chance would make it differ, and of how many looked at."""
    found = comparisons(shown)
    if not found.looked or shown.year - 1 in shown.silent:
        return []
    if not found.beyond:
        return [say(language, "nothing_moved", year=shown.year - 1, count=number(found.looked, language))]
    tell = portion if found.shares else number
    parts = [
        say(language, "moved", name=name_of(shown, each.key, language), before=tell(each.before, language),
            after=tell(each.after, language))
        for each in found.beyond[:NAMED]
    ]  # fmt: skip
    return [
        say(
            language,
            "beyond_chance",
            year=shown.year - 1,
            count=number(found.looked, language),
            parts=listed(parts, language),
        )
    ]


def _silent(shown: View, language: str) -> list[str]:
    """How much is unknown, where it is enough to matter."""
    if not shown.share or len(shown.names) > 1:
        return []
    value = shown.get(shown.share.name, shown.year, ("unknown",))
    if not value.number or value.number < 0.05:
        return []
    return [say(language, "silent", share=portion(value.number, language))]


def name_of(shown: View, key: tuple[Any, ...], language: str) -> str:
    """The names of a row in words, in lower case inside a sentence where they are common names."""
    parts = []
    for each, value in zip(shown.table.dimensions[1:], key, strict=True):
        text = term(each, value, language)
        parts.append(
            text if each.name in ("region", "country", "cve") or text[:2].isupper() else text[:1].lower() + text[1:]
        )
    return ", ".join(parts)
