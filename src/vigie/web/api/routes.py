"""The endpoints. Each asks for its permission, reaches objects through the caller's own queries, and changes one thing."""

from __future__ import annotations

import tempfile
from datetime import datetime
from pathlib import Path
from typing import Annotated, Any

from django.http import Http404, HttpRequest, JsonResponse
from django.utils.translation import gettext as _
from ninja import NinjaAPI, Query
from pydantic import AwareDatetime

from vigie.errors import InputError
from vigie.journal.bundle import Bundle
from vigie.journal.facts import KINDS
from vigie.journal.merge import merge
from vigie.web import clock, desk, scope
from vigie.web.accounts import trace
from vigie.web.api import declarations, intake, problems, restart
from vigie.web.api.auth import Token, need
from vigie.web.api.plain import plain
from vigie.web.api.problems import Problem, ProblemOut
from vigie.web.api.shapes import (
    CheckpointOut,
    EntriesOut,
    EntryIn,
    IdempotencyKey,
    IncidentOut,
    Limit,
    MergedOut,
    Name,
    Organisation,
    ReceiptOut,
    Seq,
    entry_out,
    receipt_out,
)
from vigie.web.desk import screening
from vigie.web.desk.models import Incident
from vigie.web.permissions import Permission

MAX_BUNDLE_BYTES = 512 * 1024 * 1024
PIECE_BYTES = 1024 * 1024

Word = Annotated[str, Query(max_length=300, pattern=r"^[^\x00]*$")]
Faults = {401: ProblemOut, 403: ProblemOut, 404: ProblemOut, 422: ProblemOut, 503: ProblemOut}

api = NinjaAPI(
    title="Vigie",
    version="1",
    description="The crisis log for programs. Tokens are made by the node's administrator. Every error is "
    "`{error, where, mend}` and changes nothing.",
    auth=Token(),
    urls_namespace="api",
    docs_url=None,  # the page is ours: it must work under a content security policy without inline scripts
)
problems.install(api)
api.add_router("", declarations.router)
api.add_router("", intake.router)
api.add_router("", restart.router)


@api.get("/incidents", response={200: list[IncidentOut], **Faults}, operation_id="list_incidents", tags=["log"])
def list_incidents(request: HttpRequest) -> Any:
    """The incidents that this token may read, the one written to last first."""
    need(request, Permission.INCIDENT_LIST)
    desk.follow()
    return scope.incidents_for(request).order_by("-last_seq")


@api.get(
    "/incidents/{owner}/{name}/entries", response={200: EntriesOut, **Faults}, operation_id="list_entries", tags=["log"]
)
def list_entries(
    request: HttpRequest,
    owner: Organisation,
    name: Name,
    after: Annotated[Seq | None, Query(description="entries after this number, oldest first")] = None,
    before: Annotated[Seq | None, Query(description="entries before this number, newest first")] = None,
    at: Annotated[AwareDatetime | None, Query(description="only what this node had received by then")] = None,
    kind: Word = "",
    author: Word = "",
    application: Word = "",
    service: Word = "",
    text: Word = "",
    limit: Limit = 100,
) -> Any:
    """Entries of an incident, filtered, page by page. Follow `next` to the end: nothing is left out."""
    need(request, Permission.LOG_READ)
    incident = _incident(request, owner, name)
    if kind and kind not in KINDS:
        raise Problem(422, f"{kind!r} is not a kind of fact", "query.kind", f"use one of {', '.join(sorted(KINDS))}")
    filters = desk.Filters(kind, author, application, service, text, _within_calendar(at), None, before, after)
    found = desk.page(incident.id, filters, limit, scope.hidden_lines(request), oldest_first=after is not None)
    return {
        "entries": [entry_out(line) for line in found.lines],
        "next": found.older_seq,
        "last_seq": found.last_seq,
    }


@api.post(
    "/incidents/{owner}/{name}/entries",
    response={200: ReceiptOut, 201: ReceiptOut, 400: ProblemOut, 409: ProblemOut, 413: ProblemOut, **Faults},
    operation_id="append_entry",
    tags=["log"],
)
def append_entry(
    request: HttpRequest,
    owner: Organisation,
    name: Name,
    entry: EntryIn,
    idempotency_key: IdempotencyKey = None,
) -> Any:
    """Write one entry. When 201 comes back, it is on the disk and survives a power cut; 200 when the key was known."""
    acting = need(request, Permission.LOG_WRITE)
    incident_id = f"{owner}/{name}"
    if desk.realm_for(acting, incident_id) is None:
        raise Http404
    _refuse_blind_qualification(entry)
    _screen(entry)
    receipt = desk.write(
        acting,
        incident_id,
        entry.fact,
        now=clock.now(),
        happened_at=entry.happened_at,
        precision=entry.precision,
        tlp=entry.tlp,
        pap=entry.pap,
        privileged=entry.privileged,
        # A key is the caller's own: two programs that count from one must not meet.
        key=f"{acting.author}:{idempotency_key}" if idempotency_key else None,
    )
    # Answered by hand: this is the path that two hundred programs take at once.
    return JsonResponse(receipt_out(receipt), status=200 if receipt.repeated else 201)


