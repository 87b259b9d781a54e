"""The printed board: what is left and when care is back, then a page for each team to pin on its wall.

It is data for `restart.typ`: every sentence is made here, and nothing of it is ever read as markup.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, NamedTuple

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from vigie.journal import Checkpoint
from vigie.web.accounts.models import Organisation
from vigie.web.desk.models import Incident
from vigie.web.incidents import moments
from vigie.web.restart import words
from vigie.web.restart.board import Crew, Kind, board_of, crews
from vigie.web.restart.computing import Restart

TEMPLATE = Path(__file__).parent / "restart.typ"
A_DAY = timedelta(days=1)  # on paper an hour is never told without its day
ON_A_WALL = 8  # actions of a team: what can be read from two metres on one page


class Paper(NamedTuple):
    """What a print is made from, besides the plan. `tlp`: the closest marking of what it was made from."""

    incident: Incident
    checkpoint: Checkpoint | None
    tlp: str
    by: str
    now: datetime


def document(found: Restart, path: tuple[str, str], paper: Paper) -> dict[str, Any]:
    """The document for `typesetting.pdf`."""
    told = board_of(found, path)
    incident = paper.incident
    return {
        "language": words.language(),
        "title": incident.title or incident.id,
        "author": paper.by,
        "incident": incident.id,
        "organisation": Organisation.objects.filter(pk=incident.owner).values_list("name", flat=True).first()
        or incident.owner,
        "realm_mark": realm_mark(incident.realm),
        "tlp": paper.tlp,
        "made": _("Plan du %(moment)s (%(zone)s)")
        % {"moment": moments.moment(found.at), "zone": timezone.get_current_timezone_name()},
        "fingerprint": paper.checkpoint.fingerprint if paper.checkpoint else "—",
        "log": paper.checkpoint.log if paper.checkpoint else _("ce nœud n'a encore rien signé"),
        "printed": _("Imprimé par {person} le {moment}").format(person=paper.by, moment=moments.moment(paper.now)),
        "counts": [list(one) for one in told.counts],
        "services": [[one.name, one.p50, one.p90, one.waits] for one in (*told.services, *told.more_services)],
        "gates": [_gates(kind) for kind in told.gates],
        "blocked": [list(one) for one in told.blocked],
        "assumptions": [
            [one.what, "; ".join(one.each[:12]) + ("…" if len(one.each) > 12 else "")] for one in told.assumptions
        ],
        "teams": [_team(crew) for crew in crews(found, ON_A_WALL, found.at - A_DAY)],
        "words": _words(),
    }


def realm_mark(realm: str) -> str:
    """What every page of what is not real says."""
    if realm == "real":
        return ""
    word = {"exercise": _("EXERCICE"), "simulated": _("SIMULATION")}.get(realm, realm.upper())
    return " — ".join([word] * 3)


def _team(crew: Crew) -> dict[str, Any]:
    left = (
        ngettext("puis %(n)d autre étape", "puis %(n)d autres étapes", crew.left) % {"n": crew.left}
        if crew.left
        else ""
    )
    return {
        "name": crew.name,
        "people": f"{crew.people} ({crew.assumed})" if crew.assumed else crew.people,
        "actions": [[one.when, one.what, one.why, one.under_way] for one in crew.actions],
        "left": left,
    }


def _gates(kind: Kind) -> dict[str, Any]:
    return {
        "title": kind.title,
        "evidence": kind.evidence,
        "signer": kind.signer,
        "each": [[one.subject, one.state, one.behind] for one in kind.gates],
        "idle": [one.subject for one in kind.idle if one.subject],
    }


def _words() -> dict[str, Any]:
    return {
        "document": _("Plan de redémarrage"),
        "forecast": _("Toutes les dates sont des prévisions : elles changent avec ce qui se passe."),
        "checkpoint": _("Point de contrôle"),
        "page": _("Page"),
        "services": _("Retour des services de soins"),
        "service_columns": [_("Service"), _("P50 (une chance sur deux)"), _("P90 (neuf sur dix)"), _("Attend")],
        "gates": _("Feux verts attendus"),
        "signer": _("Signe"),
        "behind": _("derrière lui :"),
        "idle": _("rien du plan n'attend derrière :"),
        "blocked": _("Aucune date ne peut être donnée"),
        "assumptions": _("Ce que le plan suppose, parce que personne ne l'a dit"),
        "next": _("Prochaines actions"),
        "done": _("Fait à"),
        "under_way": _("EN COURS"),
        "nothing": _("Rien à faire d'après ce qui a été dit."),
    }
