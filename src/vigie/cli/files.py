"""Files that a command writes: whole, or not at all, and never litter."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from vigie.errors import FileError, StorageError


@contextmanager
def written_whole(path: Path, force: bool = False) -> Iterator[IO[bytes]]:
    """A file beside `path` that takes its name only when it is complete and on disk.

    Raises FileError when `path` exists and `force` is not given, StorageError when the disk or the rights refuse.
    """
    if path.exists() and not force:
        raise FileError(f"{path} exists already. Choose another name, or give --force to replace it")
    partial: Path | None = None
    try:
        descriptor, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
        partial = Path(name)
        with os.fdopen(descriptor, "w+b") as target:
            yield target
            target.flush()
            os.fsync(target.fileno())
        partial.chmod(0o644)
        partial.replace(path)
    except OSError as error:
        raise StorageError(
            f"{path}: {error.strerror or error}. Nothing was written: free some space, check the folder and its rights, or"
            " choose another place"
        ) from error
    finally:
        if partial is not None:
            partial.unlink(missing_ok=True)
