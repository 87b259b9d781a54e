"""The endpoints of declarations: send a version, read what all versions say together."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any

from django.http import Http404, HttpRequest, JsonResponse
from ninja import Path as InPath
from ninja import Router, Schema

from vigie.ids import SLUG
from vigie.web import clock, desk, scope
from vigie.web.api.auth import need
from vigie.web.api.problems import Problem, ProblemOut
from vigie.web.api.shapes import DeclarationIn, IdempotencyKey, Name, Organisation, ReceiptOut, receipt_out
from vigie.web.declaring.versions import Held, held
from vigie.web.desk import screening
from vigie.web.permissions import Permission

Slug = Annotated[str, InPath(pattern=SLUG, max_length=64, description="the declaration's name")]
Faults = {401: ProblemOut, 403: ProblemOut, 404: ProblemOut, 422: ProblemOut, 503: ProblemOut}
router = Router(tags=["declarations"])


class VersionOut(Schema):
    """One version: its entry, its stage, and whether a correction stands in its place."""

    seq: int
    digest: str
    stage: str
    recorded_at: datetime
    author: str
    corrected: bool


class SentOut(Schema):
    """It went to an authority, which gave this number back (empty where nobody noted one)."""

    seq: int
    addressee: str
    stage: str
    receipt: str
    happened_at: datetime


class DeclarationOut(Schema):
    """A declaration. `fact` is what its versions say together; `standing` is `counts` or `claimed`."""

    declaration: str
    fact: dict[str, Any]
    standing: str
    versions: list[VersionOut]
    sent: list[SentOut]


@router.post(
    "/incidents/{owner}/{name}/declarations",
    response={200: ReceiptOut, 201: ReceiptOut, 400: ProblemOut, 409: ProblemOut, 413: ProblemOut, **Faults},
    operation_id="submit_declaration",
)
def submit_declaration(
    request: HttpRequest,
    owner: Organisation,
    name: Name,
    body: DeclarationIn,
    idempotency_key: IdempotencyKey = None,
) -> Any:
    """Write one version of a declaration. It is kept and can be proved; it does not reach any authority by itself."""
    acting = need(request, Permission.DECLARATION_WRITE)
    incident_id = f"{owner}/{name}"
    if desk.realm_for(acting, incident_id) is None:
        raise Http404
    if not body.identity_checked and (found := screening.warnings_of(body.declaration)):
        raise Problem(
            422,
            f"this text seems to hold a patient's identity ({found[0].kind}: {found[0].text!r})",
            "body.body.declaration",
            "remove it; when a person has checked that it is none, send identity_checked: true",
        )
    key = f"{acting.author}:{idempotency_key}" if idempotency_key else None
    receipt = desk.write(acting, incident_id, body.declaration, now=clock.now(), key=key)
    return JsonResponse(receipt_out(receipt), status=200 if receipt.repeated else 201)


@router.get(
    "/incidents/{owner}/{name}/declarations/{declaration}",
    response={200: DeclarationOut, **Faults},
    operation_id="read_declaration",
)
def read_declaration(request: HttpRequest, owner: Organisation, name: Name, declaration: Slug) -> Any:
    """What the versions of a declaration say together, which they are, and to whom it was declared."""
    need(request, Permission.DECLARATION_READ)
    desk.follow()
    incident = scope.incident_or_404(request, f"{owner}/{name}")
    found = held(incident.id, scope.hidden_lines(request)).get(declaration)
    if found is None:
        raise Http404
    return declaration_out(found)


def declaration_out(found: Held) -> dict[str, Any]:
    """A declaration as JSON."""
    return {
        "declaration": found.name,
        "fact": found.fact.model_dump(mode="json"),
        "standing": "claimed" if found.claimed else "counts",
        "versions": [
            {
                "seq": one.line.seq, "digest": one.line.received.digest, "stage": one.fact.stage,
                "recorded_at": one.line.received.entry.recorded_at, "author": one.line.received.entry.author,
                "corrected": bool(one.line.corrections),
            }
            for one in found.versions
        ],
        "sent": [
            {
                "seq": one.line.seq, "addressee": one.fact.addressee, "stage": one.fact.stage,
                "receipt": one.fact.receipt, "happened_at": one.line.received.entry.happened_at,
            }
            for one in found.sent
        ],
    }  # fmt: skip
