"""Writing: the only way from a page or the API to the journal. What a caller may write is decided here, once.

The screening for patients' identity comes before: a page asks its person, the API asks its program (`screening`).
"""

from __future__ import annotations

import re
from datetime import datetime
from typing import NamedTuple

from django.utils.translation import gettext as _

from vigie.errors import ConflictError, InputError, RefusedError
from vigie.journal import Draft, Receipt
from vigie.journal.authority import MATRIX, NODE_KINDS, REGISTER
from vigie.journal.entry import MARKINGS
from vigie.journal.facts import Correction, Erasure, Fact, MapAdopted, Note, Opened
from vigie.web import scope
from vigie.web.accounts.acting import Acting
from vigie.web.desk import access
from vigie.web.desk.adoption import current_map
from vigie.web.desk.folding import folded
from vigie.web.desk.following import follow
from vigie.web.desk.models import Incident, LogLine
from vigie.web.desk.tail import tail
from vigie.web.permissions import Permission, Role

NEEDED = {
    "opened": Permission.INCIDENT_OPEN,
    "closed": Permission.INCIDENT_CLOSE,
    "correction": Permission.LOG_CORRECT,
    "erasure": Permission.INCIDENT_CLOSE,  # what only a director may do
    "artefact": Permission.ATTACHMENT_ADD,
    "map_adopted": Permission.CARTOGRAPHY_ADOPT,
    **dict.fromkeys(("declaration", "declared"), Permission.DECLARATION_WRITE),
    **dict.fromkeys(("qualification", "routing", "exchange", "support"), Permission.INTAKE_QUALIFY),
    **dict.fromkeys(NODE_KINDS, Permission.NODE_MANAGE),
}
ANSWERED = ("exchange", "support")  # what the hospital itself may also write, of its own incidents
NAME_CHARACTERS = 60


def write(
    acting: Acting,
    incident_id: str,
    fact: Fact,
    *,
    now: datetime,
    happened_at: datetime | None = None,
    precision: str = "exact",
    tlp: str = "amber",
    pap: str | None = None,
    privileged: bool = False,
    key: str | None = None,
) -> Receipt:
    """Write one entry into an incident that exists, in the name of the caller; it is durable when this returns.

    Raises RefusedError (no such right, no such incident for this caller), InputError or FactError (malformed),
    ConflictError (same key, other content), StorageError. Nothing is written then.
    """
    if fact.kind in NODE_KINDS:
        raise RefusedError(_("Les nœuds et leurs clés se tiennent dans le registre du nœud, et non dans un incident."))
    if isinstance(fact, MapAdopted) and access.store().revision(fact.revision) is None:
        raise InputError(
            _("Cette révision de la cartographie n'est pas sur ce nœud. Donnez la carte par la page Cartographie.")
        )
    realm = realm_for(acting, incident_id)
    if realm is None:
        raise RefusedError(_("Cet incident n'existe pas pour vous. Choisissez-en un dans la liste des incidents."))
    _check_right(acting, fact, incident_id)
    target = _target(acting, incident_id, fact)
    if target is not None:
        # What mends a guarded entry repeats it: it is guarded at least as well.
        privileged, tlp = privileged or target.privileged, max(tlp, target.tlp, key=_rank)
    draft = Draft(
        incident_id, fact, acting.author, acting.role, happened_at, precision, realm, tlp, pap, privileged, key
    )  # type: ignore[arg-type]  # the journal refuses a word outside its vocabularies
    return _append(draft, now)


def open_incident(
    acting: Acting, opened: Opened, *, realm: str, now: datetime, name: str = "", key: str | None = None
) -> Receipt:
    """Open an incident of the caller's organisation. `name` is the second part of its identifier, made from the month
    and the title where none is given. The receipt's entry holds the identifier. Same errors as `write`.
    """
    _check_right(acting, opened, f"{acting.organisation_id}/")
    organisation = acting.organisation_id
    if realm not in ("real", "exercise"):
        raise InputError(_("Dites si l'incident est réel ou si c'est un exercice."))
    follow()
    wanted = folded_name(name) or f"{now:%Y-%m}-{folded_name(opened.title) or 'incident'}"[:NAME_CHARACTERS]
    if wanted == REGISTER:
        raise InputError(_("Ce nom est réservé au registre du nœud. Choisissez-en un autre."))
    if name and key is None and Incident.objects.filter(pk=f"{organisation}/{wanted}").exists():
        raise InputError(_("Un incident porte déjà ce nom. Choisissez-en un autre."))
    incident_id = f"{organisation}/{wanted}" if name or key else _free(organisation, wanted)
    _check_own(incident_id, key)
    draft = Draft(incident_id, opened, acting.author, acting.role, realm=realm, key=key)  # type: ignore[arg-type]
    drafts = [draft]
    if current := current_map(organisation):
        # From its first minute an incident is read with the map that the hospital adopted in quiet times.
        drafts.append(draft._replace(fact=current.fact, key=f"{key}:map" if key else None))
    return access.journal().append_all(drafts, now)[0]


