"""Sentences about the information system."""

from __future__ import annotations

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from vigie.journal import facts as f
from vigie.web.incidents.moments import moment
from vigie.web.incidents.names import Names
from vigie.web.incidents.sentences.words import join, number, of, value


@of(f.AvailabilityChanged)
def _availability(fact: f.AvailabilityChanged, names: Names) -> str:
    head = _("%(name)s : application %(state)s") % {
        "name": names.application(fact.application),
        "state": value(fact, "state"),
    }
    return join(head, fact.seen)


@of(f.TrustChanged)
def _trust(fact: f.TrustChanged, names: Names) -> str:
    known = fact.subject_kind in ("application", "directory")
    name = names.application(fact.subject) if known else fact.subject
    return join(
        _("%(sort)s %(name)s : %(state)s")
        % {"sort": value(fact, "subject_kind").capitalize(), "name": name, "state": value(fact, "state")},
        fact.why,
    )


@of(f.Containment)
def _containment(fact: f.Containment, names: Names) -> str:
    text = _("%(what)s : %(action)s par %(by)s") if fact.by else _("%(what)s : %(action)s")
    return text % {"what": fact.what, "action": value(fact, "action"), "by": fact.by}


@of(f.CredentialReset)
def _credential_reset(fact: f.CredentialReset, names: Names) -> str:
    accounts = fact.accounts
    return join(
        _("Secrets renouvelés : %(scope)s") % {"scope": fact.scope},
        ngettext("%(n)s compte", "%(n)s comptes", accounts) % {"n": number(accounts)} if accounts is not None else "",
        _("Comptes à privilèges compris") if fact.privileged else "",
    )


@of(f.RestorePoint)
def _restore_point(fact: f.RestorePoint, names: Names) -> str:
    return join(
        _("Sauvegarde de %(name)s du %(moment)s : %(verdict)s")
        % {
            "name": names.application(fact.application),
            "moment": moment(fact.taken_at),
            "verdict": value(fact, "verdict"),
        },
        _("Intrusion estimée au %(moment)s") % {"moment": moment(fact.intrusion_estimated_at)}
        if fact.intrusion_estimated_at
        else "",
        fact.evidence,
    )


@of(f.Gate)
def _gate(fact: f.Gate, names: Names) -> str:
    subject = f" ({fact.subject})" if fact.subject else ""
    return join(
        _("Feu vert %(outcome)s par %(signer)s : %(gate)s%(subject)s")
        % {
            "outcome": value(fact, "outcome"),
            "signer": fact.signer,
            "gate": value(fact, "gate"),
            "subject": subject,
        },
        _("Éléments vus : %(evidence)s") % {"evidence": fact.evidence},
    )


@of(f.Estimate)
def _estimate(fact: f.Estimate, names: Names) -> str:
    subject = fact.what
    if fact.application:
        subject = subject or names.application(fact.application)
    elif fact.service:
        subject = subject or names.service(fact.service)
    values = {
        "subject": subject or _("retour à la normale"),
        "name": fact.promised_by,
        "early": moment(fact.earliest_at),
        "late": moment(fact.latest_at),
    }
    if fact.earliest_at == fact.latest_at:
        return _("%(subject)s : retour annoncé par %(name)s pour le %(late)s.") % values
    return _("%(subject)s : retour annoncé par %(name)s entre le %(early)s et le %(late)s.") % values
