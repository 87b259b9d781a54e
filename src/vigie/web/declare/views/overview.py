"""The declaration of an incident: what was sent, what changed from one version to the next, and what is left to do."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from vigie.journal.facts import Declaration
from vigie.respond.concept import Known
from vigie.respond.inquiry import together
from vigie.web.declare import drafts, prefill, telling
from vigie.web.declare.views.common import context, may_declare
from vigie.web.incidents.views.common import opened
from vigie.web.permissions import Permission, requires


@requires(Permission.DECLARATION_READ)
@require_safe
def overview(request: HttpRequest, owner: str, name: str) -> HttpResponse:
    """Every version that was sent, newest first, and the draft that waits."""
    here = opened(request, owner, name)
    state = prefill.current(here.situation())
    draft = drafts.latest(here.id) if may_declare(request, here) else None
    waiting = draft if draft is not None and draft.sent_seq is None else None
    people = here.people()
    said = {
        "state": state,
        "versions": _versions(state.versions, people) if state else [],
        "draft": waiting,
        "saved_by": people.get(waiting.saved_by, waiting.saved_by) if waiting else "",
        "may_declare": may_declare(request, here),
    }
    return render(request, "declare/overview.html", context(request, here, **said))


def _versions(versions: tuple[Known, ...], people: dict[str, str]) -> list[dict[str, Any]]:
    """Each version with what it changed in what was said before it, newest first."""
    told: list[dict[str, Any]] = []
    before: list[Declaration] = []
    for number, known in enumerate(versions, 1):
        after = [*before, known.fact]
        changes = telling.changes(together(before), together(after)) if before else []
        told.append(
            {
                "number": number,
                "stage": telling.value_text("stage", known.fact.stage),
                "at": known.by.recorded_at,
                "by": people.get(known.by.author, known.by.author),
                "changes": changes,
                "first": _("Premier envoi") if not before else "",
            }
        )
        before = after
    return told[::-1]
