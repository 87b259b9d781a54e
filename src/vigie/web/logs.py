"""What the server writes on its terminal: never a link that lets somebody in, and one line for a visitor's bad request."""

from __future__ import annotations

import logging
import re
from copy import copy

# The addresses whose last part is a secret that works once (vigie.web.accounts.urls).
SECRET = re.compile(r"(/(?:invitation|set-up|demo)/+)[^\s/?#'\"<>]+")


class Line(logging.Formatter):
    """A log record as text, with its secrets left out; the stack only of what is our fault."""

    def format(self, record: logging.LogRecord) -> str:
        if record.name.startswith("django.security."):
            # A forged host name is the visitor's doing: its stack says nothing, and would fill the disk.
            record = copy(record)
            record.exc_info = record.exc_text = None
        return SECRET.sub(r"\1…", super().format(record))
