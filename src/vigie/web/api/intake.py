"""The endpoints of the observatory's intake: read the queue of declarations, qualify one of them."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Annotated, Any, Literal

from django.db.models import Q
from django.http import HttpRequest, JsonResponse
from ninja import Path as InPath
from ninja import Query, Router, Schema
from pydantic import ConfigDict, Field

from vigie.ids import SLUG
from vigie.journal.facts import Qualification
from vigie.web import clock, desk, scope
from vigie.web.api.auth import need
from vigie.web.api.problems import Problem, ProblemOut
from vigie.web.api.shapes import Limit, Name, Organisation, ReceiptOut, receipt_out
from vigie.web.desk import screening
from vigie.web.desk.folding import folded
from vigie.web.desk.models import Declaration
from vigie.web.intake import acts
from vigie.web.permissions import Permission, Role

Slug = Annotated[str, InPath(pattern=SLUG, max_length=64, description="the declaration's name")]
Word = Annotated[str, Query(max_length=300, pattern=r"^[^\x00]*$")]
Faults = {401: ProblemOut, 403: ProblemOut, 404: ProblemOut, 422: ProblemOut, 503: ProblemOut}
State = Literal["", "new", "to_qualify", "waiting", "qualified", "closed", "out_of_scope"]
router = Router(tags=["intake"])


class QueuedOut(Schema):
    """A declaration as it stands, in the words of docs/reference/declarations.md. `seen` goes with a qualification of it:
    it tells that nothing has changed since."""

    id: str
    incident: str
    declaration: str
    realm: str
    version: int
    seen: int
    first_known_at: datetime
    declared_at: datetime | None
    waiting_since: datetime | None
    establishment: str
    region: str
    establishment_kind: str
    stage: str
    nature: str
    state: str
    origin: str
    malicious: str
    significance: str
    functioning: str
    patient_danger: str
    urgency: int
    cause_group: str
    duplicate_of: str


class QueueOut(Schema):
    """Declarations, the most pressing first. `next` is the `offset` to go on with, null at the end."""

    declarations: list[QueuedOut]
    next: int | None


class QualificationIn(Schema):
    """A qualification, and what its author was shown. Its `declaration` is that of the address."""

    model_config = ConfigDict(extra="forbid")

    qualification: Qualification
    seen: Annotated[int, Field(ge=0, le=2**62)]
    identity_checked: bool = False


@router.get("/intake", response={200: QueueOut, **Faults}, operation_id="list_declarations")
def list_declarations(
    request: HttpRequest,
    state: State = "",
    region: Word = "",
    kind: Word = "",
    origin: Word = "",
    text: Word = "",
    since_days: Annotated[int | None, Query(ge=1, le=3660, description="received within so many days")] = None,
    offset: Annotated[int, Query(ge=0, le=1_000_000)] = 0,
    limit: Limit = 100,
) -> Any:
    """The queue: declarations that this token may read, the most pressing first (danger, interruption, age)."""
    need(request, Permission.INTAKE_READ)
    desk.follow()
    asked = {"state": state, "region": region, "establishment_kind": kind, "origin": origin}
    condition = Q(**{name: value for name, value in asked.items() if value})
    for part in folded(text).split():
        condition &= Q(text__contains=part)
    if since_days:
        condition &= Q(first_known_at__gte=clock.now() - timedelta(days=since_days))
    wanted = scope.declarations_for(request).filter(condition).order_by("-urgency", "first_known_at", "id")
    found = list(wanted[offset : offset + limit + 1])
    return {
        "declarations": [queued_out(one) for one in found[:limit]],
        "next": offset + limit if len(found) > limit else None,
    }


@router.post(
    "/incidents/{owner}/{name}/declarations/{declaration}/qualification",
    response={200: ReceiptOut, 201: ReceiptOut, 400: ProblemOut, 409: ProblemOut, **Faults},
    operation_id="qualify_declaration",
)
def qualify_declaration(
    request: HttpRequest, owner: Organisation, name: Name, declaration: Slug, body: QualificationIn
) -> Any:
    """Qualify a declaration, as an analyst. 409 when it has changed since `seen`: read it again, nothing was written."""
    acting = need(request, Permission.INTAKE_QUALIFY)
    if acting.role != Role.ANALYST:
        raise Problem(
            403, "only an analyst of the observatory qualifies", "Authorization", "use a token in an analyst's name"
        )
    desk.follow()
    one = scope.declaration_or_404(request, f"{owner}/{name}#{declaration}")
    fact = body.qualification.model_copy(update={"declaration": declaration})
    if not body.identity_checked and (found := screening.warnings_of(fact)):
        raise Problem(
            422,
            f"this text seems to hold a patient's identity ({found[0].kind}: {found[0].text!r})",
            "body.body.qualification",
            "remove it; when a person has checked that it is none, send identity_checked: true",
        )
    receipt = acts.qualify(acting, one, fact, body.seen, clock.now())
    return JsonResponse(receipt_out(receipt), status=200 if receipt.repeated else 201)


def queued_out(one: Declaration) -> dict[str, Any]:
    """A declaration of the desk as JSON."""
    said = {
        name: getattr(one, name) for name in QueuedOut.model_fields if name not in ("incident", "declaration", "seen")
    }
    return {**said, "incident": one.incident_id, "declaration": one.name, "seen": one.last_seq}
