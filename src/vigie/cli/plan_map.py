"""`vigie plan CARTOGRAPHY`: the restart of a map, from nothing or from where a journal says that things stand."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn

from vigie.cartography import Cartography, revision_of
from vigie.cli.cartography import _map
from vigie.cli.plan_printing import print_plan
from vigie.cli.plan_state import situation_of
from vigie.errors import InputError
from vigie.exchange.restart_data import restart_data
from vigie.rebuild.bound import quick_bound
from vigie.rebuild.breakdown import breakdown
from vigie.rebuild.damage import all_lost
from vigie.rebuild.forecast import forecast
from vigie.rebuild.living import living
from vigie.rebuild.outlook import Outlook
from vigie.rebuild.plan import Plan, plan
from vigie.rebuild.step import Work
from vigie.rebuild.whatif import what_if, with_backup_unusable, with_people, with_vendor_late

err = Console(stderr=True, highlight=False, soft_wrap=True)
LONG_SECONDS = 2.0
NO_LIMIT = 10**9
SEED = 1


@dataclass(frozen=True)
class Asked:
    """What the command was asked: see `vigie plan --help`."""

    cartography: str
    state: str | None = None
    seconds: float = 10.0
    form: str = "table"
    incident: str | None = None
    zone: str = "Europe/Paris"
    people: Sequence[str] = field(default_factory=tuple)
    late: Sequence[str] = field(default_factory=tuple)
    unusable: Sequence[str] = field(default_factory=tuple)


def run(asked: Asked) -> None:
    """Plan, forecast, and print."""
    cartography = _map(asked.cartography)
    # The order hardly gets better after some seconds: the bound has as long as the search, and so has the what-if.
    each = asked.seconds / (3 if asked.people or asked.late or asked.unusable else 2)
    made, outlook = _planned(asked, cartography, each)
    least = quick_bound(made.problem, made.schedule, each)
    changed = _changed(made.work, asked)
    difference = what_if(made, changed, rounds=NO_LIMIT, spent=_clock(each)) if changed is not made.work else None
    if asked.form == "json":
        data = restart_data(made, outlook, revision_of(cartography), least, difference)
        print(json.dumps(data, ensure_ascii=False, indent=1))
    else:
        print_plan(made, outlook, least, difference)


def _planned(asked: Asked, cartography: Cartography, seconds: float) -> tuple[Plan, Outlook]:
    zone = _zone(asked.zone)
    with _bar(seconds) as spent:
        if asked.state is not None:
            situation, at = situation_of(asked.state, asked.incident)
            return living(situation, cartography, at, zone, SEED, rounds=NO_LIMIT, spent=spent)
        work = breakdown(cartography, all_lost(cartography), datetime.now(UTC), zone)
        made = plan(work, seed=SEED, rounds=NO_LIMIT, spent=spent)
        return made, forecast(made, (), seed=SEED)


@contextmanager
def _bar(seconds: float) -> Iterator[Callable[[], float]]:
    """The share of the time that is gone; a bar shows it where that is long."""
    clock = _clock(seconds)
    if seconds <= LONG_SECONDS or not err.is_terminal:
        yield clock
        return
    words = TextColumn("searching for the order that spares the most care")
    with Progress(words, BarColumn(), console=err, transient=True) as progress:
        task = progress.add_task("", total=1.0)

        def spent() -> float:
            share = clock()
            progress.update(task, completed=share)
            return share

        yield spent


def _clock(seconds: float) -> Callable[[], float]:
    started = time.monotonic()
    return lambda: (time.monotonic() - started) / seconds


def _changed(work: Work, asked: Asked) -> Work:
    """The work as the what-if options change it; the same when there is none."""
    for given in asked.people:
        team, number = _pair(given, "--more", "database=1")
        work = with_people(work, team, int(number))
    for given in asked.late:
        supplier, days = _pair(given, "--late", "mediane=2")
        work = with_vendor_late(work, supplier, float(days))
    for application in asked.unusable:
        work = with_backup_unusable(work, application)
    return work


def _pair(given: str, option: str, example: str) -> tuple[str, float]:
    name, _, number = given.partition("=")
    try:
        return name, float(number or 1)
    except ValueError:
        raise InputError(f'{option} {given}: "{number}" is not a number. Write it as {option} {example}') from None


def _zone(name: str) -> ZoneInfo:
    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        raise InputError(f'"{name}" is not a time zone. Write one such as Europe/Paris') from None


__all__ = ["Asked", "run"]
