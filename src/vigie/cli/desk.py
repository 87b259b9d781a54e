"""`vigie desk`: the read models of the web, which follow the journal and can always be made again from it."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Annotated

import typer

app = typer.Typer(no_args_is_help=True, pretty_exceptions_enable=False)


@app.callback()
def desk() -> None:
    """Lists, filters and counters of the pages: what follows the journal."""


@app.command()
def rebuild(
    data: Annotated[Path | None, typer.Option(help="Data directory [env: VIGIE_DATA].")] = None,
) -> None:
    """Empty the read models and fill them again from the journal. The server may go on meanwhile."""
    if data is not None:
        os.environ["VIGIE_DATA"] = str(data.resolve())
    from rich.console import Console
    from rich.progress import Progress

    from vigie.errors import FileError
    from vigie.web import node, start

    if not (node.directory() / node.NODE_FILE).exists():
        raise FileError(f"{node.directory()} holds no node. Check the name, or start it once with `vigie serve`")
    start.prepare()
    from vigie.web import desk

    done, screen = 0, Console(stderr=True)
    with Progress(console=screen, transient=True) as progress:
        task = progress.add_task("Following the journal", total=desk.store().last_seq() or 1)
        for done, total in desk.rebuild():
            progress.update(task, completed=done, total=total)
    typer.echo(f"The read models hold {done} entries of the journal.")
