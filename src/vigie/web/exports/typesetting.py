"""Typesetting in a process of its own: the server never carries Typst's fonts and caches in its memory.

As a program (`python -m vigie.web.exports.typesetting TEMPLATE`), reads the data as JSON on its standard input and writes
the PDF on its standard output.
"""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

from vigie.errors import StorageError

TEMPLATE = Path(__file__).parent / "log.typ"
LIMIT_SECONDS = 120


def pdf(data: dict[str, Any], template: Path = TEMPLATE) -> bytes:
    """What `data` describes (the printed log of `printed.document`, or what another template of the house wants), as a
    tagged PDF, PDF/UA-1 where this machine has a font for every letter in it. Raises StorageError.
    """
    try:
        made = subprocess.run(
            [sys.executable, "-m", "vigie.web.exports.typesetting", str(template)],
            input=json.dumps(data, ensure_ascii=True).encode(),
            capture_output=True,
            timeout=LIMIT_SECONDS,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        raise StorageError(
            f"the document could not be printed ({error}). Print a shorter stretch of the log"
        ) from error
    if made.returncode != 0 or not made.stdout.startswith(b"%PDF"):
        said = made.stderr.decode(errors="replace").strip().splitlines()
        raise StorageError(
            f"the document could not be printed ({said[-1] if said else made.returncode}). Print a shorter stretch of the log"
        )
    return made.stdout


def main() -> None:
    """Typeset what comes on the standard input."""
    import typst

    template, inputs = sys.argv[1], {"data": sys.stdin.buffer.read().decode()}
    try:
        made = typst.compile(template, sys_inputs=inputs, pdf_standards="ua-1")
    except typst.TypstError:
        # PDF/UA wants every letter drawn, and this machine may lack a font for what somebody wrote (an emoji, Chinese).
        made = typst.compile(template, sys_inputs=inputs)
    sys.stdout.buffer.write(made)


if __name__ == "__main__":
    main()
