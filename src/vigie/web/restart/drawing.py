"""Pictures of a restart as images that travel inside the page, as the observatory's do."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Sequence
from datetime import datetime
from typing import Any, NamedTuple

from altair.utils.schemapi import debug_mode
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from vigie.observe.charts.render import picture
from vigie.rebuild.chain import critical_chain
from vigie.rebuild.charts.fan import Shares, fan, small_fans
from vigie.rebuild.charts.gantt import Bar, Piece, gantt
from vigie.rebuild.charts.strips import Strip, strips
from vigie.rebuild.outlook import CENTILES, ServiceOutlook
from vigie.rebuild.plan import Line
from vigie.web.restart import dates, lines, reach, words
from vigie.web.restart.computing import Restart

ACROSS = 3
SHOWN = 40  # applications with a row of their own; the others are folded, a row for each layer


class Chart(NamedTuple):
    """A chart as an image: its address, its size in pixels, what it shows in words."""

    src: str
    width: int
    height: int
    alt: str


class Row(NamedTuple):
    """One application of the table that stands for the chart."""

    name: str
    layer: str
    starts: str
    back: str
    late: str
    steps: str
    critical: bool


def gantt_chart(found: Restart) -> Chart:
    """The plan as a chart."""
    bars = _bars(found)
    legend = {
        "foundation": str(words.PHASES["foundation"]), "prove": _("Preuve ou examen"),
        "restore": str(words.PHASES["restore"]), "validate": str(words.PHASES["validate"]),
        "gate": str(words.PHASES["gate"]), "reconnect": str(words.PHASES["reconnect"]),
        "critical": _("chaîne critique"), "back": _("retour au plan"), "late": _("jusqu'au P90"), "beyond": _("P90 plus loin"),
    }  # fmt: skip
    said = _(
        "Plan de redémarrage de %(n)d applications, de %(start)s à %(end)s. Le tableau qui suit dit la même chose en mots."
    ) % {"n": len(found.plan.work.back), "start": words.day(found.at), "end": words.day(found.plan.done_at)}
    spec = gantt(bars, found.at, timezone.get_default_timezone(), _tick, legend)
    return _image("gantt", spec, _("Plan de redémarrage"), said)


def table(found: Restart) -> list[Row]:
    """What the chart shows, for whoever does not see it, and for paper: every application."""
    critical = {line.step.application for line, _hold in critical_chain(found.plan)}
    steps = _steps(found)
    made = []
    for layer, names in lines.layers(found):
        for one in names:
            date = dates.of_application(found.outlook, one)
            done = " → ".join(
                _("%(phase)s %(when)s")
                % {"phase": words.PHASES[line.step.phase], "when": words.slot(line.starts_at, found.at)}
                for line in steps[one]
            )
            back = found.plan.application_back_at(one)
            made.append(
                Row(
                    found.names.application(one), str(words.LAYERS[layer]), words.slot(steps[one][0].starts_at, found.at),
                    words.slot(date.p50_at or back, found.at), words.slot(date.p90_at, found.at) if date.p90_at else "—",
                    done, one in critical,
                )
            )  # fmt: skip
    return made


def fan_of(found: Restart, service: str) -> Chart:
    """The share of its activity that a care service keeps, and how sure that is."""
    one = dates.of_service(found.outlook, service)
    legend = {
        "middle": _("médiane"), "inner": _("une fois sur deux"), "outer": _("neuf fois sur dix"),
        "p50": _("retour P50"), "p90": _("P90"),
    }  # fmt: skip
    said = _("%(name)s : part de l'activité habituelle, heure après heure. %(dates)s.") % {
        "name": found.names.service(service),
        "dates": words.both(one.dates.p50_at, one.dates.p90_at, found.at),
    }
    zone = timezone.get_default_timezone()
    return _image("fan", fan(_shares(one), zone, _tick, _percent, legend), found.names.service(service), said)


def small_fans_of(found: Restart, services: Sequence[str]) -> Chart | None:
    """The same for several services, side by side."""
    named = []
    for service in services:
        one = dates.of_service(found.outlook, service)
        text = _("P50 %(likely)s, P90 %(sure)s") % {
            "likely": words.day(one.dates.p50_at, found.at),
            "sure": words.day(one.dates.p90_at, found.at),
        }
        named.append((found.names.service(service), _shares(one), text if one.dates.p50_at else _("aucune date")))
    if not named:
        return None
    spec = small_fans(named, ACROSS, timezone.get_default_timezone(), _tick, _percent)
    said = _(
        "Part de l'activité habituelle que garde chaque service, jour après jour. Les dates sont dans la liste qui suit."
    )
    return _image("fans", spec, _("Les services qui perdent le plus"), said)


def strip_chart(name: str, rows: Sequence[Strip], start: datetime, title: str, alt: str, keys: Sequence[str]) -> Chart:
    """Return dates as strips. `keys` are the marks to be explained above the chart."""
    known = {
        "p50": _("P50 : une chance sur deux"), "p90": _("P90 : neuf sur dix"), "made": _("dit à ce moment"),
        "back": _("retour réel"),
    }  # fmt: skip
    legend = {key: known[key] for key in keys}
    return _image(name, strips(rows, start, timezone.get_default_timezone(), _tick, legend), title, alt)


def _shares(one: ServiceOutlook) -> Shares:
    """The fan of a service, as far as something is still to change in it."""
    sides = [one.fan.shares[CENTILES.index(centile)] for centile in (5, 25, 50, 75, 95)]
    count = len(one.fan.instants)
    still = [number for number in range(1, count) if any(side[number] != side[number - 1] for side in sides)]
    upto = min(count, 2 + max(still, default=count) + count // 20)
    low, lower, middle, upper, high = (side[:upto] for side in sides)
    return Shares(one.fan.instants[:upto], low, lower, middle, upper, high, one.dates.p50_at, one.dates.p90_at)


def _percent(value: int) -> str:
    return _("%(n)s %%") % {"n": value}


def _image(name: str, spec: dict[str, Any], title: str, alt: str) -> Chart:
    with debug_mode(False):  # Altair checks a chart against its schema at the price of all the rest; tests do that
        made = picture(name, spec, title, alt)
    return Chart(f"data:image/svg+xml;base64,{b64encode(made.svg.encode()).decode()}", made.width, made.height, alt)


def _tick(instant: datetime) -> str:
    local = timezone.localtime(instant)
    return date_format(local, "j N") if not local.hour else _("%(hour)s h") % {"hour": local.hour}


def _bars(found: Restart) -> list[Bar]:
    """The rows of the chart: gates and the clean room, then each layer; the heaviest applications, the rest folded."""
    plan = found.plan
    critical = {line.step.id for line, _hold in critical_chain(plan)}
    held = {other for step in plan.work.steps for other in step.after}
    # A gate that holds nothing today would only fill the chart.
    common = [line for line in plan.lines if line.step.application is None and line.step.id in held]
    bars = [Bar(_("Préalables et feux verts"))] if common else []
    bars += [
        Bar(_short(found, line), (_piece(line, critical),), line.ends_at, None, words.slot(line.ends_at, found.at))
        for line in common
    ]
    shown = _heaviest(found)
    steps = _steps(found)
    for layer, names in lines.layers(found):
        bars.append(Bar(str(words.LAYERS[layer])))
        bars += [_bar(found, one, steps[one], critical) for one in names if one in shown]
        folded = [one for one in names if one not in shown]
        if folded:
            bars.append(_folded(found, folded, steps))
    return bars


def _short(found: Restart, line: Line) -> str:
    if line.step.gate:
        return words.gate_title(found.plan.work.gate[line.step.gate], found.names)
    return str(words.PHASES[line.step.phase])


def _bar(found: Restart, application: str, steps: list[Line], critical: set[str]) -> Bar:
    date = dates.of_application(found.outlook, application)
    back = found.plan.application_back_at(application)
    pieces = tuple(_piece(line, critical) for line in steps if line.step.phase != "return")
    text = words.slot(back, found.at) if back else ""
    return Bar(found.names.application(application), pieces, back, date.p90_at, text)


def _piece(line: Line, critical: set[str]) -> Piece:
    return Piece(line.step.phase, line.starts_at, line.ends_at, line.step.id in critical)


def _folded(found: Restart, names: list[str], steps: dict[str, list[Line]]) -> Bar:
    starts = min(steps[one][0].starts_at for one in names)
    ends = max(line.ends_at for one in names for line in steps[one])
    late = max((date for one in names if (date := dates.of_application(found.outlook, one).p90_at)), default=None)
    said = ngettext("et %(n)d autre application", "et %(n)d autres applications", len(names)) % {"n": len(names)}
    return Bar(said, (Piece("folded", starts, ends),), ends, late, words.slot(ends, found.at))


def _steps(found: Restart) -> dict[str, list[Line]]:
    steps: dict[str, list[Line]] = {}
    for line in found.plan.lines:
        if line.step.application:
            steps.setdefault(line.step.application, []).append(line)
    return steps


def _heaviest(found: Restart) -> set[str]:
    """The applications with a row of their own: those that people work on first, then those on which most care hangs."""
    worked = {line.step.application for line in found.plan.lines if line.team}
    weight = reach.weights(found.plan)
    return set(sorted(weight, key=lambda one: (one not in worked, -weight[one], one))[:SHOWN])
