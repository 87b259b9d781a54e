"""A restart plan for a terminal."""

from __future__ import annotations

from collections import defaultdict
from datetime import datetime

from rich.console import Console
from rich.table import Table

from vigie.cli.plan_harm import harm_table
from vigie.exchange.restart_data import gap_percent
from vigie.rebuild.chain import Hold, hold
from vigie.rebuild.cost import cost
from vigie.rebuild.outlook import Dates, Outlook
from vigie.rebuild.plan import Line, Plan
from vigie.rebuild.usual import beside_usual
from vigie.rebuild.whatif import Difference

out = Console(highlight=False, soft_wrap=True)
NEXT_ACTIONS = 5
HOLDS = {
    "at_once": "at once",
    "under_way": "under way",
    "after": "after {by}",
    "gate": "behind {by}",
    "team": "when its people are done with {by}",
    "shift": "when its people are at work",
    "arrival": "when its people have arrived",
}


def print_plan(plan: Plan, outlook: Outlook, least: float, difference: Difference | None = None) -> None:
    """The plan for a person: what to do next, when care is back, what is waited for, what was assumed."""
    work = plan.work
    lost = sum(1 for one in work.damages.damaged.values() if one.work == "rebuild")
    out.print(
        f"{work.cartography.name}: {len(work.steps)} steps for {len(work.damages.damaged)} applications ({lost} to rebuild)"
    )
    out.print(
        f"from {_when(plan, work.at)}; {'all but what is blocked' if work.blocked else 'all'} done "
        f"{_when(plan, plan.done_at)} if every estimate holds "
        f"({plan.schedule.makespan / 24:.0f} days); {_chances(plan, outlook.done)}"
    )
    ratio = outlook.ratio
    told = f"{ratio.finished} phases ended and {ratio.running} running" if ratio.learned else "nothing observed yet"
    out.print(f"real over estimated effort: {ratio.median:.2f} ({ratio.low:.2f} to {ratio.high:.2f}; {told})")
    gap = gap_percent(plan, least)
    far = "nothing to lose" if gap is None else f"at most {gap:.0f} % above the least possible, {least:,.0f}"
    out.print(f"care lost on the way: {plan.care_lost:,.0f} weighted visits; {far} (bound, not a plan)\n")
    _print_actions(plan)
    _print_services(plan, outlook)
    _print_harm(plan)
    _print_gates(plan)
    _print_usual(plan)
    _print_assumed(plan)
    if difference:
        _print_difference(plan, difference)


def _print_actions(plan: Plan) -> None:
    table = _table("team", "next", "way", "from", "to", "why not earlier")
    by_team: dict[str, list[Line]] = defaultdict(list)
    for line in plan.lines:
        if line.team and len(by_team[line.team]) < NEXT_ACTIONS:
            by_team[line.team].append(line)
    for team, lines in by_team.items():
        for number, line in enumerate(lines):
            way = line.way if line.step.phase == "restore" else ""
            table.add_row(
                "" if number else team, line.step.id, way, _when(plan, line.starts_at), _when(plan, line.ends_at),
                _why(hold(plan, line)), end_section=number == len(lines) - 1,
            )  # fmt: skip
    out.print(f"The next {NEXT_ACTIONS} steps of each team")
    out.print(table)


def _print_services(plan: Plan, outlook: Outlook) -> None:
    table = _table("service", "if all holds", "P50", "P90", "waits for", "care lost")
    services = sorted(plan.work.cartography.services, key=lambda one: -plan.lost_by_service[one.id])
    for service in services:
        told, lost = outlook.services[service.id], plan.lost_by_service[service.id]
        if told.lost:
            dates = (plan.service_back_at(service.id), told.dates.p50_at, told.dates.p90_at)
            table.add_row(
                service.id, *(_when(plan, one) if one else "no date" for one in dates),
                told.dates.gate or told.waits_for or "", f"{lost:,.0f}",
            )  # fmt: skip
    out.print("\nWhen care is back, the heaviest loss first")
    out.print(table)


