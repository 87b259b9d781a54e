"""`vigie setup-link`: a new one-time link to set this node up, while it has no administrator."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Annotated

import typer

from vigie.errors import RefusedError

app = typer.Typer(pretty_exceptions_enable=False)


@app.command()
def setup_link(
    data: Annotated[Path | None, typer.Option(help="Data directory [env: VIGIE_DATA].")] = None,
    url: Annotated[str, typer.Option(help="Address at which this node is reached.")] = "http://127.0.0.1:8000",
) -> None:
    """Print a new one-time set-up link. Refused once the node has an administrator."""
    if data is not None:
        os.environ["VIGIE_DATA"] = str(data.resolve())
    from vigie.web import start

    start.prepare()
    from vigie.web.accounts import services

    link = services.set_up_link(url.rstrip("/"))
    if link is None:
        raise RefusedError(
            "this node has an administrator already: no new set-up link. Ask an administrator for an invitation"
        )
    typer.echo(link)
