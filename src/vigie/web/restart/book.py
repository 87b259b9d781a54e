"""The restart as a workbook: the plan line by line, services, gates, people, assumptions; every row that there is."""

from __future__ import annotations

from collections.abc import Iterator

from django.utils.translation import gettext as _

from vigie.cartography import label
from vigie.exchange.tables import Cell, Column, Sheet
from vigie.rebuild.assumptions import layer_of
from vigie.rebuild.chain import critical_chain, hold
from vigie.web.restart import board, dates, words
from vigie.web.restart.computing import Restart


def sheets(found: Restart, path: tuple[str, str]) -> tuple[Sheet, ...]:
    """The tables of the workbook."""
    return (_plan(found), _applications(found), _services(found), _gates(found, path), _people(found), _assumed(found))


def _plan(found: Restart) -> Sheet:
    columns = (
        Column(_("N°"), 6), Column(_("Début"), 20), Column(_("Fin"), 20), Column(_("Étape"), 60), Column(_("Phase"), 22),
        Column(_("Application"), 22), Column(_("Équipe"), 28), Column(_("Comment"), 24), Column(_("Pourquoi pas plus tôt"), 50),
        Column(_("Durée supposée"), 10), Column(_("Chaîne critique"), 10), Column(_("Repère"), 40),
    )  # fmt: skip
    return Sheet(_("Plan"), columns, list(_lines(found)))


def _lines(found: Restart) -> Iterator[tuple[Cell, ...]]:
    plan, names = found.plan, found.names
    critical = {line.step.id for line, _hold in critical_chain(plan)}
    for number, line in enumerate(plan.lines, start=1):
        step = line.step
        yield (
            number, line.starts_at, line.ends_at, words.step_of(line, plan, names), str(words.PHASES[step.phase]),
            names.application(step.application) if step.application else "", words.team_name(line.team, names),
            str(words.WAYS[line.way]) if step.phase == "restore" else "", words.why(hold(plan, line), plan, names),
            step.assumed, step.id in critical, step.id,
        )  # fmt: skip


def _applications(found: Restart) -> Sheet:
    columns = (
        Column(_("Application"), 44), Column(_("Couche"), 16), Column(_("Retour au plan"), 20), Column(_("Retour P50"), 20),
        Column(_("Retour P90"), 20), Column(_("Ce qui bloque"), 50), Column(_("Repère"), 28),
    )  # fmt: skip
    work, rows = found.plan.work, []
    for one in work.damages.damaged:
        date = dates.of_application(found.outlook, one)
        reason = words.blocked_by(work.blocked[one], work, found.names) if one in work.blocked else ""
        layer = str(words.LAYERS[layer_of(found.cartography.application[one].kind)])
        back = found.plan.application_back_at(one)
        rows.append((found.names.application(one), layer, back, date.p50_at, date.p90_at, reason, one))
    return Sheet(_("Applications"), columns, rows)


def _services(found: Restart) -> Sheet:
    columns = (
        Column(_("Service de soins"), 44), Column(_("Touché"), 8), Column(_("Retour P50"), 20), Column(_("Retour P90"), 20),
        Column(_("Attend"), 50), Column(_("Soins perdus (équivalent consultations)"), 18), Column(_("Repère"), 28),
    )  # fmt: skip
    rows = []
    for service in found.cartography.services:
        one = dates.of_service(found.outlook, service.id)
        lost = round(found.plan.lost_by_service[service.id], 1) if one.lost else 0.0
        p50, p90 = (one.dates.p50_at, one.dates.p90_at) if one.lost else (None, None)
        waits = board.waits_for(found, service.id) if one.lost else ""
        rows.append((found.names.service(service.id), one.lost, p50, p90, waits, lost, service.id))
    return Sheet(_("Services de soins"), columns, rows)


def _gates(found: Restart, path: tuple[str, str]) -> Sheet:
    columns = (
        Column(_("Feu vert"), 50), Column(_("État"), 12), Column(_("Qui signe"), 40), Column(_("Ce qu'il faut montrer"), 70),
        Column(_("Signé par"), 24), Column(_("Éléments vus"), 50), Column(_("Le"), 20), Column(_("Repère"), 36),
    )  # fmt: skip
    tongue = words.language()
    rows = [
        (
            words.gate_title(gate, found.names), str(words.OUTCOMES[gate.outcome]), gate.signer_role(tongue),
            gate.evidence_wanted(tongue), gate.signer, gate.evidence, gate.at, gate.id,
        )
        for gate in found.plan.work.gates
    ]  # fmt: skip
    return Sheet(_("Feux verts"), columns, rows)


def _people(found: Restart) -> Sheet:
    columns = (
        Column(_("Équipe"), 40), Column(_("Personnes"), 10), Column(_("Horaires"), 44), Column(_("À partir du"), 20),
        Column(_("Jusqu'au"), 20), Column(_("Supposé"), 36),
    )  # fmt: skip
    rows = [
        (
            words.team_name(one.team, found.names), one.people, label("shifts", one.shift, words.language()), one.from_at,
            one.until_at, board.why_assumed(one.assumed) if one.assumed else "",
        )
        for one in found.plan.work.staff.presences
    ]  # fmt: skip
    return Sheet(_("Personnes"), columns, rows)


def _assumed(found: Restart) -> Sheet:
    columns = (Column(_("Hypothèse"), 70), Column(_("Détail"), 70))
    rows: list[tuple[Cell, ...]] = []
    for one in board.assumed(found):
        rows += [(one.what, each) for each in one.each] or [(one.what, "")]
    return Sheet(_("Hypothèses"), columns, rows)
