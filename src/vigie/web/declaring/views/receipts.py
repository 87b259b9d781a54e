"""Receipts: what proves later that a version was written, when and what it said; and what it does not prove."""

from __future__ import annotations

from typing import Any, NamedTuple

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from vigie.journal import Checkpoint
from vigie.web import desk
from vigie.web.accounts import trace
from vigie.web.declaring import documents
from vigie.web.declaring.versions import Held, Version
from vigie.web.declaring.views.common import Place, context, sent_place
from vigie.web.exports import typesetting
from vigie.web.permissions import Permission, requires


class Proof(NamedTuple):
    """A version, its entry, and a signed checkpoint of its log that covers it (None: another node's log)."""

    at: Place
    held: Held
    version: Version
    checkpoint: Checkpoint | None


@requires(Permission.DECLARATION_READ)
@require_safe
def receipt(request: HttpRequest, owner: str, name: str, declaration: str, seq: int) -> HttpResponse:
    """The receipt of one version."""
    proof = _proof(request, owner, name, declaration, seq)
    entry = proof.version.line.received.entry
    more: dict[str, Any] = {
        "held": proof.held,
        "version": proof.version,
        "rows": documents.proof_rows(proof.version, proof.checkpoint),
        "checkpoint": proof.checkpoint,
        "typed": documents.typed(proof.checkpoint),
        "duty": documents.duty(),
        "entry": entry,
    }
    return render(request, "declaring/receipt.html", context(request, proof.at.here) | more)


@requires(Permission.DECLARATION_READ)
@require_safe
def pdf(request: HttpRequest, owner: str, name: str, declaration: str, seq: int) -> HttpResponse:
    """The same on paper."""
    proof = _proof(request, owner, name, declaration, seq)
    said = _("Récépissé de la version %(number)s de la déclaration %(name)s de %(incident)s, en PDF.")
    about = {"number": proof.version.number, "name": declaration, "incident": proof.at.here.id}
    trace.record(request.acting, said % about)  # type: ignore[attr-defined]
    proof = proof._replace(checkpoint=_covering(proof.version))  # the note is sealed as well
    if proof.checkpoint is not None:
        desk.store().mark_printed(proof.checkpoint)
    made = typesetting.pdf(
        documents.receipt(context(request, proof.at.here), proof.held, proof.version, proof.checkpoint),
        documents.TEMPLATE,
    )
    return documents.as_file(
        HttpResponse(made, content_type="application/pdf"), proof.at.here, f"{declaration}-{seq}", "pdf"
    )


def _proof(request: HttpRequest, owner: str, name: str, declaration: str, seq: int) -> Proof:
    at, held = sent_place(request, owner, name, declaration)
    version = next((one for one in held.versions if one.line.seq == seq), None)
    if version is None:
        raise Http404("no such version of this declaration")
    return Proof(at, held, version, _covering(version))


def _covering(version: Version) -> Checkpoint | None:
    """The newest checkpoint of this node, where it covers the entry of a version."""
    entry, newest = version.line.received.entry, desk.checkpoint()
    covers = newest is not None and newest.log == entry.log and newest.size > entry.index
    return newest if covers else None
