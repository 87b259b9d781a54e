"""Files of the restart: workbook, calendar, print. Each is limited to what its caller may see, and noted in the register."""

from __future__ import annotations

import tempfile
from datetime import datetime
from typing import Any

from django.http import FileResponse, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _

from vigie.exchange.restart_calendar import calendar
from vigie.exchange.tables import write_sheets
from vigie.journal.entry import MARKINGS
from vigie.web import clock, desk
from vigie.web.accounts import trace
from vigie.web.desk.models import LogLine
from vigie.web.desk.writing import folded_name
from vigie.web.exports import typesetting
from vigie.web.incidents.labels import REALMS
from vigie.web.incidents.views.common import Opened, opened
from vigie.web.restart import book, computing, diary, printed
from vigie.web.restart.computing import Restart

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def xlsx(request: HttpRequest, owner: str, name: str) -> HttpResponseBase:
    """The plan as a workbook."""
    here = opened(request, owner, name)
    found = _found(here)
    if found is None:
        return redirect("restart:board", owner, name)
    _leave_trace(request, here, "XLSX")
    file = tempfile.TemporaryFile()  # noqa: SIM115 - the response closes it
    write_sheets(file, book.sheets(found, here.path), timezone.get_current_timezone(), _notes(request, here, found))
    file.seek(0)
    return _as_file(FileResponse(file, content_type=XLSX), here, "xlsx")


def ics(request: HttpRequest, owner: str, name: str) -> HttpResponseBase:
    """The plan as a calendar: `?of=returns` (the default) or `?of=steps`."""
    here = opened(request, owner, name)
    found = _found(here)
    if found is None:
        return redirect("restart:board", owner, name)
    _leave_trace(request, here, "iCalendar")
    what = request.GET.get("of", "")
    mark = "" if here.incident.realm == "real" else str(REALMS.get(here.incident.realm, here.incident.realm)).upper()
    title = _("Redémarrage, %(title)s") % {"title": here.incident.title or here.id}
    events = diary.happenings(found, what if what in diary.WHAT else "returns", mark)
    made = calendar(f"{mark} · {title}" if mark else title, here.id, events, found.at)
    return _as_file(HttpResponse(made, content_type="text/calendar; charset=utf-8"), here, "ics")


def pdf(request: HttpRequest, owner: str, name: str) -> HttpResponseBase:
    """The board for paper."""
    here = opened(request, owner, name)
    found = _found(here)
    if found is None:
        return redirect("restart:board", owner, name)
    _leave_trace(request, here, "PDF")
    checkpoint = desk.checkpoint()
    if checkpoint is not None:
        desk.store().mark_printed(checkpoint)
    paper = printed.Paper(
        incident=here.incident,
        checkpoint=checkpoint,
        tlp=_marking(here),
        by=request.acting.person.name,  # type: ignore[attr-defined]
        now=clock.now(),
    )
    made = typesetting.pdf(printed.document(found, here.path, paper), printed.TEMPLATE)
    return _as_file(HttpResponse(made, content_type="application/pdf"), here, "pdf")


def _found(here: Opened) -> Restart | None:
    """The restart, however long it takes; None where there is no map or nothing to do. Raises VigieError."""
    future = computing.restart(here, clock.now())
    if future is None:
        return None
    found: Restart = future.result()
    return found if found.plan.work.steps else None


def _marking(here: Opened) -> str:
    """The closest marking of the entries that the plan was made from, as far as its reader sees them."""
    lines = LogLine.objects.filter(incident_id=here.id, kind__in=computing.SPEAKING)
    seen = (lines.exclude(here.hidden) if here.hidden else lines).values_list("tlp", flat=True).distinct()
    ranks = [MARKINGS.index(one) for one in seen if one in MARKINGS]
    return f"TLP:{MARKINGS[max(ranks, default=MARKINGS.index('amber'))].upper()}"


def _as_file(response: Any, here: Opened, suffix: str) -> HttpResponseBase:
    """A download whose name says the incident, the hour, and that it is an exercise."""
    realm = here.incident.realm
    mark = "" if realm == "real" else f"{folded_name(str(REALMS.get(realm, realm))) or 'irreel'}-"
    moment: datetime = timezone.localtime(clock.now())
    name = f"{mark}{folded_name(here.id) or 'incident'}-{_('redemarrage')}-{moment:%Y-%m-%d-%Hh%M}.{suffix}"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "private, no-store"
    return response


def _leave_trace(request: HttpRequest, here: Opened, kind: str) -> None:
    """Who took the plan of which incident, in what form, up to where."""
    text = _("Export du plan de redémarrage de {incident} ({kind}) jusqu'à l'entrée {seq}.")
    trace.record(request.acting, text.format(incident=here.id, kind=kind, seq=here.incident.last_seq))  # type: ignore[attr-defined]


def _notes(request: HttpRequest, here: Opened, found: Restart) -> list[tuple[str, str]]:
    """What the workbook is, and where it comes from."""
    incident, checkpoint = here.incident, desk.checkpoint()
    return [
        (_("Incident"), f"{incident.id} : {incident.title}"),
        (_("Réalité"), str(REALMS.get(incident.realm, incident.realm))),
        (_("Ce que c'est"), _("Une prévision : toutes les dates changent avec ce qui se passe.")),
        (_("Plan calculé pour"), timezone.localtime(found.at).isoformat(timespec="minutes")),
        (_("Entrées dont il dépend, jusqu'à"), str(found.upto)),
        (_("Cartographie"), found.cartography.name),
        (_("Exporté par"), request.acting.author),  # type: ignore[attr-defined]
        (_("Exporté le"), timezone.localtime(clock.now()).isoformat(timespec="seconds")),
        (_("Point de contrôle"), f"{checkpoint.log} {checkpoint.fingerprint}" if checkpoint else ""),
    ]