def _print_harm(plan: Plan) -> None:
    out.print(
        "\nWhat the wait costs in care, if every estimate holds: ranges, with what they rest on in docs/background/harm.md"
    )
    out.print(harm_table(cost(plan)))


def _print_gates(plan: Plan) -> None:
    waiting = [gate for gate in plan.work.gates if not gate.open]
    table = _table("gate", "state", "who signs", "what must be shown")
    proofs = [gate for gate in waiting if gate.kind == "restore_point_clean" and not gate.blocked]
    for gate in waiting:
        if gate not in proofs:
            table.add_row(gate.id, gate.outcome, gate.signer_role("en"), gate.evidence_wanted("en"))
    if proofs:
        one = proofs[0]
        table.add_row(
            f"restore_point_clean, {len(proofs)} times", "waiting", one.signer_role("en"), one.evidence_wanted("en")
        )
    out.print("\nGates: nothing behind them begins before they are signed")
    out.print(table)


def _print_usual(plan: Plan) -> None:
    table = _table("stage", "real hospitals", "this plan", "half of it back")
    for stage in beside_usual(plan):
        table.add_row(stage.title("en"), str(stage.usual_rank), str(stage.plan_rank), _when(plan, stage.half_back_at))
    out.print("\nBeside the order in which real hospitals came back (an inference from dated cases)")
    out.print(table)


def _print_assumed(plan: Plan) -> None:
    work = plan.work
    lines = [f"{p.people} person for {p.team}, {p.shift}: {p.assumed}" for p in work.staff.assumed]
    assumed = sum(1 for step in work.steps if step.assumed)
    if assumed:
        lines.append(f"{assumed} steps last as long as Vigie assumes, for nobody has estimated them")
    if work.copies_unsaid:
        lines.append(f"restored from a copy that the map does not say exists: {', '.join(work.copies_unsaid)}")
    if work.damages.unmapped:
        lines.append(f"LOST AND NOT IN THIS MAP, so not planned: {', '.join(work.damages.unmapped)}")
    if work.damages.unspoken:
        lines.append(f"not planned, nobody has spoken of them: {', '.join(work.damages.unspoken)}")
    lines += [
        f"the gate {g.kind} is about {g.subject!r}, which the map does not know: it opens nothing"
        for g in work.strange_gates
    ]
    if work.blocked:
        lines += [f"{name}: no date can be given, {reason}" for name, reason in work.blocked.items()]
    if lines:
        out.print("\nAssumed, or not known")
        for line in lines:
            out.print(f"  - {line}")


def _print_difference(plan: Plan, difference: Difference) -> None:
    words = "spares" if difference.care_lost <= 0 else "costs"
    out.print(
        f"\nWhat if: it {words} {abs(difference.care_lost):,.0f} weighted visits, and moves the end by "
        f"{difference.hours:+.0f} h"
    )
    table = _table("service", "was back", "would be back")
    for moved in difference.moved:
        dates = [_when(plan, one) if one else "no date" for one in (moved.before, moved.after)]
        table.add_row(moved.service, *dates)
    out.print(table)


def _chances(plan: Plan, dates: Dates) -> str:
    if dates.p50_at is None or dates.p90_at is None:
        return "no date can be given for all of it"
    return f"even odds by {_when(plan, dates.p50_at)} (P50), nine in ten by {_when(plan, dates.p90_at)} (P90)"


def _why(held: Hold) -> str:
    return HOLDS[held.kind].format(by=held.by)


def _when(plan: Plan, at: datetime) -> str:
    return f"{at.astimezone(plan.work.zone):%a %d %b %H:%M}"


def _table(*headings: str) -> Table:
    table = Table(box=None, pad_edge=False, header_style="bold")
    for heading in headings:
        table.add_column(
            heading, justify="right" if heading in ("care lost", "real hospitals", "this plan") else "left"
        )
    return table
