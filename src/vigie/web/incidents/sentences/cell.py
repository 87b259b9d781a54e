"""Sentences of the crisis cell."""

from __future__ import annotations

from django.utils.translation import gettext as _

from vigie.journal import facts as f
from vigie.web.incidents.moments import moment
from vigie.web.incidents.names import Names
from vigie.web.incidents.sentences.words import amount, join, listed, of, value


@of(f.Opened)
def _opened(fact: f.Opened, names: Names) -> str:
    where = listed([names.establishment(one) for one in fact.establishments])
    return join(
        _("Incident ouvert : %(title)s") % {"title": fact.title},
        _("Établissements touchés : %(names)s") % {"names": where} if where else "",
        _("Détecté le %(moment)s") % {"moment": moment(fact.detected_at)} if fact.detected_at else "",
        _("Pour le compte de %(name)s") % {"name": fact.on_behalf_of} if fact.on_behalf_of else "",
        fact.summary,
    )


@of(f.Closed)
def _closed(fact: f.Closed, names: Names) -> str:
    return join(_("Incident clos"), fact.outcome)


@of(f.Note)
def _note(fact: f.Note, names: Names) -> str:
    return fact.text


@of(f.Observation)
def _observation(fact: f.Observation, names: Names) -> str:
    if fact.checked == "unchecked":
        return fact.text
    return _("%(text)s (%(checked)s)") % {"text": fact.text, "checked": value(fact, "checked")}


@of(f.Decision)
def _decision(fact: f.Decision, names: Names) -> str:
    return join(
        fact.text,
        _("Décidé par %(name)s") % {"name": fact.decider},
        _("Autres options examinées : %(options)s") % {"options": " ; ".join(fact.options)} if fact.options else "",
        _("À revoir le %(moment)s") % {"moment": moment(fact.review_at)} if fact.review_at else "",
    )


@of(f.Task)
def _task(fact: f.Task, names: Names) -> str:
    heads = {"assigned": _("À faire"), "done": _("Fait"), "dropped": _("Abandonné")}
    return join(
        _("%(state)s : %(text)s") % {"state": heads[fact.state], "text": fact.text},
        _("Confié à %(name)s") % {"name": fact.owner} if fact.owner else "",
        _("Pour le %(moment)s") % {"moment": moment(fact.due_at)} if fact.due_at else "",
    )


@of(f.Roster)
def _roster(fact: f.Roster, names: Names) -> str:
    texts = {
        "takes": _("%(person)s prend le rôle « %(role)s »"),
        "leaves": _("%(person)s quitte le rôle « %(role)s »"),
    }
    return join(
        texts[fact.action] % {"person": fact.person, "role": fact.role},
        _("Joignable : %(number)s") % {"number": fact.reachable_at} if fact.reachable_at else "",
    )


@of(f.Handover)
def _handover(fact: f.Handover, names: Names) -> str:
    texts = {
        "given": _("Relève donnée par %(person)s"),
        "acknowledged": _("Relève reçue par %(person)s"),
    }
    return join(texts[fact.action] % {"person": fact.person}, fact.text)


@of(f.Communication)
def _communication(fact: f.Communication, names: Names) -> str:
    return _("À %(audience)s, par %(channel)s : %(text)s") % {
        "audience": fact.audience,
        "channel": fact.channel,
        "text": fact.text,
    }


@of(f.Cost)
def _cost(fact: f.Cost, names: Names) -> str:
    text = (
        _("%(what)s : %(amount)s %(currency)s, estimation")
        if fact.estimate
        else _("%(what)s : %(amount)s %(currency)s")
    )
    return text % {"what": fact.what, "amount": amount(fact.amount_minor), "currency": fact.currency}
