"""The desk: what pages and the API know of the journal, and their one way to write to it.

    receipt = desk.write(request.acting, incident.id, Note(text="..."), now=clock.now())
    page = desk.page(incident.id, Filters(kind="decision"), hidden=scope.hidden_lines(request))
    news = desk.since(incident.id, seq=214)          # None: nothing new, and nothing was asked of the database
    situation = desk.situation(incident.id, at=None)

Models are in `desk.models`, screening in `desk.screening`, files in `desk.attachments`. Everything is loaded when first
asked for, so that `import vigie.web.desk` needs no settings.
"""

from __future__ import annotations

from importlib import import_module
from typing import Any

_DOOR = {
    "store": "access", "journal": "access", "identity": "access",
    "follow": "following", "rebuild": "following",
    "Filters": "lines", "Line": "lines", "Page": "lines", "News": "lines",
    "page": "lines", "since": "lines", "one": "lines", "every": "lines",
    "write": "writing", "realm_for": "writing", "open_incident": "writing", "register": "writing",
    "adopt_map": "adoption", "current_map": "adoption",
    "situation": "situations",
    "Verified": "verification", "verified_upto": "verification", "verify_now": "verification", "checkpoint": "verification",
}  # fmt: skip
__all__ = [*_DOOR, "reset"]


def __getattr__(name: str) -> Any:
    if name not in _DOOR:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_DOOR[name]}"), name)


def reset() -> None:
    """Close the journal and forget what this process knows of it: after a restore, and between tests."""
    for module in ("access", "tail", "lines", "situations", "verification"):
        import_module(f"{__name__}.{module}").forget()
