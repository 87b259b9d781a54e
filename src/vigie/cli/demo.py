"""`vigie demo`: the reference hospital with an incident in progress, in one command."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Annotated

import typer

from vigie.cli import serve
from vigie.errors import StorageError
from vigie.web import node
from vigie.web.server import Serving

app = typer.Typer(pretty_exceptions_enable=False)

BEGUN, DONE = "demo.begun", "demo.done"  # a directory between the two is thrown away by the next start
STEPS = 18  # about as many lines as the loading process prints: the bar need not be exact


@app.command()
def demo(
    port: Annotated[int, typer.Option(min=1, max=65535, help="Port to listen on.")] = 8000,
    data: Annotated[Path | None, typer.Option(help="Where the demonstration is kept [env: VIGIE_DATA].")] = None,
    fresh: Annotated[bool, typer.Option(help="Throw the demonstration away and play it anew.")] = False,
) -> None:
    """Serve a demonstration on 127.0.0.1: a simulated incident in progress, and the published crises of others.

    Prints a one-time sign-in link for each role; there is no password. The second time, the same data are used again.
    """
    directory = data.resolve() if data else _own_directory()
    _refuse_foreign(directory)
    serve.refuse_taken_port("127.0.0.1", port)
    if fresh or not (directory / DONE).exists():
        shutil.rmtree(directory, ignore_errors=True)
        directory.mkdir(mode=0o700, parents=True)
        (directory / BEGUN).touch()
    os.environ["VIGIE_DATA"] = str(directory)
    os.environ["VIGIE_DEMO"] = "1"
    os.environ.pop("DATABASE_URL", None)
    if not (directory / DONE).exists():
        _load()
    serve.run(Serving("127.0.0.1", port))


def _own_directory() -> Path:
    given = os.environ.get("VIGIE_DATA", "").strip()
    return Path(given) if given else node.default_directory().with_name("vigie-demo")


def _refuse_foreign(directory: Path) -> None:
    """Never touch what is not a demonstration: raises StorageError for a directory that holds anything else."""
    if not directory.exists() or (directory / BEGUN).exists():
        return
    if not directory.is_dir() or any(directory.iterdir()):
        raise StorageError(f"{directory} is not a demonstration's. Give an empty or a new directory with --data")


def _load() -> None:
    """Fill the data directory in a process of its own, behind a progress bar. Raises StorageError when it fails."""
    from rich.console import Console
    from rich.progress import Progress

    console = Console(stderr=True)
    loading = subprocess.Popen(
        [sys.executable, "-X", "utf8", "-m", "vigie.web.demo"], stdout=subprocess.PIPE, encoding="utf-8"
    )
    assert loading.stdout is not None
    with Progress(console=console, transient=True, disable=not console.is_terminal) as progress:
        task = progress.add_task("demonstration", total=STEPS)
        for line in loading.stdout:
            progress.update(task, advance=1, description=line.strip())
    if loading.wait() != 0:
        raise StorageError("the demonstration could not be loaded: the lines above say why")
