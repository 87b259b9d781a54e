"""How an instant is written: in the node's time zone, in the reader's language, no more exactly than it is known."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _


def day(instant: datetime | date) -> str:
    """A day in full, `dimanche 22 novembre 2026`."""
    return date_format(_local(instant), "l j F Y")


def hour(instant: datetime) -> str:
    """Hour and minute, `03:10`."""
    return date_format(_local(instant), "H:i")


def moment(instant: datetime, precision: str = "exact") -> str:
    """Day and hour in full, as far as they are known: `22 novembre 2026 à 03:10`, `avril 2024`."""
    local = _local(instant)
    if precision == "month":
        return date_format(local, "F Y")
    if precision == "week":
        monday = local - timedelta(days=local.weekday())
        return _("semaine du %(day)s") % {"day": date_format(monday, "j F Y")}
    if precision == "day":
        return date_format(local, "j F Y")
    if precision == "hour":
        return _("%(day)s vers %(hour)s h") % {"day": date_format(local, "j F Y"), "hour": local.hour}
    return _("%(day)s à %(hour)s") % {"day": date_format(local, "j F Y"), "hour": date_format(local, "H:i")}


def in_log(instant: datetime, precision: str = "exact") -> str:
    """The hour as the margin of the log shows it, under its day: `03:10`, `vers 3 h`, `dans la journée`."""
    local = _local(instant)
    return {
        "hour": _("vers %(hour)s h") % {"hour": local.hour},
        "day": _("ce jour-là"),
        "week": _("cette semaine-là"),
        "month": _("ce mois-là"),
    }.get(precision) or date_format(local, "H:i")


def short(instant: datetime, near: datetime) -> str:
    """An instant told next to another: the hour alone on the same day, with the day otherwise."""
    local = _local(instant)
    if local.date() == _local(near).date():
        return date_format(local, "H:i")
    if local.year == _local(near).year:
        return _("%(day)s à %(hour)s") % {"day": date_format(local, "j F"), "hour": date_format(local, "H:i")}
    return moment(instant)


def duration(span: timedelta) -> str:
    """A length of time in its two largest units, `3 h 20 min`, `12 j 4 h`."""
    minutes = max(0, round(span.total_seconds() / 60))
    days, hours, rest = minutes // 1440, minutes % 1440 // 60, minutes % 60
    if days >= 10 or (days and not hours):
        return _("%(days)d j") % {"days": days}
    if days:
        return _("%(days)d j %(hours)d h") % {"days": days, "hours": hours}
    if hours and rest:
        return _("%(hours)d h %(minutes)02d min") % {"hours": hours, "minutes": rest}
    if hours:
        return _("%(hours)d h") % {"hours": hours}
    return _("%(minutes)d min") % {"minutes": rest}


def _local(instant: datetime | date) -> datetime | date:
    return timezone.localtime(instant) if isinstance(instant, datetime) else instant
