"""What is asked of a plan: exchange two applications, one more person, a vendor late, a backup lost. Nothing is written."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from vigie.cartography import label, vocabulary
from vigie.errors import InputError
from vigie.rebuild.explain import Moved, Swap, swap
from vigie.rebuild.plan import Plan
from vigie.rebuild.whatif import Difference, what_if, with_backup_unusable, with_people, with_vendor_late
from vigie.web.restart import computing, dates, words
from vigie.web.restart.computing import Restart

MOST_PEOPLE, MOST_DAYS = 20, 120


@dataclass(frozen=True, slots=True)
class Change:
    """One care service of which the date changes."""

    name: str
    before: str
    after: str
    shift: str
    worse: bool
    lost: str


@dataclass(frozen=True, slots=True)
class Answer:
    """What a question changes: in a sentence, in care, at the end of the restart, service by service."""

    question: str
    verdict: str
    between: str
    end: str
    changes: tuple[Change, ...]
    worse: bool


class Question(forms.Form):
    """A question to the plan."""

    @property
    def has_choice(self) -> bool:
        """Whether the plan has anything that it could be asked of."""
        return all(len(field.choices) > 1 for field in self.fields.values() if isinstance(field, forms.ChoiceField))


class SwapForm(Question):
    """Two applications of the plan."""

    def __init__(self, data: Any, found: Restart) -> None:
        super().__init__(data, auto_id="swap_%s")
        choices = [("", "—"), *_applications(found, found.plan.work.back)]
        self.fields["first"] = forms.ChoiceField(label=_("Une application"), choices=choices)
        self.fields["second"] = forms.ChoiceField(label=_("et une autre"), choices=choices)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if not self.errors and cleaned["first"] == cleaned["second"]:
            raise forms.ValidationError(_("Choisissez deux applications différentes."))
        return cleaned


class PeopleForm(Question):
    """More people in a team of the plan."""

    def __init__(self, data: Any, found: Restart) -> None:
        super().__init__(data, auto_id="people_%s", initial={"people": 1, "shift": "extended"})
        teams = [(team, words.team_name(team, found.names)) for team in found.plan.work.teams]
        shifts = [(shift, label("shifts", shift, words.language())) for shift in vocabulary()["shifts"]]
        self.fields["people"] = forms.IntegerField(label=_("Personnes en plus"), min_value=1, max_value=MOST_PEOPLE)
        self.fields["team"] = forms.ChoiceField(label=_("Équipe"), choices=[("", "—"), *teams])
        self.fields["shift"] = forms.ChoiceField(label=_("Horaires"), choices=shifts)


class VendorForm(Question):
    """A vendor that comes later than said."""

    def __init__(self, data: Any, found: Restart) -> None:
        super().__init__(data, auto_id="vendor_%s", initial={"days": 2})
        vendors = [team.removeprefix("supplier:") for team in found.plan.work.teams if team.startswith("supplier:")]
        choices = sorted(((one, found.names.supplier(one)) for one in vendors), key=lambda one: one[1].casefold())
        self.fields["supplier"] = forms.ChoiceField(label=_("Fournisseur"), choices=[("", "—"), *choices])
        self.fields["days"] = forms.IntegerField(label=_("Jours de retard"), min_value=1, max_value=MOST_DAYS)


class BackupForm(Question):
    """A backup that turns out to be of no use."""

    def __init__(self, data: Any, found: Restart) -> None:
        super().__init__(data, auto_id="backup_%s")
        copied = [
            step.application
            for step in found.plan.work.steps
            if step.phase == "restore" and step.ways[0] and step.application
        ]
        choices = [("", "—"), *_applications(found, dict.fromkeys(copied))]
        self.fields["application"] = forms.ChoiceField(label=_("Sauvegarde de"), choices=choices)


FORMS: dict[str, type[Question]] = {
    "swap": SwapForm, "people": PeopleForm, "vendor": VendorForm, "backup": BackupForm
}  # fmt: skip


def forms_of(found: Restart, asked: QueryDict) -> dict[str, Any]:
    """The four questions; the one that the address asks is bound to what it says."""
    what = asked.get("what", "")
    return {name: form(asked if name == what else None, found) for name, form in FORMS.items()}  # type: ignore[call-arg]


def answer(found: Restart, what: str, said: dict[str, Any]) -> Any:
    """The answer to a question that is valid, as a `Future`: it may take a few seconds."""
    key = (what, tuple(sorted(said.items())))
    return computing.derived(found, key, lambda: _answered(found, what, said))


def in_words(found: Restart, what: str, said: dict[str, Any], result: Swap | Difference) -> Answer:
    """An answer as a page tells it."""
    if isinstance(result, Swap):
        share = dates.spread(found.plan)
        low, high = sorted((result.care_lost * share[0], result.care_lost * share[1]))
        return _answer(
            found, _asked(found, what, said), result.care_lost, (low, high), result.makespan_hours, result.moved, None
        )
    low, high = dates.care_difference(result.before, result.after)
    return _answer(
        found, _asked(found, what, said), result.care_lost, (low, high), result.hours, result.moved, result.after
    )


def _answered(found: Restart, what: str, said: dict[str, Any]) -> Swap | Difference:
    if what == "swap":
        return swap(found.plan, said["first"], said["second"])
    work = found.plan.work
    if what == "people":
        work = with_people(work, said["team"], said["people"], said["shift"])
    elif what == "vendor":
        work = with_vendor_late(work, said["supplier"], said["days"])
    elif what == "backup":
        work = with_backup_unusable(work, said["application"])
    else:
        raise InputError(f'"{what}" is no question of this page')
    return what_if(found.plan, work, seed=computing.SEED)


def _asked(found: Restart, what: str, said: dict[str, Any]) -> str:
    names = found.names
    if what == "swap":
        return _("Échanger %(first)s et %(second)s") % {
            "first": names.application(said["first"]),
            "second": names.application(said["second"]),
        }
    if what == "people":
        some = ngettext("%(n)d personne de plus : %(team)s", "%(n)d personnes de plus : %(team)s", said["people"])
        return some % {"n": said["people"], "team": words.team_name(said["team"], names)}
    if what == "vendor":
        late = ngettext("%(name)s arrive %(n)d jour plus tard", "%(name)s arrive %(n)d jours plus tard", said["days"])
        return late % {"n": said["days"], "name": names.supplier(said["supplier"])}
    return _("La sauvegarde de %(name)s est inutilisable") % {"name": names.application(said["application"])}


def _answer(
    found: Restart, question: str, lost: float, between: tuple[float, float], hours: float, moved: tuple[Moved, ...],
    after: Plan | None,
) -> Answer:  # fmt: skip
    count = words.rounded(lost)
    if count == 0:
        verdict = _("Ne change rien aux soins, à ce que le plan sait compter.")
    else:
        pattern = (
            _("Coûte %(care)s de plus, ou autant de soins.") if lost > 0 else _("Épargne %(care)s, ou autant de soins.")
        )
        verdict = pattern % {"care": words.visits(lost)}
    low, high = sorted(map(abs, between))
    return Answer(
        question=question,
        verdict=verdict,
        between=words.visits_between(low, high) if count else "",
        end=_end(hours),
        changes=tuple(_change(found, one, after) for one in moved),
        worse=lost > 0 and count != 0,
    )


def _end(hours: float) -> str:
    if round(hours) == 0:
        return _("La fin du redémarrage ne bouge pas.")
    pattern = (
        _("La fin du redémarrage recule de %(span)s.") if hours > 0 else _("La fin du redémarrage avance de %(span)s.")
    )
    return pattern % {"span": words.lasting(abs(hours))}


def _change(found: Restart, moved: Moved, after: Plan | None) -> Change:
    shift = ""
    if moved.before and moved.after:
        hours = (moved.after - moved.before).total_seconds() / 3600
        pattern = _("plus tard de %(span)s") if hours > 0 else _("plus tôt de %(span)s")
        shift = pattern % {"span": words.lasting(abs(hours))}
    lost = after.lost_by_service[moved.service] - found.plan.lost_by_service[moved.service] if after else 0.0
    said = ""
    if words.rounded(lost):
        said = (_("+ %(n)s") if lost > 0 else _("− %(n)s")) % {"n": words.count_of(lost)}
    return Change(
        name=found.names.service(moved.service),
        before=words.slot(moved.before, found.at),
        after=words.slot(moved.after, found.at),
        shift=shift,
        worse=moved.after is None or (moved.before is not None and moved.after > moved.before),
        lost=said,
    )


def _applications(found: Restart, known: Any) -> list[tuple[str, str]]:
    return sorted(((one, found.names.application(one)) for one in known), key=lambda one: one[1].casefold())
