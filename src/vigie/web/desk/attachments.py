"""Attachments: files kept as evidence, stored by the SHA-256 of their content under `data/attachments/ab/cdef...`.

A file is first written beside its place, flushed to the disk, then renamed: it is there whole or not at all. It is
handed out only through an entry written here, of an incident that the caller may see, to the organisation that brought
it, and only as a download.
"""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from hashlib import sha256
from pathlib import Path
from typing import IO, NamedTuple

from django.conf import settings
from django.db.models import Q, QuerySet
from django.http import FileResponse, Http404

from vigie.errors import InputError, StorageError
from vigie.journal import Received
from vigie.journal.facts import Artefact
from vigie.web.desk import access
from vigie.web.desk.derive import current
from vigie.web.desk.models import KeptFile, LogLine

DEFAULT_LIMIT_BYTES = 25 * 1024 * 1024
PIECE_BYTES = 1024 * 1024


class Stored(NamedTuple):
    """A file, as an entry names it."""

    sha256: str
    size_bytes: int


class Bringer(NamedTuple):
    """For which incident's owner, in whose name, and under the seal of privilege or not, a file is brought."""

    organisation: str
    author: str
    privileged: bool = False


def measure(pieces: Iterable[bytes]) -> Stored:
    """What an entry would say of a file, which is not kept yet. Raises InputError (empty, or too large)."""
    return _copy(pieces, None)


@contextmanager
def keeping(pieces: Iterable[bytes], bringer: Bringer) -> Iterator[Stored]:
    """Keep a file for as long as what is done with it succeeds: where its entry is not written, nothing of it stays."""
    known = set(KeptFile.objects.filter(**bringer._asdict()).values_list("sha256", flat=True))
    stored = keep(pieces, bringer)
    try:
        yield stored
    except BaseException:
        if stored.sha256 not in known:
            KeptFile.objects.filter(sha256=stored.sha256, **bringer._asdict()).delete()
            if not KeptFile.objects.filter(sha256=stored.sha256).exists():
                destroy(stored.sha256)
        raise


def keep(pieces: Iterable[bytes], bringer: Bringer) -> Stored:
    """Keep a file, given piece by piece (`UploadedFile.chunks()`), and who brought it. The same content is kept once.

    Raises InputError (empty, or over VIGIE_ATTACHMENT_LIMIT_BYTES) and StorageError (no room on the disk); nothing is
    left behind then.
    """
    stored = _put(pieces)
    KeptFile.objects.get_or_create(sha256=stored.sha256, **bringer._asdict())
    return stored


def _put(pieces: Iterable[bytes]) -> Stored:
    """Put a file in its place."""
    folder = settings.VIGIE_DATA / "attachments"
    partial = None
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        descriptor, partial = tempfile.mkstemp(prefix="incoming-", dir=folder)
        with os.fdopen(descriptor, "wb") as file:
            stored = _copy(pieces, file)
            file.flush()
            os.fsync(file.fileno())
        place = path_of(stored.sha256)
        place.parent.mkdir(mode=0o700, exist_ok=True)
        os.replace(partial, place)
        _flush_folder(place.parent)
        return stored
    except OSError as error:
        raise StorageError(
            f"the attachment could not be kept: {error.strerror or error}. Nothing was written. Free some space on the "
            "disk of the data directory, then send the file again"
        ) from error
    finally:
        if partial is not None:
            with suppress(FileNotFoundError):  # renamed: it is kept
                os.unlink(partial)


def path_of(digest: str) -> Path:
    """Where a file of this SHA-256 (64 hexadecimal digits) lies when this node keeps it."""
    return settings.VIGIE_DATA / "attachments" / digest[:2] / digest[2:]


def is_available(received: Received) -> bool:
    """Whether the file that an entry names can be had through it, and not only its description.

    Only an entry of this installation brought a file: one from elsewhere, or from another hospital here, may name any
    hash. What was brought under privilege is had through the privileged entries of who brought it.
    """
    fact, entry = current(received.fact), received.entry
    if not isinstance(fact, Artefact) or not fact.sha256 or entry.log not in access.own_logs():
        return False
    own = Q(privileged=False) | Q(author=entry.author) if entry.privileged else Q(privileged=False)
    brought = KeptFile.objects.filter(own, sha256=fact.sha256, organisation=entry.owner)
    return brought.exists() and path_of(fact.sha256).is_file()


def destroy(digest: str) -> None:
    """Destroy a file after the erasure of the last entry that kept it. A file that is not here is destroyed already."""
    path_of(digest).unlink(missing_ok=True)


def download(lines: QuerySet[LogLine], seq: int) -> FileResponse:
    """The file of an artefact entry among `lines` (already limited to the caller), as a download and nothing else.

    Raises Http404: for an entry that is not among them, that keeps no file, or whose file stayed on another node.
    """
    found = access.store().get([seq]) if lines.filter(seq=seq).exists() else []
    fact = current(found[0].fact) if found else None
    if not isinstance(fact, Artefact) or fact.sha256 is None or not is_available(found[0]):
        raise Http404("no such attachment for this caller")
    response = FileResponse(
        path_of(fact.sha256).open("rb"),
        as_attachment=True,
        filename=fact.name,
        content_type="application/octet-stream",
    )
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response["Cache-Control"] = "private, no-store"
    return response


def limit_bytes() -> int:
    """The largest file that is accepted."""
    return getattr(settings, "VIGIE_ATTACHMENT_LIMIT_BYTES", DEFAULT_LIMIT_BYTES)


def _copy(pieces: Iterable[bytes], file: IO[bytes] | None) -> Stored:
    hasher, size, limit = sha256(), 0, limit_bytes()
    for piece in pieces:
        size += len(piece)
        if size > limit:
            raise InputError(
                f"this file is larger than {limit // (1024 * 1024)} MB. Keep it on an encrypted disk, and write its "
                "SHA-256 and its place in the entry"
            )
        hasher.update(piece)
        if file is not None:
            file.write(piece)
    if size == 0:
        raise InputError("this file is empty. Check that the copy finished, then send it again")
    return Stored(hasher.hexdigest(), size)


def _flush_folder(folder: Path) -> None:
    """Make the rename itself durable, where the system allows it (Windows has no such call)."""
    if os.name == "posix":
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
