"""The endpoint of the restart: the plan and the forecast of now, as its pages show them."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from ninja import Router

from vigie.errors import InputError
from vigie.web import clock
from vigie.web.api.auth import need
from vigie.web.api.problems import Problem, ProblemOut
from vigie.web.api.shapes import Name, Organisation
from vigie.web.incidents.views.common import opened
from vigie.web.permissions import Permission
from vigie.web.restart import computing

Faults = {401: ProblemOut, 403: ProblemOut, 404: ProblemOut, 409: ProblemOut, 422: ProblemOut, 503: ProblemOut}
router = Router(tags=["restart"])


@router.get("/incidents/{owner}/{name}/restart", response={200: dict[str, Any], **Faults}, operation_id="read_restart")
def read_restart(request: HttpRequest, owner: Organisation, name: Name) -> Any:
    """The restart order, who does what when, and the return dates (P50, P90), as `vigie plan --format json` prints them.

    All dates are forecasts; null where none can be given. No bound is computed here (`bound` is null). 409 where no plan
    can be made, for want of a map or of people; 503 while it is being computed: ask again.
    """
    need(request, Permission.BOARD_READ)
    future = computing.restart(opened(request, owner, name), clock.now())
    if future is None:
        raise Problem(409, "there is no plan: the incident has no map that can be read", "path", "adopt a map")
    if not computing.ready(future):
        raise Problem(503, "the plan is being computed", "server", "send the same request again in some seconds")
    try:
        found = future.result()
    except InputError as error:
        what, _, mend = str(error).rpartition(". ")
        raise Problem(409, what or str(error), "path", mend or "write what is missing to the log or the map") from error
    from vigie.exchange.restart_data import restart_data

    return restart_data(found.plan, found.outlook, found.revision)
