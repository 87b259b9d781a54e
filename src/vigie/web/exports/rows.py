"""The log as a table: one row an entry, everything that the journal knows of it, in the reader's language."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from django.utils.translation import gettext as _

from vigie.exchange.tables import Cell, Column
from vigie.journal.facts import Erased, Fact, Opaque, to_bytes
from vigie.web.desk.lines import Line
from vigie.web.incidents.labels import KIND_NAMES
from vigie.web.incidents.names import Names
from vigie.web.incidents.sentences import sentence


def columns(zone: str) -> tuple[Column, ...]:
    """The headings, in order. The three times are shown in `zone`."""
    return (
        Column(_("N°"), 7),
        Column(_("Survenu le ({zone})").format(zone=zone), 23),
        Column(_("Précision"), 9),
        Column(_("Consigné le ({zone})").format(zone=zone), 23),
        Column(_("Reçu le ({zone})").format(zone=zone), 23),
        Column(_("Genre"), 18),
        Column(_("Texte"), 80),
        Column(_("Auteur"), 16),
        Column(_("Rôle"), 12),
        Column(_("Applications"), 24),
        Column(_("Services de soins"), 24),
        Column(_("État"), 14),
        Column(_("Raison"), 16),
        Column(_("Corrige le n°"), 10),
        Column(_("Corrigé par"), 12),
        Column(_("TLP"), 12),
        Column(_("PAP"), 12),
        Column(_("Privilégié"), 10),
        Column(_("Réalité"), 10),
        Column(_("Incident"), 28),
        Column(_("Nœud"), 14),
        Column(_("Incarnation"), 18),
        Column(_("Rang dans le journal du nœud"), 10),
        Column(_("Clé d'idempotence"), 16),
        Column(_("Empreinte (SHA-256)"), 66),
        Column(_("Fait (JSON)"), 60),
    )


def rows(lines: Iterable[Line], names: Names) -> Iterator[Sequence[Cell]]:
    """The rows of these lines, in their order."""
    for line in lines:
        yield row(line, names)


def row(line: Line, names: Names) -> tuple[Cell, ...]:
    """One line of the log, cell by cell as `columns` names them."""
    received, entry, fact = line.received, line.received.entry, line.received.fact
    applications, services = fact.subjects() if isinstance(fact, Fact) else ((), ())
    return (
        received.seq,
        entry.happened_at,
        entry.precision,
        entry.recorded_at,
        received.received_at,
        str(KIND_NAMES.get(entry.kind, entry.kind)),
        sentence(fact, names),
        entry.author,
        entry.role,
        ", ".join(applications),
        ", ".join(services),
        state(line),
        "" if line.standing.counts else line.standing.reason,
        line.original.seq if line.original else None,
        ", ".join(str(one.seq) for one in line.corrections),
        entry.tlp,
        entry.pap,
        entry.privileged,
        entry.realm,
        entry.incident,
        entry.node,
        entry.incarnation,
        entry.index,
        entry.key,
        received.digest,
        _json(fact),
    )


def state(line: Line) -> str:
    """In one word what became of the entry."""
    if line.is_erased:
        return _("effacée")
    if not line.standing.counts:
        return _("alléguée")
    if line.is_withdrawn:
        return _("retirée")
    return _("corrigée") if line.corrections else _("compte")


def _json(fact: Fact | Opaque | Erased) -> str:
    if isinstance(fact, Fact):
        return to_bytes(fact).decode()
    return fact.raw.decode(errors="replace") if isinstance(fact, Opaque) else ""
