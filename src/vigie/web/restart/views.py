"""The views of the restart, each with the permission it asks for.

What they are made with (the planner, the charts) is loaded when first asked for: a hospital in no crisis pays for none.
"""

from __future__ import annotations

from django.http import HttpRequest, HttpResponseBase
from django.views.decorators.http import require_POST, require_safe

from vigie.web.permissions import Permission, requires


@requires(Permission.BOARD_READ)
@require_safe
def board(request: HttpRequest, owner: str, name: str) -> HttpResponseBase:
    """What is left, who does what next, what waits, when care is back."""
    from vigie.web.restart import pages

    return pages.board(request, owner, name)


@requires(Permission.BOARD_READ)
@require_safe
def lines(request: HttpRequest, owner: str, name: str) -> HttpResponseBase:
    """Every line of the plan, explained."""
    from vigie.web.restart import pages

    return pages.lines(request, owner, name)


@requires(Permission.BOARD_READ)
@require_safe
def what_if(request: HttpRequest, owner: str, name: str) -> HttpResponseBase:
    """What an exchange, a person more, a late vendor or a lost backup would change. Writes nothing."""
    from vigie.web.restart import pages

    return pages.what_if(request, owner, name)


@requires(Permission.BOARD_READ)
@require_safe
def forecast(request: HttpRequest, owner: str, name: str) -> HttpResponseBase:
    """The forecast of each care service, and every past one beside what happened."""
    from vigie.web.restart import pages

    return pages.forecast(request, owner, name)


@requires(Permission.LOG_WRITE)
@require_POST
def publish(request: HttpRequest, owner: str, name: str) -> HttpResponseBase:
    """Write the forecast of now into the journal."""
    from vigie.web.restart import publishing

    return publishing.publish(request, owner, name)


@requires(Permission.LOG_EXPORT)
@require_safe
def xlsx(request: HttpRequest, owner: str, name: str) -> HttpResponseBase:
    """The plan as a workbook."""
    from vigie.web.restart import files

    return files.xlsx(request, owner, name)


@requires(Permission.LOG_EXPORT)
@require_safe
def ics(request: HttpRequest, owner: str, name: str) -> HttpResponseBase:
    """The plan as a calendar."""
    from vigie.web.restart import files

    return files.ics(request, owner, name)


@requires(Permission.LOG_EXPORT)
@require_safe
def pdf(request: HttpRequest, owner: str, name: str) -> HttpResponseBase:
    """The board for a wall: a page for each team."""
    from vigie.web.restart import files

    return files.pdf(request, owner, name)
