"""Drawing: which chart shows a table, and its points, made of the table's own numbers."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from itertools import chain
from string import ascii_uppercase
from typing import Any, NamedTuple

from vigie.observe.charts import bars, heat, lines, shares, tiles
from vigie.observe.charts.render import Picture, picture
from vigie.observe.charts.style import HIDDEN, Point, Rule
from vigie.observe.numerals import month, number, percent, portion, semicolons, sensible
from vigie.observe.report.texts import layout, measure_name, say, term, texts
from vigie.observe.report.views import NOTHING, UNKNOWN, YEARS_SHOWN, Value, View, last
from vigie.observe.rule_changes import RuleChange, changes_between
from vigie.observe.vocabulary import label, vocabulary

STACKED = 5  # more parts than that are bars: nobody tells seven colours apart
RANKED = 15
RULE_SHAPES = ("columns", "lines")
RULES_SAID = "declarations_per_year"  # under the first chart in full; under the others by year, the annex says the rest


class Drawn(NamedTuple):
    """A picture and what its marks mean, to be said under it."""

    picture: Picture
    shape: str
    note: str


class Late(NamedTuple):
    """What a month should reach once its late declarations are in: number, and its interval."""

    total: float
    low: float
    high: float


Expected = Mapping[tuple[int, int], Late]  # (year, month)


def shape_of(shown: View) -> str:
    """The shape that suits a table: by its dimensions, how many names they have, and whether its counts add up."""
    names = shown.names
    if not shown.order:
        return ""
    if asked := layout().get(shown.table.name, {}).get("shape"):
        return str(asked)
    if not names:
        return "columns" if shown.main.kind == "count" and shown.share is None and not _values(shown) else "lines"
    if names == ("month",):
        return "months"
    if names == ("region",):
        return "tiles"
    if len(names) > 1:
        few = all(len(shown.of_dimension(index)) <= STACKED for index in range(2))
        return "crossed" if len(names) == 2 and few and shown.main.additive else ""
    parts = [key for key in shown.order if key[0] != "unknown"]
    whole = shown.share is not None and not _withheld(shown, shown.year)
    return "shares" if len(parts) <= STACKED and shown.main.additive and whole else "ranked"


def _withheld(shown: View, year: int) -> bool:
    """Whether a part of the year is withheld: its other parts would not add up to a whole."""
    return any(shown.get(shown.main.name, year, key).hidden for key in shown.order)


def drawings(shown: View, language: str, alt: str, expected: Expected | None = None) -> list[Drawn]:
    """The charts of a table: none when nothing can be drawn, two for months (the year, then all years)."""
    shape = shape_of(shown)
    if not shape:
        return []
    title = shown.table.title[language]
    kinds = ["months", "heat"] if shape == "months" and len(shown.years) > 1 else [shape]
    made = (_drawn(kind, shown, language, title, alt, expected or {}) for kind in kinds)
    return [each for each in made if each]


def rules_of(shown: View) -> list[tuple[Rule, RuleChange]]:
    """The changes of rules inside the years drawn, each a letter before the first year that it mostly touches."""
    years = last(shown.years, YEARS_SHOWN)
    if len(years) < 2:
        return []
    found: list[tuple[Rule, RuleChange]] = []
    for change in changes_between(years[0], years[-1]):
        first = change.when.year if change.when.month <= 6 else change.when.year + 1
        if years[0] < first <= years[-1]:
            found.append((Rule(str(first), ascii_uppercase[len(found)]), change))
    return found


def _marked(shown: View) -> list[Rule]:
    """One rule for each year, its letters side by side."""
    letters: dict[str, list[str]] = {}
    for rule, _ in rules_of(shown):
        letters.setdefault(rule.label, []).append(rule.text)
    return [Rule(label, " ".join(each)) for label, each in letters.items()]


def written(value: Value, kind: str, language: str) -> str:
    """A number as a mark or a cell says it; empty where there is none."""
    if value.number is None:
        return ""
    if kind == "share":
        return portion(value.number, language)
    return number(value.number, language) if kind == "count" else sensible(value.number, language)


def _drawn(shape: str, shown: View, language: str, title: str, alt: str, expected: Expected) -> Drawn | None:
    make = {
        "columns": _columns, "lines": _lines, "months": _months, "heat": _heat, "tiles": _tiles, "shares": _shares,
        "ranked": _ranked, "crossed": _crossed,
    }[shape]  # fmt: skip
    spec = make(shown, language, expected)
    if spec is None:
        return None
    name = f"{shown.table.name}-{shape}".replace("_", "-")
    made = picture(name, spec, title, alt)
    return Drawn(made, shape, _note(made, shape, shown, language))


def _note(made: Picture, shape: str, shown: View, language: str) -> str:
    """What the marks mean, as far as this chart has them."""
    before = shown.year - 1
    said = []
    banded = shape != "lines" or any(each.kind == "share" for each in shown.table.measures)
    if f"marks_{shape}" in texts(language) and banded and (shape not in ("months", "ranked") or before in shown.years):
        said.append(say(language, f"marks_{shape}", year=shown.year, before=before))
    said += [say(language, f"marks_{mark}") for mark in ("hidden", "late") if f"-{mark})" in made.svg]
    if shape == "tiles":
        regions = vocabulary()["regions"]
        codes = [
            f"{each['short']} {label('regions', code, language)}" for code, each in regions.items() if code != UNKNOWN
        ]
        said.append(say(language, "tiles_codes", codes=", ".join(codes)))
    if shape in RULE_SHAPES and (rules := rules_of(shown)):
        full = shown.table.name == RULES_SAID
        each = [
            f"{rule.text}{', ' + change.said(language) if full else ''} ({change.when.year})" for rule, change in rules
        ]
        said.append(say(language, "marks_rules" if full else "marks_rules_short", rules=semicolons(each, language)))
    return " ".join(said)


def _point(shown: View, label: str, measure: str, year: int, key: tuple[Any, ...], language: str) -> Point:
    value = shown.get(measure, year, key)
    if year in shown.silent and not value.hidden and UNKNOWN not in key:
        value = NOTHING
    kind = next(each.kind for each in shown.table.measures if each.name == measure)
    state = "hidden" if value.hidden else "none" if value.number is None else ""
    return Point(label, value.number, written(value, kind, language), state, value.low, value.high)


def _columns(shown: View, language: str, _: Expected) -> dict[str, Any] | None:
    points = [_point(shown, str(year), shown.main.name, year, (), language) for year in last(shown.years, YEARS_SHOWN)]
    return bars.columns(points, _marked(shown), say(language, "hidden")) if _anything(points) else None


def _lines(shown: View, language: str, _: Expected) -> dict[str, Any] | None:
    """The shares of a table over the years, or its medians and quantiles where it has no share."""
    years = last(shown.years, YEARS_SHOWN)
    asked = layout().get(shown.table.name, {}).get("draw")
    drawn = [each for each in shown.table.measures if each.kind == "share"] or _values(shown)
    drawn = [each for each in shown.table.measures if each.name in asked] if asked else drawn
    series = {
        _line_name(shown, each.name, language): [
            _point(shown, str(year), each.name, year, (), language) for year in years
        ]
        for each in drawn
    }
    top = max(
        (each for points in series.values() for point in points for each in (point.value, point.high) if each),
        default=1,
    )
    share = bool(drawn) and drawn[0].kind == "share"
    ticks = ticks_to(min(top, 1.0) if share else top)
    words = {tick: percent(tick, language) if share else sensible(tick, language) for tick in ticks}
    return lines.lines(series, words, _marked(shown)) if _anything(chain(*series.values())) else None


def _line_name(shown: View, measure: str, language: str) -> str:
    shares = [each.of for each in shown.table.measures if each.name == measure and each.kind == "share"]
    return measure_name(shares[0] if shares else measure, language)


def _months(shown: View, language: str, expected: Expected) -> dict[str, Any] | None:
    points = []
    for index in range(1, 13):
        point = _point(shown, month(index, language, short=True), shown.main.name, shown.year, (index,), language)
        before = shown.get(shown.main.name, shown.year - 1, (index,)).number
        late = expected.get((shown.year, index))
        if late and point.value is not None and late.total >= point.value + 0.5:
            text = f"{point.text}\n(≈{number(late.total, language)})"
            point = point._replace(state="partial", expected=late.total, text=text)
        points.append(point._replace(before=before))
    return bars.columns(points, (), say(language, "hidden")) if _anything(points) else None


def _heat(shown: View, language: str, expected: Expected) -> dict[str, Any] | None:
    years = {}
    for year in last(shown.years, YEARS_SHOWN):
        points = [
            _point(shown, month(index, language, short=True), shown.main.name, year, (index,), language)
            for index in range(1, 13)
        ]
        years[str(year)] = [
            point._replace(state="partial") if (year, index) in expected and not point.state else point
            for index, point in enumerate(points, start=1)
        ]
    return heat.heat(years, say(language, "hidden")) if _anything(chain(*years.values())) else None


def _tiles(shown: View, language: str, _: Expected) -> dict[str, Any] | None:
    regions = vocabulary()["regions"]
    known = {key[0] for key in shown.keys(shown.year)}
    drawn = []
    for code, region in regions.items():
        if code == UNKNOWN and code not in known:
            continue
        value = shown.get(shown.main.name, shown.year, (code,))
        text = written(value, "count", language) or ("" if value.hidden else number(0, language))
        short = say(language, "unknown_short") if code == UNKNOWN else region["short"]
        drawn.append(tiles.Tile(short, tuple(region["tile"]), value.number, text, value.hidden))
    spans = tiles.key([each.value for each in drawn if each.value])
    classes = {
        colour: number(high, language)
        if low == high
        else say(language, "from_to", low=number(low, language), high=number(high, language))
        for colour, low, high in spans
    }
    if any(each.hidden for each in drawn):
        classes[HIDDEN] = say(language, "hidden_key")
    return tiles.tiles(drawn, classes, say(language, "hidden")) if any(each.value for each in drawn) else None


def _shares(shown: View, language: str, _: Expected) -> dict[str, Any] | None:
    """Parts over years. A year with a hidden part is left empty: its other parts would not add up to a whole."""
    assert shown.share is not None
    parts: dict[str, list[Point]] = {}
    years = last(shown.years, YEARS_SHOWN)
    whole = {year: not _withheld(shown, year) for year in years}
    for key in shown.order:
        name = term(shown.table.dimensions[1], key[0], language)
        parts[name] = [
            _point(shown, str(year), shown.share.name, year, key, language)
            if whole[year]
            else Point(f"{year} ({say(language, 'hidden')})", None, "", "hidden")
            for year in years
        ]
    return shares.shares(parts, _unknown_name(shown, 0, language)) if _anything(chain(*parts.values())) else None


def _crossed(shown: View, language: str, _: Expected) -> dict[str, Any] | None:
    """Parts of each name of the first dimension, in the year."""
    first, second = (shown.of_dimension(index) for index in (0, 1))
    kinds = shown.table.dimensions[1:]
    count = shown.main.name
    first = tuple(each for each in first if any(shown.get(count, shown.year, (each, other)).number for other in second))
    parts: dict[str, list[Point]] = {}
    for other in second:
        points = []
        for each in first:
            values = {key: shown.get(count, shown.year, (each, key)) for key in second}
            total = sum(value.number or 0 for value in values.values())
            part = (
                None
                if any(value.hidden for value in values.values()) or not total
                else (values[other].number or 0) / total
            )
            points.append(Point(term(kinds[0], each, language), part, portion(part, language) if part else ""))
        parts[term(kinds[1], other, language)] = points
    return shares.shares(parts, _unknown_name(shown, 1, language)) if _anything(chain(*parts.values())) else None


def _ranked(shown: View, language: str, _: Expected) -> dict[str, Any] | None:
    count, known = shown.main.name, shown.year - 1 in shown.years
    points, silent = [], []
    for key in shown.keys(shown.year):
        name = " · ".join(
            term(each, value, language) for each, value in zip(shown.table.dimensions[1:], key, strict=True)
        )
        point = _point(shown, name, count, shown.year, key, language)
        before = shown.get(count, shown.year - 1, key)
        if not (point.value or point.state or before.number):
            continue
        if known and point.value is not None:
            beside = written(before, "count", language) or say(language, "hidden" if before.hidden else "zero")
            point = point._replace(before=before.number, text=f"{point.text} ({beside})")
        (silent if "unknown" in key else points).append(point)
    ranked = sorted(points, key=lambda point: (point.value is None, -(point.value or 0)))
    drawn = [*ranked[:RANKED], *silent]
    return bars.ranked(drawn, say(language, "hidden")) if _anything(drawn) else None


def _unknown_name(shown: View, index: int, language: str) -> str:
    return term(shown.table.dimensions[index + 1], "unknown", language)


def _values(shown: View) -> list[Any]:
    return [each for each in shown.table.measures if each.kind == "value"]


def _anything(points: Iterable[Point]) -> bool:
    """Whether any number would be drawn: a chart of nothing but zeros and hidden marks says less than its table."""
    return any(point.value for point in points)


def ticks_to(top: float, count: int = 4) -> list[float]:
    """Round values from 0 to at least `top`, about `count` steps apart."""
    top = top or 1
    unit = 10.0 ** len(str(int(top))) / 100 if top >= 1 else 0.01
    step = next(
        unit * size * 10**power
        for power in range(4)
        for size in (1, 2, 2.5, 5)
        if unit * size * 10**power * count >= top * 0.999
    )
    steps = 1
    while step * steps < top * 0.999:
        steps += 1
    return [round(step * index, 6) for index in range(steps + 1)]
