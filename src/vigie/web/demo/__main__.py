"""`python -m vigie.web.demo`: fill the data directory, in a process of its own so that the server stays small."""

from __future__ import annotations

import sys

from vigie.errors import VigieError
from vigie.web import start


def main() -> None:
    """Load, telling each step on its own line of stdout. Exit code 1 and `error:` lines when it cannot."""
    try:
        print("base", flush=True)
        start.prepare()
        from vigie.web.demo import load  # its models need a prepared Django

        load.load(lambda step: print(step, flush=True))
    except VigieError as error:
        print("\n".join(f"error: {line}" for line in str(error).splitlines()), file=sys.stderr)
        sys.exit(1)


if __name__ == "__main__":
    main()
