"""Every line of the plan, explained: why now, what it unlocks, what a day of delay costs, what to swap it with."""

from __future__ import annotations

from dataclasses import dataclass

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from vigie.cartography import label
from vigie.rebuild.assumptions import layer_of
from vigie.rebuild.explain import Reason, explain
from vigie.rebuild.plan import Line
from vigie.web.restart import words
from vigie.web.restart.computing import Restart

A_PAGE = 60


@dataclass(frozen=True, slots=True)
class Told:
    """One line in words. `next` is the application that the team takes after it: the first one to swap with."""

    id: str
    number: int
    when: str
    lasts: str
    what: str
    team: str
    why: str
    unlocks: str
    costs: str
    application: str
    next: str
    assumed: bool
    under_way: bool


class LinesForm(forms.Form):
    """Which lines: of a team, of an application."""

    def __init__(self, data: object, found: Restart) -> None:
        super().__init__(data)
        names, plan = found.names, found.plan
        teams = [("", _("toutes")), *((team, words.team_name(team, names)) for team in plan.work.teams)]
        known = sorted(((one, names.application(one)) for one in plan.work.back), key=lambda one: one[1].casefold())
        self.fields["team"] = forms.ChoiceField(label=_("Équipe"), required=False, choices=teams)
        self.fields["application"] = forms.ChoiceField(
            label=_("Application"), required=False, choices=[("", _("toutes")), *known]
        )
        self.fields["page"] = forms.IntegerField(required=False, min_value=1, widget=forms.HiddenInput)


def chosen(found: Restart, team: str = "", application: str = "") -> list[Line]:
    """The lines of a team, of an application, or all."""
    return [
        line
        for line in found.plan.lines
        if (not team or line.team == team) and (not application or line.step.application == application)
    ]


def told(found: Restart, lines: list[Line]) -> list[Told]:
    """These lines in words."""
    number = {line.step.id: place for place, line in enumerate(found.plan.lines, start=1)}
    after = _after(found)
    return [_told(found, line, number[line.step.id], after.get(line.step.id, "")) for line in lines]


def _told(found: Restart, line: Line, number: int, after: str) -> Told:
    plan, names = found.plan, found.names
    reason = explain(plan, line.step.id)
    return Told(
        id=line.step.id,
        number=number,
        when=words.stretch(line.starts_at, line.ends_at, found.at),
        lasts=words.lasting(hours) if (hours := (line.ends_at - line.starts_at).total_seconds() / 3600) else "",
        what=words.step_of(line, plan, names),
        team=words.team_name(line.team, names),
        why=words.why(reason.hold, plan, names),
        unlocks=unlocks(reason, found),
        costs=words.visits(reason.care_per_day) if words.rounded(reason.care_per_day) else "",
        application=line.step.application or "",
        next=after,
        assumed=line.step.assumed,
        under_way=line.step.since is not None,
    )


def unlocks(reason: Reason, found: Restart) -> str:
    """What stops waiting once a step has ended."""
    names, parts = found.names, []
    if reason.unlocks_applications:
        parts.append(words.several([names.application(one) for one in reason.unlocks_applications], 2))
    if services := reason.unlocks_services:
        said = ngettext("%(n)d service de soins", "%(n)d services de soins", len(services)) % {"n": len(services)}
        parts.append(said if len(services) > 2 else words.several([names.service(one) for one in services]))
    return " ; ".join(parts)


def layers(found: Restart) -> list[tuple[str, list[str]]]:
    """The applications of the plan by layer: infrastructure, care, management; each layer by date of return."""
    plan, found_of = found.plan, {layer: [] for layer in words.LAYERS}  # type: ignore[var-annotated]
    for application in sorted(plan.work.back, key=lambda one: plan.line[plan.work.back[one]].ends_at):
        found_of[layer_of(found.cartography.application[application].kind)].append(application)
    return [(layer, names) for layer, names in found_of.items() if names]


def kind_name(found: Restart, application: str) -> str:
    """What sort of application it is."""
    return label("application_kinds", found.cartography.application[application].kind, words.language())


def _after(found: Restart) -> dict[str, str]:
    """For each line, the next other application that its team takes."""
    made, last = {}, {}  # type: ignore[var-annotated]
    for line in reversed(found.plan.lines):
        if not line.team or not line.step.application:
            continue
        upcoming = last.setdefault(line.team, [])
        other = next((one for one in upcoming if one != line.step.application), "")
        if line.step.since is None:
            made[line.step.id] = other
        last[line.team] = [line.step.application, *(one for one in upcoming if one != line.step.application)][:2]
    return made
