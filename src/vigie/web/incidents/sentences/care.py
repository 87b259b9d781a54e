"""Sentences about care."""

from __future__ import annotations

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from vigie.journal import facts as f
from vigie.web.incidents.names import Names
from vigie.web.incidents.sentences.words import join, number, of, patients, people, value


@of(f.ServiceModeChanged)
def _service_mode(fact: f.ServiceModeChanged, names: Names) -> str:
    return join(
        _("%(name)s : fonctionnement %(mode)s") % {"name": names.service(fact.service), "mode": value(fact, "mode")}
        if fact.mode != "diverted"
        else _("%(name)s : patients dirigés ailleurs") % {"name": names.service(fact.service)},
        _("Capacité gardée : %(n)s %%") % {"n": fact.capacity_percent} if fact.capacity_percent is not None else "",
        _("Repli : %(fallback)s") % {"fallback": fact.fallback} if fact.fallback else "",
    )


@of(f.Capacity)
def _capacity(fact: f.Capacity, names: Names) -> str:
    known = [_ratio(_("lits ouverts"), fact.beds_open, fact.beds_usual)]
    known.append(_ratio(_("passages par jour"), fact.visits_per_day, fact.visits_per_day_usual))
    if fact.activity_percent is not None:
        known.append(_("activité %(n)s %%") % {"n": fact.activity_percent})
    parts = ", ".join(part for part in known if part) or _("personne n'a compté")
    where = names.service(fact.service) if fact.service else _("Établissement")
    return join(_("%(where)s : %(counts)s") % {"where": where, "counts": parts}, fact.comment)


def _ratio(what: str, now: int | None, usual: int | None) -> str:
    if now is None:
        return ""
    if usual is None:
        return _("%(now)s %(what)s") % {"now": number(now), "what": what}
    return _("%(now)s %(what)s sur %(usual)s") % {"now": number(now), "what": what, "usual": number(usual)}


@of(f.Transfer)
def _transfer(fact: f.Transfer, names: Names) -> str:
    who = patients(fact.patients) if fact.patients is not None else _("Patients (nombre inconnu)")
    text = who
    if fact.service:
        text = _("%(who)s de %(service)s") % {"who": who, "service": names.service(fact.service)}
    text = _("%(who)s vers %(place)s") % {"who": text, "place": fact.to} if fact.to else text
    return join(_("Transfert : %(what)s") % {"what": text}, fact.why)


@of(f.Postponement)
def _postponement(fact: f.Postponement, names: Names) -> str:
    count = number(fact.count) if fact.count is not None else _("nombre inconnu")
    text = (
        _("Reporté depuis le début : %(what)s (%(count)s)") if fact.cumulative else _("Reporté : %(what)s (%(count)s)")
    )
    return join(text % {"what": fact.what, "count": count}, names.service(fact.service) if fact.service else "")


@of(f.SafetyEvent)
def _safety_event(fact: f.SafetyEvent, names: Names) -> str:
    head = _("Danger %(danger)s pour les patients") % {"danger": value(fact, "danger")}
    if fact.service:
        head = f"{head}, {names.service(fact.service)}"
    return join(
        _("%(head)s : %(what)s") % {"head": head, "what": fact.what},
        people(fact.people) if fact.people is not None else "",
        _("Cause : %(cause)s") % {"cause": fact.cause} if fact.cause else "",
    )


@of(f.Backlog)
def _backlog(fact: f.Backlog, names: Names) -> str:
    sheets, pace = fact.sheets, fact.sheets_per_day
    return join(
        _("À ressaisir : %(what)s") % {"what": fact.what},
        names.service(fact.service) if fact.service else "",
        ngettext("%(n)s feuille", "%(n)s feuilles", sheets) % {"n": number(sheets)} if sheets is not None else "",
        _("%(n)s par jour") % {"n": number(pace)} if pace is not None else "",
        people(fact.people) if fact.people is not None else "",
    )
