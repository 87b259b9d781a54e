"""The restart board in words: what is left, what each team does next, what waits for a signature, when care is back."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from vigie.rebuild.arrays import needed_by
from vigie.rebuild.chain import critical_chain, deciding_application, hold
from vigie.rebuild.explain import services_of
from vigie.rebuild.gates import Gate
from vigie.rebuild.plan import Line, Plan
from vigie.rebuild.step import Work
from vigie.web.incidents.names import Names
from vigie.web.restart import dates, reach, words
from vigie.web.restart.computing import Restart

NEXT = 5
SHOWN = 15  # care services in full view; the others lose less and are folded


@dataclass(frozen=True, slots=True)
class Action:
    """One step to come: when, what, why not earlier; its identifier for the page that explains it."""

    id: str
    when: str
    what: str
    why: str
    under_way: bool


@dataclass(frozen=True, slots=True)
class Crew:
    """One team and its next actions. `assumed`: nobody named these people."""

    id: str
    name: str
    people: str
    actions: tuple[Action, ...]
    left: int
    assumed: str


@dataclass(frozen=True, slots=True)
class Waiting:
    """A gate that is not open: about what, what stands behind it, by when its evidence is awaited, where to write it."""

    subject: str
    state: str
    refused: bool
    behind: str
    due: str
    link: str


@dataclass(frozen=True, slots=True)
class Kind:
    """The gates of one kind, which ask for the same evidence and the same signature; behind those `idle` nothing waits."""

    id: str
    title: str
    evidence: str
    signer: str
    gates: tuple[Waiting, ...]
    idle: tuple[Waiting, ...]


@dataclass(frozen=True, slots=True)
class Back:
    """One care service: its two dates, what holds it, the care that it loses until then. `blocked`: no date."""

    id: str
    name: str
    p50: str
    p90: str
    waits: str
    lost: str
    blocked: bool


@dataclass(frozen=True, slots=True)
class Link:
    """One link of the critical chain."""

    id: str
    when: str
    what: str
    team: str
    why: str


@dataclass(frozen=True, slots=True)
class Assumption:
    """What was assumed because nobody said: in one sentence, and each one in full."""

    what: str
    each: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class RestartWords:
    """The board. `counts` are (number, what) of its first line."""

    counts: tuple[tuple[str, str], ...]
    crews: tuple[Crew, ...]
    gates: tuple[Kind, ...]
    services: tuple[Back, ...]
    more_services: tuple[Back, ...]
    calm: tuple[str, ...]
    chain: tuple[Link, ...]
    assumptions: tuple[Assumption, ...]
    blocked: tuple[tuple[str, str], ...]


def board_of(found: Restart, path: tuple[str, str]) -> RestartWords:
    """The board of a restart; `path` is that of the incident, for links."""
    plan, names = found.plan, found.names
    services = tuple(_services(found))
    return RestartWords(
        counts=tuple(_counts(found)),
        crews=crews(found),
        gates=tuple(_kinds(found, path)),
        services=services[:SHOWN],
        more_services=services[SHOWN:],
        calm=tuple(names.service(name) for name, one in found.outlook.services.items() if not one.lost),
        chain=tuple(_link(line, plan, names) for line, _hold in critical_chain(plan)),
        assumptions=tuple(assumed(found)),
        blocked=tuple(
            (names.application(one), words.blocked_by(reason, plan.work, names))
            for one, reason in plan.work.blocked.items()
        ),
    )


def crews(found: Restart, most: int = NEXT, near: datetime | None = None) -> tuple[Crew, ...]:
    """Each team with what it does next, the first to act first. `near` is the instant that days are told from."""
    plan, names = found.plan, found.names
    of_team: dict[str, list[Line]] = defaultdict(list)
    for line in plan.lines:
        if line.team:
            of_team[line.team].append(line)
    nobody = {presence.team: presence for presence in plan.work.staff.assumed}
    return tuple(
        Crew(
            id=team,
            name=words.team_name(team, names),
            people=_people(plan, team),
            actions=tuple(_action(line, found, near or found.at) for line in lines[:most]),
            left=len(lines) - most if len(lines) > most else 0,
            assumed=why_assumed(nobody[team].assumed) if team in nobody else "",
        )
        for team, lines in of_team.items()
    )


def assumed(found: Restart) -> list[Assumption]:
    """Everything that the plan takes for granted because nobody said."""
    plan, names = found.plan, found.names
    work, made = plan.work, []
    if people := work.staff.assumed:
        each = tuple(
            ngettext("%(team)s : %(n)d personne (%(why)s)", "%(team)s : %(n)d personnes (%(why)s)", one.people)
            % {"team": words.team_name(one.team, names), "n": one.people, "why": why_assumed(one.assumed)}
            for one in people
        )
        said = ngettext("%(n)d équipe que personne n'a nommée", "%(n)d équipes que personne n'a nommées", len(people))
        made.append(Assumption(said % {"n": len(people)}, each))
    guessed = Counter(step.phase for step in work.steps if step.assumed)
    if guessed:
        total = sum(guessed.values())
        said = ngettext(
            "%(n)d étape sur %(all)d dont personne n'a estimé la durée",
            "%(n)d étapes sur %(all)d dont personne n'a estimé la durée", total,
        )  # fmt: skip
        each = tuple(f"{words.PHASES[phase]} : {count}" for phase, count in guessed.most_common())
        made.append(Assumption(said % {"n": total, "all": len(work.steps)}, each))
    if unsaid := work.copies_unsaid:
        said = ngettext(
            "%(n)d application au plan depuis une sauvegarde dont la carte ne dit pas si elle existe",
            "%(n)d applications au plan depuis une sauvegarde dont la carte ne dit pas si elle existe", len(unsaid),
        )  # fmt: skip
        made.append(Assumption(said % {"n": len(unsaid)}, tuple(names.application(one) for one in unsaid)))
    if unspoken := work.damages.unspoken:
        said = ngettext(
            "%(n)d application dont personne n'a parlé : elle n'est pas au plan",
            "%(n)d applications dont personne n'a parlé : elles ne sont pas au plan", len(unspoken),
        )  # fmt: skip
        made.append(Assumption(said % {"n": len(unspoken)}, tuple(names.application(one) for one in unspoken)))
    return made + _unplaced(work, names)


def _unplaced(work: Work, names: Names) -> list[Assumption]:
    """What the journal speaks of and the map does not know."""
    made = []
    if unmapped := work.damages.unmapped:
        said = ngettext(
            "%(n)d application perdue que la carte ne connaît pas : elle n'est pas au plan",
            "%(n)d applications perdues que la carte ne connaît pas : elles ne sont pas au plan", len(unmapped),
        )  # fmt: skip
        made.append(Assumption(said % {"n": len(unmapped)}, tuple(names.application(one) for one in unmapped)))
    if strange := work.strange_gates:
        said = ngettext(
            "%(n)d feu vert au sujet de quelque chose que la carte ne connaît pas : il n'ouvre rien",
            "%(n)d feux verts au sujet de choses que la carte ne connaît pas : ils n'ouvrent rien", len(strange),
        )  # fmt: skip
        made.append(
            Assumption(said % {"n": len(strange)}, tuple(f"{g.title(words.language())} : {g.subject}" for g in strange))
        )
    return made


def _counts(found: Restart) -> list[tuple[str, str]]:
    plan, outlook = found.plan, found.outlook
    left = len(plan.work.steps)
    low, high = dates.care_between(plan)
    return [
        (str(left), ngettext("étape à faire", "étapes à faire", left)),
        *_whole(found),
        (words.visits_between(low, high), _("consultations reportées, ou autant de soins, d'ici là")),
        dates.ratio(outlook),
    ]


def _whole(found: Restart) -> list[tuple[str, str]]:
    """When everything is back; in words where no date can be given for all of it."""
    whole = found.outlook.done
    if whole.p50_at is None or whole.p90_at is None:
        return [(_("aucune date"), _("ne peut être donnée pour le tout : une partie est bloquée, ou sans personne"))]
    return [
        (words.day(whole.p50_at, found.at), _("tout est revenu : P50 (une chance sur deux)")),
        (words.day(whole.p90_at, found.at), _("tout est revenu : P90 (neuf chances sur dix)")),
    ]


def _action(line: Line, found: Restart, near: datetime) -> Action:
    plan, names = found.plan, found.names
    held = hold(plan, line)
    when = words.stretch(line.starts_at, line.ends_at, near)
    return Action(
        line.step.id, when, words.step_of(line, plan, names), words.why(held, plan, names), line.step.since is not None
    )


def _people(plan: Plan, team: str) -> str:
    most = int(plan.problem.capacity[plan.work.teams.index(team)].max(initial=0))
    return ngettext("%(n)d personne à la fois", "%(n)d personnes à la fois", most) % {"n": most}


def why_assumed(reason: str) -> str:
    """Why people had to be assumed."""
    known = {"nobody named": _("personne n'a nommé cette équipe"), "arrival not announced": _("arrivée non annoncée")}
    return known.get(reason, reason)


def _kinds(found: Restart, path: tuple[str, str]) -> Iterator[Kind]:
    """The gates not open, by kind."""
    of_kind: dict[str, list[Gate]] = defaultdict(list)
    for gate in found.plan.work.gates:
        if not gate.open:
            of_kind[gate.kind].append(gate)
    reached = reach.waiting(found.plan)
    for kind, gates in of_kind.items():
        waiting = [_waiting(gate, found, path, reached) for gate in gates]
        yield Kind(
            id=kind,
            title=gates[0].title(words.language()),
            evidence=gates[0].evidence_wanted(words.language()),
            signer=gates[0].signer_role(words.language()),
            gates=tuple(one for one in waiting if one.behind or one.refused),
            idle=tuple(one for one in waiting if not (one.behind or one.refused)),
        )


def _waiting(gate: Gate, found: Restart, path: tuple[str, str], reached: dict[str, tuple[str, ...]]) -> Waiting:
    behind, due = _behind(gate, found, reached)
    return Waiting(
        subject=words.gate_subject(gate, found.names),
        state=str(words.OUTCOMES[gate.outcome]),
        refused=gate.blocked,
        behind=behind,
        due=due,
        link=_form(gate, path),
    )


def _behind(gate: Gate, found: Restart, reached: dict[str, tuple[str, ...]]) -> tuple[str, str]:
    """What stands behind a gate, in words, and when the plan expects its evidence to be there."""
    plan, names = found.plan, found.names
    step = next((one for one in plan.work.steps if one.gate == gate.id), None)
    if step is None:
        held = [one for one, reason in plan.work.blocked.items() if reason == gate.id]
        return words.several([names.application(one) for one in held]), ""
    waiting = reached[step.id]
    own = {step.application} if step.application else set()
    services = len(services_of(plan, {*waiting, *own}))
    parts = [words.several([names.application(one) for one in waiting])] if waiting else []
    if services:
        parts.append(ngettext("%(n)d service de soins", "%(n)d services de soins", services) % {"n": services})
    return " ; ".join(parts), words.slot(plan.line[step.id].starts_at, found.at) if parts else ""


def _form(gate: Gate, path: tuple[str, str]) -> str:
    """The form in which its passing is written, with what is known already."""
    if gate.kind == "restore_point_clean":
        there = reverse("incidents:typed", args=[*path, "restore_point"])
        return f"{there}?{urlencode({'application': gate.subject, 'verdict': 'clean'})}"
    there = reverse("incidents:typed", args=[*path, "gate"])
    return f"{there}?{urlencode({'gate': gate.kind, 'subject': gate.subject, 'outcome': 'passed'})}"


def _services(found: Restart) -> list[Back]:
    """The services that lost something, the heaviest loss first."""
    lost = found.plan.lost_by_service
    known = [name for name, one in found.outlook.services.items() if one.lost]
    return [_back(found, one) for one in sorted(known, key=lambda one: -lost[one])]


def _back(found: Restart, service: str) -> Back:
    plan, names = found.plan, found.names
    date = dates.of_service(found.outlook, service).dates
    return Back(
        id=service,
        name=names.service(service),
        p50=words.slot(date.p50_at, found.at),
        p90=words.slot(date.p90_at, found.at),
        waits=waits_for(found, service),
        lost=words.count_of(plan.lost_by_service[service]),
        blocked=date.p50_at is None,
    )


def waits_for(found: Restart, service: str) -> str:
    """What holds a service: what blocks it, else the last application to come and what it waits for."""
    plan, names = found.plan, found.names
    for need in needed_by(found.cartography, service):
        if need in plan.work.blocked:
            reason = words.blocked_by(plan.work.blocked[need], plan.work, names)
            return _("%(name)s : %(reason)s") % {"name": names.application(need), "reason": reason}
    last = dates.of_service(found.outlook, service).waits_for or deciding_application(plan, service)
    if last is None:
        return ""
    return names.application(last)


def _link(line: Line, plan: Plan, names: Names) -> Link:
    return Link(
        id=line.step.id,
        when=words.stretch(line.starts_at, line.ends_at, plan.work.at),
        what=words.step_of(line, plan, names),
        team=words.team_name(line.team, names),
        why=words.why(hold(plan, line), plan, names),
    )
