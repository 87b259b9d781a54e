"""Sentences about the restart: who is there to work, and what the planner announced."""

from __future__ import annotations

from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from vigie.cartography import label
from vigie.journal import facts as f
from vigie.web.incidents.moments import moment
from vigie.web.incidents.names import Names
from vigie.web.incidents.sentences.words import join, number, of, people


@of(f.Workforce)
def _workforce(fact: f.Workforce, names: Names) -> str:
    language = (get_language() or "fr")[:2]
    team = names.team(fact.team)
    if fact.supplier:
        team = _("%(team)s (fournisseur : %(supplier)s)") % {"team": team, "supplier": names.supplier(fact.supplier)}
    said = _("%(team)s : %(people)s, compétence %(skill)s") % {
        "team": team,
        "people": people(fact.people) if fact.people else _("plus personne"),
        "skill": label("skills", fact.skill, language),
    }
    begin, end = moment(fact.from_at), moment(fact.until_at) if fact.until_at else ""
    span = (
        _("Du %(begin)s au %(end)s") % {"begin": begin, "end": end}
        if end
        else _("À partir du %(begin)s") % {"begin": begin}
    )
    hours = _("Horaires : %(shift)s") % {"shift": label("shifts", fact.shift, language)} if fact.shift else ""
    return join(said, span, hours, fact.why)


@of(f.Forecast)
def _forecast(fact: f.Forecast, names: Names) -> str:
    dated = sum(one.p90_at is not None for one in fact.services)
    undated = len(fact.services) - dated
    parts = [ngettext("%(n)s service daté", "%(n)s services datés", dated) % {"n": number(dated)}]
    if undated:
        parts.append(ngettext("%(n)s sans date possible", "%(n)s sans date possible", undated) % {"n": number(undated)})
    finished = ngettext("%(done)s tâche finie sur %(all)s", "%(done)s tâches finies sur %(all)s", fact.finished_tasks)
    done = finished % {"done": number(fact.finished_tasks), "all": number(fact.total_tasks)}
    effort = fact.effort_ratio_percent
    learned = _("Effort réel : %(n)s %% de l'effort estimé") % {"n": number(effort)} if effort is not None else ""
    return join(
        _("Prévision de retour : %(dates)s") % {"dates": ", ".join(parts)},
        done,
        learned,
        _("Calculée par %(method)s") % {"method": fact.method},
    )
