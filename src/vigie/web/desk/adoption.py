"""Adopting a cartography: it holds from now on, in the register of its organisation and in each of its open incidents."""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple

from vigie.cartography import Cartography, to_bytes
from vigie.errors import RefusedError
from vigie.journal import Draft, Received
from vigie.journal.authority import REGISTER
from vigie.journal.facts import MapAdopted
from vigie.web.accounts.acting import Acting
from vigie.web.desk import access
from vigie.web.desk.following import follow
from vigie.web.desk.models import Incident
from vigie.web.permissions import Permission


class Adopted(NamedTuple):
    """The cartography in force in an organisation: the fact, and the entry of the register that says so."""

    fact: MapAdopted
    by: Received


def current_map(organisation: str) -> Adopted | None:
    """The cartography that an organisation adopted last on this installation; None when it never did."""
    own, found = access.own_logs(), None
    for received in access.store().received(incident=f"{organisation}/{REGISTER}", kinds=("map_adopted",)):
        if isinstance(received.fact, MapAdopted) and received.entry.log in own:
            found = Adopted(received.fact, received)
    return found


def adopt_map(acting: Acting, cartography: Cartography, now: datetime) -> int:
    """Adopt a cartography for the caller's organisation; returns in how many open incidents it now holds.

    Raises RefusedError without the right, StorageError; nothing is adopted then.
    """
    if Permission.CARTOGRAPHY_ADOPT not in acting.permissions:
        raise RefusedError("adopting a cartography is for the director of the crisis cell")
    follow()
    fact = MapAdopted(revision=access.store().put_revision(to_bytes(cartography)), name=cartography.name)
    running = Incident.objects.filter(pk__startswith=f"{acting.organisation_id}/", closed_at=None).order_by("pk")
    drafts = [
        Draft(incident, fact, acting.author, acting.role, realm=realm)  # type: ignore[arg-type]
        for incident, realm in [(f"{acting.organisation_id}/{REGISTER}", "real"), *running.values_list("pk", "realm")]
    ]
    access.journal().append_all(drafts, now)
    follow()
    return len(drafts) - 1
