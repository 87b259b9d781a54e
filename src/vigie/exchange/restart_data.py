"""The restart as data: plan, forecast and harm, for a script or another program."""

from __future__ import annotations

from typing import Any

from vigie.care import Estimate, Harm
from vigie.journal.facts import iso
from vigie.rebuild.chain import critical_chain, deciding_application, hold
from vigie.rebuild.cost import cost
from vigie.rebuild.outlook import Dates, Outlook
from vigie.rebuild.plan import Line, Plan
from vigie.rebuild.usual import beside_usual
from vigie.rebuild.whatif import Difference


def restart_data(
    plan: Plan, outlook: Outlook, revision: str, least: float | None = None, difference: Difference | None = None
) -> dict[str, Any]:
    """The plan as plain data: instants in UTC, None where no date can be given.

    `least` is the bound below which no plan loses care; None: nobody asked for it.
    """
    work = plan.work
    data: dict[str, Any] = {
        "cartography": {"name": work.cartography.name, "revision": revision},
        "at": iso(work.at),
        "care_lost": round(plan.care_lost, 1),
        "bound": None if least is None else round(least, 1),
        "gap_percent": gap_percent(plan, least),
        "makespan_hours": plan.schedule.makespan,
        "done_at": iso(plan.done_at),
        "done": _dates(outlook.done),
        "effort_ratio": {name: round(getattr(outlook.ratio, name), 2) for name in ("low", "median", "high")}
        | {"finished": outlook.ratio.finished, "running": outlook.ratio.running},
        "rule": plan.rule,
        "applications": {
            name: {"back_at": iso(plan.line[step].ends_at), "way": plan.line[step].way, **_dates(outlook.applications[name])}
            for name, step in work.back.items()
        },
        "blocked": dict(work.blocked),
        "unspoken": list(work.damages.unspoken),
        "unmapped": list(work.damages.unmapped),
        "services": {service.id: _service(plan, outlook, service.id) for service in work.cartography.services},
        "steps": [_step(plan, line) for line in plan.lines],
        "harm": harm_data(cost(plan)),
        "gates": [{"gate": gate.id, "outcome": gate.outcome, "signer": gate.signer} for gate in work.gates],
        "assumed_people": [{"team": p.team, "people": p.people, "why": p.assumed} for p in work.staff.assumed],
        "copies_unsaid": list(work.copies_unsaid),
        "critical_chain": [line.step.id for line, _ in critical_chain(plan)],
        "usual_order": [
            {"stage": stage.id, "usual_rank": stage.usual_rank, "plan_rank": stage.plan_rank,
             "half_back_at": iso(stage.half_back_at)}
            for stage in beside_usual(plan)
        ],
    }  # fmt: skip
    if difference:
        data["what_if"] = _difference(difference)
    return data


def gap_percent(plan: Plan, least: float | None) -> float | None:
    """How far above the bound the plan is, in percent; None where there is nothing to lose, or no bound."""
    return round(100 * (plan.care_lost / least - 1), 2) if least is not None and least > 0 else None


def harm_data(harm: Harm) -> dict[str, Any]:
    """Every total as {low, central, high, unit, evidence, assumptions}; high None: nobody knows how much."""
    totals = harm.totals
    data = {name: _data(getattr(totals, name)) for name in totals.__dataclass_fields__}
    data["transfers"] = _data(harm.transfers)
    data["pathways"] = [
        {"pathway": one.pathway, "hours": _data(one.hours), "patients": _data(one.patients), "delay": _data(one.delay)}
        for one in harm.pathways
    ]
    # Two views of the same deaths: side by side, never added.
    data["deaths"] = {
        "top_down": _data(harm.top_down.deaths),
        "bottom_up": _data(harm.bottom_up.together),
        "uncounted_pathways": list(harm.bottom_up.uncounted),
    }
    return data


def _service(plan: Plan, outlook: Outlook, service: str) -> dict[str, Any]:
    back = plan.service_back_at(service)
    return {
        "back_at": iso(back) if back else None,
        **_dates(outlook.services[service].dates),
        "waits_for": outlook.services[service].waits_for,
        "last_to_come": deciding_application(plan, service),
        "care_lost": round(plan.lost_by_service[service], 1),
    }


def _dates(dates: Dates) -> dict[str, Any]:
    return {
        "p50_at": iso(dates.p50_at) if dates.p50_at else None,
        "p90_at": iso(dates.p90_at) if dates.p90_at else None,
    }


def _step(plan: Plan, line: Line) -> dict[str, Any]:
    held = hold(plan, line)
    return {
        "step": line.step.id, "application": line.step.application, "phase": line.step.phase, "way": line.way,
        "team": line.team, "starts_at": iso(line.starts_at), "ends_at": iso(line.ends_at), "held_by": held.kind,
        "held_by_step": held.by, "assumed": line.step.assumed,
    }  # fmt: skip


def _difference(difference: Difference) -> dict[str, Any]:
    return {
        "care_lost": round(difference.care_lost, 1),
        "hours": difference.hours,
        "moved": [
            {"service": one.service, "before": iso(one.before) if one.before else None,
             "after": iso(one.after) if one.after else None}
            for one in difference.moved
        ],
    }  # fmt: skip


def _data(estimate: Estimate) -> dict[str, Any]:
    return {
        "low": round(estimate.low, 2),
        "central": None if estimate.central is None else round(estimate.central, 2),
        "high": None if estimate.high is None else round(estimate.high, 2),
        "unit": estimate.unit,
        "evidence": list(estimate.evidence),
        "assumptions": list(estimate.assumptions),
    }
