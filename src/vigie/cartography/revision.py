"""A cartography as bytes with an address: the same map always has the same digest, wherever it was read from."""

from __future__ import annotations

import hashlib
import json

from pydantic import ValidationError

from vigie.cartography.model import Cartography
from vigie.errors import FileError


def to_bytes(cartography: Cartography) -> bytes:
    """Canonical bytes: JSON in UTF-8, keys sorted, no spaces, fields at their default left out.

    Defaults are left out so that a field added to the model later does not change the address of older maps.
    """
    content = cartography.model_dump(mode="json", exclude_defaults=True)
    return json.dumps(content, ensure_ascii=False, allow_nan=False, sort_keys=True, separators=(",", ":")).encode()


def revision_of(cartography: Cartography) -> str:
    """SHA-256 of the canonical bytes, 64 hexadecimal digits: what a `map_adopted` fact names."""
    return digest_of(to_bytes(cartography))


def digest_of(content: bytes) -> str:
    """The address of a revision kept as bytes. Bytes are addressed as they were written, never re-serialised."""
    return hashlib.sha256(content).hexdigest()


def from_bytes(content: bytes, digest: str | None = None) -> Cartography:
    """Read a revision; where `digest` is given, the bytes must have that address. Raises FileError."""
    if digest is not None and digest_of(content) != digest:
        raise FileError(
            f"cartography revision: the bytes have the digest {digest_of(content)[:16]}…, not {digest[:16]}…. "
            "They were altered on the way: ask for this revision again"
        )
    try:
        return Cartography.model_validate_json(content)
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        place = " ".join(str(step) for step in first["loc"]) or "start"
        raise FileError(
            f"cartography revision, {place}: {first['msg']}. "
            "It may come from a newer version of Vigie: update this node, or ask for the revision again"
        ) from error
