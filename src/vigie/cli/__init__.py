"""The terminal: `vigie` and its sub-commands, one file each. Nothing heavy is imported before it is needed."""

from __future__ import annotations

import sys


def main() -> None:
    """Run `vigie`. A VigieError becomes one `error: ...` line on stderr and exit code 1."""
    from vigie.cli.app import app
    from vigie.errors import VigieError

    try:
        app()
    except VigieError as error:
        for line in str(error).splitlines():
            print(f"error: {line}", file=sys.stderr)
        sys.exit(1)


__all__ = ["main"]
