"""Are the dates honest? Crises of another generator, forecast along the way, against what really happened.

`python -m benchmarks.bench_forecast [--quick] [--crises 1000]` prints the whole table; `measure` gives its main lines
and the time that a forecast takes.
"""

from __future__ import annotations

import argparse
import math
import statistics
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from datetime import datetime, timedelta
from functools import partial
from itertools import chain
from typing import NamedTuple
from zoneinfo import ZoneInfo

from benchmarks.crises_drawn import HOUR, Crisis, Moment, crisis, moment
from benchmarks.row import Row, judged
from tests.support.crisis import Crisis as Told
from vigie.cartography import reference_hospital
from vigie.journal.facts import AvailabilityChanged
from vigie.rebuild.forecast import forecast
from vigie.rebuild.living import living
from vigie.rebuild.outlook import Dates, Outlook

CRISES, QUICK = 1000, 12
ALONG = (0, 5, 10, 20, 40)
FACTORS = (1.0, 2.0)
SAMPLES = 250  # a forecast of the pages has 1,000; fewer only add noise to each date
LEARNING = "learning"
WITHOUT_RUNNING = "without the tasks that run"
WITHOUT_LEARNING = "without learning"
WHATS = ("services", "applications", "all back")


class Case(NamedTuple):
    """What a share is taken of: estimates so many times too short, tasks finished, how it learned, what came back."""

    too_short: float
    finished: int
    how: str
    what: str


class Tally(NamedTuple):
    """Of one crisis: dates given, and how many returns came before P50 and before P90; days from P50 to P90."""

    dates: int
    under_p50: int
    under_p90: int
    width_days: float


def coverage(crises: int, *, hows: tuple[str, ...] = (LEARNING,), first: int = 0) -> dict[Case, list[Tally]]:
    """A tally of each crisis, by case. Each core takes its share of the crises."""
    found: dict[Case, list[Tally]] = defaultdict(list)
    with ProcessPoolExecutor() as pool:
        for case, tally in chain.from_iterable(
            pool.map(partial(judged_crisis, hows=hows), range(first, first + crises))
        ):
            found[case].append(tally)
    return found


def judged_crisis(seed: int, hows: tuple[str, ...]) -> list[tuple[Case, Tally]]:
    """One crisis, with good and with short estimates, at each number of finished tasks."""
    found = []
    for too_short in FACTORS:
        told = crisis(seed, too_short)
        for finished in ALONG:
            known = moment(told, finished)
            if known is None:
                continue
            for how in hows:
                outlook = _forecast(known, how, seed)
                found += [
                    (Case(too_short, finished, how, what), tally)
                    for what, tally in zip(WHATS, _tallies(told, known, outlook), strict=True)
                    if tally.dates
                ]
    return found


def _forecast(known: Moment, how: str, seed: int) -> Outlook:
    seen = known.observations if how != WITHOUT_LEARNING else ()
    if how == WITHOUT_RUNNING:
        seen = tuple(one for one in seen if one.finished)
    return forecast(known.plan, seen, seed=seed, samples=SAMPLES, gates=known.gates)


def _tallies(told: Crisis, known: Moment, outlook: Outlook) -> Iterator[Tally]:
    work = told.plan.work
    back = {app: work.at + told.ended[step] * HOUR for app, step in work.back.items()}
    services = []
    for service in work.cartography.services:
        if outlook.services[service.id].lost:
            services.append((max(back[need.application] for need in service.needs), outlook.services[service.id].dates))
    yield _tally(services)
    yield _tally([(back[app], dates) for app, dates in outlook.applications.items()])
    yield _tally([(work.at + max(told.ended.values()) * HOUR, outlook.done)])


def _tally(pairs: list[tuple[datetime, Dates]]) -> Tally:
    given = [(real, dates.p50_at, dates.p90_at) for real, dates in pairs if dates.p50_at and dates.p90_at]
    return Tally(
        len(given),
        sum(real <= half for real, half, _ in given),
        sum(real <= nine for real, _, nine in given),
        sum((nine - half) / HOUR / 24 for _, half, nine in given),
    )


class Share(NamedTuple):
    """A share in percent and half the width of its 95 % interval, crises being what is independent."""

    percent: float
    margin: float


def share(tallies: list[Tally], part: str) -> Share:
    """Ratio of sums over crises, with the usual error of a ratio of clustered counts (Cochran 1977, section 2.11)."""
    counts, hits = [each.dates for each in tallies], [getattr(each, part) for each in tallies]
    ratio = sum(hits) / sum(counts)
    spread = sum((hit - ratio * count) ** 2 for hit, count in zip(hits, counts, strict=True))
    return Share(100 * ratio, 196 * math.sqrt(spread) / sum(counts))


