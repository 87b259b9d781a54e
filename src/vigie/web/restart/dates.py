"""What a forecast says, taken apart for the pages: return dates, the learned ratio, care lost as an interval."""

from __future__ import annotations

from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from vigie.care import weighing
from vigie.rebuild.outlook import Dates, Outlook, ServiceOutlook
from vigie.rebuild.plan import Plan
from vigie.web.restart.computing import Restart, bounded

NO_DATES = Dates(None, None)


def of_application(outlook: Outlook, application: str) -> Dates:
    """When an application is back."""
    return outlook.applications.get(application, NO_DATES)


def of_service(outlook: Outlook, service: str) -> ServiceOutlook:
    """What is said of a care service of the map."""
    return outlook.services[service]


def ratio(outlook: Outlook) -> tuple[str, str]:
    """Real over estimated effort: the number, and what it rests on."""
    known = outlook.ratio
    if not known.learned:
        return "—", _("effort réel sur effort estimé : encore rien d'observé")
    rests = ngettext("%(n)d phase finie", "%(n)d phases finies", known.finished) % {"n": known.finished}
    runs = ngettext("%(n)d en cours", "%(n)d en cours", known.running) % {"n": known.running}
    said = _("effort réel sur effort estimé (entre %(low)s et %(high)s) : %(ended)s, %(running)s") % {
        "low": decimal(known.low),
        "high": decimal(known.high),
        "ended": rests,
        "running": runs,
    }
    return f"× {decimal(known.median)}", said


def decimal(number: float) -> str:
    """A ratio with one decimal, as the reader's language writes it."""
    return number_format(round(number, 1), decimal_pos=1)


def care_between(plan: Plan) -> tuple[float, float]:
    """Weighted visits lost, if each care weighed the least and the most that its table of weights admits."""
    low, high = 0.0, 0.0
    for service in plan.work.cartography.services:
        least, most = _span(plan, service.id)
        low += plan.lost_by_service[service.id] * least
        high += plan.lost_by_service[service.id] * most
    return low, high


def care_difference(before: Plan, after: Plan) -> tuple[float, float]:
    """By how much the care lost differs between two plans, with the least and with the most weights."""
    low, high = (b - a for a, b in zip(care_between(before), care_between(after), strict=True))
    return min(low, high), max(low, high)


def spread(plan: Plan) -> tuple[float, float]:
    """The least and the most that care could weigh, over what it is held to weigh, all services together."""
    low, high = care_between(plan)
    return (low / plan.care_lost, high / plan.care_lost) if plan.care_lost else (1.0, 1.0)


def gap(found: Restart, ask: bool) -> tuple[str, str]:
    """How far from the best possible plan at most, where somebody asked: (number, what); no number while it is computed."""
    future = bounded(found, ask)
    if future is None:
        return "", ""
    if not future.done():
        return "…", _("écart au meilleur plan possible : se calcule, une demi-minute environ")
    least, lost = future.result(), found.plan.care_lost
    if least <= 0:
        return "—", _("écart au meilleur plan possible : personne ne peut le dire ici")
    return _("%(n)s %%") % {"n": decimal(100 * max(0.0, lost - least) / least)}, _(
        "de soins perdus de plus que le meilleur plan possible, au pire"
    )


def _span(plan: Plan, service: str) -> tuple[float, float]:
    known = weighing(plan.work.cartography.service[service])
    return known.low / known.severity, known.high / known.severity
