"""The cartography of one's organisation: what is in force, giving a new one, taking it back as a file."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from vigie.cartography import Cartography, Reading, from_bytes, read
from vigie.errors import Fault, FileError
from vigie.web import clock, desk
from vigie.web.permissions import Permission, requires

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
MAX_BYTES = 8_000_000
SHOWN_FAULTS = 200


@requires(Permission.CARTOGRAPHY_READ)
@require_safe
def cartography(request: HttpRequest) -> HttpResponse:
    """What is in force, and the way to give another one."""
    return _page(request)


@requires(Permission.CARTOGRAPHY_ADOPT)
@require_POST
def adopt(request: HttpRequest) -> HttpResponse:
    """Check a file through and through, and adopt it when it has no error. Otherwise every fault is shown at once."""
    file = request.FILES.get("file")
    if file is None:
        return _page(
            request, refused=_("Choisissez un fichier : une carte en YAML, ou le classeur rempli."), status=400
        )
    if file.size > MAX_BYTES:
        return _page(
            request, refused=_("Ce fichier dépasse 8 Mo : une carte d'hôpital en fait cent fois moins."), status=400
        )
    reading = _reading(file.read(), file.name)
    if reading.cartography is None:
        return _page(request, reading=reading, file=file.name, status=400)
    held = desk.adopt_map(request.acting, reading.cartography, clock.now())  # type: ignore[attr-defined]
    if reading.warnings:
        return _page(request, reading=reading, file=file.name, adopted=_adopted(held))
    return redirect("cartography")


@requires(Permission.CARTOGRAPHY_READ)
@require_safe
def template(request: HttpRequest) -> HttpResponse:
    """The empty workbook to fill in."""
    from vigie.cartography import template as empty

    return _file(empty(), "vigie-cartographie.xlsx", XLSX)


@requires(Permission.CARTOGRAPHY_READ)
@require_safe
def as_yaml(request: HttpRequest) -> HttpResponse:
    """The cartography in force, as YAML."""
    from vigie.cartography import dump

    return _file(dump(_in_force(request)).encode(), "cartographie.yaml", "application/yaml")


@requires(Permission.CARTOGRAPHY_READ)
@require_safe
def as_workbook(request: HttpRequest) -> HttpResponse:
    """The cartography in force, as a workbook."""
    from vigie.cartography import dump_workbook

    return _file(dump_workbook(_in_force(request)), "cartographie.xlsx", XLSX)


def _page(request: HttpRequest, *, status: int = 200, **more: Any) -> HttpResponse:
    acting = request.acting  # type: ignore[attr-defined]
    current = desk.current_map(acting.organisation_id)
    reading: Reading | None = more.get("reading")
    faults: tuple[Fault, ...] = (*reading.errors, *reading.warnings) if reading else ()
    context = {
        "current": current,
        "map": _read(current.fact.revision) if current else None,
        "may_adopt": Permission.CARTOGRAPHY_ADOPT in acting.permissions,
        "faults": faults[:SHOWN_FAULTS],
        "unseen": max(0, len(faults) - SHOWN_FAULTS),
    }
    return render(request, "maps/cartography.html", context | more, status=status)


def _adopted(held: int) -> str:
    said = ngettext(
        "Cartographie adoptée. Elle vaut dès maintenant dans %(n)d incident en cours.",
        "Cartographie adoptée. Elle vaut dès maintenant dans %(n)d incidents en cours.",
        held,
    )
    return said % {"n": held}


def _reading(content: bytes, name: str) -> Reading:
    try:
        return read(content, name)
    except FileError as error:
        return Reading(None, (Fault(name, str(error), ""),), ())


def _in_force(request: HttpRequest) -> Cartography:
    current = desk.current_map(request.acting.organisation_id)  # type: ignore[attr-defined]
    found = _read(current.fact.revision) if current else None
    if found is None:
        raise Http404
    return found


def _read(revision: str) -> Cartography | None:
    content = desk.store().revision(revision)
    return from_bytes(content) if content is not None else None


def _file(content: bytes, name: str, kind: str) -> HttpResponse:
    return HttpResponse(content, content_type=kind, headers={"Content-Disposition": f'attachment; filename="{name}"'})
