"""The words of the restart: phases, ways, teams, what holds a step, care lost, dates."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import get_language, gettext_lazy, ngettext
from django.utils.translation import gettext as _

from vigie.cartography import label
from vigie.rebuild.chain import Hold
from vigie.rebuild.gates import Gate
from vigie.rebuild.plan import Line, Plan
from vigie.rebuild.step import Step, Work
from vigie.web.incidents import moments
from vigie.web.incidents.labels import Label
from vigie.web.incidents.names import Names

PHASES: dict[str, Label] = {
    "foundation": gettext_lazy("Zone saine"),
    "prove": gettext_lazy("Preuve de la copie"),
    "examine": gettext_lazy("Examen"),
    "restore": gettext_lazy("Restauration"),
    "validate": gettext_lazy("Recette"),
    "gate": gettext_lazy("Attente d'un feu vert"),
    "reconnect": gettext_lazy("Reconnexion"),
    "return": gettext_lazy("Revient avec ce dont elle dépend"),
}
WAYS: dict[str, Label] = {
    "backup": gettext_lazy("depuis la sauvegarde"),
    "reinstall": gettext_lazy("par réinstallation"),
    "vendor": gettext_lazy("par le fournisseur"),
}
_DONE: dict[str, Label] = {
    "prove": gettext_lazy("Prouver la copie de %(what)s"),
    "examine": gettext_lazy("Examiner %(what)s"),
    "restore": gettext_lazy("Restaurer %(what)s"),
    "validate": gettext_lazy("Vérifier %(what)s avant de l'ouvrir"),
    "reconnect": gettext_lazy("Reconnecter %(what)s"),
    "return": gettext_lazy("Vérifier que %(what)s est revenue"),
}
REFERENT = "care_referent"
LAYERS: dict[str, Label] = {
    "infrastructure": gettext_lazy("Infrastructure"),
    "care": gettext_lazy("Soins"),
    "management": gettext_lazy("Gestion"),
}


OUTCOMES: dict[str, Label] = {
    "waiting": gettext_lazy("attendu"),
    "passed": gettext_lazy("passé"),
    "refused": gettext_lazy("refusé"),
    "withdrawn": gettext_lazy("retiré"),
}


def language() -> str:
    """That of the page: fr or en."""
    return "en" if (get_language() or "fr").startswith("en") else "fr"


def team_name(team: str | None, names: Names) -> str:
    """The people who do a step; '' where time alone passes."""
    if team is None:
        return ""
    if team.startswith("supplier:"):
        return _("Fournisseur : %(name)s") % {"name": names.supplier(team.removeprefix("supplier:"))}
    return label("skills", team, language())


def gate_title(gate: Gate, names: Names) -> str:
    """A gate with what it is about."""
    subject = gate_subject(gate, names)
    return (
        _("%(gate)s : %(subject)s") % {"gate": gate.title(language()), "subject": subject}
        if subject
        else gate.title(language())
    )


def gate_subject(gate: Gate, names: Names) -> str:
    """What a gate is about: a supplier, an application; '' when it is about the whole hospital."""
    if not gate.subject:
        return ""
    return (names.supplier if gate.kind == "supplier_flow_authorised" else names.application)(gate.subject)


def step_title(step: Step, work: Work, names: Names, way: str = "") -> str:
    """One step, as an order that one can give."""
    if step.phase == "gate" and step.gate:
        return _("Attendre le feu vert : %(gate)s") % {"gate": gate_title(work.gate[step.gate], names)}
    if step.application is None:
        return _("Préparer la zone saine")
    pattern = _DONE[step.phase]
    if step.phase == "validate" and any(doing and doing.team == REFERENT for doing in step.ways):
        pattern = _("Faire valider %(what)s par ses utilisateurs")
    said = str(pattern) % {"what": names.application(step.application)}
    if step.phase == "restore" and way in WAYS:
        return f"{said} {WAYS[way]}"
    return said


def why(hold: Hold, plan: Plan, names: Names) -> str:
    """Why a step does not begin earlier."""
    by = ""
    if hold.by is not None:
        step = plan.work.step[hold.by]
        by = gate_title(plan.work.gate[step.gate], names) if step.phase == "gate" and step.gate else ""
        by = by or step_title(step, plan.work, names)
    said: dict[str, Callable[[], str]] = {
        "at_once": lambda: _("rien ne l'empêche : tout de suite"),
        "under_way": lambda: _("en cours"),
        "after": lambda: _("après : %(what)s") % {"what": by},
        "gate": lambda: _("derrière le feu vert : %(what)s") % {"what": by},
        "team": lambda: _("quand l'équipe aura fini : %(what)s") % {"what": by},
        "shift": lambda: _("à la prise de service de l'équipe"),
        "arrival": lambda: _("à l'arrivée de l'équipe"),
    }
    return said[hold.kind]()


def blocked_by(reason: str, work: Work, names: Names) -> str:
    """Why no date can be given for an application."""
    if reason in work.gate:
        return _("feu vert refusé ou retiré : %(gate)s") % {"gate": gate_title(work.gate[reason], names)}
    return reason


def stretch(start: datetime, end: datetime, near: datetime) -> str:
    """From when to when, the end told as shortly as the start allows; one instant where nothing lasts."""
    if start == end:
        return slot(start, near)
    return _("%(start)s → %(end)s") % {"start": slot(start, near), "end": slot(end, start)}


def slot(instant: datetime | None, near: datetime) -> str:
    """A day and an hour to come: `mer 25 nov. 15 h`; the hour alone on the day of `near`, the year where it is another."""
    if instant is None:
        return _("aucune date")
    local, other = timezone.localtime(instant), timezone.localtime(near)
    hour = _("%(hour)s h") % {"hour": local.hour} if not local.minute else date_format(local, "H:i")
    if local.date() == other.date():
        return hour
    return _("%(day)s %(hour)s") % {"day": day(instant, near), "hour": hour}


def day(instant: datetime | None, near: datetime | None = None) -> str:
    """A day in short, `jeu 3 déc.`; with its year where that of `near` is another."""
    if instant is None:
        return "—"
    local = timezone.localtime(instant)
    same = near is None or timezone.localtime(near).year == local.year
    return date_format(local, "D j N" if same else "D j N Y")


def both(p50_at: datetime | None, p90_at: datetime | None, near: datetime) -> str:
    """A return date as it is always told: both numbers, or that there is none."""
    if p50_at is None:
        return _("aucune date ne peut être donnée")
    if p90_at is None:
        return _("P50 %(likely)s, P90 inconnu") % {"likely": moments.weekday(p50_at, near, hour=True)}
    return _("P50 %(likely)s, P90 %(sure)s") % {
        "likely": moments.weekday(p50_at, near, hour=True),
        "sure": moments.weekday(p90_at, near, hour=True),
    }


def both_shortly(p50_at: datetime | None, p90_at: datetime | None, near: datetime) -> str:
    """The same for a list: days in short."""
    return _("P50 %(likely)s, P90 %(sure)s") % {"likely": slot(p50_at, near), "sure": slot(p90_at, near)}


def lasting(hours: float) -> str:
    """A length of time that was computed: no minutes."""
    return moments.duration(timedelta(hours=round(hours)))


def rounded(number: float) -> int:
    """How large a number of visits is, with the two figures that it deserves; never below zero."""
    whole = abs(number)
    size = 1
    while whole / size >= 100:
        size *= 10
    return int(round(whole / size) * size)


def visits(number: float) -> str:
    """Care lost, as so many consultations put off: the unit of `care/data/weights.yaml`."""
    count = rounded(number)
    if not count:
        return _("moins d'une consultation")
    return ngettext("%(n)s consultation reportée", "%(n)s consultations reportées", count) % {"n": _spaced(count)}


def count_of(number: float) -> str:
    """The same number alone, for a column that says what it counts."""
    count = rounded(number)
    return _spaced(count) if count else _("moins de 1")


def visits_between(low: float, high: float) -> str:
    """The same as an interval, by the judgement on what each sort of care weighs."""
    return _("entre %(low)s et %(high)s") % {"low": _spaced(rounded(low)), "high": _spaced(rounded(high))}


def _spaced(number: int) -> str:
    return f"{number:,}".replace(",", "\N{NARROW NO-BREAK SPACE}" if language() == "fr" else ",")


def step_of(line: Line, plan: Plan, names: Names) -> str:
    """The title of a line of the plan."""
    return step_title(line.step, plan.work, names, line.way)


def several(names: list[str], most: int = 3) -> str:
    """A few names in full, then how many more."""
    if len(names) <= most + 1:
        return ", ".join(names)
    rest = len(names) - most
    return _("%(names)s et %(n)d autres") % {"names": ", ".join(names[:most]), "n": rest}
