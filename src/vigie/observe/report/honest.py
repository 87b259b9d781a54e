"""Honest: the sections that say how sure the figures are, from the statistics of the content."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from vigie.observe.charts import bars, dots
from vigie.observe.charts import funnel as funnels
from vigie.observe.charts.render import picture
from vigie.observe.charts.style import Point
from vigie.observe.numerals import change, listed, month, number, portion, sensible
from vigie.observe.report.chapters import Numbering
from vigie.observe.report.content import Content
from vigie.observe.report.document import Block, Cell, Drawing, Grid, Paragraph, Section
from vigie.observe.report.drawing import ticks_to
from vigie.observe.report.texts import say
from vigie.observe.vocabulary import label, vocabulary

FUNNEL_TOP = 5  # times the common rate
COMPLETE = 0.995  # a month beyond this share has nothing left worth saying


def sections(content: Content, language: str, count: Numbering, chapter: str) -> list[Section]:
    """The sections of statistics that stand at the end of a chapter."""
    held, year = content.numbers, content.edition.year
    if chapter == "volume" and "trend" in held:
        return [_trend(held["trend"], language)]
    if chapter == "who" and "rates" not in held:
        return [Section("rates", say(language, "rates"), 2, (Paragraph(say(language, "no_denominators")),))]
    if chapter == "who":
        found = [_rates(held["rates"], language, count)]
        return [*found, _funnel(held["funnel"], language, count)] if "funnel" in held else found
    if chapter == "delays" and "to_come" in held:
        return [_to_come(held["to_come"], year, language, count)]
    if chapter == "comparison" and "recapture" in held:
        return [_recapture(held["recapture"], language, count)]
    return []


def _trend(trend: Mapping[str, Any], language: str) -> Section:
    title = say(language, "trend")
    if "why" in trend:
        return Section("trend", title, 2, (Paragraph(say(language, "cannot_say", why=trend["why"])),))
    value, low, high = (_ratio(each, language) for each in trend["percent_per_year"])
    key = "trend_clear" if trend["p_value"] < 0.05 else "trend_unclear"
    first, last = trend["years"]
    said = say(language, key, first=first, last=last, value=value, low=low, high=high)
    return Section("trend", title, 2, (
        Paragraph(said, "lead"),
        Paragraph(say(language, "trend_how", dispersion=sensible(round(trend["dispersion"], 1), language)), "note"),
    ))  # fmt: skip


def _rates(rates: list[Mapping[str, Any]], language: str, count: Numbering) -> Section:
    title = say(language, "rates")
    points, rows = [], []
    for each in rates:
        value, low, high = (number(part, language, 1) for part in each["rate"])
        span = say(language, "from_to", low=low, high=high)
        points.append(
            Point(str(each["year"]), each["rate"][0], f"{value} ({span})", "", each["rate"][1], each["rate"][2])
        )
        rows.append((
            Cell(str(each["year"])), Cell(number(each["count"], language)), Cell(number(each["establishments"], language)),
            Cell(str(each["of"])), Cell(value), Cell(span),
        ))  # fmt: skip
    ticks = ticks_to(max(each["rate"][2] for each in rates))
    spec = dots.dots(points, {tick: sensible(tick, language) for tick in ticks})
    latest = rates[-1]
    said = say(
        language, "rates_said", year=latest["year"], rate=number(latest["rate"][0], language, 1),
        low=number(latest["rate"][1], language, 1), high=number(latest["rate"][2], language, 1),
    )  # fmt: skip
    alt = f"{say(language, 'shape_dots')} {title}. {said} {say(language, 'numbers_below')}"
    heads = tuple(
        say(language, f"rates_{name}") for name in ("year", "count", "establishments", "of", "rate", "interval")
    )
    blocks: tuple[Block, ...] = (
        Paragraph(said, "lead"),
        Paragraph(say(language, "rates_how", sources=listed(_sources(rates), language)), "note"),
        Drawing(count.figure(), picture("rates", spec, title, alt), title, say(language, "marks_dots")),
        Grid("rates", count.table(), title, heads, tuple(rows)),
    )
    return Section("rates", title, 2, blocks)


def _funnel(found: Mapping[str, Any], language: str, count: Numbering) -> Section:
    title = say(language, "funnel")
    said = " ".join(_funnel_said(found, language))
    rows = tuple(
        (
            Cell(label("regions", each["region"], language)),
            Cell(number(each["count"], language)),
            Cell(number(each["establishments"], language)),
            Cell(number(each["rate"], language, 1)),
            *(Cell(say(language, f"place_{each[name]}")) for name in ("place", "wide_place") if name in each),
        )
        for each in found["points"]
    )
    columns = (
        "region",
        "count",
        "establishments",
        "rate",
        "place",
        *(["wide_place"] if "wide_limits" in found else []),
    )
    heads = tuple(say(language, f"funnel_{name}") for name in columns)
    left = say(language, "funnel_left_out", count=found["left_out"]) if found["left_out"] else ""
    how = say(language, "funnel_how", year=found["of"], source=found["source"])
    alt = f"{say(language, 'shape_funnel')} {title}. {said} {say(language, 'numbers_below')}"
    drawn = picture("funnel", _funnel_chart(found, language), title, alt)
    blocks: tuple[Block, ...] = (
        Paragraph(said, "lead"),
        Paragraph(how, "note"),
        Drawing(
            count.figure(),
            drawn,
            title,
            say(language, "marks_funnel_wide" if "wide_limits" in found else "marks_funnel"),
        ),
        Grid("funnel", count.table(), title, heads, rows, note=f"{say(language, 'funnel_places')} {left}".strip()),
    )
    return Section("funnel", title, 2, blocks)


def _funnel_said(found: Mapping[str, Any], language: str) -> Iterator[str]:
    yield say(language, "funnel_said", rate=number(found["rate"], language, 1))
    wide = "wide_limits" in found
    if wide:
        yield say(language, "funnel_scatter", dispersion=sensible(round(found["dispersion"], 1), language))
    outside = [_placed(each, language) for each in found["points"] if _outside(each)]
    if not outside:
        yield say(language, "funnel_within_wide" if wide else "funnel_within")
    else:
        yield say(language, "funnel_outside_wide" if wide else "funnel_outside", regions=listed(outside, language))
    yield say(language, "funnel_caution")


def _outside(point: Mapping[str, Any]) -> bool:
    """Whether a region stands outside the outer limits, those that allow for how much regions differ where there are some."""
    return point.get("wide_place", point["place"]).startswith("far")


def _funnel_chart(found: Mapping[str, Any], language: str) -> dict[str, Any]:
    regions = vocabulary()["regions"]
    limits = [funnels.Limit(*limit) for limit in found["limits"]]
    wide = ticks_to(max(each.exposure for each in limits), 5)
    # A tiny region far above would flatten all the others: it is drawn at the edge, with its rate.
    highest = max(each["rate"] for each in found["points"])
    tall = ticks_to(min(highest * 1.1, FUNNEL_TOP * found["rate"]), 5)
    spots = []
    for each in found["points"]:
        short = regions.get(each["region"], {}).get("short", each["region"])
        over = each["rate"] > tall[-1]
        said = f"{short} {number(each['rate'], language)}" if over else short
        spots.append(funnels.Spot(said, each["establishments"], min(each["rate"], tall[-1]), _outside(each)))
    return funnels.funnel(
        spots,
        limits,
        found["rate"],
        (say(language, "funnel_across"), say(language, "funnel_up")),
        ({each: number(each, language) for each in wide}, {each: sensible(each, language) for each in tall}),
        [funnels.Limit(*limit) for limit in found.get("wide_limits", ())],
    )


def _to_come(late: Mapping[str, Any], year: int, language: str, count: Numbering) -> Section:
    title = say(language, "to_come")
    if "why" in late:
        return Section("to-come", title, 2, (Paragraph(say(language, "cannot_say", why=late["why"])),))
    said = [
        say(language, "to_come_delay", half=_days(late["half_days"], language), most=_days(late["most_days"], language))
    ]
    young = [each for each in late["months"] if each["share"] < COMPLETE]
    blocks: list[Block] = []
    if young:
        parts = [f"{month(each['month'], language)} ({_share(each, language)})" for each in young[-4:]]
        said.append(say(language, "to_come_months", parts=listed(parts, language)))
        blocks.append(
            Drawing(count.figure(), *_declared_chart(late, language, title, said), say(language, "marks_to_come"))
        )
        rows = tuple(
            (
                Cell(month(each["month"], language).capitalize()),
                Cell(_share(each, language)),
                Cell(_missing(each, language)),
            )
            for each in late["months"]
        )
        heads = tuple(say(language, f"to_come_{name}") for name in ("month", "share", "missing"))
        blocks.append(Grid("to_come", count.table(), title, heads, rows))
    else:
        said.append(
            say(
                language,
                "to_come_none",
                year=year,
                days=number(late["longest_days"], language),
                later=_later(late, language),
            )
        )
    how = say(language, "to_come_how", days=number(late["longest_days"], language), seen=number(late["seen"], language))
    return Section("to-come", title, 2, (Paragraph(" ".join(said), "lead"), Paragraph(how, "note"), *blocks))


def _later(late: Mapping[str, Any], language: str) -> str:
    """What share of past declarations came later than the delays looked at."""
    share = late.get("later_share")
    if share is None:
        return say(language, "later_few")
    return say(language, "later_share", share=portion(share, language)) if share else say(language, "later_none")


def _declared_chart(late: Mapping[str, Any], language: str, title: str, said: list[str]) -> tuple[Any, str]:
    points = [
        Point(month(each["month"], language, short=True), each["share"], portion(each["share"], language),
              "partial" if each["share"] < COMPLETE else "", expected=1.0)
        for each in late["months"]
    ]  # fmt: skip
    alt = f"{say(language, 'shape_columns')} {title}. {' '.join(said)} {say(language, 'numbers_below')}"
    return picture("to-come", bars.columns(points), title, alt), title


def _recapture(lists: Mapping[str, Any], language: str, count: Numbering) -> Section:
    title = say(language, "recapture")
    if lists.get("why") == "small":
        return Section("recapture", title, 2, (Paragraph(say(language, "recapture_small")),))
    if "why" in lists:
        return Section("recapture", title, 2, (Paragraph(say(language, "cannot_say", why=lists["why"])),))
    total, low, high = (number(round(each), language) for each in lists["total"])
    share, share_low, share_high = (portion(each, language) for each in lists["declared_share"])
    said = say(
        language,
        "recapture_said",
        total=total,
        low=low,
        high=high,
        share=share,
        share_low=share_low,
        share_high=share_high,
    )
    rows = tuple(
        (Cell(sensible(odds, language)), *(Cell(number(round(each), language)) for each in found))
        for odds, found in lists["under_dependence"]
    )
    heads = tuple(say(language, f"recapture_{name}") for name in ("odds", "total", "low", "high"))
    counts = {
        name: number(lists[name], language)
        for name in ("only_declared", "both", "only_public", "ambiguous", "unusable", "window_days")
    }
    return Section("recapture", title, 2, (
        Paragraph(said, "lead"),
        Paragraph(say(language, "recapture_lists", **counts)),
        Grid("recapture", count.table(), say(language, "recapture_table"), heads, rows),
        Paragraph(say(language, "recapture_assumes"), "warning"),
        *(Paragraph(each[language]) for each in lists["assumptions"]),
    ))  # fmt: skip


def _placed(point: Mapping[str, Any], language: str) -> str:
    return f"{label('regions', point['region'], language)} ({number(point['rate'], language, 1)})"


def _ratio(value: float | None, language: str) -> str:
    return say(language, "no_bound") if value is None else change(value / 100, language)


def _share(each: Mapping[str, Any], language: str) -> str:
    return portion(each["share"], language)


def _missing(each: Mapping[str, Any], language: str) -> str:
    """How much of the month is still to come, from the interval of what is declared."""
    if each["low"] is None or each["share"] >= COMPLETE:
        return say(language, "nearly_nothing")
    low, high = 1 - each["high"], 1 - each["low"]
    return say(language, "from_to", low=portion(low, language, bare=True), high=portion(high, language))


def _days(days: int, language: str) -> str:
    return say(language, "days_zero" if days == 0 else "days_one" if days == 1 else "days_many", count=days)


def _sources(rates: list[Mapping[str, Any]]) -> list[str]:
    return list(dict.fromkeys(each["source"] for each in rates))
