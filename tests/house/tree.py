"""What the house tests look at: the files of the repository, as git knows them."""

from __future__ import annotations

import ast
import subprocess
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = ROOT / "src" / "vigie"


@cache
def files() -> tuple[Path, ...]:
    """Every file that is committed or about to be (tracked, or new and not ignored), in order."""
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"],
        cwd=ROOT,
        capture_output=True,
        check=True,
    )
    paths = (ROOT / name for name in listed.stdout.decode().split("\0") if name)
    return tuple(sorted(path for path in paths if path.is_file()))


def python_files(*folders: str) -> tuple[Path, ...]:
    """The Python files below these folders of the repository."""
    roots = [ROOT / folder for folder in folders]
    return tuple(path for path in files() if path.suffix == ".py" and any(path.is_relative_to(root) for root in roots))


def templates() -> tuple[Path, ...]:
    """The Django templates that make HTML."""
    return tuple(path for path in files() if path.is_relative_to(PACKAGE) and path.suffix == ".html")


@cache
def parsed(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"), str(path))


def shown(path: Path) -> str:
    """The path as a message names it."""
    return path.relative_to(ROOT).as_posix()
