"""The folder of a report: written whole beside its place, then put there. Nothing that is not a report is ever removed."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Callable
from pathlib import Path

from vigie.errors import FileError, StorageError

FIGURES = "figures.json"
FILES = frozenset({FIGURES, "open-data.zip"})
FOLDER_OF_TABLES = "csv"


def fill(folder: Path, write: Callable[[Path], list[str]]) -> list[str]:
    """Let `write` make the files beside the folder, then give them its name; a report that was there goes last.

    Call `check` first. Raises StorageError when the disk refuses: what was there is then still there.
    """
    folder = folder.absolute()
    partial: Path | None = None
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        partial = Path(tempfile.mkdtemp(dir=folder.parent, prefix=f".{folder.name}."))
        names = write(partial)
        partial.chmod(0o755)
        _take_the_place(partial, folder)
    except OSError as error:
        raise StorageError(
            f"{folder}: {error.strerror or error}. No report was written: free some space, check the rights of the folder, or"
            " choose another place"
        ) from error
    finally:
        if partial is not None:
            shutil.rmtree(partial, ignore_errors=True)
    return names


def check(folder: Path) -> Path | None:
    """The figures of the report that the folder holds; None where there is nothing yet.

    Raises FileError for the folder one works in or one above it, a link, a mounted disk, and for a folder that holds
    anything but a report: whatever the options, nothing else is replaced.
    """
    folder = folder.absolute()
    here = Path.cwd()
    if folder.resolve() in (here, *here.parents) or folder.is_symlink() or folder.is_mount():
        raise FileError(
            f"{folder} is a link, a disk, or the folder you work in. Name a new folder, for instance report/"
        )
    if not folder.exists():
        return None
    foreign = (
        sorted(each.name for each in folder.iterdir() if not _of_a_report(each)) if folder.is_dir() else ["a file"]
    )
    if foreign:
        raise FileError(
            f"{folder} holds something else than a report ({', '.join(foreign[:3])}). Choose another name: nothing there is"
            " replaced"
        )
    held = folder / FIGURES
    if held.exists():
        return held
    if any(folder.iterdir()):
        raise FileError(f"{folder} exists and is no report. Choose another name: nothing there is replaced")
    return None


def _take_the_place(partial: Path, folder: Path) -> None:
    """Rename the new folder in; the old one is only removed once the new one is there."""
    if not folder.exists():
        partial.rename(folder)
        return
    aside = Path(tempfile.mkdtemp(dir=folder.parent, prefix=f".{folder.name}.old.")) / folder.name
    folder.rename(aside)
    try:
        partial.rename(folder)
    except OSError:
        aside.rename(folder)
        aside.parent.rmdir()
        raise
    shutil.rmtree(aside.parent, ignore_errors=True)


def _of_a_report(path: Path) -> bool:
    if path.name == FOLDER_OF_TABLES:
        return path.is_dir() and all(each.suffix == ".csv" for each in path.iterdir())
    return path.is_file() and (path.name in FILES or path.name.startswith("report."))
