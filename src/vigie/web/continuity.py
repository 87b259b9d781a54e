"""Continuity: notice that this journal is a restored backup or a copied disk, and go on under a new key.

Two copies that write on under one key would both be believed. So the size of the log is noted in two places, beside the
journal and outside the data directory, with the machine it was written on. What was noted is compared at each start.
"""

from __future__ import annotations

import json
import os
import sys
import uuid
from contextlib import suppress
from dataclasses import asdict, dataclass
from hashlib import sha256
from pathlib import Path

NOTE_EVERY = 32  # entries: what a crash may leave unnoted, and a restored backup may therefore hide
FILE = "continuity.json"


@dataclass(frozen=True, slots=True)
class Mark:
    """How far a log had come, and on which machine."""

    log: str
    size: int
    machine: str


def break_of(log: str, held: int, machine: str, beside: Mark | None, outside: Mark | None) -> str | None:
    """Why this log must not be written on under its key, in words; None when it goes on where it stopped. Pure."""
    if beside is not None and beside.log == log and beside.machine != machine:
        return "the data directory was copied from another machine"
    for mark in (beside, outside):
        if mark is not None and mark.log == log and mark.size > held:
            return f"a backup was restored: {held} entries are here, {mark.size} had been written"
    return None


class Continuity:
    """The two notes of one data directory."""

    def __init__(self, data: Path) -> None:
        self.beside = data / FILE
        self.outside = _state_directory() / f"{sha256(str(data.resolve()).encode()).hexdigest()[:16]}.json"
        self.machine = machine()
        self._noted = 0

    def check(self, log: str, held: int) -> str | None:
        """Why a new incarnation is needed, or None."""
        return break_of(log, held, self.machine, _read(self.beside), _read(self.outside))

    def note(self, log: str, size: int, *, now: bool = False) -> None:
        """Remember how far the log has come: at once, or every NOTE_EVERY entries."""
        if not now and size - self._noted < NOTE_EVERY:
            return
        self._noted = size
        for path in (self.beside, self.outside):
            # A laptop that cannot note its size must still take the entry: the note is a help, the journal is the proof.
            with suppress(OSError):
                path.parent.mkdir(parents=True, exist_ok=True)
                partial = path.with_name(f"{path.name}.{os.getpid()}")
                partial.write_text(json.dumps(asdict(Mark(log, size, self.machine))), encoding="utf-8")
                partial.replace(path)


def machine() -> str:
    """A name for this machine that a copied disk does not take along: its own identifier and its network card, hashed."""
    with suppress(OSError):
        return sha256(Path("/etc/machine-id").read_bytes() + str(uuid.getnode()).encode()).hexdigest()[:16]
    return sha256(str(uuid.getnode()).encode()).hexdigest()[:16]


def _read(path: Path) -> Mark | None:
    try:
        return Mark(**json.loads(path.read_text(encoding="utf-8")))
    except (OSError, ValueError, TypeError):
        return None  # a note that is absent or damaged says nothing


def _state_directory() -> Path:
    if chosen := os.environ.get("VIGIE_STATE", "").strip():
        return Path(chosen)
    home = Path.home()
    if sys.platform == "win32":
        return Path(os.environ.get("LOCALAPPDATA", home / "AppData" / "Local")) / "vigie-state"
    if sys.platform == "darwin":
        return home / "Library" / "Application Support" / "vigie-state"
    return Path(os.environ.get("XDG_STATE_HOME", home / ".local" / "state")) / "vigie"
