"""What the wait of the plan costs in care, as ranges in words: `vigie.rebuild.cost`, and never one bare number."""

from __future__ import annotations

from typing import NamedTuple

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from vigie.care import Estimate
from vigie.cartography import label
from vigie.rebuild.cost import cost
from vigie.web.incidents.labels import Label
from vigie.web.restart import words
from vigie.web.restart.computing import Restart

TOTALS: dict[str, Label] = {
    "below": gettext_lazy("Heures de service sous l'activité habituelle"),
    "stopped": gettext_lazy("Heures de service sans aucune activité"),
    "silent": gettext_lazy("Heures de service dont personne ne sait rien"),
    "delayed": gettext_lazy("Patients retardés"),
    "diverted": gettext_lazy("Patients orientés ailleurs"),
    "postponed_procedures": gettext_lazy("Interventions reportées"),
    "postponed_appointments": gettext_lazy("Rendez-vous reportés"),
}


class Cost(NamedTuple):
    """One line: what, from how many to how many."""

    what: str
    low: str
    high: str


def toll(found: Restart) -> list[Cost]:
    """The lines, those of which there is nothing left out; the two views of deaths last, side by side and never added."""
    harm = cost(found.plan)
    rows = [(str(said), getattr(harm.totals, name)) for name, said in TOTALS.items()]
    rows.append((_("Patients transférés dans les deux premiers jours"), harm.transfers))
    for one in harm.pathways:
        name = label("pathways", one.pathway, words.language())
        rows.append((_("Filière exposée, en heures : %(name)s") % {"name": name}, one.hours))
    rows.append((_("Décès, vus par les études d'hôpitaux attaqués"), harm.top_down.deaths))
    rows.append((_("Les mêmes décès, comptés filière par filière"), harm.bottom_up.together))
    return [_line(what, estimate) for what, estimate in rows if not estimate.nothing]


def _line(what: str, estimate: Estimate) -> Cost:
    high = _("inconnu") if estimate.high is None else words.count_of(estimate.high) if estimate.high >= 0.5 else "0"
    return Cost(what, words.count_of(estimate.low) if estimate.low >= 0.5 else "0", high)
