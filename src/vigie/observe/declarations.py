"""Declarations: the table of a journal, as it was known on a day, and which of its rows count.

`as_known_on` and `counted` are ibis expressions, so that every engine filters alike; see docs/background/declarations.md.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import TYPE_CHECKING

import ibis
import pyarrow as pa

from vigie.errors import InputError
from vigie.journal.storage import Store
from vigie.observe.follow import Follower
from vigie.observe.rows import empty, naive, row, table_of

if TYPE_CHECKING:
    import ibis.expr.types as ir


def declarations(store: Store, local: str | Collection[str] | None = None, *, upto: int | None = None) -> pa.Table:
    """Every version of every declaration of a journal, in the order of declarations and versions.

    `local` names the logs of this installation, as in `Registry` (None: every log is taken at its word); `upto` is an
    order of arrival. To keep a table beside a journal that grows, use `Follower`.
    """
    follower = Follower(store, local)
    follower.update(upto)
    return follower.table


def as_known_on(table: ir.Table, at: datetime | None) -> ir.Table:
    """The one version of each declaration that was known at `at`: `known_from <= at < known_until`.

    `at` is an aware instant; None gives the versions that nothing has replaced. Raises InputError on an instant without
    a zone, which would mean another hour to each reader.
    """
    if at is None:
        return table.filter(table.known_until.isnull())
    if at.tzinfo is None:
        raise InputError("as known on: give an instant with its time zone")
    then = ibis.literal(naive(at), type="timestamp(6)")
    return table.filter((table.known_from <= then) & (table.known_until.isnull() | (table.known_until > then)))


def counted(table: ir.Table, realm: str = "real") -> ir.Table:
    """The rows of `as_known_on` that a figure counts.

    Left out: duplicates (`duplicate_of`), what the observatory put out of its scope, what is no incident (near misses,
    threats, voluntary reports: they have their own counts, and would be taken for incidents in every rate), and the
    other realms, so that neither an exercise nor a simulation ever moves a real figure.
    """
    return table.filter(
        (table.realm == realm)
        & table.duplicate_of.isnull()
        & (table.state != "out_of_scope")
        & (table.nature == "incident")
    )


__all__ = ["as_known_on", "counted", "declarations", "empty", "row", "table_of"]