def _refuse_blind_qualification(entry: EntryIn) -> None:
    """A qualification is written against what its author was shown, which only its own endpoint asks for."""
    if entry.fact.kind == "qualification":
        raise Problem(
            422,
            "a qualification is not written here: it would hide what came since its author read the declaration",
            "body.entry.fact.kind",
            "POST it with `seen` to /incidents/{owner}/{name}/declarations/{declaration}/qualification",
        )


def _screen(entry: EntryIn) -> None:
    """Raises Problem where a text seems to hold a patient's identity and nobody has looked."""
    _refuse_identity(entry)


def _refuse_identity(entry: EntryIn) -> None:
    if not entry.identity_checked and (found := screening.warnings_of(entry.fact)):
        raise Problem(
            422,
            f"this text seems to hold a patient's identity ({found[0].kind}: {found[0].text!r})",
            "body.entry.fact",
            "remove it; when a person has checked that it is none, send identity_checked: true",
        )


@api.get(
    "/incidents/{owner}/{name}/situation",
    response={200: dict[str, Any], **Faults},
    operation_id="read_situation",
    tags=["log"],
)
def read_situation(
    request: HttpRequest,
    owner: Organisation,
    name: Name,
    at: Annotated[AwareDatetime | None, Query(description="what was known then; now when left out")] = None,
) -> Any:
    """The situation: the state of applications and services, tasks, decisions, conflicts. Null means unknown."""
    need(request, Permission.BOARD_READ)
    incident = _incident(request, owner, name)
    return plain(desk.situation(incident.id, _within_calendar(at), scope.hidden_lines(request)))


@api.get("/checkpoint", response={200: CheckpointOut, **Faults}, operation_id="read_checkpoint", tags=["journal"])
def read_checkpoint(request: HttpRequest) -> Any:
    """The newest signed checkpoint of this node: keep it, and nobody can rewrite what came before it unseen."""
    need(request, Permission.JOURNAL_VERIFY)
    found = desk.checkpoint()
    if found is None:
        raise Http404
    return {**found.as_dict(), "fingerprint": found.fingerprint, "public_key": desk.identity().public_key}


@api.post(
    "/bundle",
    response={200: MergedOut, 413: ProblemOut, **Faults},
    operation_id="merge_bundle",
    tags=["journal"],
    openapi_extra={
        "requestBody": {
            "required": True,
            "content": {"application/octet-stream": {"schema": {"type": "string", "format": "binary"}}},
        }
    },
)
def merge_bundle(request: HttpRequest) -> Any:
    """Take in a bundle file. It is verified whole first; a bundle with a fault changes nothing."""
    acting = need(request, Permission.LOG_MERGE)
    with tempfile.TemporaryDirectory(prefix="vigie-merge-") as folder:
        path = Path(folder) / "received.vigie"
        _receive(request, path)
        entries = new = 0
        for step in merge(desk.journal(), Bundle(path), clock.now()):
            entries, new = step.done, step.new
            desk.follow()
    # What comes into the house is noted in its register, like what leaves it.
    text = _("Paquet reçu par l'API : {entries} entrées, dont {new} nouvelles.").format(entries=entries, new=new)
    trace.record(acting, text)
    return {"entries": entries, "new": new}


def _receive(request: HttpRequest, path: Path) -> None:
    """Write the body to a file, piece by piece. Raises Problem."""
    size = 0
    with path.open("wb") as file:
        while piece := request.read(PIECE_BYTES):
            size += len(piece)
            if size > MAX_BUNDLE_BYTES:
                raise Problem(
                    413, "this bundle is too large to be sent", "body", "use `vigie journal merge` on the node"
                )
            file.write(piece)
    if size == 0:
        raise Problem(422, "the body is empty", "body", "send the bytes of the bundle file")


def _incident(request: HttpRequest, owner: str, name: str) -> Incident:
    desk.follow()
    return scope.incident_or_404(request, f"{owner}/{name}")


def _within_calendar(at: datetime | None) -> datetime | None:
    """An instant that every database can hold, whatever its offset."""
    if at is None or 1900 <= at.year <= 9000:
        return at
    raise InputError(f"at: the year {at.year} is out of reach. Give an instant between 1900 and 9000")
