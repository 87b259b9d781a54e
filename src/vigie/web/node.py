"""The data directory of a node: its secret key, its identity, its role. Read at import, written by `vigie serve`."""

from __future__ import annotations

import json
import os
import secrets
import sys
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from vigie.errors import FileError, StorageError

if TYPE_CHECKING:
    from vigie.journal import Identity

ROLES = ("hospital", "group", "observatory")
SECRET_FILE = "secret.key"
NODE_FILE = "node.json"
_known: dict[Path, Node] = {}  # read once a process: pages ask for it on each request


@dataclass(frozen=True, slots=True)
class Node:
    """What this installation is: its name, its role, and the organisation whose crises it keeps."""

    node: str
    role: str
    organisation: str
    name: str
    private_key: str  # Ed25519, 32 bytes, hexadecimal

    def identity(self) -> Identity:
        """The key with which this node signs its journal."""
        from vigie.journal import Identity

        return Identity.from_secret(self.node, bytes.fromhex(self.private_key))


def default_directory() -> Path:
    """Where this platform keeps the data of a person's programs."""
    home = Path.home()
    if sys.platform == "win32":
        return Path(os.environ.get("LOCALAPPDATA", home / "AppData" / "Local")) / "vigie"
    if sys.platform == "darwin":
        return home / "Library" / "Application Support" / "vigie"
    return Path(os.environ.get("XDG_DATA_HOME", home / ".local" / "share")) / "vigie"


def directory() -> Path:
    """The data directory of this process: VIGIE_DATA, or the platform's own."""
    return Path(os.environ.get("VIGIE_DATA", "").strip() or default_directory())


def prepare(directory: Path) -> None:
    """Create the data directory and its secret key where they are missing. Raises StorageError."""
    try:
        directory.mkdir(mode=0o700, parents=True, exist_ok=True)
        (directory / "attachments").mkdir(mode=0o700, exist_ok=True)
        if not (directory / SECRET_FILE).exists():
            _write_privately(directory / SECRET_FILE, secrets.token_urlsafe(64))
    except OSError as error:
        raise StorageError(
            f"the data directory {directory} cannot be used ({error.strerror}). Choose another one with --data, or "
            "give this user the right to write there"
        ) from error


def secret_key(directory: Path) -> str:
    """The secret key of this node, or '' before the first start."""
    try:
        return (directory / SECRET_FILE).read_text().strip()
    except FileNotFoundError:
        return ""


def load(directory: Path) -> Node | None:
    """The identity of this node, or None before it was set up. Raises FileError when the file is damaged."""
    return _known.get(directory) or _read(directory)


def _read(directory: Path) -> Node | None:
    path = directory / NODE_FILE
    try:
        _known[directory] = Node(**json.loads(path.read_text(encoding="utf-8")))
    except FileNotFoundError:
        return None
    except (ValueError, TypeError) as error:
        raise FileError(f"{path} is not the identity of a node ({error}). Restore it from a backup") from error
    return _known[directory]


def create(directory: Path, *, node: str, role: str, organisation: str, name: str) -> Node:
    """Give this installation its identity and a new key, once. An identity that exists already is kept and returned."""
    existing = load(directory)
    if existing is not None:
        return existing
    fresh = Node(node, role, organisation, name, secrets.token_hex(32))
    _write_privately(directory / NODE_FILE, json.dumps(asdict(fresh), indent=2, ensure_ascii=False))
    return fresh


def renew(directory: Path) -> Node:
    """Give this node a new key: a new incarnation. The old key is not kept, so that nobody can sign with it again."""
    here = load(directory)
    if here is None:
        raise StorageError(
            f"{directory} holds no node yet. Start it once with `vigie serve`, then open the set-up link"
        )
    fresh = replace(here, private_key=secrets.token_hex(32))
    _write_privately(directory / NODE_FILE, json.dumps(asdict(fresh), indent=2, ensure_ascii=False))
    _known[directory] = fresh
    return fresh


def _write_privately(path: Path, text: str) -> None:
    """Write a file that only this user can read, whole or not at all."""
    partial = path.with_name(f"{path.name}.{secrets.token_hex(4)}")
    descriptor = os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    partial.replace(path)
