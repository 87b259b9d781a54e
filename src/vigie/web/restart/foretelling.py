"""Forecasts in words: the fans of today, every forecast that was published beside what happened, and the precedents."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django import forms
from django.utils.translation import gettext as _

from vigie import __version__
from vigie.journal.facts import Forecast, ServiceDate
from vigie.rebuild.arrays import needed_by
from vigie.rebuild.charts.strips import Strip
from vigie.rebuild.forecast import to_fact
from vigie.rebuild.precedents import precedents
from vigie.respond import Known
from vigie.respond.systems import USABLE
from vigie.web.incidents import moments
from vigie.web.restart import dates, drawing, words
from vigie.web.restart.computing import Restart, remembered
from vigie.web.restart.drawing import Chart

SMALL = 9  # the care services shown side by side
AGREED = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Past:
    """One forecast of one care service that was published, and how it turned out."""

    made: str
    by: str
    p50: str
    p90: str
    actual: str
    verdict: str
    slipped: str
    seq: str


@dataclass(frozen=True, slots=True)
class Precedent:
    """What another hospital announced, and what happened."""

    case: str
    announced: str
    real: str
    factor: str
    source: str


@dataclass(frozen=True, slots=True)
class Shown:
    """One care service among the small fans."""

    id: str
    name: str
    dates: str


@dataclass(frozen=True, slots=True)
class Sheet:
    """The forecast page. `large` and `history` are of the chosen service; `small` of those that lose most care."""

    service: str
    name: str
    dates: str
    waits: str
    large: Chart
    small: Chart | None
    listed: tuple[Shown, ...]
    history: Chart | None
    past: tuple[Past, ...]
    precedents: tuple[Precedent, ...]
    published: int


class ServiceForm(forms.Form):
    """Which care service."""

    def __init__(self, data: object, found: Restart) -> None:
        super().__init__(data)
        known = [(one, found.names.service(one)) for one in heaviest(found)]
        self.fields["service"] = forms.ChoiceField(label=_("Service de soins"), required=False, choices=known)


def heaviest(found: Restart) -> list[str]:
    """The care services that lost something, those that lose most care first."""
    lost = found.plan.lost_by_service
    touched = [name for name, one in found.outlook.services.items() if one.lost]
    return sorted(touched, key=lambda one: (-lost[one], one))


def chosen(form: ServiceForm, found: Restart) -> str:
    """The service that the address asks for, else the one that loses most care; '' when none lost anything."""
    asked = form.cleaned_data.get("service", "") if form.is_valid() else ""
    known = heaviest(found)
    return asked or (known[0] if known else "")


def sheet(found: Restart, service: str, now: datetime) -> Sheet | None:
    """The page of one care service; None when no service lost anything."""
    if not service:
        return None
    names, outlook = found.names, found.outlook
    one = dates.of_service(outlook, service)
    past = list(_past(found, service, now))
    return Sheet(
        service=service,
        name=names.service(service),
        dates=words.both(one.dates.p50_at, one.dates.p90_at, found.at),
        waits=_waits(found, service),
        large=remembered(found, ("fan", service), lambda: drawing.fan_of(found, service)),
        small=remembered(found, "fans", lambda: drawing.small_fans_of(found, heaviest(found)[:SMALL])),
        listed=tuple(_shown(found, name) for name in heaviest(found)[:SMALL]),
        history=_history(found, service, now) if past else None,
        past=tuple(past),
        precedents=tuple(_precedents()),
        published=len(found.situation.forecasts),
    )


def fact(found: Restart) -> Forecast:
    """The forecast of now as the journal keeps it."""
    return to_fact(found.outlook, found.plan, f"vigie {__version__}")


def last_announced(found: Restart, now: datetime) -> str:
    """When the last forecast was published, in words; '' when none was."""
    known = found.situation.forecast
    return moments.short(known.by.happened_at, now) if known else ""


def actual(found: Restart, service: str) -> tuple[datetime | None, bool]:
    """When a care service was back, and whether somebody said so; else when the last of its lost applications was."""
    said = found.situation.services.get(service)
    if said is not None:
        return (said.since, True) if said.mode == "normal" else (None, True)
    known = [found.situation.applications.get(need) for need in needed_by(found.cartography, service)]
    told = [state for state in known if state is not None]
    if found.outlook.services[service].lost or not told or any(state.state not in USABLE for state in told):
        return None, False
    return max(state.since for state in told), False


def _past(found: Restart, service: str, now: datetime) -> Iterable[Past]:
    """Every published forecast of a service, the newest first."""
    told = _told(found, service)
    back, said = actual(found, service)
    first = told[0][1] if told else None
    for known, date in reversed(told):
        made = known.by.happened_at
        happened = back if back is not None and back > made else None
        yield Past(
            made=moments.moment(made),
            by=known.by.author,
            p50=_date(date.p50_at, made),
            p90=_date(date.p90_at, made),
            actual=_actual(happened, said, made),
            verdict=_verdict(date, happened, now),
            slipped=_slipped(date, first),
            seq=known.by.digest[:8],
        )


def _told(found: Restart, service: str) -> list[tuple[Known, ServiceDate]]:
    return [
        (known, date) for known in found.situation.forecasts for date in known.fact.services if date.service == service
    ]


def _actual(back: datetime | None, said: bool, near: datetime) -> str:
    if back is None:
        return _("pas encore")
    when = moments.weekday(back, near, hour=True)
    return when if said else _("%(when)s, d'après ses applications (personne ne l'a dit)") % {"when": when}


def _verdict(date: ServiceDate, back: datetime | None, now: datetime) -> str:
    """How a forecast turned out, never kinder than it was."""
    if date.p50_at is None or date.p90_at is None:
        return _("aucune date n'était donnée")
    if back is None:
        if now > date.p90_at:
            return _("en retard de %(span)s sur le P90") % {"span": moments.duration(now - date.p90_at)}
        if now > date.p50_at:
            return _("P50 dépassé de %(span)s") % {"span": moments.duration(now - date.p50_at)}
        return _("à venir")
    if back > date.p90_at:
        return _("après le P90, de %(span)s") % {"span": moments.duration(back - date.p90_at)}
    late = back - date.p50_at
    if abs(late) < AGREED:
        return _("au P50")
    pattern = _("entre P50 et P90, %(span)s après le P50") if late > timedelta() else _("avant le P50, de %(span)s")
    return pattern % {"span": moments.duration(abs(late))}


def _slipped(date: ServiceDate, first: ServiceDate | None) -> str:
    """By how much the P50 has moved since the first forecast."""
    if first is None or date is first or date.p50_at is None or first.p50_at is None:
        return "—"
    span = date.p50_at - first.p50_at
    if abs(span) < AGREED:
        return _("inchangé")
    pattern = _("+ %(span)s") if span > timedelta() else _("− %(span)s")
    return pattern % {"span": moments.duration(abs(span))}


def _history(found: Restart, service: str, now: datetime) -> Chart:
    """Published forecasts as strips, the oldest first, then the forecast of now."""
    told = _told(found, service)
    back, _said = actual(found, service)
    rows = [
        Strip(
            _("publiée le %(when)s") % {"when": words.slot(known.by.happened_at, datetime.min.replace(tzinfo=now.tzinfo))},
            date.p50_at, date.p90_at, known.by.happened_at, back if back and back > known.by.happened_at else None,
            _pair(date.p50_at, date.p90_at),
        )
        for known, date in told
    ]  # fmt: skip
    one = dates.of_service(found.outlook, service)
    if one.lost:
        said = _pair(one.dates.p50_at, one.dates.p90_at)
        rows.append(Strip(_("calcul de maintenant"), one.dates.p50_at, one.dates.p90_at, found.at, None, said))
    start = min([found.at, *(known.by.happened_at for known, _date in told)])
    keys = ["made", "p50", "p90", *(["back"] if back else [])]
    said = _("Chaque prévision publiée de %(name)s, et le retour réel. Le tableau qui suit dit la même chose.")
    name = found.names.service(service)
    return drawing.strip_chart("history", rows, start, _("Prévisions successives"), said % {"name": name}, keys)


def _pair(p50_at: datetime | None, p90_at: datetime | None) -> str:
    if p50_at is None:
        return _("aucune date")
    return _("%(start)s → %(end)s") % {"start": words.day(p50_at), "end": words.day(p90_at)}


def _date(instant: datetime | None, near: datetime) -> str:
    return moments.weekday(instant, near, hour=True) if instant else _("aucune date")


def _waits(found: Restart, service: str) -> str:
    one = dates.of_service(found.outlook, service)
    if one.waits_for is None:
        return ""
    name = found.names.application(one.waits_for)
    if one.dates.gate:
        reason = words.blocked_by(one.dates.gate, found.plan.work, found.names)
        return _("%(name)s : %(reason)s") % {"name": name, "reason": reason}
    return _("attend le plus souvent %(name)s, dernière revenue dans %(n)d %% des cas simulés") % {
        "name": name,
        "n": round(100 * one.waits_share),
    }


def _shown(found: Restart, service: str) -> Shown:
    one = dates.of_service(found.outlook, service).dates
    return Shown(service, found.names.service(service), words.both_shortly(one.p50_at, one.p90_at, found.at))


def _precedents() -> Iterable[Precedent]:
    tongue = words.language()
    for one in precedents():
        real = _("au moins %(n)d jours") if one.at_least else _("%(n)d jours")
        factor = _("au moins × %(n)s") if one.at_least else _("× %(n)s")
        yield Precedent(
            one.case[tongue],
            one.announced[tongue],
            real % {"n": one.real_days},
            factor % {"n": dates.decimal(one.factor)},
            one.source,
        )
