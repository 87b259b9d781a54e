"""The situation board in words: cards for what is touched, lists for what nobody spoke of, contradictions above all."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from vigie.cartography import Cartography
from vigie.respond import Conflict, Situation
from vigie.respond.board import ApplicationRow, Board, Fallback, ServiceRow, board
from vigie.web.incidents import labels, moments
from vigie.web.incidents.names import Names
from vigie.web.incidents.returns import Announced, announced
from vigie.web.incidents.rows import Badge, badge_of

GOOD = ("normal", "restored")
NAMED = 4  # names told in full before "and n others"
SOON_HOURS = 4
SILENCE = timedelta(hours=6)  # after half a shift, what was said last may no longer be so


@dataclass(frozen=True, slots=True)
class Endurance:
    """A fallback in use: what it replaces, what it is, how long it still holds, in words; `urgency` late, soon or ''."""

    what: str
    text: str
    holds: str
    urgency: str


@dataclass(frozen=True, slots=True)
class Card:
    """One application or one care service. `remarks` are sentences, `state` colours the card's edge.

    `silent` says for how long nobody has spoken of it, once that is long; `back` when a service is announced to return.
    """

    id: str
    name: str
    state: str
    badge: Badge
    trust: Badge | None
    since: str
    remarks: tuple[str, ...]
    silent: str = ""
    pulls: str = ""
    warning: str = ""
    fallbacks: tuple[Endurance, ...] = ()
    back: str = ""


@dataclass(frozen=True, slots=True)
class Expected:
    """A service of which nobody spoke, and which the map says is touched: the share left, its first fallback to end,
    when it is announced to return."""

    name: str
    share: str
    first: Endurance | None
    back: str


@dataclass(frozen=True, slots=True)
class Caused:
    """Applications of which nobody spoke, and which fall because of one loss."""

    cause: str
    fallen: tuple[tuple[str, Badge], ...]


@dataclass(frozen=True, slots=True)
class Dispute:
    """Something on which two nodes do not agree: what, and each side."""

    subject: str
    sides: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class BoardWords:
    """`services` and `applications` are said to be touched; `expected` and `derived` follow from the map.

    `working` are said to work; `silent_...` nobody spoke of, and nothing makes them fall. `announced` is the forecast that
    the return dates come from.
    """

    disputes: tuple[Dispute, ...]
    services: tuple[Card, ...]
    expected: tuple[Expected, ...]
    applications: tuple[Card, ...]
    derived: tuple[Caused, ...]
    working: tuple[str, ...]
    silent_services: tuple[str, ...]
    silent_applications: tuple[str, ...]
    counts: tuple[tuple[str, int], ...]
    has_map: bool
    map_name: str
    announced: Announced


def board_of(situation: Situation, known: Cartography | None, names: Names, at: datetime) -> BoardWords:
    """The board of a situation as it stands at `at`."""
    laid = board(situation, known)
    forecast = announced(situation.forecast, at)
    stated = [row for row in laid.applications if row.stated or row.cut_by]
    derived = [row for row in laid.applications if not (row.stated or row.cut_by) and row.fallen]
    touched = [row for row in laid.services if row.touched or (row.stated and row.stated.mode not in GOOD)]
    hurt = [row for row in stated if row.state not in GOOD or row.contradicted or _distrusted(row)]
    return BoardWords(
        disputes=tuple(_dispute(one, names, at) for one in situation.conflicts),
        services=tuple(_service(row, names, at, forecast) for row in touched if row.stated),
        expected=tuple(_expected(row, names, at, forecast) for row in touched if not row.stated),
        applications=tuple(_application(row, names, at) for row in hurt),
        derived=tuple(_caused(derived, names)),
        working=tuple(row.name for row in (*stated, *laid.services) if _works(row)),
        silent_services=tuple(row.name for row in laid.services if row.stated is None and row not in touched),
        silent_applications=tuple(row.name for row in laid.applications if row not in stated and row not in derived),
        counts=_counts(laid, touched, hurt, derived),
        has_map=known is not None,
        map_name=situation.map.fact.name if situation.map else "",
        announced=forecast,
    )


def _counts(laid: Board, touched: list, hurt: list, derived: list) -> tuple[tuple[str, int], ...]:
    stopped = sum(row.mode in ("stopped", "diverted") for row in touched)
    silent = len(laid.silent_services) + len(laid.silent_applications)
    return (
        (_("services touchés"), len(touched)),
        (_("dont arrêtés ou détournés"), stopped),
        (_("applications touchées"), len(hurt)),
        (_("entraînées dans la chute"), len(derived)),
        (_("sans nouvelles"), silent),
    )


def _works(row: ApplicationRow | ServiceRow) -> bool:
    if isinstance(row, ServiceRow):
        return row.stated is not None and row.stated.mode in GOOD and not row.touched
    return row.state in GOOD and not row.contradicted and not _distrusted(row)


def _distrusted(row: ApplicationRow) -> bool:
    return row.trust is not None and row.trust.state in ("suspect", "compromised")


def _application(row: ApplicationRow, names: Names, at: datetime) -> Card:
    since = row.stated.since if row.stated else row.cut_by.by.happened_at if row.cut_by else row.lost_since
    remarks = [row.stated.seen] if row.stated else []
    if row.cut_by is not None:
        fact = row.cut_by.fact
        action = labels.value_name("containment", "action", fact.action)
        remarks.append(_("%(what)s : %(action)s") % {"what": fact.what, "action": action})
    if row.through:
        remarks.append(_("À cause de : %(name)s") % {"name": names.application(row.through)})
    return Card(
        id=row.id,
        name=row.name,
        state=row.state,
        badge=derived_badge(row.state) if row.state in ("stopped", "weakened") else badge_of("availability", row.state),
        trust=badge_of("trust", row.trust.state) if row.trust else None,
        since=_since(since, at),
        remarks=tuple(one for one in remarks if one),
        silent=_silent(row.stated.by.happened_at if row.stated else None, at),
        pulls=_pulls(row, names),
        warning=_("Dite en marche, mais ce dont elle dépend est tombé : à vérifier.") if row.contradicted else "",
    )


def derived_badge(state: str) -> Badge:
    """The badge of an application of which nobody spoke, and that falls with what it depends on."""
    if state == "stopped":
        return Badge("stopped", _("arrêtée"), "unknown", str(labels.LETTERS["stopped"]), hollow=True)
    return Badge("degraded", _("affaiblie"), "unknown", str(labels.LETTERS["degraded"]), hollow=True)


def _service(row: ServiceRow, names: Names, at: datetime, forecast: Announced) -> Card:
    remarks = []
    if row.stated and row.stated.capacity_percent is not None:
        remarks.append(_("Capacité gardée : %(n)s %%") % {"n": row.stated.capacity_percent})
    if row.touched:
        remarks.append(_share(row.touched.low, row.touched.high))
    if row.stated and row.stated.fallback:
        remarks.append(_("Repli : %(fallback)s") % {"fallback": row.stated.fallback})
    return Card(
        id=row.id,
        name=row.name,
        state=row.mode,
        badge=badge_of("service_mode", row.mode),
        trust=None,
        since=_since(row.stated.since if row.stated else None, at),
        remarks=tuple(remarks),
        silent=_silent(row.stated.by.happened_at if row.stated else None, at),
        warning=_("Dit normal, mais la carte dit qu'il a perdu des applications : à vérifier.")
        if row.contradicted
        else "",
        fallbacks=_ordered(row, names, at),
        back=_("Retour : %(dates)s") % {"dates": forecast.of(row.id, names)},
    )


def _expected(row: ServiceRow, names: Names, at: datetime, forecast: Announced) -> Expected:
    assert row.touched is not None
    fallbacks = _ordered(row, names, at)
    share = _percents(row.touched.low, row.touched.high)
    # On a narrow screen the table has no headings.
    back = forecast.of(row.id, names) if row.id in forecast.dates else _("aucune prévision de retour")
    return Expected(row.name, share, fallbacks[0] if fallbacks else None, back)


def _ordered(row: ServiceRow, names: Names, at: datetime) -> tuple[Endurance, ...]:
    """The fallbacks in use, the first to give way first, those of which nobody knows last."""
    never = datetime.max.replace(tzinfo=at.tzinfo)
    return tuple(_endurance(one, names, at) for one in sorted(row.fallbacks, key=lambda one: one.ends_at or never))


def _caused(derived: list[ApplicationRow], names: Names) -> Iterable[Caused]:
    causes: dict[str, list[tuple[str, Badge]]] = {}
    for row in derived:
        causes.setdefault(row.through or "", []).append((row.name, derived_badge(row.state)))
    for cause, fallen in sorted(causes.items(), key=lambda one: -len(one[1])):
        yield Caused(names.application(cause), tuple(fallen))


def _share(low: float, high: float) -> str:
    return _("D'après la carte, activité possible : %(percents)s") % {"percents": _percents(low, high)}


def _percents(low: float, high: float) -> str:
    if round(low * 100) == round(high * 100):
        return _("%(n)s %%") % {"n": round(low * 100)}
    return _("entre %(low)s et %(high)s %%") % {"low": round(low * 100), "high": round(high * 100)}


def _endurance(one: Fallback, names: Names, at: datetime) -> Endurance:
    left = one.hours_left(at)
    what, text = names.application(one.loss.application), one.loss.fallback.rstrip(".") or _("aucun repli prévu")
    if left is None or one.ends_at is None:
        hours = one.loss.endurance_hours
        known = _("tient %(n)s h, sans début connu") % {"n": f"{hours:g}"} if hours is not None else ""
        return Endurance(what, text, known or _("durée de tenue inconnue"), "")
    if left <= 0:
        return Endurance(what, text, _("épuisé depuis %(span)s") % {"span": moments.duration(at - one.ends_at)}, "late")
    span, until = moments.duration(timedelta(hours=left)), moments.short(one.ends_at, at)
    holds = _("tient encore %(span)s (jusqu'à %(until)s)") % {"span": span, "until": until}
    return Endurance(what, text, holds, "soon" if left <= SOON_HOURS else "")


def _since(since: datetime | None, at: datetime) -> str:
    if since is None:
        return _("début inconnu")
    span = moments.duration(at - since)
    return _("depuis %(when)s (%(span)s)") % {"when": moments.short(since, at), "span": span}


def _silent(last: datetime | None, at: datetime) -> str:
    if last is None or at - last < SILENCE:
        return ""
    return _("sans nouvelles depuis %(span)s") % {"span": moments.duration(at - last)}


def _pulls(row: ApplicationRow, names: Names) -> str:
    told = _several([names.service(one) for one in row.pulls_down_services])
    fallen = len(row.pulls_down_applications)
    parts = []
    if fallen:
        parts.append(ngettext("%(n)d application", "%(n)d applications", fallen) % {"n": fallen})
    if told:
        parts.append(told)
    return _("Entraîne : %(what)s") % {"what": " ; ".join(parts)} if parts else ""


def _several(names: list[str]) -> str:
    if len(names) <= NAMED + 1:
        return ", ".join(names)
    rest = len(names) - NAMED
    return _("%(names)s et %(n)d autres") % {"names": ", ".join(names[:NAMED]), "n": rest}


def _dispute(one: Conflict, names: Names, at: datetime) -> Dispute:
    name = names.service(one.subject) if one.kind == "service_mode" else names.application(one.subject)
    field = "mode" if one.kind == "service_mode" else "state"
    return Dispute(
        subject=_("%(kind)s, %(name)s") % {"kind": labels.kind_name(one.kind), "name": name},
        sides=tuple(_sides(one, field, at)),
    )


def _sides(one: Conflict, field: str, at: datetime) -> Iterable[str]:
    for side in one.sides:
        first, _space, rest = side.value.partition(" ")
        value = " ".join(part for part in (labels.value_name(one.kind, field, first), rest) if part and part != "?")
        yield _("%(node)s, %(author)s, %(when)s : %(value)s") % {
            "node": side.by.node,
            "author": side.by.author,
            "when": moments.short(side.by.happened_at, at),
            "value": value,
        }
