"""Keeping: the derived declarations table as a file of the data directory, so that a start does not derive it all again.

The file says in its name up to which entry it was derived, the digest of that entry, and the code that derived it: after an
update, or on a journal restored from a backup, it is no longer taken.
"""

from __future__ import annotations

import logging
import re
from pathlib import Path

import pyarrow as pa
from django.conf import settings

from vigie.errors import VigieError
from vigie.journal import Store
from vigie.observe import shelf
from vigie.observe.edition import code_digest

FOLDER = "observatory"
LETTERS = 16
_NAME = re.compile(rf"declarations-(\d{{1,17}})-([0-9a-f]{{{LETTERS}}})-([0-9a-f]{{{LETTERS}}})\.parquet")
_log = logging.getLogger(__name__)


def folder() -> Path:
    """Where this node keeps what it derives and what it published."""
    place = Path(settings.VIGIE_DATA) / FOLDER
    place.mkdir(mode=0o700, exist_ok=True)
    return place


def keep(store: Store, table: pa.Table, seq: int) -> None:
    """Keep the table derived up to `seq` in place of the former one. A disk that refuses costs a slow start, and says so."""
    try:
        path = folder() / f"declarations-{seq}-{_entry(store, seq)}-{_code()}.parquet"
        shelf.write(table, path)
        for former in folder().glob("declarations-*.parquet"):
            if former != path:
                former.unlink(missing_ok=True)
    except (VigieError, OSError) as error:
        _log.warning("the declarations table could not be kept: %s", error)


def kept(store: Store) -> tuple[pa.Table | None, int]:
    """The table that was kept of this journal by this code, and up to which entry; (None, 0) where there is none."""
    for path in sorted((Path(settings.VIGIE_DATA) / FOLDER).glob("declarations-*.parquet")):
        said = _NAME.fullmatch(path.name)
        if said is None or said[3] != _code() or said[2] != _entry(store, int(said[1])):
            continue
        try:
            return shelf.read(path), int(said[1])
        except VigieError as error:
            _log.warning("the kept declarations table is derived again: %s", error)
    return None, 0


def _entry(store: Store, seq: int) -> str:
    found = store.get([seq])
    return found[0].digest[:LETTERS] if found else "0" * LETTERS


def _code() -> str:
    return code_digest()[:LETTERS]