def printed(found: dict[Case, list[Tally]]) -> str:
    """The table, in Markdown."""
    lines = [
        "| estimates | tasks finished | learning | what | crises | dates | under P50 | under P90 | P50 to P90, days |",
        "|---|---|---|---|---|---|---|---|---|",
    ]
    for case in sorted(found, key=lambda one: (one.too_short, WHATS.index(one.what), one.how, one.finished)):
        tallies = found[case]
        half, nine = share(tallies, "under_p50"), share(tallies, "under_p90")
        dates = sum(each.dates for each in tallies)
        lines.append(
            f"| {'good' if case.too_short == 1 else f'{case.too_short:g} x too short'} | {case.finished} | {case.how} "
            f"| {case.what} | {len(tallies)} | {dates} | {half.percent:.1f} ± {half.margin:.1f} % "
            f"| {nine.percent:.1f} ± {nine.margin:.1f} % | {sum(each.width_days for each in tallies) / dates:.1f} |"
        )
    return "\n".join(lines)


def measure(quick: bool) -> list[Row]:
    found = coverage(QUICK if quick else CRISES)
    rows = _times(quick)
    for what in WHATS:
        nine = share(found[Case(1.0, 0, LEARNING, what)], "under_p90").percent
        rows.append(_row(f"good estimates, {what}: under P90", nine, "88 to 92 %", 88 <= nine <= 92, quick))
        half = share(found[Case(1.0, 0, LEARNING, what)], "under_p50").percent
        rows.append(_row(f"good estimates, {what}: under P50", half, "45 to 55 %", 45 <= half <= 55, quick))
        for finished in ALONG:
            if Case(2.0, finished, LEARNING, what) in found:
                late = share(found[Case(2.0, finished, LEARNING, what)], "under_p90").percent
                goal = "at least 85 %" if finished >= 20 else ""
                rows.append(_row(f"2 x too short, {finished} tasks, {what}: under P90", late, goal, late >= 85, quick))
    return rows


def _row(what: str, percent: float, goal: str, reached: bool, quick: bool) -> Row:
    return Row(what, percent, "%", target=goal, met=judged(reached, quick=quick) if goal else "—")


def _times(quick: bool) -> list[Row]:
    """The reference hospital after the worst night, and again when people have begun."""
    cartography, zone = reference_hospital(), ZoneInfo("Europe/Paris")
    told = Told()
    node = told.hospital()
    for app in cartography.applications:
        node.write(AvailabilityChanged(application=app.id, state="down"))
    made, _ = living(node.situation(), cartography, told.now, zone, 1)
    forecast(made, (), seed=1, samples=10)
    one_core = _seconds(lambda: forecast(made, (), seed=1, samples=1000))
    for app in cartography.applications[:12]:
        node.write(AvailabilityChanged(application=app.id, state="restoring"))
    told.now += timedelta(hours=20)
    situation = node.situation()
    again = _seconds(lambda: living(situation, cartography, told.now, zone, 1, before=made))
    what = f"reference hospital, {len(made.work.steps)} steps: "
    return [
        Row(
            f"{what}forecast of 1,000 draws, one core",
            one_core,
            "s",
            target="under 2 s",
            met=judged(one_core < 2, quick=quick),
        ),
        Row(
            f"{what}observe, learn, plan again, forecast",
            again,
            "s",
            target="under 2 s",
            met=judged(again < 2, quick=quick),
        ),
    ]


def _seconds(what: Callable[[], object]) -> float:
    """The median of five."""
    times = []
    for _ in range(5):
        start = time.perf_counter()
        what()
        times.append(time.perf_counter() - start)
    return statistics.median(times)


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.bench_forecast", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="a dozen crises: does everything run?")
    parser.add_argument("--crises", type=int, default=CRISES)
    parser.add_argument("--first", type=int, default=0, help="number of the first crisis")
    parser.add_argument("--ablations", action="store_true", help="also without running tasks, and without learning")
    chosen = parser.parse_args()
    hows = (LEARNING, WITHOUT_RUNNING, WITHOUT_LEARNING) if chosen.ablations else (LEARNING,)
    print(printed(coverage(QUICK if chosen.quick else chosen.crises, hows=hows, first=chosen.first)))


if __name__ == "__main__":
    main()
