"""`vigie`: one table of commands. A command's module is imported when the command is called, and not before."""

from __future__ import annotations

from importlib import import_module
from importlib.util import find_spec
from typing import Annotated, Any

import typer
from typer.core import TyperGroup

# name -> module and object: a function is one command, a Typer is a group of them.
COMMANDS = {
    "serve": "vigie.cli.serve:app",
    "demo": "vigie.cli.demo:app",
    "setup-link": "vigie.cli.setup_link:app",
    "journal": "vigie.cli.journal:app",
    "cartography": "vigie.cli.cartography:app",
    "desk": "vigie.cli.desk:app",
    "import": "vigie.cli.importing:app",
    "observe": "vigie.cli.observe:app",
    "plan": "vigie.cli.plan:app",
}


class LazyGroup(TyperGroup):
    """A group that knows the names of its commands and imports each one when it is asked for."""

    def list_commands(self, ctx: Any) -> list[str]:
        return [name for name, place in COMMANDS.items() if find_spec(place.partition(":")[0])]

    def get_command(self, ctx: Any, name: str) -> Any:
        place = COMMANDS.get(name)
        if place is None or not find_spec(place.partition(":")[0]):
            return None
        module, _, attribute = place.partition(":")
        command = typer.main.get_command(getattr(import_module(module), attribute))
        command.name = name
        return command


app = typer.Typer(cls=LazyGroup, no_args_is_help=True, pretty_exceptions_enable=False, add_completion=False)


def _print_version(wanted: bool) -> None:
    if wanted:
        from importlib.metadata import version

        typer.echo(f"vigie {version('vigie')}")
        raise typer.Exit


@app.callback()
def vigie(
    version: Annotated[
        bool, typer.Option("--version", callback=_print_version, is_eager=True, help="Print the version and leave.")
    ] = False,
) -> None:
    """Vigie: crisis log, situation board and incident observatory for a health sector under cyber attack."""
