"""Records that an import kept aside, in a file beside the table: `DB.kept-aside.jsonl`, one a line, with reason and place.

Keeping the same record twice keeps it once, and a file to which nothing is added keeps its bytes.
"""

from __future__ import annotations

import json
import os
import tempfile
from collections.abc import Iterable
from contextlib import suppress
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING

from vigie.errors import FileError, StorageError

if TYPE_CHECKING:
    from vigie.exchange.importing import KeptAside


def beside(table: Path) -> Path:
    """Where the records kept aside from `DB.parquet` lie: `DB.kept-aside.jsonl`."""
    return table.with_name(f"{table.name.removesuffix('.parquet')}.kept-aside.jsonl")


def keep(path: Path, records: Iterable[KeptAside]) -> int:
    """Add what is not there yet, and return how many that was. Raises FileError, StorageError; nothing is changed then."""
    held = _held(path)
    known = {_key(line) for line in held}
    fresh = []
    for record in records:
        line = json.dumps(_line(record), ensure_ascii=False, sort_keys=True)
        if (key := _key(line)) not in known:
            known.add(key)
            fresh.append(line)
    if fresh:
        _write(path, [*held, *fresh])
    return len(fresh)


def _line(record: KeptAside) -> dict[str, str]:
    # A text that is not Unicode is kept with its odd bytes spelled out, so that the file itself stays readable.
    text = record.record.encode("utf-8", "backslashreplace").decode()
    return {
        "source": record.source,
        "place": record.place,
        "reason": record.reason,
        "detail": record.detail,
        "record": text,
        "digest": sha256(text.encode()).hexdigest(),
    }


def _key(line: str) -> tuple[str, str, str]:
    said = json.loads(line)
    return said["source"], said["place"], said["digest"]


def _held(path: Path) -> list[str]:
    try:
        with path.open(encoding="utf-8", newline="\n") as file:
            held = [line for line in file.read().split("\n") if line]
        for line in held:
            _key(line)
    except FileNotFoundError:
        return []
    except OSError as error:
        raise FileError(f"{path}: {error.strerror or error}. Check the rights of the file") from error
    except (ValueError, KeyError, TypeError) as error:
        raise FileError(
            f"{path}: not the records that an import kept aside ({error}). Move this file away, then import again"
        ) from error
    return held


def _write(path: Path, lines: list[str]) -> None:
    partial = ""
    try:
        descriptor, partial = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
        with os.fdopen(descriptor, "w", encoding="utf-8", newline="\n") as file:
            file.writelines(f"{line}\n" for line in lines)
            file.flush()
            os.fsync(file.fileno())
        os.chmod(partial, 0o640)
        os.replace(partial, path)
    except OSError as error:
        raise StorageError(
            f"{path}: {error.strerror or error}. Nothing was imported: make room on the disk, or give another place"
        ) from error
    finally:
        with suppress(FileNotFoundError):
            os.unlink(partial)
