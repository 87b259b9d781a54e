"""One server for one data directory: two would both write, and the second would throw away the first one's set-up link."""

from __future__ import annotations

import os
from pathlib import Path
from typing import IO

from vigie.errors import StorageError

FILE = "serving.lock"
_held: list[IO[str]] = []  # the lock lives as long as its file is open: to the end of the process, however it ends


def hold(directory: Path, told: str) -> None:
    """Take the data directory for this process and those it starts; `told` says to others who has it.

    Raises StorageError when another server has it. Nothing is left to clean up after a kill or a power cut: the system
    lets go of the lock with the process.
    """
    directory.mkdir(mode=0o700, parents=True, exist_ok=True)
    file = (directory / FILE).open("a+", encoding="utf-8")
    try:
        _lock(file)
    except OSError:
        file.seek(0)
        other = file.read().strip() or "another server"
        file.close()
        raise StorageError(
            f"{directory} is in use by {other}. Stop it first, or give another directory with --data"
        ) from None
    file.seek(0)
    file.truncate()
    file.write(told)
    file.flush()
    _held.append(file)


def _lock(file: IO[str]) -> None:
    if os.name == "nt":
        import msvcrt

        file.seek(1 << 20)  # far beyond the text, which others must be able to read
        msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)
    else:
        import fcntl

        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
