"""Return dates in words: what the planner announced, for the board, the log and the details of an entry.

`P50` is a date before which the return is as likely as after it, `P90` one that it meets nine times in ten.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils.translation import gettext as _

from vigie.journal.facts import ApplicationDate, ServiceDate
from vigie.respond import Known
from vigie.web.incidents import labels, moments
from vigie.web.incidents.names import Names

STALE = timedelta(hours=24)  # a day of work changes every date


@dataclass(frozen=True, slots=True)
class Announced:
    """The forecast that a page shows: the date of each care service, from when it is, and whether that is long ago.

    `made` is empty where nothing was ever announced; `stale` says for how long nobody computed again.
    """

    dates: dict[str, ServiceDate]
    at: datetime
    made: str
    stale: str

    def of(self, service: str, names: Names) -> str:
        """When one care service is back, and what it waits for. Never empty: silence is not good news."""
        if service not in self.dates:
            return _("aucune prévision")
        return dates(self.dates[service], names, self.at)


def announced(known: Known | None, at: datetime) -> Announced:
    """What a forecast announces, read at `at`; None: nobody made one."""
    if known is None:
        return Announced({}, at, "", "")
    made = known.by.happened_at
    stale = ""
    if at - made > STALE:
        stale = _("prévision vieille de %(span)s, à refaire") % {"span": moments.duration(at - made)}
    return Announced(
        dates={one.service: one for one in known.fact.services},
        at=at,
        made=_("prévision du %(when)s") % {"when": moments.brief(made)},
        stale=stale,
    )


def dates(one: ServiceDate | ApplicationDate, names: Names, at: datetime | None = None) -> str:
    """The interval in words with its reason, read at `at` (None: at any time, so with the years). Without a P90 no date is
    given: half a chance is no promise."""
    reason = _reason(one, names)
    if one.p50_at is None or one.p90_at is None:
        none = _("aucune date ne peut être donnée")
        return _("%(what)s : %(reason)s") % {"what": none, "reason": reason} if reason else none
    close = moments.day(one.p50_at) == moments.day(one.p90_at)
    said = _("P50 %(likely)s, P90 %(sure)s") % {
        "likely": moments.weekday(one.p50_at, at, hour=True),
        "sure": moments.weekday(one.p90_at, at, hour=close),
    }
    if at is not None and one.p90_at < at:
        reason = f"{_('date passée')}, {reason}" if reason else _("date passée")
    return f"{said}, {reason}" if reason else said


def named(one: ServiceDate | ApplicationDate, names: Names) -> str:
    """What a date is about, and the date: `Réanimation : P50 jeudi 3 décembre 2026 14 h, ...`."""
    name = names.service(one.service) if isinstance(one, ServiceDate) else names.application(one.application)
    return _("%(name)s : %(dates)s") % {"name": name, "dates": dates(one, names)}


def _reason(one: ServiceDate | ApplicationDate, names: Names) -> str:
    """What holds it: the application it waits for, the trust gate that is not passed."""
    parts = []
    if isinstance(one, ServiceDate) and one.waits_for:
        parts.append(_("attend %(name)s") % {"name": names.application(one.waits_for)})
    if one.gate:
        parts.append(_("feu vert manquant : %(gate)s") % {"gate": _gate(one.gate, names)})
    return ", ".join(parts)


def _gate(gate: str, names: Names) -> str:
    """A gate as the planner names it, `restore_point_clean:pacs`; what it does not know is shown as it was written."""
    kind, _colon, subject = gate.partition(":")
    name = labels.value_name("gate", "gate", kind)
    if not subject or name == kind:
        return gate if name == kind else name
    about = names.supplier if kind == "supplier_flow_authorised" else names.application
    return f"{name} ({about(subject)})"
