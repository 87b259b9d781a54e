"""What the pages of a declaration share: the incident, the declaration as sent, its draft, and who speaks for whom."""

from __future__ import annotations

from typing import Any, NamedTuple

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest
from django.utils.translation import gettext as _

from vigie.journal.facts import Declaration
from vigie.observe.authorities import Authority, authorities
from vigie.observe.vocabulary import label
from vigie.web.declaring import drafts, versions
from vigie.web.declaring.forms import language
from vigie.web.declaring.models import Draft
from vigie.web.declaring.prefill import Prefill, behalf, prefill
from vigie.web.declaring.versions import UNGUARDED, Held
from vigie.web.desk.writing import may_write
from vigie.web.incidents.views.common import Opened, heading, opened


class Place(NamedTuple):
    """A declaration of an incident that this reader may see. `held` None: nothing of it was sent yet."""

    here: Opened
    name: str
    held: Held | None

    @property
    def path(self) -> tuple[str, str, str]:
        """Owner, incident and declaration, as addresses want them."""
        return (*self.here.path, self.name)


class Writing(NamedTuple):
    """What is being written: the draft, if any was kept, and the values it stands at.

    A draft is shared by the cell and its version leaves the house: `place.held` is what the unguarded versions say.
    `guarded`: this reader sees more than that, in privileged or TLP:RED versions, and none of it is taken over.
    """

    place: Place
    draft: Draft | None
    first: Prefill
    values: dict[str, list[str]]
    guarded: bool = False


def place(request: HttpRequest, owner: str, name: str, declaration: str) -> Place:
    """The declaration of an address. Raises Http404 where the incident is not the reader's, or the name is none."""
    here = opened(request, owner, name)
    if not versions.is_name(declaration):
        raise Http404("no such declaration")
    return Place(here, declaration, versions.held(here.id, here.hidden).get(declaration))


def sent_place(request: HttpRequest, owner: str, name: str, declaration: str) -> tuple[Place, Held]:
    """The same, of which a version exists. Raises Http404 otherwise."""
    found = place(request, owner, name, declaration)
    if found.held is None:
        raise Http404("nothing of this declaration was sent")
    return found, found.held


def writing(request: HttpRequest, owner: str, name: str, declaration: str) -> Writing:
    """The draft of one's own organisation. Raises PermissionDenied in an incident where one may not declare."""
    found = place(request, owner, name, declaration)
    acting = request.acting  # type: ignore[attr-defined]
    if not may_write(acting, found.here.id, "declaration"):
        raise PermissionDenied(
            _("Seul l'établissement déclare son incident. Pour un établissement coupé, ouvrez un incident à son nom.")
        )
    seen, held = found.held, versions.held(found.here.id, UNGUARDED).get(declaration)
    found = found._replace(held=held)
    draft = drafts.find(acting, found.here.id, declaration)
    first = prefill(found.here.id, acting.organisation_name, acting.person.name, held)
    values = {**first.values, **(draft.values if draft else {})}
    if draft is not None and "addressees" not in draft.values and draft.addressees is not None:
        values["addressees"] = list(draft.addressees)
    return Writing(found, draft, first, values, guarded=_said(seen) != _said(held))


def _said(held: Held | None) -> list[tuple[int, Declaration]]:
    """Each version with what it says, corrections applied: what a reader sees of a declaration."""
    return [(version.line.seq, version.fact) for version in held.versions] if held else []


def leaving(request: HttpRequest, owner: str, name: str, declaration: str) -> tuple[Opened, Held]:
    """A declaration without anything privileged or TLP:RED, whoever asks: what may leave. Raises Http404."""
    here = opened(request, owner, name)
    found = versions.held(here.id, UNGUARDED).get(declaration)
    if found is None:
        raise Http404("nothing of this declaration was sent")
    return here, found


def context(request: HttpRequest, here: Opened) -> dict[str, Any]:
    """What every page of a declaration shows: the heading of its incident, and for whom it is written."""
    name, asked = behalf(here.id)
    acting = request.acting  # type: ignore[attr-defined]
    return heading(request, here, "declaring") | {
        "behalf": name,
        "behalf_asked": asked,
        "may_declare": may_write(acting, here.id, "declaration"),
        "people": here.people(),
    }


def authority_or_404(name: str) -> Authority:
    """An addressee of the list. Raises Http404."""
    found = authorities().get(name)
    if found is None:
        raise Http404("no such authority")
    return found


def authority_name(name: str) -> str:
    """What an addressee is called."""
    return label("authorities", name, language())
