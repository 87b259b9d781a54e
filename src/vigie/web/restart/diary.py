"""The restart as a calendar: when each care service and each application should be back, or what each team does when."""

from __future__ import annotations

from collections.abc import Iterator

from django.utils.translation import gettext as _

from vigie.exchange.restart_calendar import Happening
from vigie.rebuild.chain import hold
from vigie.web.restart import board, dates, words
from vigie.web.restart.computing import Restart

WHAT = ("returns", "steps")


def happenings(found: Restart, what: str, mark: str) -> Iterator[Happening]:
    """The events: `returns` (services and applications, from P50 to P90) or `steps`. `mark` says what is not real."""
    begin = f"{mark} · " if mark else ""
    yield from _steps(found, begin) if what == "steps" else _returns(found, begin)


def _returns(found: Restart, begin: str) -> Iterator[Happening]:
    names, outlook = found.names, found.outlook
    for service, one in outlook.services.items():
        if one.lost and one.dates.p50_at and one.dates.p90_at:
            waits = board.waits_for(found, service)
            text = _text(found, one.dates.p50_at, one.dates.p90_at)
            yield Happening(
                f"service:{service}", begin + _("Prévision de retour : %(name)s") % {"name": names.service(service)},
                one.dates.p50_at, one.dates.p90_at,
                f"{text}\n{_('Attend : %(what)s') % {'what': waits}}" if waits else text, _("Service de soins"),
            )  # fmt: skip
    for application, date in outlook.applications.items():
        if date.p50_at and date.p90_at:
            yield Happening(
                f"application:{application}",
                begin + _("Prévision de retour : %(name)s") % {"name": names.application(application)},
                date.p50_at, date.p90_at, _text(found, date.p50_at, date.p90_at), _("Application"),
            )  # fmt: skip


def _steps(found: Restart, begin: str) -> Iterator[Happening]:
    plan, names = found.plan, found.names
    for line in plan.lines:
        if line.step.phase == "return":
            continue
        team = words.team_name(line.team, names)
        said = words.step_of(line, plan, names)
        back = dates.of_application(found.outlook, line.step.application or "")
        parts = [
            _("Prévision, qui change avec ce qui se passe."),
            _("Pourquoi pas plus tôt : %(why)s") % {"why": words.why(hold(plan, line), plan, names)},
        ]
        if back.p90_at:
            parts.append(
                _("Application de retour : %(dates)s") % {"dates": words.both(back.p50_at, back.p90_at, found.at)}
            )
        title = _("Prévision : %(what)s (%(team)s)") if team else _("Prévision : %(what)s")
        yield Happening(
            f"step:{line.step.id}", begin + title % {"what": said, "team": team}, line.starts_at, line.ends_at,
            "\n".join(parts), str(words.PHASES[line.step.phase]),
        )  # fmt: skip


def _text(found: Restart, p50_at, p90_at) -> str:
    said = _("Prévision : %(dates)s. Du P50 (une chance sur deux) au P90 (neuf chances sur dix).")
    return said % {"dates": words.both(p50_at, p90_at, found.at)}
