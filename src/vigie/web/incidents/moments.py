"""How an instant is written: in the node's time zone, in the reader's language, no more exactly than it is known."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

FAR = timedelta(days=30)  # beyond it nobody asks for the hour


def day(instant: datetime | date) -> str:
    """A day in full, `dimanche 22 novembre 2026`."""
    return date_format(_local(instant), "l j F Y")


def heading(instant: datetime, precision: str = "exact") -> tuple[str, str]:
    """Under which heading of the log an instant stands: a key, and the day, the week or the month, as far as known."""
    local = _local(instant)
    if precision == "month":
        return f"{local:%Y-%m}", date_format(local, "F Y")
    if precision == "week":
        return f"{local:%G-w%V}", moment(instant, "week")
    return f"{local:%Y-%m-%d}", day(local)


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
    """The time as the margin of the log shows it: `03:10`, `vers 3 h`, `le 18 oct.`, `octobre`."""
    local = _local(instant)
    if precision in ("day", "week"):
        return _("le %(day)s") % {"day": date_format(local, "j N")} if precision == "day" else _("semaine")
    if precision == "month":
        return date_format(local, "F")
    return _("vers %(hour)s h") % {"hour": local.hour} if precision == "hour" else date_format(local, "H:i")


def short(instant: datetime, near: datetime) -> str:
    """An instant told next to another: the hour on the same day, the day and hour in the same days, else the day."""
    local = _local(instant)
    if local.date() == _local(near).date():
        return date_format(local, "H:i")
    if abs(instant - near) < FAR:
        return _("%(day)s à %(hour)s") % {"day": date_format(local, "j F"), "hour": date_format(local, "H:i")}
    return _("le %(day)s") % {"day": date_format(local, "j N Y")}


def brief(instant: datetime) -> str:
    """Day and hour in the shortest form, `25/11 14:00`."""
    return date_format(_local(instant), pgettext("format de date et d'heure, comme date_format de Django", "d/m H:i"))


def weekday(instant: datetime, near: datetime | None, *, hour: bool = False) -> str:
    """A day to come by its name, `jeudi 3 décembre`, with its hour where asked, `jeudi 3 décembre 14 h`; the year where it is
    not that of `near` (None: always). Hours are rounded up: what is to come is not promised early."""
    minutes = (60 - instant.minute) % 60 if hour else 0
    local = _local(instant + timedelta(minutes=minutes) if instant.year < 9000 else instant)
    said = date_format(local, "l j F" if near is not None and local.year == _local(near).year else "l j F Y")
    return _("%(day)s %(hour)s h") % {"day": said, "hour": local.hour} if hour else said


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
    if not isinstance(instant, datetime):
        return instant
    try:
        return timezone.localtime(instant)
    except OverflowError:
        return instant  # at the edge of the calendar: a peer may have written it, and the page must open
