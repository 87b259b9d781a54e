"""Incoming files as they are found: folders, gzip, byte-order marks, lines of any length; read in bounded memory."""

from __future__ import annotations

import gzip
import zlib
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import IO, NamedTuple

from vigie.errors import FileError

MARK = b"\xef\xbb\xbf"
GZIP = b"\x1f\x8b"
LINE_BYTES = 16 * 1024 * 1024
DOCUMENT_BYTES = 1024**3


class Found(NamedTuple):
    """A file to read, and the short name that is kept with what comes from it (relative: a path says who one is)."""

    path: Path
    name: str


class Line(NamedTuple):
    """One line without its line feed. `whole` is False when it was longer than LINE_BYTES: `text` is then its beginning."""

    number: int
    text: bytes
    whole: bool = True


def find(paths: Sequence[Path], endings: Sequence[str]) -> tuple[Found, ...]:
    """The files meant by these paths: a file is taken as it is, a folder gives its files with these endings, sorted.

    Raises FileError on what does not exist, and on a folder in which there is nothing to read.
    """
    found: dict[Path, Found] = {}
    for path in paths:
        if path.is_dir():
            wanted = (*endings, *(f"{ending}.gz" for ending in endings))
            inside = sorted(one for one in path.rglob("*") if one.is_file() and one.name.lower().endswith(wanted))
            if not inside:
                raise FileError(
                    f"{path}: no {' or '.join(endings)} file in this folder. Give the folder that holds them"
                )
            for one in inside:
                found.setdefault(one.resolve(), Found(one, one.relative_to(path).as_posix()))
        elif path.exists():
            found.setdefault(path.resolve(), Found(path, path.name))
        else:
            raise FileError(f"{path}: there is no such file. Check the name")
    return tuple(found.values())


def size(files: Sequence[Found]) -> int:
    """Bytes on disk of these files, for a progress bar."""
    return sum(each.path.stat().st_size for each in files)


def lines(file: Found) -> Iterator[Line]:
    """The lines of a file, gzip or not, without byte-order mark. Raises FileError when it cannot be read to its end."""
    number = 0
    try:
        with _opened(file.path) as source:
            while text := source.readline(LINE_BYTES + 1):
                number += 1
                whole = len(text) <= LINE_BYTES or text.endswith(b"\n")
                if not whole:
                    _skip_line(source)
                if number == 1:
                    text = text.removeprefix(MARK)
                yield Line(number, text.removesuffix(b"\n"), whole)
    except (EOFError, zlib.error, gzip.BadGzipFile) as error:
        raise FileError(
            f"{file.path}: cut short or damaged after line {number:,} ({error}). Nothing was imported: download it again"
        ) from error
    except OSError as error:
        raise FileError(f"{file.path}: {error.strerror or error}. Check the name and the rights of the file") from error


def document(file: Found) -> bytes:
    """The whole content of a file, gzip or not. Raises FileError when it cannot be read, or is beyond DOCUMENT_BYTES."""
    try:
        with _opened(file.path) as source:
            content = source.read(DOCUMENT_BYTES + 1)
    except (EOFError, zlib.error, gzip.BadGzipFile) as error:
        raise FileError(
            f"{file.path}: cut short or damaged ({error}). Nothing was imported: download it again"
        ) from error
    except OSError as error:
        raise FileError(f"{file.path}: {error.strerror or error}. Check the name and the rights of the file") from error
    if len(content) > DOCUMENT_BYTES:
        raise FileError(
            f"{file.path}: more than {DOCUMENT_BYTES // 1024**2:,} MB in one piece. Split it, or give one line a record"
        )
    return content.removeprefix(MARK)


def _opened(path: Path) -> IO[bytes]:
    """The content: whether it is gzip is read from its first bytes, because names lie."""
    with path.open("rb") as probe:
        packed = probe.read(2) == GZIP
    return gzip.open(path, "rb") if packed else path.open("rb")  # type: ignore[return-value]


def _skip_line(source: IO[bytes]) -> None:
    while (more := source.readline(LINE_BYTES)) and not more.endswith(b"\n"):
        pass
