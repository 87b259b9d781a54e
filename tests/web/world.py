"""The world in which routes are tried: an incident of each hospital, with what hangs on it."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

from tests.web.conftest import Site
from tests.web.support import speak_for


class World:
    """A site with two hospitals' incidents. `names` is what rows of the table may name."""

    def __init__(self, site: Site) -> None:
        self.site = site
        self.personas = {
            "bob": site.bob, "alice": site.alice, "charlie": site.charlie,
            "agnes": site.agnes, "admin": site.admin, "nobody": None,
        }  # fmt: skip
        self.names: dict[str, Any] = {**_accounts(site), **_incidents(site)}
        self._saved = site.data / "saved.db"

    def fill(self, value: Any) -> Any:
        """A value of a row, with its names replaced."""
        if isinstance(value, list):
            return [self.fill(item) for item in value]
        return value.format_map(self.names) if isinstance(value, str) else value

    def save(self) -> None:
        """Remember the accounts and read models as they are."""
        _copy(self._path, self._saved)

    def restore(self) -> None:
        """Put them back as they were remembered. The journal is never turned back: nothing can."""
        from vigie.web.accounts import memory

        _copy(self._saved, self._path)
        memory.forget()

    def state(self) -> tuple[str, ...]:
        """Everything that a request may not change by reading: accounts, and the length of the journal."""
        from django.db import connection

        from vigie.web import desk

        with connection.cursor() as cursor:
            cursor.execute("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name")
            tables = [
                name for (name,) in cursor.fetchall() if not name.startswith(("desk_", "django_session", "sqlite_"))
            ]
            rows = []
            for table in tables:
                cursor.execute(f'SELECT * FROM "{table}"')
                rows.append(f"{table}: {sorted(map(str, cursor.fetchall()))}")
        return (*rows, f"journal: {desk.store().last_seq()}")

    @property
    def _path(self) -> Path:
        return self.site.data / "desk.db"


def _copy(source: Path, target: Path) -> None:
    from django.db import connections

    connections.close_all()  # the last one to close writes the whole file
    shutil.copy(source, target)


def _accounts(site: Site) -> dict[str, Any]:
    from vigie.web.accounts import glass, links, services, tokens
    from vigie.web.accounts.models import Membership, Organisation, Seat, Token
    from vigie.web.permissions import Permission

    acting = {name: services.acting_as(getattr(site, name)) for name in ("alice", "bob", "charlie", "admin")}
    valmont = Organisation.objects.get(pk="valmont")
    secret = tokens.create(
        acting["admin"], name="t", organisation=valmont, person=None, node="gateway", scopes=[Permission.LOG_READ]
    )
    from vigie.web import clock

    seat = Seat.objects.create(screen="0" * 64, person=site.bob, pin_hash="!", created_at=clock.now())
    return {
        "invitation": links.new("invitation", site.bob),
        "sheet_of_bob": glass.print_sheet(acting["bob"], for_organisation=False).sheet.pk,
        "sheet_of_valmont": glass.print_sheet(acting["alice"], for_organisation=True).sheet.pk,
        "rivage_sheet": glass.print_sheet(acting["charlie"], for_organisation=True).sheet.pk,
        "role_of_bob": Membership.objects.get(person=site.bob).pk,
        "rivage_role": Membership.objects.get(person=site.charlie).pk,
        "token": secret,
        "token_id": Token.objects.get().pk,
        "seat": seat.pk,
    }


def _incidents(site: Site) -> dict[str, Any]:
    from vigie.journal.facts import Artefact, Declaration, Note, Opened
    from vigie.web import clock, desk
    from vigie.web.accounts import services
    from vigie.web.desk import attachments

    names: dict[str, Any] = {"cause": "panne-commune"}
    speak_for("valmont", "rivage")
    for prefix, person in (("", site.alice), ("rivage_", site.charlie)):
        acting = services.acting_as(person)
        opened = desk.open_incident(acting, Opened(title="Panne"), realm="real", now=clock.now(), name="panne")
        incident = opened.entry.incident
        note = desk.write(acting, incident, Note(text="Écran noir"), now=clock.now())
        kept = attachments.keep(
            [f"preuve de {incident}".encode()], attachments.Bringer(incident.partition("/")[0], acting.author)
        )
        piece = Artefact(name="preuve.txt", sha256=kept.sha256, size_bytes=kept.size_bytes, collector="A. Lefort")
        file = desk.write(acting, incident, piece, now=clock.now())
        declared = desk.write(acting, incident, Declaration(declaration="d1", establishment="Hôpital"), now=clock.now())
        _link(services.acting_as(site.agnes), incident, names["cause"])
        names |= {
            f"{prefix}declared_seq": declared.seq,
            f"{prefix}file_seq": file.seq,
            f"{prefix}incident": incident,
            f"{prefix}organisation": incident.partition("/")[0],
            f"{prefix}slug": incident.partition("/")[2],
            f"{prefix}seq": note.seq,
            f"{prefix}digest": note.digest,
        }
    desk.follow()
    return names


def _link(analyst: Any, incident: str, cause: str) -> None:
    """The observatory links the declaration of an incident to a cause."""
    from vigie.journal.facts import Qualification
    from vigie.web import clock, desk

    fact = Qualification(
        category="malware", origin="malicious", why="vu", declaration="d1", cause_group=cause, cause_kind="product"
    )
    desk.write(analyst, incident, fact, now=clock.now())