def register(acting: Acting, fact: Fact, *, now: datetime, key: str | None = None) -> Receipt:
    """Write into the register of the caller's organisation: which nodes are trusted, who exported what."""
    if not isinstance(fact, Note):
        _check_right(acting, fact, f"{acting.organisation_id}/{REGISTER}")
    role = Role.ADMINISTRATOR if Role.ADMINISTRATOR in acting.roles else acting.role
    return _append(Draft(f"{acting.organisation_id}/{REGISTER}", fact, acting.author, role, key=key), now)  # type: ignore[arg-type]


def folded_name(text: str) -> str:
    """`Rançongiciel (réseau)` as `rancongiciel-reseau`: what an identifier may hold."""
    return re.sub(r"[^a-z0-9]+", "-", folded(text)).strip("-")[:NAME_CHARACTERS].strip("-")


def _append(draft: Draft, now: datetime) -> Receipt:
    return access.journal().append(draft, now)


def realm_for(acting: Acting, incident_id: str) -> str | None:
    """The realm of an incident that this caller may write into, None where there is none for them.

    The database is asked once for each incident.
    """
    if incident_id.partition("/")[0] != acting.organisation_id and acting.role != Role.ANALYST:
        return None
    if incident_id not in tail.realms:
        follow()
        found = Incident.objects.filter(pk=incident_id).values_list("realm", flat=True).first()
        if found is None:
            return None
        tail.realms[incident_id] = found
    return tail.realms[incident_id]


def may_write(acting: Acting, incident_id: str, kind: str) -> bool:
    """Whether this caller may write this kind of entry into an incident.

    This node speaks for its hospital. An analyst of the observatory who has an account here does not: in the incidents
    of others they write what an observatory may, and no decision that would count as the hospital's.
    """
    return _needed(acting, kind, incident_id) in acting.permissions and _may_say(acting, incident_id, kind)


def _may_say(acting: Acting, incident_id: str, kind: str) -> bool:
    return incident_id.partition("/")[0] == acting.organisation_id or kind in MATRIX["observatory"]["analyst"]


def _needed(acting: Acting, kind: str, incident_id: str) -> Permission:
    """The right that a kind of fact asks for. A hospital answers the observatory by a right of its own."""
    own = incident_id.partition("/")[0] == acting.organisation_id
    if own and kind in ANSWERED and Permission.INTAKE_QUALIFY not in acting.permissions:
        return Permission.INTAKE_ANSWER
    return NEEDED.get(kind, Permission.LOG_WRITE)


def _check_right(acting: Acting, fact: Fact, incident_id: str) -> None:
    needed = _needed(acting, fact.kind, incident_id)
    if isinstance(fact, Opened) and fact.on_behalf_of:
        # To open an incident for a hospital that cannot is a right of its own.
        needed = Permission.DECLARATION_ON_BEHALF
    if needed not in acting.permissions:
        raise RefusedError(
            _("Votre rôle ne permet pas d'écrire ce genre d'entrée ({kind}) : il faut le droit {right}.").format(
                kind=fact.kind, right=needed.value
            )
        )
    if not _may_say(acting, incident_id, fact.kind):
        raise RefusedError(
            _(
                "Dans l'incident d'un autre établissement, un observatoire n'écrit pas ce genre d'entrée ({kind})."
            ).format(kind=fact.kind)
        )


def _check_own(incident_id: str, key: str | None) -> None:
    """An incident that exists is opened again by nobody: only the key that opened it gives its receipt once more."""
    first = next(access.store().received(incident=incident_id, limit=1), None)
    if first is not None and first.entry.key != key:
        raise ConflictError(_("Un incident porte déjà ce nom. Rouvrez le formulaire vide, puis recommencez."))


def _rank(tlp: str) -> int:
    """How closely a marking guards; an unknown word is left for the journal to refuse."""
    return MARKINGS.index(tlp) if tlp in MARKINGS else len(MARKINGS)


class _Asked(NamedTuple):
    """A caller, as `scope` asks for one."""

    acting: Acting


def _target(acting: Acting, incident_id: str, fact: Fact) -> LogLine | None:
    """The entry of the same incident that a correction or an erasure is about; a correction keeps its kind.

    One that this caller must not see is told as one that does not exist.
    """
    if not isinstance(fact, (Correction, Erasure)):
        return None
    follow()
    target = scope.visible(_Asked(acting), LogLine.objects.filter(digest=fact.of, incident_id=incident_id)).first()
    if target is None:
        raise InputError(_("L'entrée à corriger n'est pas dans cet incident. Rechargez la page, puis recommencez."))
    if isinstance(fact, Correction) and fact.replacement is not None and fact.replacement.get("kind") != target.kind:
        raise InputError(_("Une correction garde le genre de l'entrée corrigée ({kind}).").format(kind=target.kind))
    return target


def _free(organisation: str, wanted: str) -> str:
    """The first identifier that no incident bears: `...-2`, `...-3` after the plain one."""
    taken = set(Incident.objects.filter(pk__startswith=f"{organisation}/{wanted}").values_list("pk", flat=True))
    candidate, number = f"{organisation}/{wanted}", 1
    while candidate in taken:
        number += 1
        candidate = f"{organisation}/{wanted}-{number}"
    return candidate
