"""Files that leave the desk. Each is limited to what its caller may see, and leaves a note in the node's register."""

from __future__ import annotations

import tempfile
from typing import IO

from django.http import FileResponse, HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from vigie.exchange.tables import csv_chunks, write_xlsx
from vigie.journal.merge import export
from vigie.web import clock, desk
from vigie.web.accounts import trace
from vigie.web.desk import Filters
from vigie.web.desk.lines import select
from vigie.web.desk.models import LogLine
from vigie.web.desk.tail import tail
from vigie.web.desk.writing import folded_name
from vigie.web.exports import printed, typesetting
from vigie.web.exports.rows import columns, rows
from vigie.web.incidents.labels import REALMS
from vigie.web.incidents.views.common import Opened, opened
from vigie.web.incidents.views.printing import ShiftForm
from vigie.web.permissions import Permission, requires

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@requires(Permission.LOG_EXPORT)
@require_safe
def csv(request: HttpRequest, owner: str, name: str) -> HttpResponseBase:
    """The whole log as CSV for French spreadsheets, streamed."""
    here = opened(request, owner, name)
    _leave_trace(request, here, "CSV")
    zone = timezone.get_current_timezone()
    lines = desk.every(here.id, hidden=here.hidden)
    chunks = csv_chunks(columns(str(zone)), rows(lines, here.names()), zone)
    response = StreamingHttpResponse(chunks, content_type="text/csv; charset=utf-8")
    return _as_file(response, here, "csv")


@requires(Permission.LOG_EXPORT)
@require_safe
def xlsx(request: HttpRequest, owner: str, name: str) -> HttpResponseBase:
    """The whole log as a workbook, with a sheet that says where it comes from."""
    here = opened(request, owner, name)
    _leave_trace(request, here, "XLSX")
    zone = timezone.get_current_timezone()
    lines = desk.every(here.id, hidden=here.hidden)
    file = tempfile.TemporaryFile()  # noqa: SIM115 - the response closes it
    write_xlsx(file, name, columns(str(zone)), rows(lines, here.names()), zone, notes=_notes(request, here))
    return _sent(file, here, "xlsx", XLSX)


@requires(Permission.LOG_EXPORT)
@require_safe
def bundle(request: HttpRequest, owner: str, name: str) -> HttpResponseBase:
    """The incident as a bundle: entries, proofs, keys and maps in one signed file, to be merged or verified elsewhere.

    What its caller may not read does not leave with it, by the same rule as on pages and in tables.
    """
    here = opened(request, owner, name)
    without = _Unreadable(here)
    # What the signed scope of the bundle says of itself: whether any of it is privileged, as this caller sees it.
    privileged = select(here.id, Filters(), here.hidden).filter(privileged=True).exists()
    _leave_trace(request, here, _("paquet signé"))
    file = tempfile.TemporaryFile()  # noqa: SIM115 - the response closes it
    export(desk.store(), desk.identity(), file, clock.now(), incident=here.id, privileged=privileged, without=without)
    return _sent(file, here, "vigie", "application/octet-stream")


@requires(Permission.LOG_EXPORT)
@require_safe
def pdf(request: HttpRequest, owner: str, name: str) -> HttpResponseBase:
    """The log of a shift, for paper (`start` and `end` empty: the whole log)."""
    here = opened(request, owner, name)
    form = ShiftForm(request.GET)
    if not form.is_valid():
        return redirect("incidents:print", owner, name)
    shift = printed.Shift(form.cleaned_data["start"], form.cleaned_data["end"])
    _leave_trace(request, here, "PDF")
    within = Filters(since=shift.start, at=shift.end)
    verified, checkpoint = desk.verify_now(), desk.checkpoint()
    if checkpoint is not None:
        desk.store().mark_printed(checkpoint)
    shown = select(here.id, within, here.hidden).count()
    binder = printed.Binder(
        incident=here.incident,
        shift=shift,
        reading=here.reading(),
        verified=verified,
        checkpoint=checkpoint,
        hidden_count=select(here.id, within).count() - shown,
        by=request.acting.person.name,  # type: ignore[attr-defined]
        now=clock.now(),
    )
    made = typesetting.pdf(printed.document(desk.every(here.id, within, here.hidden), binder))
    return _as_file(HttpResponse(made, content_type="application/pdf"), here, "pdf")


class _Unreadable:
    """The numbers of the entries that a caller may not read; also of all that arrived after that was looked at."""

    def __init__(self, here: Opened) -> None:
        desk.follow(desk.store().last_seq())
        self.upto = tail.seq
        lines = LogLine.objects.filter(here.hidden, incident_id=here.id) if here.hidden else LogLine.objects.none()
        self.hidden = frozenset(lines.values_list("seq", flat=True))

    def __contains__(self, seq: object) -> bool:
        return seq in self.hidden or not isinstance(seq, int) or seq > self.upto


def _sent(file: IO[bytes], here: Opened, suffix: str, kind: str) -> HttpResponseBase:
    """A temporary file as a download; it is gone once it is sent."""
    file.seek(0)
    return _as_file(FileResponse(file, content_type=kind), here, suffix)


def _as_file(response: HttpResponseBase, here: Opened, suffix: str) -> HttpResponseBase:
    """A download whose name says the incident, the day, and that it is an exercise."""
    realm = here.incident.realm
    mark = "" if realm == "real" else f"{folded_name(str(REALMS.get(realm, realm))) or 'irreel'}-"
    day = timezone.localtime(clock.now()).strftime("%Y-%m-%d-%Hh%M")
    name = f"{mark}{folded_name(here.id) or 'incident'}-{day}.{suffix}"  # slugs: no system, browser or archive reads more in it
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "private, no-store"
    return response


def _leave_trace(request: HttpRequest, here: Opened, kind: str) -> None:
    """A log that leaves the house is something the house must know of: who, which incident, in what form, up to where."""
    text = _("Export de {incident} ({kind}) jusqu'à l'entrée {seq}.")
    trace.record(request.acting, text.format(incident=here.id, kind=kind, seq=here.incident.last_seq))  # type: ignore[attr-defined]


def _notes(request: HttpRequest, here: Opened) -> list[tuple[str, str]]:
    """What the table is, and where it comes from."""
    incident, verified, checkpoint = here.incident, desk.verified_upto(), desk.checkpoint()
    hidden = select(here.id, Filters()).count() - select(here.id, Filters(), here.hidden).count()
    return [
        (_("Incident"), f"{incident.id} : {incident.title}"),
        (_("Réalité"), str(REALMS.get(incident.realm, incident.realm))),
        (_("Exporté par"), request.acting.author),  # type: ignore[attr-defined]
        (_("Exporté le"), timezone.localtime(clock.now()).isoformat(timespec="seconds")),
        (_("Entrées de l'incident"), str(incident.entries_count)),
        (_("Entrées protégées, absentes de ce fichier"), str(hidden)),
        (_("Journal vérifié jusqu'à l'entrée"), str(verified.upto_seq)),
        (_("Point de contrôle"), f"{checkpoint.log} {checkpoint.fingerprint}" if checkpoint else ""),
    ]
